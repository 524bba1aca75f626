import type { Image, Tag } from "@aws-sdk/client-ec2";
import { bootToken, lastLines } from "../internal/markers";
import { TAG } from "../internal/tags";
import { imageAvailable } from "./imageAvailable";
import type { Aws } from "./kit/aws";
import { GateFailure } from "./kit/failure";
import { consoleCommand } from "./kit/instances";
import { MachineWatch } from "./kit/machineWatch";
import { candidateSubnets } from "./kit/placement";
import { explain, lastWords, stateReason } from "./kit/stateReasons";
import { discard, launch, sweep } from "./kit/throwaway";
import { Deadline, patiently, sleep } from "./kit/waiting";

export interface ImageBootsInput {
  /** Who waits, for texts: `web 1.1.0 in eu-west-1`. */
  what: string;
  imageId: string;
  /** The account that owns the image. */
  account?: string;
  /** The digest of the recipe the image was made from: its boot token. */
  digest: string;
  /** Tags for the image's snapshots: the provider tags only the image. */
  snapshotTags: { [key: string]: string };
  /** User data of the throwaway instance, base64: runs the check script that is baked into the image. */
  userDataBase64: string;
  instanceType: string;
  subnetId?: string;
  securityGroupIds?: string[];
  /** Name of an instance profile. */
  instanceProfile?: string;
  /** How long boot and checks may take, in minutes. */
  limitMinutes: number;
}

const NOT_VERIFIED = "The image is kept but not verified, so nothing uses it.";

/**
 * Passes when a throwaway instance made from the image, in this region and under its key, has booted and run the checks
 * baked into it. The instance is terminated on every path.
 */
export async function imageBoots(
  aws: Aws,
  input: ImageBootsInput,
  say: (text: string) => void,
  warn: (text: string) => void,
): Promise<void> {
  const { imageId, what } = input;
  const image = await imageAvailable(aws, { ...input, limitMinutes: 60 }, say);
  await tagSnapshots(aws, image, input.snapshotTags);
  const left = await sweep(aws, imageId);
  if (left.length > 0) say(`${what}: terminated what an earlier run left: ${left.join(", ")}`);

  const subnets = await candidateSubnets(aws, input.subnetId, what);
  const instanceId = await launch(aws, launchRequest(input), subnets, what);
  say(`${what}: booting ${imageId} on throwaway instance ${instanceId}`);
  try {
    await watch(aws, input, instanceId, say);
  } finally {
    await discard(aws, instanceId, warn);
  }
  say(`${what}: ${imageId} booted and passed its checks`);
}

function launchRequest(input: ImageBootsInput): Parameters<typeof launch>[1] {
  const tags: Tag[] = Object.entries({
    ...input.snapshotTags,
    Name: `proof of ${input.what}`,
    [TAG.proof]: input.imageId,
  }).map(([Key, Value]) => ({ Key, Value }));
  return {
    ImageId: input.imageId,
    InstanceType: input.instanceType as never,
    UserData: input.userDataBase64,
    InstanceInitiatedShutdownBehavior: "terminate",
    MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1, HttpEndpoint: "enabled" },
    ...(input.securityGroupIds && { SecurityGroupIds: input.securityGroupIds }),
    ...(input.instanceProfile && { IamInstanceProfile: { Name: input.instanceProfile } }),
    TagSpecifications: [
      { ResourceType: "instance", Tags: tags },
      { ResourceType: "volume", Tags: tags },
    ],
  };
}

export async function tagSnapshots(aws: Aws, image: Image, tags: { [key: string]: string }): Promise<void> {
  const snapshots = (image.BlockDeviceMappings ?? []).flatMap((m) => (m.Ebs?.SnapshotId ? [m.Ebs.SnapshotId] : []));
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (snapshots.length === 0 || list.length === 0) return;
  const { CreateTagsCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  await patiently("CreateTags", aws.timing, () =>
    ec2.send(new CreateTagsCommand({ Resources: snapshots, Tags: list })),
  );
}

async function watch(aws: Aws, input: ImageBootsInput, instanceId: string, say: (text: string) => void): Promise<void> {
  const { what } = input;
  const machine = new MachineWatch(aws, instanceId, bootToken(input.digest));
  const deadline = new Deadline(input.limitMinutes);
  let goneAt: number | undefined;
  for (;;) {
    const { instance, state, forgotten, text, reading } = await machine.look();
    if (reading.verdict === "ok") return;

    const fail = (said: string, evidence: string[], first: string[] = []): never => {
      throw new GateFailure({
        what: `${what}: ${said}`,
        evidence,
        look: [`${consoleCommand(instanceId, aws.region)}   # kept for about an hour`],
        next: [
          ...first,
          "the machine was at fault (capacity, network): run `pulumi up` again, the same image is booted once more",
          "the image is at fault: bake a new version; a version that was never verified may be removed from the list",
        ],
        state: NOT_VERIFIED,
      });
    };
    if (reading.verdict === "failed") {
      fail(
        `the image ${input.imageId} booted on ${instanceId}, but: ${reading.failure}`,
        reading.evidence.length > 0 ? reading.evidence : lastLines(text),
      );
    }
    const ended = /^(terminated|shutting-down|stopped|stopping)$/.test(state) || forgotten;
    if (ended) {
      goneAt ??= Date.now();
      if (Date.now() - goneAt >= aws.timing.consoleGraceSeconds * 1000) {
        const reason = stateReason(instance);
        fail(
          `the throwaway instance ${instanceId} of image ${input.imageId} ended without a verdict: ${state}` +
            (reason ? ` (${reason})` : ""),
          lastWords(instance, text),
          explain(instance).next,
        );
      }
    } else if (deadline.passed) {
      fail(
        `the image ${input.imageId} gave no verdict within ${input.limitMinutes} minutes; its instance ${instanceId} was ` +
          `${state} at "${reading.progress ?? "no progress line yet"}"`,
        lastLines(text),
      );
    }
    say(
      `${what}: throwaway instance ${instanceId} is ${state}, ${reading.progress ?? "booting"} (${deadline.elapsed})`,
    );
    await sleep(aws.timing.pollSeconds);
  }
}
