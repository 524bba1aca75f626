import { RULES } from "../../components/internal/rules";
import type { Problem } from "../../components/internal/problems";
import { placeOf } from "../status/place";

export interface Given {
  region?: string;
  line?: string;
  stack?: string;
  cwd: string;
  "limit-minutes"?: string;
}

export interface Request {
  region: string;
  line: string;
  stack: string;
  /** Undefined: as the record's own target says. */
  limitMinutes?: number;
}

/** How long something may take unless told otherwise: longer than the target, so that a missed one is measured. */
export const limitOf = (given: number | undefined, rtoMinutes: number): number =>
  given ?? Math.max(30, Math.ceil(2 * rtoMinutes));

/** Options that both ways have. */
export const OPTIONS = {
  stack: { type: "string" },
  line: { type: "string" },
  cwd: { type: "string", default: "." },
  yes: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/**
 * From the options, and from the stack's config where line or stack are left open. Every problem at once, `more` of the
 * command's own too.
 */
export function requestOf(command: string, option: string, given: Given, more: Problem[] = []): Request {
  const { line, stack, cwd, region } = given;
  const own: Problem[] = [];
  if (region === undefined) {
    // Never config's: that is the home region, which must not be needed.
    own.push({ path: option, allowed: "the recovery region", fix: `Give ${option} REGION` });
  }
  const minutes = given["limit-minutes"];
  const limitMinutes = minutes === undefined || minutes.trim() === "" ? Number.NaN : Number(minutes);
  if (minutes !== undefined && !RULES.minutes.test(limitMinutes)) {
    const { allowed } = RULES.minutes;
    own.push({ path: "--limit-minutes", given: minutes, allowed, fix: "Change it, or leave it out" });
  }
  // Any region in place of one that is missing: that has been told above.
  const place = placeOf({ line, stack, cwd, region: [region ?? "us-east-1"], timeout: "30" }, command, [
    ...own,
    ...more,
  ]);
  return {
    region: region as string,
    line: place.line,
    stack: place.stack,
    ...(minutes !== undefined && { limitMinutes }),
  };
}
