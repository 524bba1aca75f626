import { type Fields, isAbsent, type TextRule } from "./fields";
import { RULES } from "./rules";
import type { OperatingSystem } from "./systems";

/** Finds what is wrong with a step of one kind. */
export type StepRule = (fields: Fields, value: unknown, path: string, system?: OperatingSystem) => void;

/** The same on every system. */
export function firewallRule(fields: Fields, value: unknown, path: string): void {
  const step = fields.object(value, path, ["allow"], ["allow"]);
  if (!step || isAbsent(step["allow"])) return;
  const allow = fields.list(step["allow"], `${path}.allow`);
  allow.forEach((port, i) => {
    const at = `${path}.allow[${i}]`;
    if (isAbsent(port)) fields.add(at, port, RULES.port.allowed, RULES.port.fix);
    if (!fields.text(port, at, RULES.port)) return;
    const [first = 0, last = first] = port.split("/")[0]!.split("-").map(Number);
    const right = first >= 1 && last <= 65535 && (first < last || !port.includes("-"));
    if (!right) fields.add(at, port, RULES.port.allowed, RULES.port.fix);
    if (allow.indexOf(port) !== i) fields.add(at, port, "each port once", "Remove the second mention");
  });
}

export const environmentRule =
  (rule: TextRule): StepRule =>
  (fields, value, path) => {
    fields.environment(value, path, rule);
    if (typeof value === "object" && value !== null && Object.keys(value).length === 0) {
      fields.add(path, value, "at least one variable", "Set one or remove the step");
    }
  };

export const serviceRule =
  (name: TextRule): StepRule =>
  (fields, value, path) => {
    const step = fields.object(value, path, ["name", "enabled"], ["name"]);
    if (!step) return;
    fields.text(step["name"], `${path}.name`, name);
    fields.boolean(step["enabled"], `${path}.enabled`);
  };
