import type { Image } from "@aws-sdk/client-ec2";
import type { Aws } from "../../components/gates/kit/aws";
import { describeError } from "../../components/gates/kit/errors";
import { patiently } from "../../components/gates/kit/waiting";

/** The account's own images that match, the newest first. */
export async function imagesOf(aws: Aws, filters: { [name: string]: string[] }): Promise<Image[]> {
  const { DescribeImagesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const Filters = Object.entries(filters).map(([Name, Values]) => ({ Name, Values }));
  const images: Image[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await patiently("DescribeImages", aws.timing, () =>
      ec2.send(new DescribeImagesCommand({ Owners: ["self"], Filters, IncludeDeprecated: true, NextToken })),
    );
    images.push(...(answer.Images ?? []));
    NextToken = answer.NextToken;
  } while (NextToken);
  return images.sort((a, b) => (b.CreationDate ?? "").localeCompare(a.CreationDate ?? ""));
}

/** How far the snapshots of an image in the making are, as `, snapshots 45 %`; nothing while AWS names none. */
export async function snapshotProgress(aws: Aws, image: Image | undefined): Promise<string> {
  const ids = (image?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => (Ebs?.SnapshotId ? [Ebs.SnapshotId] : []));
  if (ids.length === 0) return "";
  const { DescribeSnapshotsCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  try {
    const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: ids }));
    const parts = Snapshots.map(({ Progress }) => Number.parseInt(Progress ?? "", 10)).filter(Number.isFinite);
    return parts.length === 0 ? "" : `, snapshots ${Math.min(...parts)} %`;
  } catch (error) {
    // Progress is a comfort: a wait does not end because it cannot be told.
    return `, its snapshots could not be looked at: ${describeError(error)}`;
  }
}
