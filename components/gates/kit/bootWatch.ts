import type { Instance } from "@aws-sdk/client-ec2";
import { bootToken, lastLines } from "../../internal/markers";
import type { Aws } from "./aws";
import { GateFailure } from "./failure";
import { consoleCommand, hasEnded } from "./instances";
import { MachineWatch } from "./machineWatch";
import { explain, lastWords, stateReason } from "./stateReasons";

/** How a failed proof ends: a gate and a drill have other advice, and leave other things. */
export interface Ending {
  /** What to do, after what the machine's own end suggests. */
  next: string[];
  state: string;
}

/** The instance to be watched, for texts, and until when. */
export interface Watched {
  what: string;
  imageId: string;
  limitMinutes: number;
  ending: Ending;
  /** Told of every look. */
  looked?: (state: string, instance: Instance | undefined) => void;
}

export interface BootWatch extends Watched {
  /** The digest of the recipe: its boot token. */
  digest: string;
}

/** Waits for the verdict of a throwaway instance whose user data runs the checks in the image; throws when it is not OK. */
export async function watchBoot(
  aws: Aws,
  input: BootWatch,
  instanceId: string,
  say: (text: string) => void,
): Promise<void> {
  const { what, ending } = input;
  const machine = new MachineWatch(aws, instanceId, bootToken(input.digest));
  const deadline = aws.deadline(input.limitMinutes);
  let goneAt: number | undefined;
  for (;;) {
    const { instance, state, forgotten, text, reading } = await machine.look();
    input.looked?.(state, instance);
    if (reading.verdict === "ok") return;

    const fail = (said: string, evidence: string[], first: string[] = []): never => {
      throw new GateFailure({
        what: `${what}: ${said}`,
        evidence,
        look: [`${consoleCommand(instanceId, aws.region)}   # kept for about an hour`],
        next: [...first, ...ending.next],
        state: ending.state,
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
      const now = aws.timing.clock.now();
      goneAt ??= now;
      if (now - goneAt >= aws.timing.consoleGraceSeconds * 1000) {
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
    await aws.pause();
  }
}
