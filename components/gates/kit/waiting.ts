import { GateFailure } from "./failure";
import { describeError, isCredentialsError, isTransient } from "./errors";

export const sleep = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, seconds) * 1000));

/** Where a gate has its time from. One whose time passes only while it sleeps counts looks, however slow the computer. */
export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  sleep(seconds: number): Promise<void>;
}

export const REAL_CLOCK: Clock = { now: () => performance.now(), sleep };

/** How often a gate asks and how patient it is. Seconds. */
export interface Timing {
  /** Between two looks at AWS. */
  pollSeconds: number;
  /** How long throttling, faults of the service and broken connections are waited out in a row. */
  patienceSeconds: number;
  /** How long the console is asked after a machine has stopped without a verdict: AWS delivers it late. */
  consoleGraceSeconds: number;
  /** What to do once AWS answers again, where it is not `pulumi up` that asked. */
  again?: string;
  clock: Clock;
}

/** How often gates ask unless the environment says otherwise. */
export const POLL_SECONDS = 10;

/**
 * Gates ask every 10 seconds, wait out ten minutes of throttling, and ask for a late console for five minutes.
 * The environment variable AMI_LIFECYCLE_POLL_SECONDS sets the first and scales the third: for tests and emulators.
 */
export function defaultTiming(): Timing {
  const given = Number(process.env.AMI_LIFECYCLE_POLL_SECONDS);
  const pollSeconds = given > 0 ? given : POLL_SECONDS;
  return { pollSeconds, patienceSeconds: 600, consoleGraceSeconds: pollSeconds * 30, clock: REAL_CLOCK };
}

/** A point in time after which a gate gives up. */
export class Deadline {
  private readonly started: number;
  constructor(
    readonly minutes: number,
    private readonly clock: Clock,
  ) {
    this.started = clock.now();
  }
  get passed(): boolean {
    return this.clock.now() - this.started >= this.minutes * 60_000;
  }
  /** Minutes and seconds since the start, for people. */
  get elapsed(): string {
    const seconds = Math.round((this.clock.now() - this.started) / 1000);
    return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, "0")}s`;
  }
}

const spoken = (seconds: number): string =>
  seconds < 60 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;

/**
 * Calls AWS; what is transient is asked again with exponential back-off and full jitter, up to the timing's patience.
 * Credentials that expired are named as that: the next run joins what is under way.
 */
export async function patiently<T>(what: string, timing: Timing, call: () => Promise<T>): Promise<T> {
  const { clock } = timing;
  const end = clock.now() + timing.patienceSeconds * 1000;
  for (let attempt = 0; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (isCredentialsError(error)) {
        throw new GateFailure({
          what: `AWS no longer accepts the credentials (${what}): ${describeError(error)}`,
          next: [
            `sign in again and ${timing.again ?? "run `pulumi up`: it joins what is already under way instead of starting over"}`,
          ],
        });
      }
      if (!isTransient(error)) throw error;
      if (clock.now() >= end) {
        throw new GateFailure({
          what: `AWS did not answer (${what}) for ${spoken(timing.patienceSeconds)}: ${describeError(error)}`,
          next: [timing.again ?? "run `pulumi up` again when the service answers; nothing was recorded"],
        });
      }
      const ceiling = Math.min(timing.pollSeconds * 2 ** attempt, 60);
      await clock.sleep(ceiling * (0.5 + Math.random() / 2));
    }
  }
}
