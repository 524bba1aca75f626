import * as fs from "node:fs";
import * as path from "node:path";
import type { WireObject } from "../types";
import { UsageError } from "../usageError";
import { isData } from "../project/yamlFile";

/** A stack as a reference names it: `dev`, `shop/dev` or `acme/shop/dev`. */
export interface StackName {
  /** Absent when the reference does not say; `organization` means whatever it is. */
  organization?: string;
  project: string;
  stack: string;
}

/** What a reference means in a program of the project; undefined when it is no name of a stack. */
export function stackNameOf(reference: string, project: string): StackName | undefined {
  const parts = reference.split("/");
  if (parts.length > 3 || !parts.every((part) => /^[\w.-]+$/.test(part))) return undefined;
  const [stack = "", named = project, organization] = parts.reverse();
  return { stack, project: named, ...(organization !== undefined && { organization }) };
}

/** Outputs of a stack that a file gives. */
export interface GivenOutputs {
  /** As the option has it: `NAME=FILE`. */
  option: string;
  name: StackName;
  file: string;
  /** As `pulumi stack output --json` writes them: secrets are `[secret]`. */
  outputs: WireObject;
}

function readOutputs(file: string, option: string): WireObject {
  let outputs: unknown;
  try {
    outputs = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`--stack-outputs ${option}: ${code === "ENOENT" ? "there is no such file" : message}.`);
  }
  if (isData(outputs)) return outputs as WireObject;
  throw new UsageError(
    `--stack-outputs ${option}: an object was expected, as \`pulumi stack output --json\` writes it.`,
  );
}

/** Reads the files of `--stack-outputs NAME=FILE`; files are relative to `directory`. */
export function readStackOutputs(options: readonly string[], directory: string, project: string): GivenOutputs[] {
  return options.map((option) => {
    const at = option.indexOf("=");
    const name = at < 1 ? undefined : stackNameOf(option.slice(0, at), project);
    if (name === undefined) {
      throw new UsageError(`--stack-outputs needs NAME=FILE, NAME as in ORGANISATION/PROJECT/STACK, got "${option}".`);
    }
    const file = path.resolve(directory, option.slice(at + 1));
    return { option, name, file, outputs: readOutputs(file, option) };
  });
}

/** `organization` and no organisation at all mean any. */
function isSameOrganization(left: StackName, right: StackName): boolean {
  const [a, b] = [left.organization ?? "organization", right.organization ?? "organization"];
  return a === b || a === "organization" || b === "organization";
}

export function findOutputs(given: readonly GivenOutputs[], wanted: StackName): GivenOutputs | undefined {
  return given.find(
    ({ name }) => name.stack === wanted.stack && name.project === wanted.project && isSameOrganization(name, wanted),
  );
}
