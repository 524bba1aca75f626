import * as fs from "node:fs";
import * as path from "node:path";
import type { Problem } from "../../components/internal/problems";
import { RULES } from "../../components/internal/rules";
import { placeOf } from "../status/place";

export interface Given {
  region?: string;
  line?: string;
  stack?: string;
  cwd: string;
  "limit-minutes"?: string;
  out?: string;
}

/** What is drilled. */
export interface DrillRequest {
  region: string;
  line: string;
  stack: string;
  /** Undefined: as the record's own target says. */
  limitMinutes?: number;
  /** File for the data. */
  out?: string;
}

/** From the options, and from the stack's config where line or stack are left open. Every problem at once. */
export function requestOf(given: Given): DrillRequest {
  const problems: Problem[] = [];
  if (given.region === undefined) {
    // Never config's: that is the home region, which must not be needed.
    problems.push({ path: "--region", allowed: "the recovery region", fix: "Give --region REGION" });
  }
  const minutes = given["limit-minutes"];
  const limitMinutes = minutes === undefined || minutes.trim() === "" ? Number.NaN : Number(minutes);
  if (minutes !== undefined && !RULES.minutes.test(limitMinutes)) {
    const { allowed } = RULES.minutes;
    problems.push({ path: "--limit-minutes", given: minutes, allowed, fix: "Change it, or leave it out" });
  }
  if (given.out !== undefined && !isWritable(given.out)) {
    const allowed = "a file in a directory that exists and can be written to";
    problems.push({ path: "--out", given: given.out, allowed, fix: "Make the directory first, or name another file" });
  }
  const { line, stack } = placeOf(
    // Any region in place of one that is missing: that has been told above.
    { line: given.line, stack: given.stack, cwd: given.cwd, region: [given.region ?? "us-east-1"], timeout: "30" },
    "drill",
    problems,
  );
  return {
    region: given.region as string,
    line,
    stack,
    ...(minutes !== undefined && { limitMinutes }),
    ...(given.out !== undefined && { out: given.out }),
  };
}

/** A drill costs minutes and money: that its data cannot be written is found out before. */
function isWritable(file: string): boolean {
  try {
    if (fs.existsSync(file)) {
      fs.accessSync(file, fs.constants.W_OK);
      return fs.statSync(file).isFile();
    }
    const directory = path.dirname(path.resolve(file));
    fs.accessSync(directory, fs.constants.W_OK);
    return fs.statSync(directory).isDirectory();
  } catch {
    return false;
  }
}

/** How long the proof may take unless told otherwise: longer than the target, so that a missed one is measured. */
export const limitOf = (given: number | undefined, rtoMinutes: number): number =>
  given ?? Math.max(30, Math.ceil(2 * rtoMinutes));
