import { problemData } from "./json";
import { isModelled, isModelledLookup } from "./model";
import { lookupLines } from "./lookupText";
import { gatesOf, stepsOf } from "./order";
import { count, summarize, summaryLine, uniqueLookups, unknownInputs } from "./summary";
import { lastPart, wrap, type Style } from "./text";
import { treeLines, wrapNotes } from "./tree";
import type { Problem, RecordedResource, Simulation } from "./types";

export const WIDTH = 100;

/** A title, and its lines; left out when there are none. */
export type Section = [title: string, lines: string[]];

/** What a report says first, and then: text and Markdown are made of it. */
export interface Report {
  headline: string;
  tone: keyof Pick<Style, "red" | "yellow" | "green">;
  sections: Section[];
}

/** `aws:ec2/getSubnets:getSubnets` → `aws:ec2/getSubnets`; other providers' names do not always come twice. */
function shortToken(token: string): string {
  const [provider, module, name] = token.split(":");
  return module?.endsWith(`/${name}`) ? `${provider}:${module}` : token;
}

/** What each resource of a step is called: where names repeat, their types tell them apart. */
function namesIn(step: readonly RecordedResource[]): (resource: RecordedResource) => string {
  const times = new Map<string, number>();
  for (const { name } of step) times.set(name, (times.get(name) ?? 0) + 1);
  return ({ name, type }) => ((times.get(name) ?? 0) > 1 ? `${name} (${lastPart(type)})` : name);
}

/** Resources of a step without a gate share lines, those with one get their own: gates are what the order is about. */
function orderLines(resources: readonly RecordedResource[], paint: Style): string[] {
  const steps = stepsOf(resources);
  const indent = " ".repeat(String(steps.length).length + 4);
  return steps.flatMap((step, index) => {
    const nameOf = namesIn(step);
    const free = step.filter((resource) => gatesOf(resource).length === 0).map(nameOf);
    const lines = free.length > 0 ? wrapNotes(free, WIDTH - indent.length) : [];
    for (const resource of step) {
      // What is made here is new: the gates of updates do not run.
      const gates = (resource.hooks.beforeCreate ?? []).map(lastPart);
      if (gates.length === 0) continue;
      const text = wrap(`gate ${gates.join(", ")} → ${nameOf(resource)}`, WIDTH - indent.length);
      lines.push(...text.map((line) => line.replace(/^gate [^→]*[^→ ]/, paint.yellow)));
    }
    const number = `  ${String(index + 1).padStart(indent.length - 4)}  `;
    return lines.map((line, at) => (at === 0 ? paint.dim(number) : indent) + line);
  });
}

function unknownLines(simulation: Simulation, paint: Style): string[] {
  const { unknownOutputs } = summarize(simulation);
  const made = simulation.resources.filter(({ kind }) => kind !== "read");
  const waiting = made.filter((resource) => unknownInputs(resource).length > 0);
  const lines: string[] = [];
  if (waiting.length > 0) {
    const inputs = waiting.flatMap(unknownInputs).length;
    lines.push(`${count(inputs, "input")} of ${count(waiting.length, "resource")}`);
  }
  if (unknownOutputs.length > 0) {
    const outputs = Object.keys(simulation.outputs).length;
    lines.push(`${unknownOutputs.length} of ${count(outputs, "stack output")}: ${unknownOutputs.join(", ")}`);
  }
  const all = uniqueLookups(simulation.lookups);
  const lookups = (["unknown", "assumed"] as const).flatMap((certainty) =>
    all.filter((lookup) => lookup.certainty === certainty),
  );
  return [
    ...lines.flatMap((line) => indented(line, "  ")),
    ...lookups.flatMap((lookup) =>
      lookupLines(lookup, shortToken(lookup.token), WIDTH - 2, paint).map((line) => `  ${line}`),
    ),
  ];
}

/** `random:index/randomId:RandomId: one, two`, a line for each type. */
function echoedLines({ resources, lookups }: Simulation): string[] {
  const names = new Map<string, string[]>();
  const add = (what: string, name: string) => names.set(what, [...(names.get(what) ?? []), name]);
  for (const resource of resources) if (!isModelled(resource)) add(resource.type, resource.name);
  const tokens = uniqueLookups(lookups).map(({ token }) => token);
  for (const token of tokens) if (!isModelledLookup(token)) add("look-ups", shortToken(token));
  const lines = [...names].map(([what, found]) => `${what}: ${[...new Set(found)].sort().join(", ")}`);
  return lines.sort().flatMap((line) => indented(line, "  "));
}

function indented(text: string, indent: string): string[] {
  return wrap(text, WIDTH - indent.length).map((line) => indent + line);
}

function problemLines({ severity, message, path, source }: Problem, paint: Style): string[] {
  const colour = severity === "error" ? paint.red : paint.yellow;
  const where = [path, source].filter((part) => part !== undefined).join("  ");
  const [first = "", ...rest] = wrap(message.replaceAll("\t", "  "), WIDTH - 2 - severity.length - 2);
  return [
    `  ${colour(severity)}: ${first}`,
    ...rest.map((line) => `    ${line}`),
    ...(where === "" ? [] : [`    ${paint.dim(`at ${where}`)}`]),
  ];
}

export function problemSection(problems: readonly Problem[], paint: Style): Section {
  return ["Problems", problemData(problems).flatMap((problem) => problemLines(problem, paint))];
}

function sectionLines(sections: readonly Section[], paint: Style): string {
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `\n${paint.bold(title)}\n${lines.join("\n")}\n`)
    .join("");
}

/** A report for terminals and files. */
export function reportText({ headline, tone, sections }: Report, paint: Style): string {
  return `${wrap(headline, WIDTH).map(paint[tone]).join("\n")}\n${sectionLines(sections, paint)}`;
}

/** The simulation for people. */
export function simulationReport(simulation: Simulation, paint: Style): Report {
  const summary = summarize(simulation);
  const tone = summary.errors > 0 ? "red" : summary.warnings > 0 ? "yellow" : "green";
  const sections: Section[] = [
    problemSection(simulation.problems, paint),
    ["Resources", treeLines(simulation.resources, WIDTH - 2, paint).map((line) => `  ${line}`)],
    ["Order (a step needs only the steps before it)", orderLines(simulation.resources, paint)],
    ["Not known before `pulumi up`, or assumed", unknownLines(simulation, paint)],
    ["Not modelled (inputs are echoed, all else is unknown)", echoedLines(simulation)],
    ["Notes", [...new Set(simulation.notes)].flatMap((note) => indented(note, "  "))],
  ];
  return { headline: summaryLine(summary), tone, sections };
}

export const toText = (simulation: Simulation, paint: Style): string =>
  reportText(simulationReport(simulation, paint), paint);
