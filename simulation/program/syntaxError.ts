import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { placeOfSyntaxError, type Frame } from "./stackFrames";

/** Each file takes Node.js a start: of more files than this, the rest is left out. */
const LIMIT = 40;

function scripts(directory: string): string[] {
  const entries = fs
    .readdirSync(directory, { withFileTypes: true })
    .filter(({ name }) => !/^(?:node_modules$|\.)/.test(name));
  const files = entries.filter((entry) => entry.isFile() && /\.[cm]?js$/.test(entry.name));
  return [
    ...files.map(({ name }) => path.join(directory, name)),
    ...entries.filter((entry) => entry.isDirectory()).flatMap(({ name }) => scripts(path.join(directory, name))),
  ];
}

/**
 * Where an ES module cannot be parsed. Node.js tells only when it dies of it, not to who catches the error, so it is
 * asked again, file by file, until one fails with the same words.
 */
export function findSyntaxError(directory: string, message: string): Omit<Frame, "column"> | undefined {
  for (const file of scripts(directory).slice(0, LIMIT)) {
    const { status, stderr } = spawnSync(process.execPath, ["--check", file], { encoding: "utf8", timeout: 5000 });
    if (status !== 0 && stderr.includes(message)) return placeOfSyntaxError(stderr);
  }
  return undefined;
}
