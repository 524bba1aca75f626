import { randomUUID } from "node:crypto";
import type { Image, RunInstancesCommandInput, TagSpecification } from "@aws-sdk/client-ec2";
import { defaultInstanceType } from "../../internal/names";
import { TAG } from "../../internal/tags";
import type { Aws } from "./aws";
import { describeError, errorCode } from "./errors";
import { GateFailure } from "./failure";
import { instancesWith, terminate } from "./instances";
import { candidateSubnets } from "./placement";
import { patiently, sleep } from "./waiting";

/** The image to prove, and how its throwaway instance runs. */
export interface ThrowawayInput {
  /** Who waits, for texts: `web 1.1.0 in eu-west-1`. */
  what: string;
  imageId: string;
  /** The account the proof runs in: that of the image, unless it is somebody else's. */
  account?: string;
  /** Tags for the image's snapshots, where it is ours, and for the instance. */
  snapshotTags: { [key: string]: string };
  /** User data, base64; without it the machine boots as the image left it. */
  userDataBase64?: string;
  /** Without it a small one that suits the image. */
  instanceType?: string;
  subnetId?: string;
  securityGroupIds?: string[];
  /** Name of an instance profile. */
  instanceProfile?: string;
  /** How long the proof may take, in minutes. */
  limitMinutes: number;
}

export const NOT_VERIFIED = "The image is kept but not verified, so nothing uses it.";

export const isOfWindows = (image: Image): boolean => image.Platform?.toLowerCase() === "windows";

/** Launches a throwaway instance of the image, has it watched, and terminates it on every path. */
export async function onThrowaway(
  aws: Aws,
  input: ThrowawayInput,
  image: Image,
  watch: (instanceId: string) => Promise<void>,
  say: (text: string) => void,
  warn: (text: string) => void,
): Promise<void> {
  const { imageId, what } = input;
  const left = await sweep(aws, imageId, input.snapshotTags[TAG.stack]);
  if (left.length > 0) say(`${what}: terminated what an earlier run left: ${left.join(", ")}`);
  const subnets = await candidateSubnets(aws, input.subnetId, what);
  const instanceId = await launch(aws, launchRequest(input, image), subnets, what);
  say(`${what}: booting ${imageId} on throwaway instance ${instanceId}`);
  try {
    await watch(instanceId);
  } finally {
    await discard(aws, instanceId, warn);
  }
}

function launchRequest(input: ThrowawayInput, image: Image): Parameters<typeof launch>[1] {
  const tags = { ...input.snapshotTags, Name: `proof of ${input.what}`, [TAG.proof]: input.imageId };
  return {
    ImageId: input.imageId,
    InstanceType: (input.instanceType ?? defaultInstanceType(image.Architecture, isOfWindows(image))) as never,
    ...(input.userDataBase64 && { UserData: input.userDataBase64 }),
    InstanceInitiatedShutdownBehavior: "terminate",
    MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1, HttpEndpoint: "enabled" },
    ...(input.securityGroupIds && { SecurityGroupIds: input.securityGroupIds }),
    ...(input.instanceProfile && { IamInstanceProfile: { Name: input.instanceProfile } }),
    TagSpecifications: tagged(tags),
  };
}

/** An instance and its volumes, with the same tags. */
export function tagged(tags: { [key: string]: string }): TagSpecification[] {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  return [
    { ResourceType: "instance", Tags },
    { ResourceType: "volume", Tags },
  ];
}

/** Instances that must not outlive this process: terminated when it is asked to end. */
const alive = new Map<string, Aws>();
/** Launches that AWS has not answered yet. */
const starting = new Set<Promise<unknown>>();
let listening = false;
let ending = false;

/** Who is told, on Ctrl-C, that the end has begun, and then which instances could not be terminated. */
export interface Interruption {
  began: () => void;
  left: (instanceIds: string[]) => void;
}
let interruption: Interruption | undefined;
export const tellInterruption = (to: Interruption | undefined): void => void (interruption = to);

/**
 * On Ctrl-C no `finally` runs, and the process has some five seconds: one TerminateInstances is sent, after the answer of
 * a launch under way. What is missed ends by its own limit, or by the next run's sweep.
 */
