import type { Aws } from "./aws";
import { GateFailure } from "./failure";
import { patiently } from "./waiting";

/**
 * Where throwaway instances may run: the given subnet, else one default subnet a zone (another is tried where a zone has
 * no capacity).
 */
export async function candidateSubnets(aws: Aws, given: string | undefined, what: string): Promise<string[]> {
  if (given) return [given];
  const { DescribeSubnetsCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const answer = await patiently("DescribeSubnets", aws.timing, () =>
    ec2.send(new DescribeSubnetsCommand({ Filters: [{ Name: "default-for-az", Values: ["true"] }] })),
  );
  const subnets = (answer.Subnets ?? []).sort((a, b) =>
    (a.AvailabilityZone ?? "").localeCompare(b.AvailabilityZone ?? ""),
  );
  if (subnets.length > 0) return subnets.map((subnet) => subnet.SubnetId as string);
  throw new GateFailure({
    what: `${what}: there is no default subnet in ${aws.region} to boot the image in`,
    next: [
      `name a subnet of ${aws.region} for the proof (\`proof.subnetId\`, or \`proofs\` by region for copies)`,
      `or make the default network: aws ec2 create-default-vpc --region ${aws.region}`,
    ],
  });
}
