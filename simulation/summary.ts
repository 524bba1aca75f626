import { gatesOf } from "./order";
import type { RecordedResource, Simulation } from "./types";
import { hasUnknown } from "./wire";

export interface Summary {
  project: string;
  stack: string;
  /** Components count, resources that are only read do not. */
  resources: number;
  components: number;
  regions: string[];
  gates: number;
  /** Top-level inputs that are, or contain, something unknown. */
  unknownInputs: number;
  unknownOutputs: string[];
  errors: number;
  warnings: number;
}

/** Names of the inputs that are not known before AWS has made something. */
export function unknownInputs({ inputs }: RecordedResource): string[] {
  return Object.keys(inputs)
    .filter((name) => hasUnknown(inputs[name] ?? null))
    .sort();
}

export function summarize({ project, stack, resources, outputs, problems }: Simulation): Summary {
  const made = resources.filter(({ kind }) => kind !== "read");
  const regions = made.filter(({ kind }) => kind !== "component").map(({ region }) => region);
  return {
    project,
    stack,
    resources: made.length,
    components: made.filter(({ kind }) => kind === "component").length,
    regions: [...new Set(regions.filter((region) => region !== undefined))].sort(),
    gates: new Set(made.flatMap(gatesOf)).size,
    unknownInputs: made.flatMap(unknownInputs).length,
    unknownOutputs: Object.keys(outputs)
      .filter((name) => hasUnknown(outputs[name] ?? null))
      .sort(),
    errors: problems.filter(({ severity }) => severity === "error").length,
    warnings: problems.filter(({ severity }) => severity === "warning").length,
  };
}

/** `1 gate`, `2 gates`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** `dev: 23 resources in 2 regions, 4 gates, 0 problems`. */
export function summaryLine(summary: Summary): string {
  const { stack, resources, regions, gates, errors, warnings } = summary;
  const kinds = warnings > 0 && errors > 0 ? ` (${count(errors, "error")}, ${count(warnings, "warning")})` : "";
  const only = warnings > 0 && errors === 0 ? count(warnings, "warning") : count(errors + warnings, "problem") + kinds;
  return `${stack}: ${count(resources, "resource")} in ${count(regions.length, "region")}, ${count(gates, "gate")}, ${only}`;
}
