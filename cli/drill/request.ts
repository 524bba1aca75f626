import * as fs from "node:fs";
import * as path from "node:path";
import type { Problem } from "../../components/internal/problems";
import * as recovery from "../recovery/request";

export interface Given extends recovery.Given {
  out?: string;
}

/** What is drilled. */
export interface DrillRequest extends recovery.Request {
  /** File for the data. */
  out?: string;
}

/** From the options, and from the stack's config where line or stack are left open. Every problem at once. */
export function requestOf(given: Given): DrillRequest {
  const { out } = given;
  const problems: Problem[] = [];
  if (out !== undefined && !isWritable(out)) {
    const allowed = "a file in a directory that exists and can be written to";
    problems.push({ path: "--out", given: out, allowed, fix: "Make the directory first, or name another file" });
  }
  return { ...recovery.requestOf("drill", "--region", given, problems), ...(out !== undefined && { out }) };
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
