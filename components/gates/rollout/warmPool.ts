import type { AutoScalingGroup, Instance } from "@aws-sdk/client-auto-scaling";
import type { Aws } from "../kit/aws";
import { patiently } from "../kit/waiting";

/**
 * The instances that wait in the group's warm pool: they come into service later, so they must be of the right version,
 * too. A refresh replaces them as it does the group's own. Those that are ending do not count.
 */
export async function warmInstances(aws: Aws, group: AutoScalingGroup): Promise<Instance[]> {
  if (!group.WarmPoolConfiguration) return [];
  const { DescribeWarmPoolCommand } = await import("@aws-sdk/client-auto-scaling");
  const autoScaling = await aws.autoScaling();
  const all: Instance[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await patiently("DescribeWarmPool", aws.timing, () =>
      autoScaling.send(
        new DescribeWarmPoolCommand({ AutoScalingGroupName: group.AutoScalingGroupName, NextToken, MaxRecords: 50 }),
      ),
    );
    all.push(...(answer.Instances ?? []));
    NextToken = answer.NextToken;
  } while (NextToken);
  return all.filter((one) => !/^Warmed:Terminat/.test(one.LifecycleState ?? ""));
}
