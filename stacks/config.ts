import * as pulumi from "@pulumi/pulumi";
import { FLEET_DEFAULTS } from "../components/internal/fleetDefaults";
import { nearest, suggest } from "../components/internal/nearest";
import type { Problem } from "../components/internal/problems";
import { formatProblems } from "../components/internal/problems";
import { validateRecipe } from "../components/internal/recipe";
import { Checks } from "../components/internal/rules";
import { versionProblems } from "../components/internal/versions";
import type { Settings } from "./settings";

const NAMESPACE = "ami-lifecycle";

type Kind = "text" | "number" | "boolean" | "list" | "object";

/** Every key, with its kind and the environments it is for. */
const KEYS: { [key: string]: { kind: Kind; only?: Settings["environment"] } } = {
  environment: { kind: "text" },
  line: { kind: "text" },
  versions: { kind: "list" },
  current: { kind: "text" },
  copyTo: { kind: "list" },
  kmsKeyArns: { kind: "object" },
  recipe: { kind: "object", only: "dev" },
  baseImageId: { kind: "text", only: "dev" },
  rootVolumeGiB: { kind: "number", only: "dev" },
  limitMinutes: { kind: "number", only: "dev" },
  source: { kind: "text", only: "prod" },
  instanceType: { kind: "text" },
  minSize: { kind: "number" },
  maxSize: { kind: "number" },
  port: { kind: "number" },
  healthPath: { kind: "text" },
  sessionManager: { kind: "boolean" },
  rolloutMinutes: { kind: "number" },
  tags: { kind: "object" },
};

const ENVIRONMENTS = ["dev", "prod"] as const;

/** Raw config values by full key, as the engine gives them: text, or JSON text for lists and objects. */
export interface RawConfig {
  values: { [key: string]: string };
  stack: string;
  /** The project's name: the namespace of keys without one. */
  project?: string;
}

/** Reads and checks the config of the running stack. Throws one error that names every problem. */
export function readSettings(): Settings {
  const stack = pulumi.getStack();
  const { settings, problems } = parseSettings({
    values: pulumi.runtime.allConfig(),
    stack,
    project: pulumi.getProject(),
  });
  if (problems.length === 0) return settings;
  throw new pulumi.RunError(formatProblems(`Config of stack ${stack} (Pulumi.${stack}.yaml)`, problems));
}

/** The settings as far as they can be read, and everything that is wrong with them. Without Pulumi's state: testable. */
export function parseSettings({ values, stack, project = "pulumi-ami-lifecycle" }: RawConfig): {
  settings: Settings;
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const read = readAll(values, project, problems);
  const get = <T>(key: string, fallback: T): T => (read[key] === undefined ? fallback : (read[key] as T));
  const environment = environmentOf(get("environment", stack), read.environment !== undefined, problems);
  const region = values["aws:region"] ?? "";
  const settings: Settings = {
    environment,
    line: get("line", "web"),
    versions: get<unknown[]>("versions", []).map(String),
    current: String(get("current", "")),
    region,
    copyTo: get("copyTo", []),
    kmsKeyArns: get("kmsKeyArns", {}),
    recipe: get("recipe", undefined),
    baseImageId: get("baseImageId", undefined),
    rootVolumeGiB: get("rootVolumeGiB", undefined),
    source: get("source", undefined),
    instanceType: get("instanceType", undefined),
    minSize: get("minSize", environment === "prod" ? 2 : 1),
    maxSize: get("maxSize", environment === "prod" ? 6 : 2),
    port: get("port", environment === "prod" ? 80 : undefined),
    healthPath: get("healthPath", "/"),
    sessionManager: get("sessionManager", true),
    limitMinutes: get("limitMinutes", 30),
    rolloutMinutes: get("rolloutMinutes", FLEET_DEFAULTS.limitMinutes),
    tags: get("tags", {}),
  };
  problems.push(...settingsProblems(settings, read, environment));
  return { settings, problems };
}

