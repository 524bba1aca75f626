import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

/** Stands for the value of an encrypted config key, which only the stack's secrets provider can decrypt. */
export const SECRET_PLACEHOLDER = "[secret]";

/** A wrong call of the command, as opposed to a problem of the program. */
export class UsageError extends Error {}

/** What `Pulumi.yaml` and `Pulumi.<stack>.yaml` say. */
export interface Project {
  name: string;
  /** The directory of `Pulumi.yaml`. */
  root: string;
  /** The program: a file or a directory. */
  main: string;
  stack: string;
  /** Full keys (`aws:region`) to text, as the engine hands them to a program. */
  config: { [key: string]: string };
  secretKeys: string[];
  notes: string[];
  problems: string[];
}

type Data = { [key: string]: unknown };

function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readYaml(file: string): Data {
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

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Replaces each `{secure: …}` by the placeholder; says whether there was one. */
function withoutSecrets(value: unknown): [unknown, boolean] {
  if (Array.isArray(value)) {
    const parts = value.map(withoutSecrets);
    return [parts.map(([part]) => part), parts.some(([, found]) => found)];
  }
  if (!isData(value)) return [value, false];
  if (Object.keys(value).length === 1 && typeof value.secure === "string") return [SECRET_PLACEHOLDER, true];
  const parts = Object.entries(value).map(([key, inner]) => [key, ...withoutSecrets(inner)] as const);
  return [Object.fromEntries(parts.map(([key, part]) => [key, part])), parts.some(([, , found]) => found)];
}

/** The default that `Pulumi.yaml` gives to a key: plain, `{value: …}` or a declaration `{type, default}`. */
function projectDefault(entry: unknown): { value?: unknown; required: boolean; secret: boolean } {
  if (!isData(entry)) return { value: entry, required: false, secret: false };
  const value = "value" in entry ? entry.value : entry.default;
  return { value, required: value === undefined && "type" in entry, secret: entry.secret === true };
}

export function stackFile(root: string, stack: string): string {
  const project = readYaml(path.join(root, "Pulumi.yaml"));
  const directory = typeof project.stackConfigDir === "string" ? project.stackConfigDir : ".";
  return path.join(root, directory, `Pulumi.${stack}.yaml`);
}

function requireStack(root: string, stack: string): string {
  const file = stackFile(root, stack);
  if (fs.existsSync(file)) return file;
  const names = fs
    .readdirSync(path.dirname(file))
    .map((name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1])
    .filter((name) => name !== undefined)
    .sort();
  const others = names.length > 0 ? ` Stacks with one: ${names.join(", ")}.` : "";
  throw new UsageError(`The stack "${stack}" has no ${path.basename(file)}.${others}`);
}

/** Reads the project and one stack's config; `overrides` are `key=value` pairs that win over both files. */
export function loadProject(directory: string, stack: string, overrides: readonly string[] = []): Project {
  const root = path.resolve(directory);
  const file = path.join(root, "Pulumi.yaml");
  if (!fs.existsSync(file)) throw new UsageError(`There is no Pulumi.yaml in ${directory}.`);
  const data = readYaml(file);
  if (typeof data.name !== "string") throw new UsageError("Pulumi.yaml: the project has no name.");
  const name = data.name;
  const stackData = readYaml(requireStack(root, stack));
  const fullKey = (key: string) => (key.includes(":") ? key.replace(":config:", ":") : `${name}:${key}`);

  const config: Project["config"] = {};
  const secretKeys = new Set<string>();
  const missing = new Set<string>();
  const notes: string[] = [];
  for (const [key, entry] of Object.entries(isData(data.config) ? data.config : {})) {
    const { value, required, secret } = projectDefault(entry);
    if (value !== undefined && value !== null) config[fullKey(key)] = text(value);
    if (required) missing.add(fullKey(key));
    if (secret) secretKeys.add(fullKey(key));
  }
  for (const [key, entry] of Object.entries(isData(stackData.config) ? stackData.config : {})) {
    const [value, encrypted] = withoutSecrets(entry);
    config[fullKey(key)] = text(value);
    if (encrypted) {
      secretKeys.add(fullKey(key));
      notes.push(`${fullKey(key)} is encrypted: the program gets the placeholder ${SECRET_PLACEHOLDER}, as a secret`);
    }
  }
  for (const pair of overrides) {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`--config needs key=value, got "${pair}".`);
    config[fullKey(pair.slice(0, at))] = pair.slice(at + 1);
  }
  if (stackData.environment !== undefined) {
    notes.push("the stack's ESC environments are not read: what they set is missing here");
  }
  const problems = [...missing]
    .filter((key) => !(key in config))
    .map((key) => `${key} has no value: set it in Pulumi.${stack}.yaml, or give it a default in Pulumi.yaml`);
  const main = path.resolve(root, typeof data.main === "string" ? data.main : ".");
  return { name, root, main, stack, config, secretKeys: [...secretKeys].sort(), notes, problems };
}
