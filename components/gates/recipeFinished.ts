import type { Instance } from "@aws-sdk/client-ec2";
import { lastLines, readConsole } from "../internal/markers";
import type { Aws } from "./kit/aws";
import { GateFailure } from "./kit/failure";
import { consoleCommand, stop } from "./kit/instances";
import { MachineWatch } from "./kit/machineWatch";
import { explain, lastWords, stateReason } from "./kit/stateReasons";

export interface RecipeFinishedInput {
  /** Who waits, for texts: `web 1.1.0`. */
  what: string;
  instanceId: string;
  /** The account the base instance is in. */
  account?: string;
  /** The digest of the recipe: what this build's markers carry. */
  token: string;
  /** How long the recipe may take, in minutes. */
  limitMinutes: number;
  /** The base instance's URN, for the command that makes a new one. */
  urn?: string;
}

const NO_IMAGE = "No image was made, and nothing downstream was touched.";

/**
 * Passes when the base instance has stopped by itself after printing this build's OK. Every other ending fails, with
 * the machine's own last words.
 */
export async function recipeFinished(aws: Aws, input: RecipeFinishedInput, say: (text: string) => void): Promise<void> {
  const { instanceId, token, what } = input;
  const { region, timing } = aws;
  const deadline = aws.deadline(input.limitMinutes);
  const anew = `pulumi up --replace '${input.urn ?? "<URN of the base instance>"}'`;
  const retry = [
    "mend the recipe and run `pulumi up` again: a new base instance is made",
    `if the recipe is right (a mirror was down): ${anew}`,
  ];
  const fail = (text: string, evidence: string[], next = retry): never => {
    throw new GateFailure({
      what: `${what}: ${text}`,
      evidence,
      look: [consoleCommand(instanceId, region)],
      next,
      state: NO_IMAGE,
    });
  };

  await aws.requireAccount(input.account, `base instance ${instanceId}`);
  const machine = new MachineWatch(aws, instanceId, token);
  let finished = false;
  let stoppedAt: number | undefined;
  for (;;) {
    const { instance, state, forgotten, text, reading } = await machine.look();
    if (reading.verdict === "failed") {
      fail(
        `the base instance ${instanceId} did not finish its recipe: ${reading.failure}`,
        reading.evidence.length > 0 ? reading.evidence : lastLines(text),
      );
    }
    finished ||= reading.verdict === "ok";
    if (state === "stopped" && finished) return say(`${what}: the recipe finished on ${instanceId}`);
    if (state === "terminated" || state === "shutting-down" || forgotten) {
      const reason = stateReason(instance);
      const when = finished ? "after its recipe finished, but before it stopped" : "before its recipe finished";
      fail(
        `the base instance ${instanceId} was terminated${reason ? ` (${reason})` : ""} ${when}: there is nothing to take an image of`,
        lastWords(instance, text),
        [`make a new one: ${anew}`, ...explain(instance).next],
      );
    }
    if (state === "stopped") {
      const now = timing.clock.now();
      stoppedAt ??= now;
      if (now - stoppedAt >= timing.consoleGraceSeconds * 1000) {
        const { said, evidence, next } = withoutVerdict(instanceId, instance, text, token);
        fail(said, evidence, next.length > 0 ? [...next, `make a new one: ${anew}`] : retry);
      }
    }
    if (deadline.passed) {
      if (state === "unknown") {
        fail(`the base instance ${instanceId} is not known to AWS in ${region} after ${deadline.elapsed}`, []);
      }
      const now = state === "stopped" || state === "stopping" ? `it is ${state}` : await stop(aws, instanceId);
      if (finished) {
        fail(
          `the recipe finished, but the base instance ${instanceId} was still ${state} after ${input.limitMinutes} minutes; ${now}`,
          lastLines(text),
          ["run `pulumi up` again: the finished, stopped instance is taken as it is"],
        );
      }
      fail(
        `the recipe did not finish within ${input.limitMinutes} minutes; the base instance ${instanceId} was ${state} at ` +
          `"${reading.progress ?? "no progress line yet"}"; ${now}`,
        lastLines(text),
        [`raise \`limitMinutes\`, or make the recipe faster; then: ${anew}`],
      );
    }
    say(
      `${what}: base instance ${instanceId} is ${state}, ${reading.progress ?? "no progress line yet"} (${deadline.elapsed})`,
    );
    await aws.pause();
  }
}

/** Stopped, and the console has nothing of this build: which of the three reasons is it? */
function withoutVerdict(
  instanceId: string,
  instance: Instance | undefined,
  text: string,
  token: string,
): { said: string; evidence: string[]; next: string[] } {
  const reading = readConsole(text, token);
  const byItself = /^Client\.InstanceInitiatedShutdown/.test(instance?.StateReason?.Code ?? "");
  const reason = byItself ? undefined : stateReason(instance);
  const { next } = explain(instance);
  const evidence = lastWords(instance, text);
  if (text === "") {
    const said = `the base instance ${instanceId} is stopped and AWS no longer has its console: evidence expired (it is kept about an hour)`;
    return { said, evidence, next };
  }
  if (reading.otherTokens.length > 0 && !reading.progress) {
    const said = `the base instance ${instanceId} is stopped, but its console is of another recipe (${reading.otherTokens.join(", ")}; wanted ${token})`;
    return { said, evidence, next: [] };
  }
  const said =
    `the base instance ${instanceId} ${reason ? `was stopped (${reason})` : "powered off"} without saying that its recipe finished` +
    (reading.progress ? `; the last it said was "${reading.progress}"` : "");
  return { said, evidence, next };
}
