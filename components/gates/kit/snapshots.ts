import type { Image } from "@aws-sdk/client-ec2";
import type { Aws } from "./aws";
import { patiently } from "./waiting";

/** Tags an image's snapshots: the provider tags only the image. */
export async function tagSnapshots(aws: Aws, image: Image, tags: { [key: string]: string }): Promise<void> {
  const snapshots = (image.BlockDeviceMappings ?? []).flatMap((m) => (m.Ebs?.SnapshotId ? [m.Ebs.SnapshotId] : []));
  await tagResources(aws, snapshots, tags);
}

export async function tagResources(aws: Aws, ids: string[], tags: { [key: string]: string }): Promise<void> {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (ids.length === 0 || list.length === 0) return;
  const { CreateTagsCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  await patiently("CreateTags", aws.timing, () => ec2.send(new CreateTagsCommand({ Resources: ids, Tags: list })));
}
