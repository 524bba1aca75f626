import { TAG } from "../../internal/tags";
import type { Aws } from "./aws";
import { isNotFound } from "./errors";
import { instancesWith } from "./instances";
import { patiently } from "./waiting";

/** Instances that run from an image, and those that are being launched to prove it. */
export async function instancesOf(aws: Aws, imageId: string): Promise<string[]> {
  const proving = await instancesWith(aws, { Name: `tag:${TAG.proof}`, Values: [imageId] });
  const running = await instancesWith(aws, { Name: "image-id", Values: [imageId] });
  return [...new Set([...running, ...proving])];
}

/** Deregisters an image and deletes its snapshots. Gives a line for each snapshot that stayed, with what to do. */
export async function removeImage(aws: Aws, imageId: string): Promise<string[]> {
  const { DeregisterImageCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  try {
    const answer = await patiently("DeregisterImage", aws.timing, () =>
      ec2.send(new DeregisterImageCommand({ ImageId: imageId, DeleteAssociatedSnapshots: true })),
    );
    return (answer.DeleteSnapshotResults ?? [])
      .filter(({ ReturnCode }) => ReturnCode !== "success")
      .map(
        ({ SnapshotId, ReturnCode }) =>
          `${SnapshotId} stayed (${ReturnCode}): aws ec2 delete-snapshot --region ${aws.region} --snapshot-id ${SnapshotId}`,
      );
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
