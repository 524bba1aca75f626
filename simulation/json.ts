import { stepsOf } from "./order";
import { summarize } from "./summary";
import type { Problem, RecordedLookup, RecordedResource, Simulation } from "./types";
import { readable, sorted } from "./wire";

/** Changes only when a reader of the old format would misread the new one. */
const VERSION = 1;

function unique<T>(values: readonly T[]): T[] {
  const texts = values.map((value) => JSON.stringify(sorted(value)));
  return [...new Set(texts)].sort().map((text) => JSON.parse(text) as T);
}

/** Errors first, then by text: the order in which they are met depends on timing. */
export function problemData(problems: readonly Problem[]): Problem[] {
  const of = (severity: Problem["severity"]) => unique(problems.filter((problem) => problem.severity === severity));
  return [...of("error"), ...of("warning")];
}

/** One order of keys for all; what is undefined is left out when it is written. */
function resourceData(resource: RecordedResource) {
  const { urn, type, name, kind, parent, region, provider, dependsOn, inputs, options, hooks, source } = resource;
  const given = (object: object) => (Object.keys(object).length > 0 ? sorted(object) : undefined);
  return {
    ...{ urn, type, name, kind, parent, region, provider, dependsOn },
    ...{ inputs: readable(inputs), options: given(options), hooks: given(hooks), source },
  };
}

/** Look-ups without repetition: several components ask the same. */
export function lookupData(lookups: readonly RecordedLookup[]): RecordedLookup[] {
  return unique(lookups.map((lookup) => ({ ...lookup, args: readable(lookup.args) as RecordedLookup["args"] })));
}

/** The simulation as data: the same program and config give the same bytes. */
export function toJson(simulation: Simulation): string {
  const data = {
    version: VERSION,
    summary: summarize(simulation),
    resources: [...simulation.resources].sort((a, b) => (a.urn < b.urn ? -1 : 1)).map(resourceData),
    order: stepsOf(simulation.resources).map((step) => step.map(({ urn }) => urn)),
    lookups: lookupData(simulation.lookups),
    outputs: readable(simulation.outputs),
    problems: problemData(simulation.problems),
    notes: unique(simulation.notes),
  };
  return JSON.stringify(data, null, 2) + "\n";
}
