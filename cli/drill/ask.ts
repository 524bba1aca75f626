import type { Image } from "@aws-sdk/client-ec2";
import { isOfWindows } from "../../components/gates/kit/throwaway";
import { accountOf } from "../../components/gates/kit/aws";
import { isNotFound } from "../../components/gates/kit/errors";
import { type RecoveryRecord, recoveryRecordName } from "../../components/internal/recoveryRecord";
import { RULES } from "../../components/internal/rules";
import { ADOPTED, isRecord, isUnbooted, TAG } from "../../components/internal/tags";
import { isVersion } from "../../components/internal/versions";
import { recordOf } from "../recovery/record";
import { tagsOf } from "../servers/marks";
import { groupsNamed, imagesById, parametersBelow } from "../status/calls";
import type { Questions } from "../status/questions";
import { inOrder } from "../status/records";
import type { Facts, Health, ImageFact, Proof } from "./facts";

/** Everything that a drill looks at before it launches, in the recovery region alone. */
export async function factsOf(of: Questions, line: string, stack: string): Promise<Facts> {
  const stored = await parametersBelow(of, `/ami/${line}/${stack}`);
  const own = stored.find(({ Name }) => Name === recoveryRecordName(line, stack));
  const stands = { region: of.aws.region, line, stack, text: own?.Value };
  const record = recordOf({ ...stands, option: "--region", state: "Nothing was launched." });
  const versions = stored
    .map(({ Name = "", Value = "" }) => ({ version: Name.split("/").at(-1) ?? "", imageId: Value }))
    .filter(({ version }) => isVersion(version))
    .sort((a, b) => inOrder(a.version, b.version));
  const ids = [...new Set([record.imageId, ...versions.map(({ imageId }) => imageId)])].filter(RULES.imageId.test);
  const [images, template, groups, health] = await Promise.all([
    imagesById(of, ids),
    templateOf(of, record),
    groupsNamed(of, record.groupName === undefined ? [] : [record.groupName]),
    healthOf(of, record.targetGroupArns ?? []),
  ]);
  const imageOf = (id: string) => images.find(({ ImageId }) => ImageId === id);
  const image = imageOf(record.imageId);
  return {
    account: accountOf(own?.ARN) ?? null,
    record,
    ...(image && { image: imageFact(image) }),
    copies: versions.map(({ version, imageId }) => {
      const found = imageOf(imageId);
      return { version, imageId, state: found?.State ?? "gone", proof: proofOf(found) };
    }),
    keys: image ? await keysOf(of, image) : [],
    ...(template && { template }),
    ...(groups[0] && {
      group: { suspended: (groups[0].SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []) },
    }),
    health,
  };
}

const recordsOf = (image: Image | undefined): string[] =>
  (image?.Tags ?? []).flatMap(({ Key, Value = "" }) => (isRecord(Key) ? [Value] : []));

function proofOf(image: Image | undefined): Proof {
  const records = recordsOf(image);
  if (records.some((value) => !isUnbooted(value))) return "booted";
  return records.length > 0 ? "unbooted" : "none";
}

const DIGEST = /^[0-9a-f]{16}$/;

function imageFact(image: Image): ImageFact {
  const tags = tagsOf(image.Tags);
  // Where no gate has booted it, its recipe says which checks are in it.
  const digest = [tags[TAG.verified], tags[TAG.recipe]].find((one) => one !== undefined && DIGEST.test(one));
  return {
    id: image.ImageId ?? "",
    state: image.State ?? "unknown",
    createdAt: image.CreationDate,
    isWindows: isOfWindows(image),
    isEncrypted: (image.BlockDeviceMappings ?? []).some(({ Ebs }) => Ebs?.Encrypted === true),
    ...(digest !== undefined && !recordsOf(image).includes(ADOPTED) && { digest }),
    proof: proofOf(image),
    tags: Object.fromEntries(Object.entries(tags).filter(([key]) => !isRecord(key) && !key.startsWith("aws:"))),
  };
}

/** The keys by name. Whether they can be used only a launch says: asking KMS says nothing of who may use them. */
async function keysOf(of: Questions, { BlockDeviceMappings = [] }: Image): Promise<string[]> {
  const SnapshotIds = BlockDeviceMappings.flatMap(({ Ebs }) =>
    Ebs?.Encrypted === true && Ebs.SnapshotId ? [Ebs.SnapshotId] : [],
  );
  if (SnapshotIds.length === 0) return [];
  const { DescribeSnapshotsCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await of.aws.ec2();
  const answer = await orNone(
    of.ask("DescribeSnapshots", () => ec2.send(new DescribeSnapshotsCommand({ SnapshotIds }))),
  );
  return [...new Set((answer?.Snapshots ?? []).flatMap(({ KmsKeyId }) => KmsKeyId ?? []))].sort();
}

async function templateOf(of: Questions, record: RecoveryRecord): Promise<Facts["template"]> {
  const { DescribeLaunchTemplateVersionsCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await of.aws.ec2();
  const asked = { LaunchTemplateId: record.launchTemplateId, Versions: [record.launchTemplateVersion] };
  const answer = await orNone(
    of.ask("DescribeLaunchTemplateVersions", () => ec2.send(new DescribeLaunchTemplateVersionsCommand(asked))),
  );
  const found = answer?.LaunchTemplateVersions?.[0];
  return found && { imageId: found.LaunchTemplateData?.ImageId };
}

/** The slowest group counts. A Network Load Balancer waits for all of the looks, others take fewer: this is the most. */
async function healthOf(of: Questions, arns: readonly string[]): Promise<Health> {
  if (arns.length === 0) return { seconds: 0, missing: [] };
  const { DescribeTargetGroupsCommand } = await import("@aws-sdk/client-elastic-load-balancing-v2");
  const balancing = await of.aws.loadBalancing();
  // One by one: asked for several, AWS answers nothing when one is gone.
  const found = await Promise.all(
    arns.map(async (arn) => {
      const command = new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] });
      const answer = await orNone(of.ask("DescribeTargetGroups", () => balancing.send(command)));
      return { arn, group: answer?.TargetGroups?.[0] };
    }),
  );
  return {
    seconds: Math.max(
      0,
      ...found.map(({ group }) => (group?.HealthyThresholdCount ?? 0) * (group?.HealthCheckIntervalSeconds ?? 0)),
    ),
    missing: found.flatMap(({ arn, group }) => (group ? [] : [arn])),
  };
}

/** The answer, or undefined where AWS does not know what was asked for. */
async function orNone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && isNotFound(error.cause)) return undefined;
    throw error;
  }
}
