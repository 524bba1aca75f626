import type { StepKind } from "../defaults";
import { type Fields, isAbsent } from "../fields";
import { RULES } from "../rules";
import { environmentRule, firewallRule, serviceRule, type StepRule } from "../stepRule";

const KINDS = "packages (Windows features), file, user, firewall, environment, service, disableServices, run";

/** A kind of step that could not be done well: said, rather than done badly. */
const refused =
  (why: string): StepRule =>
  (fields, _value, path) =>
    fields.add(path, undefined, `steps for Windows: ${KINDS}`, why);

const onlyElsewhere = (fields: Fields, step: Record<string, unknown>, path: string, ...names: string[]): void => {
  for (const name of names) {
    if (isAbsent(step[name])) continue;
    fields.add(`${path}.${name}`, step[name], "no value on Windows", "Remove it, or set it in a run step (icacls)");
  }
};

export const WINDOWS_STEP_RULES: Record<StepKind, StepRule> = {
  upgrade: refused("Start from a newer base image: Windows Update restarts the machine in the middle of a recipe"),
  nodejs: refused("Install it in a run step, e.g. msiexec.exe with /quiet"),
  app: refused("Download it in a run step"),
  pm2: refused("Make a service of it in a run step, e.g. New-Service"),

  packages: (fields, value, path) => fields.texts(value, path, RULES.windowsFeature),

  file(fields, value, path) {
    const step = fields.object(value, path, ["path", "content", "mode", "owner"], ["path", "content"]);
    if (!step) return;
    fields.text(step["path"], `${path}.path`, RULES.windowsPath);
    fields.text(step["content"], `${path}.content`, RULES.any);
    onlyElsewhere(fields, step, path, "mode", "owner");
  },

  user(fields, value, path) {
    const step = fields.object(value, path, ["name", "groups", "shell"], ["name"]);
    if (!step) return;
    fields.text(step["name"], `${path}.name`, RULES.windowsUser);
    if (!isAbsent(step["groups"])) fields.texts(step["groups"], `${path}.groups`, RULES.windowsGroup);
    onlyElsewhere(fields, step, path, "shell");
  },

  firewall: firewallRule,

  environment: environmentRule(RULES.variable),

  service: serviceRule(RULES.windowsService),

  disableServices: (fields, value, path) => fields.texts(value, path, RULES.windowsService),

  run(fields, value, path) {
    fields.text(value, path, RULES.some);
  },
};
