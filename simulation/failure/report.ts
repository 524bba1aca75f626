import { problemSection, type Report, reportText, type Section, WIDTH } from "../report";
import { count } from "../summary";
import { lastPart, wrap, type Style } from "../text";
import { treeLines } from "../tree";
import type { RecordedResource, Simulation } from "../types";
import { CREATION, gateHooks } from "./endings";
import type { Failure, FailureAt } from "./index";

type Failed = Failure["failed"][number];

function places(endings: readonly FailureAt[]): string {
  return endings.map(({ at }) => (at === CREATION ? "its creation" : at)).join(" or ");
}

/** The name; with the type where components or other resources share it. */
function title({ name, type, urn }: RecordedResource, simulation: Simulation): string {
  const isShared = simulation.resources.some((other) => other.name === name && other.urn !== urn);
  return isShared ? `${name} (${lastPart(type)})` : name;
}

/** `web-live fails at rolloutFinished: 15 exist, 1 does not, 2 either way`. */
export function failureSentence(failure: Failure, simulation: Simulation): string {
  const who = failure.failed
    .filter(({ reached }) => reached)
    .map(({ resource, endings }) => `${title(resource, simulation)} fails at ${places(endings)}`);
  const [exist, not, either] = [failure.exists.length, failure.missing.length, failure.either.length];
  return `${who.join(", ")}: ${exist} exist${exist === 1 ? "s" : ""}, ${not} do${not === 1 ? "es" : ""} not, ${either} either way`;
}

/** Breaks sentences, and never commands: those are for copying. */
export function itemLines(items: readonly string[], indent: string): string[] {
  return items.flatMap((item) => {
    if (item.startsWith("  ")) return [indent + item];
    return wrap(item, WIDTH - indent.length - 2).map((line, at) => `${indent}${at === 0 ? "- " : "  "}${line}`);
  });
}

function endingSections({ resource, endings, reached }: Failed, simulation: Simulation): Section[] {
  const name = title(resource, simulation);
  if (!reached) return [[name, ["  Its turn never comes: it needs something that fails before."]]];
  return endings.map((ending): Section => {
    const at = `${name} at ${places([ending])}`;
    return [
      at,
      ["  What is left:", ...itemLines(ending.left, "    "), "  How to go on:", ...itemLines(ending.next, "    ")],
    ];
  });
}

/** What the next run does: whatever had to pass is asked again, and then nothing is left out. */
function nextRun({ failed, missing, either }: Failure): string {
  const most = missing.length + either.length;
  const what = `${either.length > 0 ? `${missing.length} to ` : ""}${count(most, "resource")}`;
  const asked = failed
    .filter(({ endings }) => endings.some(({ at }) => at !== CREATION))
    .flatMap(({ resource }) => gateHooks(resource)[missing.includes(resource) ? "create" : "update"].map(lastPart));
  const again = asked.length > 0 ? `It asks ${[...new Set(asked)].join(" and ")} again. ` : "";
  return `${again}Once nothing fails any more, it makes the ${what} that ${most === 1 ? "is" : "are"} missing.`;
}

/** What a failure leaves, for people. */
export function failureReport(failure: Failure, simulation: Simulation, paint: Style): Report {
  const sections = [problemSection(simulation.problems, paint), ...failureSections(failure, simulation, paint)];
  return { headline: failureSentence(failure, simulation), tone: "red", sections };
}

/** The endings, the next run, and what there is then; scenarios that end in a failure say it the same way. */
export function failureSections(failure: Failure, simulation: Simulation, paint: Style): Section[] {
  const { failed, exists, missing, either } = failure;
  const reached = failed.filter((one) => one.reached);
  const fails = new Map(reached.map(({ resource, endings }) => [resource.urn, `fails at ${places(endings)}`]));
  const notes = ({ urn, kind }: RecordedResource): string[] => [
    ...(kind === "remote" ? ["children not visible"] : []),
    ...(fails.has(urn) ? [fails.get(urn) ?? ""] : []),
  ];
  const group = (name: string, resources: readonly RecordedResource[], ...remarks: string[]): Section => [
    `${name}: ${count(resources.length, "resource")}`,
    [
      ...(resources.length > 0 ? remarks : []).flatMap((remark) => wrap(remark, WIDTH - 2)),
      ...treeLines(resources, WIDTH - 2, paint, notes),
    ].map((line) => `  ${line}`),
  ];
  return [
    ...failed.flatMap((one) => endingSections(one, simulation)),
    ["The next `pulumi up`", wrap(nextRun(failure), WIDTH - 2).map((line) => `  ${line}`)],
    group("Exist for certain", exists),
    group("Not made", missing),
    group(
      "Made or not",
      either,
      "These do not need what fails: those done or under way by then exist, the others are not started." +
        " With `pulumi up --continue-on-error` all of them are made.",
    ),
  ];
}

export const failureText = (failure: Failure, simulation: Simulation, paint: Style): string =>
  reportText(failureReport(failure, simulation, paint), paint);

/** The failure as data; the names of the fields are documented. */
export function failureData(failure: Failure, simulation: Simulation): object {
  const urns = (resources: readonly RecordedResource[]) => resources.map(({ urn }) => urn).sort();
  return {
    sentence: failureSentence(failure, simulation),
    failed: failure.failed.map(({ resource: { urn, name }, reached, endings }) => ({
      ...{ urn, name, reached },
      endings: endings.map(({ at, hook, leftover, left, next }) => ({ at, hook, leftover, left, next })),
    })),
    exists: urns(failure.exists),
    missing: urns(failure.missing),
    either: urns(failure.either),
  };
}