function listen(): void {
  if (listening) return;
  listening = true;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      ending = true;
      interruption?.began();
      void Promise.race([endAll(), sleep(4)]).then(() => {
        interruption?.left([...alive.keys()]);
        process.kill(process.pid, signal);
      });
    });
  }
}

async function endAll(): Promise<void> {
  await Promise.allSettled(starting);
  // The launch's own code, which notes the instance, comes first.
  await sleep(0);
  await Promise.all(
    [...alive].map(([id, aws]) =>
      terminate(aws, [id])
        .then(() => alive.delete(id))
        .catch(() => undefined),
    ),
  );
}

/** One call that launches. While the process is ending none is begun, nor is one answered for it to try again. */
function launching<T>(call: () => Promise<T>): Promise<T> {
  if (ending) return new Promise(() => undefined);
  const answer = call();
  starting.add(answer);
  return answer.finally(() => starting.delete(answer));
}

/**
 * Terminates throwaway instances of this image that a killed run of this stack has left: several stacks may prove the
 * same image from outside. Returns their ids.
 */
export async function sweep(aws: Aws, imageId: string, stack: string | undefined): Promise<string[]> {
  const proofs = { Name: `tag:${TAG.proof}`, Values: [imageId] };
  const own = stack === undefined ? [] : [{ Name: `tag:${TAG.stack}`, Values: [stack] }];
  const ids = await instancesWith(aws, proofs, ...own);
  await terminate(aws, ids);
  return ids;
}

const NO_CAPACITY = /InsufficientInstanceCapacity|InsufficientHostCapacity|^Unsupported$/;
const PROFILE_NOT_YET = /Invalid IAM Instance Profile|iamInstanceProfile/i;

/**
 * Launches one instance, in the first subnet that has capacity. A new instance profile is waited for: IAM tells EC2 of
 * it only after a while.
 */
export async function launch(
  aws: Aws,
  request: Omit<RunInstancesCommandInput, "ClientToken" | "MinCount" | "MaxCount" | "SubnetId">,
  subnets: string[],
  what: string,
): Promise<string> {
  const { RunInstancesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const refusals: string[] = [];
  listen();
  for (const subnet of subnets) {
    // The same token on every try: an answer that got lost never makes a second instance.
    const once = { ClientToken: randomUUID(), MinCount: 1, MaxCount: 1 };
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await patiently("RunInstances", aws.timing, () =>
          launching(() => ec2.send(new RunInstancesCommand({ ...request, ...once, SubnetId: subnet }))),
        );
        const id = answer.Instances?.[0]?.InstanceId as string;
        alive.set(id, aws);
        return id;
      } catch (error) {
        if (error instanceof GateFailure) throw error;
        if (PROFILE_NOT_YET.test(describeError(error)) && attempt < 12) {
          await aws.pause();
          continue;
        }
        refusals.push(`${subnet}: ${describeError(error)}`);
        if (!NO_CAPACITY.test(errorCode(error))) throw launchFailure(aws, what, refusals);
        break;
      }
    }
  }
  throw launchFailure(aws, what, refusals);
}

function launchFailure(aws: Aws, what: string, refusals: string[]): GateFailure {
  return new GateFailure({
    what: `${what}: no throwaway instance could be launched in ${aws.region}`,
    evidence: refusals,
    next: [
      "no capacity: try another `proof.instanceType`, or run `pulumi up` again later",
      "a refused permission, key or quota: mend it and run `pulumi up` again; the image itself is kept",
    ],
    state: NOT_VERIFIED,
  });
}

/** Terminates it and forgets it. Never throws: a gate's own verdict matters more, and the next run sweeps. */
export async function discard(aws: Aws, instanceId: string, warn: (text: string) => void): Promise<void> {
  try {
    await terminate(aws, [instanceId]);
    alive.delete(instanceId);
  } catch (error) {
    warn(
      `the throwaway instance ${instanceId} in ${aws.region} could not be terminated (${describeError(error)}); ` +
        `it ends by itself, or: aws ec2 terminate-instances --region ${aws.region} --instance-ids ${instanceId}`,
    );
  }
}
