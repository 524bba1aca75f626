import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { UsageError } from "../usageError";

/** A mapping of a YAML or JSON file. */
export type Data = { [key: string]: unknown };

export function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The mapping that a file holds; an empty file is an empty one. JSON is YAML too. */
export function readYaml(file: string): Data {
  let value: unknown;
  try {
    value = parse(fs.readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`${path.basename(file)}: ${(error as Error).message.split("\n")[0]}`);
  }
  if (value === null || value === undefined) return {};
  if (!isData(value)) throw new UsageError(`${path.basename(file)}: a mapping was expected`);
  return value;
}
