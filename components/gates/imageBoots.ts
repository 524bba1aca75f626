import { bootToken, lastLines } from "../internal/markers";
import { imageAvailable } from "./imageAvailable";
import type { Aws } from "./kit/aws";
import { GateFailure } from "./kit/failure";
import { tagSize } from "./kit/imageSize";
import { consoleCommand, hasEnded } from "./kit/instances";
import { MachineWatch } from "./kit/machineWatch";
import { tagSnapshots } from "./kit/snapshots";
import { explain, lastWords, stateReason } from "./kit/stateReasons";
import { isOfWindows, NOT_VERIFIED, onThrowaway, type ThrowawayInput } from "./kit/throwaway";
import { Deadline, sleep } from "./kit/waiting";

export interface ImageBootsInput extends ThrowawayInput {
  /** The digest of the recipe the image was made from: its boot token. */
  digest: string;
  /** User data of the throwaway instance, base64: runs the check script that is baked into the image. */
  userDataBase64: string;
  /** The same for an image of Windows. */
  windowsUserDataBase64?: string;
}

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
  await tagSize(aws, { what, image, digest: input.digest }, say, warn);
  const { windowsUserDataBase64 = input.userDataBase64 } = input;
  const userDataBase64 = isOfWindows(image) ? windowsUserDataBase64 : input.userDataBase64;
  await onThrowaway(
    aws,
    { ...input, userDataBase64 },
    image,
    (instanceId) => watch(aws, input, instanceId, say),
    say,
    warn,
  );
  say(`${what}: ${imageId} booted and passed its checks`);
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
    const ended = hasEnded(state) || forgotten;
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
