import { BUSY_NEXT, BUSY_STATE } from "../../internal/startTries";
import { GateFailure } from "./failure";

export { MOST_TRIES, retryDelay } from "../../internal/startTries";

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

/** AWS refused to start it every time. */
export function stillBusy(record: string, tries: number, error: string): GateFailure {
  return new GateFailure({
    what: `${record}: AWS has refused to start it ${tries} times`,
    evidence: [error],
    next: [...(/CopyImage/.test(error) ? BUSY_NEXT.copy : BUSY_NEXT.image)],
    state: BUSY_STATE,
  });
}
