import { TAG } from "../internal/tags";
import type { Aws } from "./kit/aws";
import { GateFailure } from "./kit/failure";
import { patiently } from "./kit/waiting";

export interface NameFreeInput {
  /** Who waits, for texts: `web 1.1.0`. */
  what: string;
  /** The physical name about to be used. */
  name: string;
  /** The image's URN, for the command that imports what is there. */
  urn: string;
}

/**
 * Passes when no image of this account has the name yet. A run that was killed between request and state leaves an image
 * that no state knows: AWS would only say that the name is taken.
 */
export async function nameFree(aws: Aws, input: NameFreeInput): Promise<void> {
  const { what, name } = input;
  const { DescribeImagesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const answer = await patiently("DescribeImages", aws.timing, () =>
    ec2.send(new DescribeImagesCommand({ Owners: ["self"], Filters: [{ Name: "name", Values: [name] }] })),
  );
  const image = answer.Images?.find((one) => one.State !== "deregistered");
  if (!image) return;
  const tags = (image.Tags ?? []).map(({ Key, Value }) => `${Key}=${Value}`);
  const tagged = (key: string) => image.Tags?.find(({ Key }) => Key === key)?.Value;
  const id = image.ImageId ?? "?";
  throw new GateFailure({
    what: `${what}: the name ${name} is taken in ${aws.region} by ${id} (${image.State}), which this stack's state does not know`,
    evidence: [`made ${image.CreationDate ?? "?"} by ${tagged(TAG.stack) ?? "somebody else"}`, ...tags],
    look: [`aws ec2 describe-images --region ${aws.region} --image-ids ${id}`],
    next: tagged(TAG.verified) === undefined ? abandoned(aws.region, id) : proven(input.urn, id),
    state: "Nothing was made, and nothing was removed.",
  });
}

const abandoned = (region: string, id: string): string[] => [
  "a killed run has left it, and nothing was proven of it: remove it and run `pulumi up` again:",
  `  aws ec2 deregister-image --region ${region} --image-id ${id} --delete-associated-snapshots`,
  "somebody else's: choose another line name or version",
];

/** Deleting it could take away what a fleet runs. */
function proven(urn: string, id: string): string[] {
  const [type = "", name = ""] = urn.split("::").slice(2);
  return [
    "it was proven, and a fleet may run it: do not remove it. Bring it back into the state: restore an earlier state",
    `  (pulumi stack import), or pulumi import ${type.split("$").pop()} ${name} ${id}`,
    "or append a new version",
  ];
}
