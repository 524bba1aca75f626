import { suggest } from "../nearest";
import { STEP_KINDS, type StepKind } from "./defaults";
import { type Fields, isAbsent } from "./fields";
import { isInMemory, RULES } from "./rules";
import { environmentRule, firewallRule, serviceRule, type StepRule } from "./stepRule";
import type { OperatingSystem } from "./systems";
import { WINDOWS_STEP_RULES } from "./windows/validate";

/** Every step, in order: some need another before them. */
export function validateSteps(fields: Fields, value: unknown, path: string, system?: OperatingSystem): void {
  const rules = system?.family === "windows" ? WINDOWS_STEP_RULES : STEP_RULES;
  let nodejs = false;
  let firewall = false;
  fields.list(value, path).forEach((item, i) => {
    const at = `${path}[${i}]`;
    const kind = onlyField(fields, item, at, STEP_KINDS);
    if (!kind) return;
    const given = (item as Record<string, unknown>)[kind];
    if (kind === "nodejs") nodejs = true;
    if (kind === "firewall" && firewall) {
      fields.add(`${at}.firewall`, undefined, "one firewall step", "Put all ports into one");
    }
    if (kind === "firewall") firewall = true;
    if (kind === "pm2" && !nodejs && rules === STEP_RULES) {
      fields.add(`${at}.pm2`, undefined, "a pm2 step after a nodejs step", "Put a nodejs step before it");
    }
    rules[kind](fields, given, `${at}.${kind}`, system);
  });
}

/** The name of the one field that a step or a check has set. */
export function onlyField<Kind extends string>(
  fields: Fields,
  value: unknown,
  path: string,
  kinds: readonly Kind[],
): Kind | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    fields.add(path, value, `an object with one of the fields ${kinds.join(", ")}`, "Write it as an object");
    return undefined;
  }
  const names = Object.entries(value).flatMap(([name, field]) => (isAbsent(field) ? [] : [name]));
  const unknown = names.filter((name) => !kinds.some((kind) => kind === name));
  for (const name of unknown) fields.add(`${path}.${name}`, undefined, kinds.join(", "), suggest(name, kinds));
  const set = kinds.filter((kind) => names.includes(kind));
  if (set.length > 1 || (set.length === 0 && unknown.length === 0)) {
    const given = set.length === 0 ? "none" : set.join(", ");
    fields.add(
      path,
      given,
      `exactly one of ${kinds.join(", ")}`,
      set.length === 0 ? "Set one" : "Make each an item of its own",
    );
  }
  return set.length === 1 ? set[0] : undefined;
}

const STEP_RULES: Record<StepKind, StepRule> = {
  upgrade(fields, value, path) {
    if (value !== true) fields.add(path, value, "true", "Remove the step to upgrade nothing");
  },

  packages: (fields, value, path) => fields.texts(value, path, RULES.packageName),

  nodejs(fields, value, path) {
    const step = fields.object(value, path, ["version"], ["version"]);
    if (step) fields.text(step["version"], `${path}.version`, RULES.nodeVersion);
  },

  app(fields, value, path) {
    const known = ["repository", "revision", "directory", "install", "owner"];
    const step = fields.object(value, path, known, ["repository", "revision", "directory"]);
    if (!step) return;
    const repository = step["repository"];
    if (fields.text(repository, `${path}.repository`, RULES.repository) && /^\w+:\/\/[^/@]*:[^/@]+@/.test(repository)) {
      const allowed = "an address without credentials, for they would stay in the image";
      fields.add(`${path}.repository`, "an address with a password", allowed, "Remove them");
    }
    fields.text(step["revision"], `${path}.revision`, RULES.revision);
    pathOnDisk(fields, step["directory"], `${path}.directory`, /^\/(?:var\/)?tmp(?:\/|$)/);
    fields.text(step["install"], `${path}.install`, RULES.some);
    fields.text(step["owner"], `${path}.owner`, RULES.user);
  },

  pm2(fields, value, path) {
    const known = ["name", "script", "directory", "environment", "user", "instances"];
    const step = fields.object(value, path, known, ["name", "script", "directory"]);
    if (!step) return;
    fields.text(step["name"], `${path}.name`, RULES.processName);
    fields.text(step["script"], `${path}.script`, RULES.script);
    pathOnDisk(fields, step["directory"], `${path}.directory`);
    fields.environment(step["environment"], `${path}.environment`, RULES.variable);
    fields.text(step["user"], `${path}.user`, RULES.user);
    fields.wholeNumber(step["instances"], `${path}.instances`, 1, 256);
  },

  file(fields, value, path) {
    const step = fields.object(value, path, ["path", "content", "mode", "owner"], ["path", "content"]);
    if (!step) return;
    pathOnDisk(fields, step["path"], `${path}.path`);
    fields.text(step["content"], `${path}.content`, RULES.any);
    fields.text(step["mode"], `${path}.mode`, RULES.mode);
    fields.text(step["owner"], `${path}.owner`, RULES.owner);
  },

  user(fields, value, path, system) {
    const step = fields.object(value, path, ["name", "groups", "shell"], ["name"]);
    if (!step) return;
    fields.text(step["name"], `${path}.name`, RULES.user);
    if (step["name"] === "root") fields.add(`${path}.name`, "root", "a user that is not there yet", "Use another name");
    if (!isAbsent(step["groups"])) fields.texts(step["groups"], `${path}.groups`, RULES.group);
    adminGroup(fields, step["groups"], `${path}.groups`, system);
    if (!isAbsent(step["shell"])) pathOnDisk(fields, step["shell"], `${path}.shell`);
  },

  firewall: firewallRule,

  environment: environmentRule(RULES.systemVariable),

  service: serviceRule(RULES.unit),

  disableServices: (fields, value, path) => fields.texts(value, path, RULES.unit),

  run(fields, value, path) {
    fields.text(value, path, RULES.some);
  },
};

/** The group of those who may become root has two names. */
function adminGroup(fields: Fields, groups: unknown, path: string, system?: OperatingSystem): void {
  if (!Array.isArray(groups) || !system) return;
  groups.forEach((group, i) => {
    if (!["sudo", "wheel"].includes(group as string) || group === system.adminGroup) return;
    const allowed = `the name ${system.title} has for it`;
    fields.add(`${path}[${i}]`, group, allowed, `Did you mean "${system.adminGroup}"`);
  });
}

/** An absolute path, not in a directory that the image will not have. */
function pathOnDisk(fields: Fields, value: unknown, path: string, emptied?: RegExp): void {
  if (!fields.text(value, path, RULES.path)) return;
  if (isInMemory(value) || emptied?.test(value)) {
    const allowed = "a path outside /proc, /sys, /dev, /run and /tmp: their contents are not in the image";
    fields.add(path, value, allowed, "Use a directory that stays, such as /srv or /etc");
  }
}
