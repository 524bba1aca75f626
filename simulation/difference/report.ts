import { problemSection, type Report, reportText, type Section, WIDTH } from "../report";
import { count, hasErrors, summarize } from "../summary";
import { lastPart, wrap, type Style } from "../text";
import { treeLines } from "../tree";
import type { RecordedResource, Simulation } from "../types";
import type { Earlier } from "./earlier";
import { differenceOf, type Changed, type Difference, type MayChange } from "./index";
import type { Place } from "./values";
import { readable, sorted } from "../wire";

/** The difference, and what it is the difference of. */
export interface Against {
  difference: Difference;
  /** Whether the earlier simulation had errors, so that resources may be missing there. */
  hadErrors: boolean;
}

/** Compares with an earlier simulation, whose values are as the data has them. */
export function againstOf(earlier: Earlier, simulation: Simulation): Against {
  const now = simulation.resources.map((resource) => ({
    ...resource,
    inputs: readable(resource.inputs) as RecordedResource["inputs"],
    options: sorted(resource.options),
  }));
  return { difference: differenceOf(earlier.resources, now), hadErrors: hasErrors(earlier) };
}

/** A remark must fit on a line, below a few parents too: what is in it is cut. */
const LONGEST = 50;

const cut = (text: string, to = LONGEST): string => (text.length > to ? `${text.slice(0, to - 1)}…` : text);

function words({ text, kind }: Place): string {
  return cut(text) + (kind === "later" ? " (known only later)" : kind === "was later" ? " (was known only later)" : "");
}

/** `dev: 8 created, 1 updated, 1 may change, 3 deleted, 14 unchanged`. */
export function differenceSentence({ difference }: Against, { stack }: Pick<Simulation, "stack">): string {
  const counts: [number, string][] = [
    [difference.created.length, "created"],
    [difference.replaced.length, "replaced"],
    [difference.updated.length, "updated"],
    [difference.undecided.length, "updated or replaced"],
    [difference.mayChange.length, "may change"],
    [difference.deleted.length, "deleted"],
  ];
  const parts = counts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  return `${stack}: ${[...(parts.length > 0 ? parts : ["nothing changes"]), `${difference.unchanged} unchanged`].join(", ")}`;
}

/** The name; with the type where another resource has it too. */
function titleOf({ name, type, urn }: RecordedResource, others: readonly RecordedResource[]): string {
  return others.some((other) => other.name === name && other.urn !== urn) ? `${name} (${lastPart(type)})` : name;
}

/** Images are protected while their version is current, or previous. */
const howOn = ({ type }: RecordedResource): string =>
  /:Ami[A-Z]?\w*$/.test(type)
    ? "make its version neither current nor previous, and run `pulumi up` with it first"
    : "take `protect` away and run `pulumi up` first";

/** What must be said before anything else. */
function refusedLines({ refused, replaced }: Difference, all: readonly RecordedResource[], paint: Style): string[] {
  const isReplaced = (urn: string) => replaced.some(({ before }) => before.urn === urn);
  return refused.flatMap((resource) => {
    const what = isReplaced(resource.urn) ? "would be replaced" : "would be deleted";
    const text = `${titleOf(resource, all)} ${what} and is protected: \`pulumi up\` refuses`;
    const [first = "", ...rest] = wrap(text, WIDTH - "  error: ".length);
    return [`  ${paint.red("error")}: ${first}`, ...[...rest, howOn(resource)].map((line) => `    ${line}`)];
  });
}

/** Remarks of a resource, by URN. */
class Remarks {
  constructor(private readonly all: readonly RecordedResource[]) {}

  private nameOf(urn: string): string {
    const found = this.all.find((resource) => resource.urn === urn);
    return found === undefined ? (urn.split("::").at(-1) ?? urn) : found.name;
  }

  private mayChange({ input, with: sources, without, replaces }: MayChange): string[] {
    const urns = sources.length > 0 ? sources : without;
    // Of a record and the image that it stands for only the record is named.
    const needed = new Set(this.all.filter(({ urn }) => urns.includes(urn)).flatMap(({ dependsOn }) => dependsOn));
    const last = urns.filter((urn) => !needed.has(urn));
    const [first = "", ...others] = (last.length > 0 ? last : urns).map((urn) => this.nameOf(urn));
    const what = cut(input, 28);
    const who = cut(first, LONGEST - what.length) + (others.length > 0 ? ` and ${others.length} more` : "");
    const how = sources.length > 0 ? "with" : "without";
    const then = replaces === true ? ["is replaced then"] : replaces === undefined ? ["updated or replaced then"] : [];
    return [`${what} may change ${how} ${who}`, ...then];
  }

  of({ resource, before, changes, forcing, open, replacedWith, mayChange }: Changed): string[] {
    const { kind, name, urn } = resource;
    // Said where it matters, which one is open: not where all are, and not of what is replaced anyway.
    const some = forcing.length + replacedWith.length === 0 && open.length < changes.length;
    return [
      ...(urn === before.urn ? [] : [`was ${before.name === name ? "below another parent" : cut(before.name)}`]),
      ...forcing.map((place) => `forced by ${words(place)}`),
      ...replacedWith.map((other) => `replaced with ${this.nameOf(other)}`),
      ...changes
        .filter((place) => !forcing.includes(place))
        .map((place) => words(place) + (some && open.includes(place) ? " (not in the table)" : "")),
      ...new Set(mayChange.flatMap((one) => this.mayChange(one))),
      ...(kind === "remote" ? ["children not visible"] : []),
    ];
  }
}

