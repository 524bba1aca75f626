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

/** Seconds before try number `attempt` (1 is the first retry): doubling from 15, at most 10 minutes, half of it random. */
export function retryDelay(attempt: number, random: number = Math.random()): number {
  return Math.min(15 * 2 ** (attempt - 1), 600) * (0.5 + random / 2);
}
