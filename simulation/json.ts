import { isModelled, isModelledLookup } from "./model";
import { stepsOf } from "./order";
import { summarize, unique, uniqueLookups } from "./summary";
import type { Problem, RecordedResource, Simulation } from "./types";
import { readable, sorted } from "./wire";

/** Changes only when a reader of the old format would misread the new one. */
const VERSION = 1;

/** `stacks/dev.ts:12` → its file, and the line as a number; what has none comes last. */
function placeOf({ source }: Problem): [file: string, line: number] {
  const [, file = "\uffff", line = "0"] = /^(.*):(\d+)$/.exec(source ?? "") ?? [];
  return [file, Number(line)];
}

function byPlace(a: Problem, b: Problem): number {
  const [[aFile, aLine], [bFile, bLine]] = [placeOf(a), placeOf(b)];
  return aFile === bFile ? aLine - bLine : aFile < bFile ? -1 : 1;
}

/** Errors first, then by line and text: the order in which they are met depends on timing. */
export function problemData(problems: readonly Problem[]): Problem[] {
  const of = (severity: Problem["severity"]) =>
    unique(problems.filter((problem) => problem.severity === severity)).sort(byPlace);
  return [...of("error"), ...of("warning")];
}

/** Said only of what is not: most is. */
const notModelled = (isModelled: boolean): { modelled?: false } => (isModelled ? {} : { modelled: false });

/** One order of keys for all; what is undefined is left out when it is written. */
function resourceData(resource: RecordedResource) {
  const { urn, type, name, kind, parent, region, provider, dependsOn, inputs, inputsFrom, options, hooks, source } =
    resource;
  const given = (object: object) => (Object.keys(object).length > 0 ? sorted(object) : undefined);
  return {
    ...{ urn, type, name, kind, ...notModelled(isModelled(resource)), parent, region, provider, dependsOn },
    ...{ inputs: readable(inputs), inputsFrom, options: given(options), hooks: given(hooks), source },
  };
}

/** What the data has besides the simulation: one of them, as it was asked for. */
export interface More {
  failure?: object;
  against?: object;
  scenario?: object;
  timeline?: object;
  cost?: object;
}

/** The simulation as data: the same program and config give the same bytes. `more` is what `--fail`, `--against`, `--scenario`, `--timeline` or `--cost` asked for. */
export function toJson(simulation: Simulation, more: More = {}): string {
  const data = {
    version: VERSION,
    summary: summarize(simulation),
    resources: [...simulation.resources].sort((a, b) => (a.urn < b.urn ? -1 : 1)).map(resourceData),
    order: stepsOf(simulation.resources).map((step) => step.map(({ urn }) => urn)),
    lookups: uniqueLookups(simulation.lookups).map((lookup) => ({
      ...lookup,
      ...notModelled(isModelledLookup(lookup.token)),
    })),
    outputs: readable(simulation.outputs),
    problems: problemData(simulation.problems),
    notes: unique(simulation.notes),
    ...more,
  };
  return JSON.stringify(data, null, 2) + "\n";
}