/** The difference for people: it takes the place of tree, order and look-ups. */
export function differenceReport(against: Against, simulation: Simulation, paint: Style): Report {
  const { difference, hadErrors } = against;
  const { created, replaced, updated, undecided, mayChange, deleted, protection, hidden } = difference;
  const all = [...simulation.resources, ...deleted];
  const remarks = new Remarks(all);
  const group = (
    title: string,
    resources: readonly RecordedResource[],
    remarksOf: (resource: RecordedResource) => string[],
    note = "",
  ): Section => [
    `${title}: ${count(resources.length, "resource")}`,
    [
      ...(resources.length > 0 && note !== "" ? wrap(note, WIDTH - 2) : []),
      ...treeLines(resources, WIDTH - 2, paint, remarksOf),
    ].map((line) => `  ${line}`),
  ];
  const changed = (title: string, list: readonly Changed[], note?: string): Section => {
    const byUrn = new Map(list.map((one) => [one.resource.urn, one]));
    const of = ({ urn }: RecordedResource) => {
      const one = byUrn.get(urn);
      return one === undefined ? [] : remarks.of(one);
    };
    return group(
      title,
      [...byUrn.values()].map(({ resource }) => resource),
      of,
      note,
    );
  };
  const left = ({ options, kind }: RecordedResource): string[] => [
    ...(options.protect === true ? ["protected"] : []),
    ...(options.retainOnDelete === true ? ["retained: AWS keeps it"] : []),
    ...(kind === "remote" ? ["children not visible"] : []),
  ];
  const made = ({ options, kind }: RecordedResource): string[] => [
    ...(options.protect === true ? ["protected"] : []),
    ...(kind === "remote" ? ["children not visible"] : []),
  ];
  const notes = [
    ...(hidden > 0 ? [`${count(hidden, "secret or file", "secrets or files")} could not be compared`] : []),
    ...(hadErrors ? ["the earlier simulation has errors: resources may be missing in it"] : []),
  ];
  const sections: Section[] = [
    problemSection(simulation.problems, paint),
    ["Refused by `pulumi up`", refusedLines(difference, all, paint)],
    group("Created", created, made),
    changed("Replaced", replaced),
    changed("Updated", updated),
    changed(
      "Update or replacement",
      undecided,
      "Not in the table of inputs that replace a resource, so nobody knows here which of the two it is.",
    ),
    changed(
      "May change",
      mayChange,
      "Inputs that are known only later, and come from other resources than before, or from new ones. If the values" +
        " differ, these are updated, or replaced where it says so.",
    ),
    group("Deleted", deleted, left),
    group("Protected from now on", protection.on, () => []),
    group("No longer protected", protection.off, () => []),
    ["Notes", notes.flatMap((note) => wrap(note, WIDTH - 2).map((line) => `  ${line}`))],
  ];
  const bad = difference.refused.length > 0 || summarize(simulation).errors > 0;
  const tone = bad ? "red" : difference.replaced.length + deleted.length > 0 ? "yellow" : "green";
  return { headline: differenceSentence(against, simulation), tone, sections };
}

export const differenceText = (against: Against, simulation: Simulation, paint: Style): string =>
  reportText(differenceReport(against, simulation, paint), paint);

const urnsOf = (resources: readonly RecordedResource[]): string[] => resources.map(({ urn }) => urn).sort();

function changedData({ resource, before, changes, forcing, open, replacedWith, mayChange }: Changed) {
  const of = (kind: Place["kind"]) => changes.filter((place) => place.kind === kind).map(({ text }) => text);
  return {
    urn: resource.urn,
    was: before.urn === resource.urn ? undefined : before.urn,
    changed: changes.map(({ text }) => text),
    replacedBy: forcing.map(({ text }) => text),
    notInTable: open.map(({ text }) => text),
    replacedWith,
    knownOnlyLater: of("later"),
    wasKnownOnlyLater: of("was later"),
    mayChange,
  };
}

/** The difference as data; the names of the fields are documented. */
export function differenceData(against: Against, simulation: Simulation): object {
  const { difference, hadErrors } = against;
  const { created, replaced, updated, undecided, mayChange, deleted, unchanged, refused, protection } = difference;
  return {
    sentence: differenceSentence(against, simulation),
    created: urnsOf(created),
    replaced: replaced.map(changedData),
    updated: updated.map(changedData),
    updatedOrReplaced: undecided.map(changedData),
    mayChange: mayChange.map(changedData),
    deleted: urnsOf(deleted),
    unchanged,
    refused: urnsOf(refused),
    protection: { on: urnsOf(protection.on), off: urnsOf(protection.off) },
    notCompared: difference.hidden,
    earlierHadErrors: hadErrors,
  };
}
