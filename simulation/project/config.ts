import { typeProblem } from "./configTypes";
import { UsageError } from "../usageError";
import { isData, type Data } from "./yamlFile";

/** Stands for the value of an encrypted config key, which only the stack's secrets provider can decrypt. */
export const SECRET_PLACEHOLDER = "[secret]";

/** A stack's config, as the engine hands it to a program. */
export interface Config {
  /** Full keys (`aws:region`) to text. */
  config: { [key: string]: string };
  secretKeys: string[];
  notes: string[];
  problems: string[];
}

/** Where config comes from, the later winning. */
export interface ConfigSources {
  project: string;
  /** The name of the stack's file, for messages. */
  file: string;
  /** The `config` block of Pulumi.yaml. */
  defaults: unknown;
  /** The `config` block of the stack's file. */
  values: unknown;
  /** `key=value` pairs. */
  overrides: readonly string[];
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

/** What Pulumi.yaml says of a key: plain, `{value: …}` or a declaration `{type, default, …}`. */
function declarationOf(entry: unknown): Data {
  return isData(entry) ? entry : { default: entry };
}

function entriesOf(block: unknown, fullKey: (key: string) => string): [string, unknown][] {
  return Object.entries(isData(block) ? block : {}).map(([key, entry]) => [fullKey(key), entry]);
}

/** `NAMESPACE:KEY`, however a file of the project writes it. */
export function fullKeyOf(key: string, project: string): string {
  // `aws:config:region` is how old programs write `aws:region`.
  const parts = key.split(":").filter((part, at, all) => !(part === "config" && at === 1 && all.length === 3));
  if (parts.length > 2) throw new UsageError(`The config key "${key}" is not of the form NAMESPACE:KEY.`);
  return parts.length === 2 ? parts.join(":") : `${project}:${key}`;
}

/** Reads both files' config and the command line's, by the engine's rules (sdk/go/common/workspace/config.go). */
export function readConfig({ project, file, defaults, values, overrides }: ConfigSources): Config {
  const fullKey = (key: string) => fullKeyOf(key, project);
  const config: Config["config"] = {};
  const secretKeys = new Set<string>();
  const missing = new Set<string>();
  const notes: string[] = [];
  const problems: string[] = [];
  const declared = new Map<string, Data>();
  for (const [key, entry] of entriesOf(defaults, fullKey)) {
    const declaration = declarationOf(entry);
    declared.set(key, declaration);
    const value = declaration.value ?? declaration.default ?? undefined;
    if (value !== undefined) config[key] = text(value);
    // Of other namespaces' keys nobody says that they must be set.
    else if (key.startsWith(`${project}:`)) missing.add(key);
    if (declaration.secret === true) secretKeys.add(key);
  }
  for (const [key, entry] of entriesOf(values, fullKey)) {
    const [value, encrypted] = withoutSecrets(entry);
    config[key] = text(value);
    if (encrypted) {
      secretKeys.add(key);
      notes.push(`${key} is encrypted: the program gets the placeholder ${SECRET_PLACEHOLDER}, as a secret`);
      continue;
    }
    const problem = typeProblem(declared.get(key), value);
    if (problem !== undefined) problems.push(`${key} ${problem} (${file})`);
  }
  for (const pair of overrides) {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`--config needs key=value, got "${pair}".`);
    config[fullKey(pair.slice(0, at))] = pair.slice(at + 1);
  }
  for (const key of missing) {
    if (key in config) continue;
    problems.push(`${key} has no value: set it in ${file}, or give it a default in Pulumi.yaml`);
  }
  return { config, secretKeys: [...secretKeys].sort(), notes, problems };
}
