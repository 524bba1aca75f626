import type { LoadBalancerArgs } from "../components";
import { FLEET_DEFAULTS } from "../components/internal/fleetDefaults";
import { nearest, suggest } from "../components/internal/nearest";
import type { Problem } from "../components/internal/problems";
import { KEYS, type Kind, NAMESPACE } from "./keys";
import { settingsProblems } from "./rules";
import type { Settings } from "./settings";

const ENVIRONMENTS = ["dev", "prod"] as const;

/** Raw config values by full key, as the engine gives them: text, or JSON text for lists and objects. */
export interface RawConfig {
  values: { [key: string]: string };
  stack: string;
  /** The project's name: the namespace of keys without one. */
  project?: string;
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
  const lostRegion = get<string | undefined>("lostRegion", undefined);
  const providerRegion = values["aws:region"] ?? "";
  const region = homeOf(providerRegion, lostRegion, get("copyTo", []));
  const isProd = environment === "prod";
  const recovery = get<Settings["recovery"]>("recovery", undefined);
  const port = get<number | undefined>("port", isProd ? 80 : undefined);
  const settings: Settings = {
    environment,
    line: get("line", "web"),
    versions: get<unknown[]>("versions", []).map(String),
    current: String(get("current", "")),
    keep: get("keep", undefined),
    protect: get("protect", isProd),
    deprecateAfterDays: get("deprecateAfterDays", undefined),
    recycleBinDays: get("recycleBinDays", isProd ? 14 : 0),
    providerRegion,
    region,
    copyTo: get("copyTo", []),
    kmsKeyArns: get("kmsKeyArns", {}),
    imageKeys: get("imageKeys", false),
    shareWith: get("shareWith", {}),
    fromInstanceId: get("fromInstanceId", undefined),
    reboot: get("reboot", undefined),
    keepRawImage: get("keepRawImage", undefined),
    adopt: adoptedOf(get("adopt", {})),
    recipe: get("recipe", undefined),
    baseImageId: get("baseImageId", undefined),
    baseImage: get("baseImage", undefined),
    rootVolumeGiB: get("rootVolumeGiB", undefined),
    source: get("source", undefined),
    images: get("images", undefined),
    instanceType: get("instanceType", undefined),
    minSize: get("minSize", isProd ? 2 : 1),
    maxSize: get("maxSize", isProd ? 6 : 2),
    port,
    healthPath: get("healthPath", "/"),
    fleetRegions: get("fleetRegions", []),
    fleetOrder: get("fleetOrder", "home-first"),
    regional: get("regional", {}),
    network: get("network", undefined),
    loadBalancer: loadBalancerOf(get("loadBalancer", undefined), port, isProd, get("protect", isProd)),
    monitoring: get("monitoring", isProd && port !== undefined ? { alarms: true, dashboard: true } : undefined),
    mixedInstances: get("mixedInstances", undefined),
    warmPool: get("warmPool", undefined),
    scaling: get("scaling", undefined),
    rollout: get("rollout", undefined),
    recovery,
    dns: get("dns", undefined),
    activeRegion: get("activeRegion", lostRegion === region ? recovery?.region : undefined) ?? region,
    lostRegion,
    sessionManager: get("sessionManager", true),
    limitMinutes: get("limitMinutes", 30),
    rolloutMinutes: get("rolloutMinutes", FLEET_DEFAULTS.limitMinutes),
    tags: get("tags", {}),
  };
  problems.push(...settingsProblems(settings, read, environment));
  return { settings, problems };
}

/** While the home region is lost, the provider works in another one, and home is the region that no copy is for. */
const homeOf = (providers: string, lost: string | undefined, copyTo: readonly string[]): string =>
  lost === undefined || !Array.isArray(copyTo) || copyTo.includes(lost) ? providers : lost;

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
    const known = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
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
  Object.hasOwn(KEYS, key) && (namespace === project || nearest(namespace, [NAMESPACE]) !== undefined);

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

/** prod's: with access logs, and protected where the images are, unless config says otherwise. */
function loadBalancerOf(given: LoadBalancerArgs | undefined, port: unknown, isProd: boolean, protect: boolean) {
  if (!isProd || port === undefined) return given;
  const logs = given?.accessLogsBucket === undefined ? { accessLogs: true } : {};
  return { ...logs, ...(protect && { deletionProtection: true }), ...given };
}

/** `1.0.0: ami-…` is short for `1.0.0: { imageId: ami-… }`. */
function adoptedOf(given: { [version: string]: unknown }): Settings["adopt"] {
  return Object.fromEntries(
    Object.entries(given).map(([version, image]) => [
      version,
      (typeof image === "string" ? { imageId: image } : image) as Settings["adopt"][string],
    ]),
  );
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