function readAll(values: { [key: string]: string }, project: string, problems: Problem[]): { [key: string]: unknown } {
  const read: { [key: string]: unknown } = {};
  for (const [full, text] of Object.entries(values)) {
    const [namespace, ...rest] = full.split(":");
    const key = rest.join(":");
    if (namespace !== NAMESPACE) {
      if (isMeantForUs(namespace ?? "", key, project)) {
        problems.push({
          path: full,
          allowed: `keys under ${NAMESPACE}:`,
          fix: `Nothing reads it there: write it as ${NAMESPACE}:${key}`,
        });
      }
      continue;
    }
    const known = KEYS[key];
    if (!known) {
      problems.push({ path: full, allowed: Object.keys(KEYS).join(", "), fix: suggest(key, Object.keys(KEYS)) });
      continue;
    }
    const value = convert(text, known.kind);
    if (value === undefined) {
      const examples: { [kind in Kind]: string } = {
        text: "a text",
        number: "a number",
        boolean: "true or false",
        list: "a list, e.g. [a, b]",
        object: "a mapping of keys to values",
      };
      problems.push({
        path: full,
        given: text,
        allowed: examples[known.kind],
        fix: "Change it in the stack's config file",
      });
    } else {
      read[key] = value;
    }
  }
  return read;
}

/** A key of ours under the project's own namespace (what a bare key in the file means), or under a misspelt one. */
const isMeantForUs = (namespace: string, key: string, project: string): boolean =>
  (namespace === project && key in KEYS) || (key in KEYS && nearest(namespace, [NAMESPACE]) !== undefined);

function convert(text: string, kind: Kind): unknown {
  if (kind === "text") return text;
  if (kind === "number") return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
  if (kind === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  try {
    const value: unknown = JSON.parse(text);
    const fits =
      kind === "list" ? Array.isArray(value) : value !== null && typeof value === "object" && !Array.isArray(value);
    return fits ? value : undefined;
  } catch {
    return undefined;
  }
}

function environmentOf(given: string, isSet: boolean, problems: Problem[]): Settings["environment"] {
  const found = ENVIRONMENTS.find((environment) => environment === given);
  if (!found) {
    problems.push({
      path: `${NAMESPACE}:environment`,
      given,
      allowed: "dev (bakes) or prod (promotes)",
      fix: isSet
        ? suggest(given, ENVIRONMENTS)
        : "The stack's name is neither, so say which program it runs: pulumi config set ami-lifecycle:environment dev",
    });
  }
  return found ?? "dev";
}

function settingsProblems(
  settings: Settings,
  read: { [key: string]: unknown },
  environment: Settings["environment"],
): Problem[] {
  const at = (key: string) => `${NAMESPACE}:${key}`;
  const checks = new Checks()
    .add(...versionProblems(read.versions, settings.current, `${NAMESPACE}:`))
    .rule("line", at("line"), settings.line)
    .rule("imageId", at("baseImageId"), settings.baseImageId)
    .rule("rootGiB", at("rootVolumeGiB"), settings.rootVolumeGiB)
    .rule("instanceType", at("instanceType"), settings.instanceType)
    .rule("size", at("minSize"), settings.minSize)
    .rule("size", at("maxSize"), settings.maxSize)
    .rule("port", at("port"), settings.port)
    .rule("minutes", at("limitMinutes"), settings.limitMinutes)
    .rule("minutes", at("rolloutMinutes"), settings.rolloutMinutes)
    .regions(at("copyTo"), settings.copyTo, settings.region)
    .tags(at("tags"), settings.tags)
    .keys(at("kmsKeyArns"), settings.kmsKeyArns, [
      ...(environment === "prod" ? [settings.region] : []),
      ...settings.copyTo,
    ]);
  if (settings.region === "") {
    checks.add({
      path: "aws:region",
      allowed: "the home region",
      fix: "Set it: pulumi config set aws:region us-east-1",
    });
  } else {
    checks.rule("region", "aws:region", settings.region);
  }
  if (settings.minSize > settings.maxSize) {
    checks.add({
      path: at("minSize"),
      given: settings.minSize,
      allowed: `at most maxSize (${settings.maxSize})`,
      fix: "Change one of the two",
    });
  }
  for (const [key, { only }] of Object.entries(KEYS)) {
    if (only && only !== environment && read[key] !== undefined) {
      checks.add({ path: at(key), allowed: `only in ${only} stacks (this one is ${environment})`, fix: "Remove it" });
    }
  }
  if (environment === "dev") {
    if (settings.recipe) checks.fits(at("instanceType"), settings.instanceType, settings.recipe.architecture);
    if (settings.recipe) checks.add(...validateRecipe(settings.recipe, at("recipe")));
    else if (read.recipe === undefined) {
      checks.add({
        path: at("recipe"),
        allowed: "what goes into the image",
        fix: "Set it in the stack's config file: os, steps, checks",
      });
    }
  } else if (settings.source === undefined) {
    checks.add({
      path: at("source"),
      allowed: "the stack whose images are promoted",
      fix: "Set it, e.g. organization/pulumi-ami-lifecycle/dev",
    });
  }
  return checks.problems;
}
