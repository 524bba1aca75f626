import { randomUUID } from "node:crypto";
import type { Instance } from "@aws-sdk/client-ec2";
import type { Aws } from "../../components/gates/kit/aws";
import { type Ending, type Watched, watchBoot } from "../../components/gates/kit/bootWatch";
import { describeError } from "../../components/gates/kit/errors";
import { GateFailure } from "../../components/gates/kit/failure";
import { describeInstance, instancesWith, terminate } from "../../components/gates/kit/instances";
import { candidateSubnets } from "../../components/gates/kit/placement";
import { isAboutKey } from "../../components/gates/kit/stateReasons";
import { endsItself, watchStatus } from "../../components/gates/kit/statusWatch";
import { discard, launch, tagged, tellInterruption } from "../../components/gates/kit/throwaway";
import { renderBootProof } from "../../components/internal/recipe";
import type { RecoveryRecord } from "../../components/internal/recoveryRecord";
import { TAG } from "../../components/internal/tags";
import { tagsOf } from "../servers/marks";
import type { Voice } from "../servers/session";
import type { ImageFact } from "./facts";

/** On an instance of a drill, besides the tags of a throwaway one: which run it is of. */
export const DRILL_TAG = "ami-lifecycle:drill";
/** And until when it may be there, ISO 8601. */
export const UNTIL_TAG = `${DRILL_TAG}-until`;
/** Longer than its limit: it is terminated by whoever launched it, and ends by itself. */
const SPARE_MINUTES = 15;

export interface LaunchRequest {
  /** For texts: `web 1.1.0 in eu-west-1`. */
  what: string;
  record: RecoveryRecord;
  image: ImageFact;
  limitMinutes: number;
}

/** What came of the launch. Times are milliseconds after its start; null where it did not come so far. */
export interface Measured {
  instanceId: string | null;
  subnetId: string | null;
  /** EC2 had taken the launch, the instance ran, its checks had passed, it had come to its end, nothing was left. */
  launchedMs: number | null;
  runningMs: number | null;
  passedMs: number | null;
  endedMs: number | null;
  removedMs: number | null;
  /** Why it failed; undefined where everything passed. */
  failure?: { kind: "launch-failed" | "boot-failed" | "key-unusable"; error: GateFailure };
  /** Instances that could not be removed. */
  left: string[];
}

const ENDING: Ending = {
  next: [
    "the machine was at fault (capacity, network): run the drill again",
    "the image is at fault: it would not serve. Bake a new version and roll it out",
  ],
  state: "",
};

/** Launches one instance as the group would, has its checks run, and removes it on every path. */
export async function proveLaunch(aws: Aws, of: LaunchRequest, voice: Voice, now: () => number): Promise<Measured> {
  const run = randomUUID();
  const begun = now();
  const result: Measured = { instanceId: null, subnetId: null, ...NOT_YET, left: [] };
  let seen: Instance | undefined;
  const looked = (state: string, instance: Instance | undefined) => {
    const at = now() - begun;
    seen = instance ?? seen;
    result.subnetId ??= instance?.SubnetId ?? null;
    if (state === "running") result.runningMs ??= at;
  };
  await removeOld(aws, of, voice);
  tellInterruption({
    began: () => voice.say(`\nInterrupted: what was launched is being terminated (tag ${DRILL_TAG}, ${run})`),
    left: (ids) => ids.forEach((id) => voice.warn(leftBehind(aws, id))),
  });
  try {
    const id = await launched(aws, of, run);
    Object.assign(result, { instanceId: id, launchedMs: now() - begun });
    voice.say(`${of.what}: booting ${of.image.id} on throwaway instance ${id}`);
    await watch(aws, of, id, { looked }, voice);
    result.passedMs = now() - begun;
    // Checks that pass between two looks: it ran before.
    result.runningMs ??= result.passedMs;
  } catch (error) {
    const isKey = of.image.isEncrypted && isAboutKey(seen);
    const kind = result.instanceId === null ? "launch-failed" : isKey ? "key-unusable" : "boot-failed";
    result.failure = { kind, error: asFailure(of.what, result.instanceId !== null, error) };
  } finally {
    result.endedMs = result.passedMs ?? now() - begun;
    if (result.instanceId !== null) await discard(aws, result.instanceId, () => undefined);
    result.left = await stillThere(aws, run, result.instanceId);
    if (result.left.length === 0) result.removedMs = now() - begun;
    tellInterruption(undefined);
  }
  result.left.forEach((id) => voice.warn(leftBehind(aws, id)));
  return result;
}

