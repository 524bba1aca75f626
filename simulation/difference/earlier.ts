import * as fs from "node:fs";
import { isData } from "../project/yamlFile";
import type { Problem, RecordedResource, WireObject } from "../types";
import { UsageError } from "../usageError";
import { fromReadable } from "../wire";

/** The format that is read; the one that `--json` writes. */
const VERSION = 1;

/** What another run of the command has written. */
export interface Earlier {
  resources: RecordedResource[];
  problems: Problem[];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isResource(value: unknown): value is RecordedResource {
  if (!isData(value)) return false;
  const { urn, type, name, kind, dependsOn, inputs } = value;
  return [urn, type, name, kind].every((one) => typeof one === "string") && Array.isArray(dependsOn) && isData(inputs);
}

/** Reads what `simulate --json` wrote of the same stack; anything else is a wrong call. */
export function readEarlier(file: string, { name, stack }: { name: string; stack: string }): Earlier {
  const wrong = (why: string) => new UsageError(`--against ${file}: ${why}.`);
  let text: string;
  try {
    text = fs.readFileSync(file, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrong(code === "ENOENT" ? "there is no such file" : `it cannot be read (${code ?? "unknown"})`);
  }
  const data = parse(text);
  const notOne = () => wrong("it is not what `ami-lifecycle simulate --json` writes");
  if (!isData(data) || typeof data.version !== "number" || !isData(data.summary)) throw notOne();
  const { version, summary, resources, problems } = data;
  if (version > VERSION) {
    throw wrong(`a newer pulumi-ami-lifecycle wrote it (format ${version}, this one reads ${VERSION}): write it again`);
  }
  if (!Array.isArray(resources) || !resources.every(isResource)) throw notOne();
  if (summary.project !== name || summary.stack !== stack) {
    throw wrong(`it is of ${String(summary.project)}/${String(summary.stack)}, this is ${name}/${stack}`);
  }
  return {
    resources: resources.map((one) => ({ ...one, options: one.options ?? {}, hooks: one.hooks ?? {} })),
    problems: Array.isArray(problems) ? (problems as Problem[]) : [],
  };
}

/** With values as a program registers them: what is unknown is marked, where a file has text. */
export const asRecorded = ({ resources, problems }: Earlier): Earlier => ({
  resources: resources.map((one) => ({ ...one, inputs: fromReadable(one.inputs) as WireObject })),
  problems,
});
