import { itemLines } from "../failure/report";
import { problemSection, type Report, type Section, WIDTH } from "../report";
import { count } from "../summary";
import type { Table } from "../table";
import type { Style } from "../text";
import { treeLines } from "../tree";
import type { RecordedResource, Simulation } from "../types";

/** What a scenario comes to in one simulation: for people, for programs, and the head of its Markdown. */
export interface Outcome {
  report: (paint: Style) => Report;
  data: () => object;
  table: () => Table;
}

/** A list in a section. */
export const items = (texts: readonly string[]): string[] => itemLines(texts, "  ");

/** Resources in a section; nothing where there are none. `number` is for titles that do not count components. */
export function group(
  title: string,
  resources: readonly RecordedResource[],
  paint: Style,
  {
    notes = () => [],
    number = resources.length,
  }: { notes?: (resource: RecordedResource) => string[]; number?: number } = {},
): Section {
  const lines = treeLines(resources, WIDTH - 2, paint, notes).map((line) => `  ${line}`);
  return [`${title}: ${count(number, "resource")}`, lines];
}

/** Problems of the program come first in every scenario. */
export const scenarioReport = (
  { problems }: Simulation,
  headline: string,
  tone: Report["tone"],
  sections: readonly Section[],
  paint: Style,
): Report => ({ headline, tone, sections: [problemSection(problems, paint), ...sections] });

export const urnsOf = (resources: readonly RecordedResource[]): string[] => resources.map(({ urn }) => urn).sort();

/** Whether the program is made of this package's components: only then its config and its guides are about it. */
export const usesComponents = ({ resources }: Pick<Simulation, "resources">): boolean =>
  resources.some(({ type }) => type.startsWith("pulumi-ami-lifecycle:"));
