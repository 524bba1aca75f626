import { createHash } from "node:crypto";
import { type FullRecipe, type FullStep, kindOf } from "./defaults";
import { label, quote, quoteAll } from "./shell";
import { environmentOf } from "./steps";
import { environmentLine, sortedPairs, SYSTEMD_ENVIRONMENT, systemdLine } from "./steps/files";
import { firewallRules } from "./steps/firewall";
import { unitName } from "./steps/services";
import type { LinuxSystem } from "./systems";

/** The shell functions of checkFunctions.ts, each a kind of check. */
export type CheckFunction =
  | "package_installed"
  | "node_major"
  | "app_at"
  | "pm2_online"
  | "file_is"
  | "user_is"
  | "firewall_is"
  | "environment_is"
  | "service_runs"
  | "service_off"
  | "http_answers"
  | "command_ends_well";

export interface Check {
  /** As it stands on the console: one line that cannot be taken for a marker. */
  name: string;
  kind: CheckFunction;
  /** Arguments of the function. */
  words: string[];
}

/** Everything that must be true of a machine made from the image: what follows from the steps, then what is declared. */
export function checksOf(recipe: FullRecipe, system: LinuxSystem): Check[] {
  const found = new Map<string, Check>();
  const add = (name: string, kind: CheckFunction, ...words: string[]) => {
    // Of two checks of one thing the later counts: a later step may write the same file, or disable a service again.
    const subject = kind === "service_off" ? "service_runs" : kind;
    const key = JSON.stringify([subject, kind === "command_ends_well" || kind === "http_answers" ? words : words[0]]);
    found.delete(key);
    found.set(key, { name: label(name), kind, words });
  };
  for (const step of recipe.steps) addDerived(step, add, system);
  const environment = sortedPairs(environmentOf(recipe.steps));
  if (environment.length > 0) {
    const lines = environment.flatMap(([name, value]) => [environmentLine(name, value), systemdLine(name, value)]);
    add("environment", "environment_is", SYSTEMD_ENVIRONMENT, ...lines);
  }
  for (const { http, service, command } of recipe.checks) {
    if (service !== undefined && !runs(found, unitName(service)))
      add(`service ${service}`, "service_runs", unitName(service));
    if (http) add(`http ${http.url}`, "http_answers", http.url, String(http.status), http.contains ?? "");
    if (command !== undefined) add(`command ${command}`, "command_ends_well", command);
  }
  return [...found.values()];
}

/** Whether a step has already said so, and with it that the service starts at boot. */
function runs(found: ReadonlyMap<string, Check>, unit: string): boolean {
  return [...found.values()].some(({ kind, words }) => kind === "service_runs" && words[0] === unit);
}

type Add = (name: string, kind: CheckFunction, ...words: string[]) => void;

function addDerived(step: FullStep, add: Add, system: LinuxSystem): void {
  const { packages, nodejs, app, pm2, file, user, firewall, service, disableServices } = step;
  switch (kindOf(step)) {
    case "packages":
      for (const name of packages!) add(`package ${name}`, "package_installed", packageName(name));
      return;
    case "nodejs":
      return add(`nodejs ${nodejs!.version}`, "node_major", nodejs!.version);
    case "app":
      return add(`app ${app!.directory}`, "app_at", app!.directory, app!.revision);
    case "pm2":
      return add(`pm2 ${pm2!.name}`, "pm2_online", pm2!.name, pm2!.user, String(pm2!.instances));
    case "file":
      return add(`file ${file!.path}`, "file_is", file!.path, bareMode(file!.mode), sha256(file!.content));
    case "user":
      return add(`user ${user!.name}`, "user_is", user!.name, user!.shell, ...user!.groups);
    case "firewall":
      return add("firewall", "firewall_is", ...firewallRules(firewall!, system));
    case "service":
      return service!.enabled
        ? add(`service ${service!.name}`, "service_runs", unitName(service!.name), "enabled")
        : add(`service ${service!.name} off`, "service_off", unitName(service!.name));
    case "disableServices":
      for (const name of disableServices!) add(`service ${name} off`, "service_off", unitName(name));
  }
}

/** The call of one check in the check script. */
export function checkCall({ name, kind, words }: Check): string {
  return `check ${quote(name)} ${kind} ${quoteAll(words)}`;
}

/** apt takes `name=version` and `name/release`; dpkg-query takes the name. */
function packageName(name: string): string {
  return name.replace(/[=/].*$/, "");
}

/** As `stat -c %a` prints it. */
function bareMode(mode: string): string {
  return parseInt(mode, 8).toString(8);
}

function sha256(content: string): string {
  return createHash("sha256").update(content, "utf8").digest("hex");
}
