import { isModelled, isModelledLookup } from "./model";
import { gatesOf, isMade } from "./order";
import type { RecordedLookup, RecordedResource, Simulation } from "./types";
import { hasUnknown, readable, sorted } from "./wire";

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
  /** What the model has no rule for: such resources are echoed, such look-ups are unknown. */
  notModelled: { resources: number; lookups: number };
  errors: number;
  warnings: number;
}

/** Each value once, sorted. */
export function unique<T>(values: readonly T[]): T[] {
  const texts = values.map((value) => JSON.stringify(sorted(value)));
  return [...new Set(texts)].sort().map((text) => JSON.parse(text) as T);
}

/** Names of the inputs that are not known before AWS has made something. */
export function unknownInputs({ inputs }: RecordedResource): string[] {
  return Object.keys(inputs)
    .filter((name) => hasUnknown(inputs[name] ?? null))
    .sort();
}

/** Look-ups without repetition: several components ask the same. */
export function uniqueLookups(lookups: readonly RecordedLookup[]): RecordedLookup[] {
  return unique(lookups.map((lookup) => ({ ...lookup, args: readable(lookup.args) as RecordedLookup["args"] })));
}

/** The regions in which something is made, sorted. */
export function regionsOf(resources: readonly RecordedResource[]): string[] {
  const regions = resources.filter(isMade).flatMap(({ region }) => region ?? []);
  return [...new Set(regions)].sort();
}

export function summarize({ project, stack, resources, lookups, outputs, problems }: Simulation): Summary {
  const made = resources.filter(({ kind }) => kind !== "read");
  return {
    project,
    stack,
    resources: made.length,
    components: made.filter(({ kind }) => kind === "component").length,
    regions: regionsOf(made),
    gates: new Set(made.flatMap(gatesOf)).size,
    unknownInputs: made.flatMap(unknownInputs).length,
    unknownOutputs: Object.keys(outputs)
      .filter((name) => hasUnknown(outputs[name] ?? null))
      .sort(),
    notModelled: {
      resources: made.filter((resource) => !isModelled(resource)).length,
      lookups: uniqueLookups(lookups).filter(({ token }) => !isModelledLookup(token)).length,
    },
    errors: problems.filter(({ severity }) => severity === "error").length,
    warnings: problems.filter(({ severity }) => severity === "warning").length,
  };
}

/** Whether the program has errors: then what is told of it is not the whole. */
export const hasErrors = ({ problems }: Pick<Simulation, "problems">): boolean =>
  problems.some(({ severity }) => severity === "error");

/** `1 gate`, `2 gates`. */
export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** `dev: 23 resources in 2 regions, 4 gates, 0 problems`. */
export function summaryLine(summary: Summary): string {
  const { stack, resources, notModelled, regions, gates, errors, warnings } = summary;
  const echoed = notModelled.resources > 0 ? ` (${notModelled.resources} not modelled)` : "";
  const kinds = warnings > 0 && errors > 0 ? ` (${count(errors, "error")}, ${count(warnings, "warning")})` : "";
  const only = warnings > 0 && errors === 0 ? count(warnings, "warning") : count(errors + warnings, "problem") + kinds;
  return `${stack}: ${count(resources, "resource")}${echoed} in ${count(regions.length, "region")}, ${count(gates, "gate")}, ${only}`;
}
