import { GateFailure } from "./failure";

/** What the AWS SDK throws, as far as gates look at it. */
interface AwsError extends Error {
  $metadata?: { httpStatusCode?: number; requestId?: string };
  $retryable?: { throttling?: boolean };
  code?: string;
}

const TRANSIENT =
  /Throttl|RequestLimitExceeded|TooManyRequests|SlowDown|ServiceUnavailable|^Unavailable$|InternalError|InternalFailure|InternalServerError|RequestTimeout|TimeoutError|NetworkingError/;
/** AWS answers these with status 500, but asking the same again does not help: another zone may. */
const CAPACITY = /^Insufficient\w*Capacity$/;
const SOCKET = /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENETUNREACH)$/;
const EXPIRED = /ExpiredToken|RequestExpired|TokenRefreshRequired|InvalidClientTokenId|UnrecognizedClient/;

function asAwsError(error: unknown): AwsError {
  return error instanceof Error ? error : new Error(String(error));
}

/** The API's error code, e.g. `InvalidInstanceID.NotFound`. */
export function errorCode(error: unknown): string {
  return asAwsError(error).name;
}

/** Whether asking again can help: throttling, the service's own faults, broken connections. */
export function isTransient(error: unknown): boolean {
  const e = asAwsError(error);
  if (CAPACITY.test(e.name)) return false;
  const status = e.$metadata?.httpStatusCode ?? 0;
  if (status >= 500 && status !== 501) return true;
  return TRANSIENT.test(e.name) || SOCKET.test(e.code ?? "") || /socket hang up|network timeout/i.test(e.message);
}

/** Whether the credentials ended in the middle of a wait, or were never good. */
export function isCredentialsError(error: unknown): boolean {
  return EXPIRED.test(errorCode(error)) || /expired|Could not load credentials/i.test(asAwsError(error).message);
}

/** Whether AWS says that something does not exist (yet, or any more). */
export function isNotFound(error: unknown): boolean {
  return /NotFound|Malformed\.NotExist|Unavailable$/.test(errorCode(error));
}

/** One line: a gate's first, else code, text and request id, which AWS support asks for. */
export function describeError(error: unknown): string {
  if (error instanceof GateFailure) return error.text.what;
  const e = asAwsError(error);
  const id = e.$metadata?.requestId ? ` (request ${e.$metadata.requestId})` : "";
  return `${e.name}: ${e.message}${id}`;
}
