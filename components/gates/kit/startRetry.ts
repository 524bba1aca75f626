import { GateFailure } from "./failure";

/** Errors of the call that starts a copy or an image: nothing was made, so it can be made again. */
const STARTING_CALL = /operation error EC2: (CopyImage|CreateImage)\b/;
const WAITING = /waiting for|unexpected state|timeout while/i;
const WORTH_RETRYING =
  /RequestLimitExceeded|Throttling|ResourceLimitExceeded|SnapshotCreationPerVolumeRateExceeded|ConcurrentSnapshotLimitExceeded|StatusCode: 5\d\d|InternalError|ServiceUnavailable/;

/**
 * Whether the engine may call the provider again. Never when the error is of the wait after it: the half-made
 * image would be lost track of.
 */
export function isRetryableStart(error: string): boolean {
  return STARTING_CALL.test(error) && WORTH_RETRYING.test(error) && !WAITING.test(error);
}

/** Whether the call was answered, and the wait after it ended badly: AWS has something, and so has the state. */
export const isHalfMade = (error: string): boolean => /unexpected state|timeout while waiting/i.test(error);

/** Seconds before try number `attempt` (1 is the first retry): doubling from 15, at most 10 minutes, half of it random. */
export function retryDelay(attempt: number, random: number = Math.random()): number {
  return Math.min(15 * 2 ** (attempt - 1), 600) * (0.5 + random / 2);
}

/** The engine ends an error hook at its 100th try, and says no reason: this is one less. */
export const MOST_TRIES = 99;

/** AWS refused to start it every time. */
export function stillBusy(record: string, tries: number, error: string): GateFailure {
  return new GateFailure({
    what: `${record}: AWS has refused to start it ${tries} times`,
    evidence: [error],
    next: /CopyImage/.test(error)
      ? [
          "copies of others are under way: AWS allows 20 at a time to one region. Run `pulumi up` again later",
          "or raise the quota `Concurrent snapshot copies` of that region",
        ]
      : ["AWS is throttling the account, or has a fault of its own: run `pulumi up` again later"],
    state: "Nothing was made; the next `pulumi up` makes only what is missing.",
  });
}
