import type { Aws } from "./aws";
import type { Watched } from "./bootWatch";
import { GateFailure } from "./failure";
import { consoleCommand, consoleOutput, describeInstance, hasEnded, stateOf, statusChecks } from "./instances";
import { FORGOTTEN_LOOKS } from "./machineWatch";
import { explain, lastWords, stateReason } from "./stateReasons";

/** Longer than anybody waits. */
const SPARE_MINUTES = 30;

/** The second net: a machine that a killed run has left ends by itself, where its system runs user data. */
export const endsItself = (limitMinutes: number): string =>
  Buffer.from(`#!/bin/sh\nshutdown -h +${limitMinutes + SPARE_MINUTES}\n`, "utf8").toString("base64");

/**
 * Waits until EC2's status checks of a throwaway instance pass, for an image without checks of ours; throws when it ends
 * or is late.
 */
export async function watchStatus(
  aws: Aws,
  input: Watched,
  instanceId: string,
  say: (text: string) => void,
): Promise<void> {
  const { what, imageId, ending } = input;
  const deadline = aws.deadline(input.limitMinutes);
  let [seen, missing] = [false, 0];
  for (;;) {
    const instance = await describeInstance(aws, instanceId);
    const state = stateOf(instance);
    input.looked?.(state, instance);
    seen ||= instance !== undefined;
    missing = instance ? 0 : missing + 1;
    const checks = await statusChecks(aws, instanceId, state);
    const { system, own } = checks;
    if (system === "ok" && own === "ok") return;

    const ended = hasEnded(state) || (seen && missing >= FORGOTTEN_LOOKS);
    if (ended || deadline.passed) {
      const reason = stateReason(instance);
      const late = `within ${input.limitMinutes} minutes (system ${system}, instance ${own})`;
      const early = `before it ended: ${state}${reason ? ` (${reason})` : ""}`;
      throw new GateFailure({
        what: `${what}: the image ${imageId} did not pass EC2's status checks on throwaway instance ${instanceId} ${ended ? early : late}`,
        evidence: lastWords(instance, await consoleOutput(aws, instanceId, state === "running")),
        look: [`${consoleCommand(instanceId, aws.region)}   # kept for about an hour`],
        next: [...explain(instance).next, ...ending.next],
        state: ending.state,
      });
    }
    say(
      `${what}: throwaway instance ${instanceId} is ${state}, system status ${system}, instance status ${own} (${deadline.elapsed})`,
    );
    await aws.pause();
  }
}
