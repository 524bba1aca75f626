import { randomUUID } from "node:crypto";
import type { Image } from "@aws-sdk/client-ec2";
import type { Aws } from "../../components/gates/kit/aws";
import { errorCode } from "../../components/gates/kit/errors";
import { GateFailure } from "../../components/gates/kit/failure";
import { describeInstance, stateOf } from "../../components/gates/kit/instances";
import { FORGOTTEN_LOOKS } from "../../components/gates/kit/machineWatch";
import type { Deadline } from "../../components/gates/kit/waiting";
import { patiently } from "../../components/gates/kit/waiting";
import { TAG } from "../../components/internal/tags";
import { imagesOf, snapshotProgress } from "./images";
import { backupName, groupOf, RUN_TAG, settingsOf, settingsTags, tagList } from "./marks";
import { onInterrupt, refusal, type Voice } from "./session";

export interface BackupPlan {
  instanceId: string;
  /** Its name and id, for texts. */
  server: string;
  name: string;
  /** Whether AWS restarts it: it runs, and nobody said not to. */
  reboots: boolean;
  /** Whether it runs and is not restarted: then what is in memory is missing. */
  crashConsistent: boolean;
  /** The Auto Scaling group it belongs to. */
  group?: string;
  tags: { [key: string]: string };
}

export interface BackupRequest {
  instanceId: string;
  name?: string;
  reboot: boolean;
  tags: { [key: string]: string };
}

export interface Backup {
  imageId: string;
  name: string;
  sizeGiB: number;
  volumes: number;
  elapsed: string;
}

/** What would be done. Asks, and changes nothing. */
export async function planBackup(aws: Aws, request: BackupRequest, now = new Date()): Promise<BackupPlan> {
  const { instanceId } = request;
  const instance = await describeInstance(aws, instanceId);
  if (!instance) {
    throw new GateFailure({
      what: `There is no instance ${instanceId} in ${aws.region} of account ${(await aws.account()) ?? "?"}`,
      next: ["instances of other accounts and regions are not seen: check --region and the credentials"],
      state: "No image was made.",
    });
  }
  const state = stateOf(instance);
  const settings = settingsOf(instance);
  const server = settings.name ? `${instanceId} (${settings.name})` : instanceId;
  const impossible = !/^(running|stopped)$/.test(state)
    ? `is ${state}; wanted running or stopped`
    : instance.RootDeviceType === "instance-store"
      ? "has its root on an instance store, of which AWS makes no image"
      : undefined;
  if (impossible) {
    throw new GateFailure({
      what: `${server} ${impossible}`,
      next: state === "terminated" ? ["a terminated server cannot be backed up"] : ["try again when it is"],
      state: "No image was made.",
    });
  }
  return {
    instanceId,
    server,
    name: request.name ?? backupName(instanceId, settings.name, now),
    reboots: state === "running" && request.reboot,
    crashConsistent: state === "running" && !request.reboot,
    group: groupOf(instance.Tags),
    tags: {
      Name: `backup of ${settings.name ?? instanceId}`.slice(0, 256),
      ...request.tags,
      [TAG.backup]: instanceId,
      ...settingsTags(settings),
    },
  };
}

/** Makes the image and waits until it is available. Whatever happens after it was begun, it is named. */
export async function makeBackup(aws: Aws, plan: BackupPlan, limitMinutes: number, voice: Voice): Promise<Backup> {
  const { server, name } = plan;
  const deadline = aws.deadline(limitMinutes);
  let imageId: string | undefined;
  const off = onInterrupt(() => begun(aws, plan, imageId));
  try {
    imageId = await start(aws, plan);
    voice.say(`${server}: AWS is making ${imageId} (${name})`);
    const image = await available(aws, plan, imageId, deadline, voice);
    const sizes = (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => (Ebs ? [Ebs.VolumeSize ?? 0] : []));
    const sizeGiB = sizes.reduce((sum, size) => sum + size, 0);
    return { imageId, name, sizeGiB, volumes: sizes.length, elapsed: deadline.elapsed };
  } catch (error) {
    throw imageId === undefined || (error instanceof GateFailure && error.text.state)
      ? error
      : refusal(`${server}: ${imageId} could not be watched`, error, { state: begun(aws, plan, imageId) });
  } finally {
    off();
  }
}