const NOT_YET = { launchedMs: null, runningMs: null, passedMs: null, endedMs: null, removedMs: null };

const leftBehind = ({ region }: Aws, id: string): string =>
  `the throwaway instance ${id} in ${region} could not be terminated; it ends by itself at its limit, or: ` +
  `aws ec2 terminate-instances --region ${region} --instance-ids ${id}`;

async function launched(aws: Aws, { what, record, image, limitMinutes }: LaunchRequest, run: string): Promise<string> {
  const { digest, isWindows: windows } = image;
  const userData =
    digest === undefined
      ? endsItself(limitMinutes)
      : renderBootProof({ digest, minutes: limitMinutes, windows }).userDataBase64;
  const subnets = record.subnetIds?.length ? record.subnetIds : await candidateSubnets(aws, undefined, what);
  const request = {
    ImageId: image.id,
    LaunchTemplate: { LaunchTemplateId: record.launchTemplateId, Version: record.launchTemplateVersion },
    UserData: userData,
    InstanceInitiatedShutdownBehavior: "terminate" as const,
    TagSpecifications: tagged({
      ...image.tags,
      Name: `drill of ${what}`,
      [TAG.proof]: image.id,
      [DRILL_TAG]: run,
      [UNTIL_TAG]: new Date(Date.now() + (limitMinutes + SPARE_MINUTES) * 60_000).toISOString(),
    }),
  };
  return launch(aws, request, [...subnets], what);
}

function watch(
  aws: Aws,
  { what, image, limitMinutes }: LaunchRequest,
  id: string,
  { looked }: Pick<Watched, "looked">,
  voice: Voice,
): Promise<void> {
  const watched: Watched = { what, imageId: image.id, limitMinutes, ending: ENDING, looked };
  return image.digest === undefined
    ? watchStatus(aws, watched, id, voice.say)
    : watchBoot(aws, { ...watched, digest: image.digest }, id, voice.say);
}

/** What a killed drill has left; another one's that is under way is let be. */
async function removeOld(aws: Aws, { what, image }: LaunchRequest, voice: Voice): Promise<void> {
  const ids = await instancesWith(
    aws,
    { Name: `tag:${TAG.proof}`, Values: [image.id] },
    { Name: "tag-key", Values: [UNTIL_TAG] },
  );
  const found = await Promise.all(ids.map((id) => describeInstance(aws, id)));
  const now = new Date().toISOString();
  const old = found.flatMap((one) => (one && (tagsOf(one.Tags)[UNTIL_TAG] ?? now) < now ? [one.InstanceId ?? ""] : []));
  if (old.length === 0) return;
  await terminate(aws, old);
  voice.say(`${what}: terminated what an earlier drill left: ${old.join(", ")}`);
}

/** AWS's answers are not all of the same moment: one look that still finds it proves nothing. */
const LOOKS = 4;

/** The run's instances that are not on their way out, also one whose launch was never answered. Asks them to go. */
async function stillThere(aws: Aws, run: string, id: string | null): Promise<string[]> {
  let left = id === null ? [] : [id];
  try {
    for (let look = 1; look <= LOOKS; look++) {
      left = await instancesWith(aws, { Name: `tag:${DRILL_TAG}`, Values: [run] });
      if (left.length === 0) return [];
      await terminate(aws, left);
      await aws.pause();
    }
  } catch {
    // What is left is told; why it could not be removed is told by what failed before, or by the next attempt.
  }
  return left;
}

/** What ended it, in a drill's words. A mistake of the program itself is thrown on. */
function asFailure(what: string, isLaunched: boolean, error: unknown): GateFailure {
  if (error instanceof GateFailure) {
    const { what: first, evidence, look, next = [] } = error.text;
    const own = isLaunched ? next.map((line) => line.replaceAll("`pulumi up`", "the drill")) : NOT_LAUNCHED;
    return new GateFailure({ what: first, evidence, look, next: own });
  }
  if (!(error instanceof Error && "$metadata" in error)) throw error;
  return new GateFailure({ what: `${what}: AWS refused: ${describeError(error)}`, next: [PERMISSION] });
}

/** What to do when AWS refuses. */
export const PERMISSION =
  "is a permission missing? docs/iam/drill.json of the repository has what a drill asks for and does";

const NOT_LAUNCHED = [
  "no capacity: the group would not get it either. Give the fleet another instance type, or subnets in more zones",
  PERMISSION,
  "a quota or a key: mend it and run the drill again",
];
