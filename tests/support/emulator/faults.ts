/** Injected faults: errors, 5xx, broken connections, delays. */
import { AwsError, errorAnswer } from "./protocol";
import type { Answer, Call } from "./protocol";
import { glob } from "./world";

export interface Fault {
  /** The action, with `*` as wildcard: `Describe*`. */
  action: string;
  region?: string;
  /** The account of the caller. */
  account?: string;
  /** The access key of the caller. */
  accessKey?: string;
  /** AWS error code, answered in the right protocol. */
  error?: string;
  message?: string;
  /** HTTP status. Without an error code the body is plain text, as from a broken front end. */
  status?: number;
  /** Break the connection without an answer. */
  reset?: boolean;
  delayMs?: number;
  /** Let AWS do the work first, and lose only its answer. */
  late?: boolean;
  /** How often it strikes; without it always. */
  times?: number;
  /** How many matching requests pass before it strikes. */
  after?: number;
  /** Parameters that must match: name on the wire (`Filter.1.Name`) → pattern. */
  match?: Record<string, RegExp> | ((params: Record<string, string>) => boolean);
  /** Matching requests so far; counted by the emulator. */
  seen?: number;
}

export function strike(faults: Fault[], call: Call): Fault | undefined {
  return faults.find((fault) => {
    if (!glob(fault.action, call.action) || !glob(fault.region ?? "*", call.region)) return false;
    if (fault.account !== undefined && fault.account !== call.account) return false;
    if (fault.accessKey !== undefined && fault.accessKey !== call.accessKey) return false;
    if (!matches(fault.match, call.params)) return false;
    fault.seen = (fault.seen ?? 0) + 1;
    const number = fault.seen - (fault.after ?? 0);
    return number >= 1 && number <= (fault.times ?? Infinity);
  });
}

function matches(wanted: Fault["match"], params: Record<string, string>): boolean {
  if (!wanted) return true;
  if (typeof wanted === "function") return wanted(params);
  return Object.entries(wanted).every(([name, pattern]) => pattern.test(params[name] ?? ""));
}

/** What the fault answers instead of AWS; undefined when it only delays, `"reset"` when it breaks the connection. */
export function faultAnswer(fault: Fault, call: Call): Answer | "reset" | undefined {
  if (fault.reset) return "reset";
  if (fault.error !== undefined) {
    const error = new AwsError(
      fault.error,
      fault.message ?? TEXTS[fault.error] ?? `${fault.error}, injected by the test`,
      fault.status,
    );
    return errorAnswer(call, error);
  }
  if (fault.status === undefined) return undefined;
  return {
    status: fault.status,
    headers: { "content-type": "text/plain" },
    body: fault.message ?? "Service Unavailable",
  };
}

const TEXTS: Record<string, string> = {
  RequestLimitExceeded: "Request limit exceeded.",
  Throttling: "Rate exceeded",
  ThrottlingException: "Rate exceeded",
  ExpiredToken: "The security token included in the request is expired",
  RequestExpired: "Request has expired.",
  UnauthorizedOperation: "You are not authorized to perform this operation.",
  InsufficientInstanceCapacity: "We currently do not have sufficient capacity in the Availability Zone you requested.",
};