/** What is under way, for whoever is told no more of it. */
const begun = (aws: Aws, { name }: BackupPlan, imageId: string | undefined): string =>
  imageId === undefined
    ? `The image ${name} may have been begun: aws ec2 describe-images --region ${aws.region} --owners self --filters 'Name=name,Values=${name}'`
    : `AWS goes on making ${imageId} (${name}): aws ec2 describe-images --region ${aws.region} --image-ids ${imageId}`;

async function start(aws: Aws, plan: BackupPlan): Promise<string> {
  const { CreateImageCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const run = randomUUID();
  const tags = tagList({ ...plan.tags, [RUN_TAG]: run });
  const request = {
    InstanceId: plan.instanceId,
    Name: plan.name,
    Description: `Backup of ${plan.server}`.replace(/[^\x20-\x7e]/g, "?").slice(0, 255),
    NoReboot: !plan.reboots,
    TagSpecifications: (["image", "snapshot"] as const).map((ResourceType) => ({ ResourceType, Tags: tags })),
  };
  try {
    const { ImageId } = await patiently("CreateImage", aws.timing, () => ec2.send(new CreateImageCommand(request)));
    return ImageId as string;
  } catch (error) {
    if (errorCode(error) !== "InvalidAMIName.Duplicate")
      throw refusal(`AWS did not make the image ${plan.name} of ${plan.server}`, error, {
        state: "No image was made.",
      });
    // CreateImage has no token: when its answer was lost, the next try finds the name taken, by the image of this run.
    const [own] = await imagesOf(aws, { [`tag:${RUN_TAG}`]: [run] });
    if (own?.ImageId) return own.ImageId;
    throw new GateFailure({
      what: `The name ${plan.name} is taken by another image`,
      evidence: [(error as Error).message],
      next: ["give another --name, or none: the default one has the time in it"],
      state: "No image was made, and the server was not touched.",
    });
  }
}

async function available(
  aws: Aws,
  plan: BackupPlan,
  imageId: string,
  deadline: Deadline,
  voice: Voice,
): Promise<Image> {
  let [seen, missing] = [false, 0];
  for (;;) {
    const [image] = await imagesOf(aws, { "image-id": [imageId] });
    const state = image?.State ?? "unknown";
    seen ||= image !== undefined;
    missing = image ? 0 : missing + 1;
    if (image && state === "available") return image;
    const gone = seen && missing >= FORGOTTEN_LOOKS;
    if (gone || (image && state !== "pending")) {
      throw new GateFailure({
        what: `${plan.server}: the image ${imageId} (${plan.name}) ${gone ? "was deregistered by somebody" : `is ${state}`}`,
        evidence: image?.StateReason?.Message ? [image.StateReason.Message] : [],
        next: [
          "run the command again: another image is made",
          ...(image ? [`remove this one: aws ec2 deregister-image --region ${aws.region} --image-id ${imageId}`] : []),
        ],
        state: `There is no backup by this run${plan.reboots ? "; the server was rebooted" : ""}.`,
      });
    }
    if (deadline.passed) {
      throw new GateFailure({
        what: `${plan.server}: the image ${imageId} was not available within ${deadline.minutes} minutes`,
        next: ["wait for it, or run the command with a larger --limit-minutes next time: a first image takes longest"],
        state: begun(aws, plan, imageId),
      });
    }
    const progress = await snapshotProgress(aws, image);
    voice.say(`${imageId} is ${state}${progress} (${deadline.elapsed})`);
    await aws.pause();
  }
}

/** Whether the server runs again after AWS restarted it. */
export async function stateAfter(aws: Aws, plan: BackupPlan): Promise<string> {
  return stateOf(await describeInstance(aws, plan.instanceId));
}
