import { problemSection, type Report, type Section, WIDTH } from "../report";
import type { Outcome } from "../scenario/outcome";
import { count } from "../summary";
import type { Table } from "../table";
import { clock, lastPart, type Style, wrap } from "../text";
import type { Simulation } from "../types";
import { assumptionLines, assumptionsIn } from "./assumptionLines";
import type { Seconds } from "./assumptions";
import { longPhases, shownItems, shownPhases, sourcesOf, type Timed, type Timeline } from "./timeline";

/** Cells of a bar. */
const BAR = 30;

/** `everything is made after 20:15, web-live after 18:10`. */
export function timelineSentence({ seconds, live }: Timeline): string {
  const lives = live.map((one) => `, ${one.name} after ${clock(one.seconds)}`);
  return `everything is made after ${clock(seconds)}${lives.join("")}`;
}

function bar(start: number, end: number, all: number): string {
  const cell = (second: number) => (all === 0 ? 0 : Math.round((second / all) * BAR));
  const from = Math.min(cell(start), BAR - 1);
  const to = Math.max(from + 1, cell(end));
  return " ".repeat(from) + "█".repeat(to - from) + " ".repeat(BAR - to);
}

const limitText = (limitSeconds: number | undefined): string =>
  limitSeconds === undefined ? "" : ` ≤ ${Math.round(limitSeconds / 60)}m`;

/** `imageBoots 2:30 ≤ 20m, creation 0:05`, without the calls that take no time to speak of, unless there is nothing else. */
const phaseText = (item: Timed, seconds: Seconds): string =>
  shownPhases(item, seconds)
    .map(({ what, seconds: length, limitSeconds }) => `${what} ${clock(length)}${limitText(limitSeconds)}`)
    .join(", ");

function barLines(timeline: Timeline, seconds: Seconds, paint: Style): string[] {
  const shown = shownItems(timeline, seconds);
  const lines = shown.flatMap((item) => {
    const { start, end, resource, isCritical } = item;
    const mark = isCritical ? "*" : " ";
    const blocks = bar(start, end, timeline.seconds);
    const head = `  ${clock(start).padStart(5)} – ${clock(end).padStart(5)} ${mark} `;
    const room = WIDTH - head.length - BAR - 1;
    const title = `${resource.name} ${lastPart(resource.type)}`;
    const [first = "", ...rest] = wrap(`${title}  ${phaseText(item, seconds)}`.trimEnd(), room);
    const indent = " ".repeat(head.length + BAR + 1);
    return [
      `${head}${isCritical ? paint.yellow(blocks) : paint.cyan(blocks)} ${first}`,
      ...rest.map((line) => `${indent}${line}`),
    ];
  });
  const others = timeline.items.length - shown.length;
  const rest =
    others === 0 ? [] : [`  and ${count(others, "resource")} of ${seconds.callSeconds} s a call beside them`];
  return [...lines, ...rest];
}

function rolloutLines({ rollouts }: Timeline): string[] {
  return rollouts.flatMap(
    ({ fleet, region, instances, batch, batches, batchSeconds, drainSeconds, pauseSeconds, seconds, limitSeconds }) => {
      const where = region === undefined ? "" : ` in ${region}`;
      const pauses = pauseSeconds === 0 ? "" : `, ${clock(pauseSeconds)} of checkpoints and bake time`;
      const drain = drainSeconds === 0 ? "" : `, ${clock(drainSeconds)} to drain`;
      const late = seconds > limitSeconds ? "; THE GATE GIVES UP BEFORE THAT" : "";
      const how = `${count(instances, "instance")}, ${count(batches, "batch", "batches")} of ${batch} at ${clock(batchSeconds)}${drain}${pauses}`;
      const sentence = `${fleet}${where}: ${clock(seconds)} (${how}), limit ${Math.round(limitSeconds / 60)} min${late}`;
      return wrap(sentence, WIDTH - 4).map((line, at) => `  ${at === 0 ? "- " : "  "}${line}`);
    },
  );
}

const SAID =
  "All goes well, and nothing waits but for what it needs: copies go side by side, and Pulumi runs as many calls at once as there are.";

function timelineReport(timeline: Timeline, simulation: Simulation, seconds: Seconds, paint: Style): Report {
  const used = assumptionsIn(sourcesOf(timeline));
  const sections: Section[] = [
    problemSection(simulation.problems, paint),
    [
      "Timeline of the first `pulumi up` (* critical path; gate or creation, ≤ limit)",
      barLines(timeline, seconds, paint),
    ],
    ["Rollout of the next version", rolloutLines(timeline)],
    [
      "Assumed (--assume NAME=SECONDS changes one)",
      [...assumptionLines(used, seconds), ...wrap(SAID, WIDTH - 2).map((line) => `  ${line}`)],
    ],
  ];
  return {
    headline: `${simulation.stack}: ${timelineSentence(timeline)}`,
    tone: "green",
    sections,
  };
}

/** The timeline as data; the names of the fields are documented. */
function timelineData({ items, seconds, live, rollouts }: Timeline, assumed: Seconds): object {
  return {
    seconds,
    live,
    resources: items.map(({ resource: { urn }, start, end, isCritical, phases }) => ({
      ...{ urn, startSeconds: start, endSeconds: end, critical: isCritical },
      phases: phases.map(({ what, start: begun, end: done, from, limitSeconds }) => ({
        ...{ what, startSeconds: begun, endSeconds: done, from, limitSeconds },
      })),
    })),
    rollouts,
    assumedSeconds: assumed,
  };
}

/** What a cell of Markdown says of each resource that takes longer than a call. */
function timelineTable({ items, live }: Timeline, seconds: Seconds): Table {
  const shown = items.filter((item) => longPhases(item, seconds).length > 0);
  return {
    head: ["what", "from", "to", "gates and creation"],
    rows: [
      ...shown.map((item) => [
        `${item.resource.name} ${lastPart(item.resource.type)}${item.isCritical ? " (critical)" : ""}`,
        clock(item.start),
        clock(item.end),
        phaseText(item, seconds),
      ]),
      ...live.map(({ name, seconds: end }) => [`${name} is live`, "", clock(end), ""]),
    ],
  };
}

export const timelineOutcome = (timeline: Timeline, simulation: Simulation, seconds: Seconds): Outcome => ({
  report: (paint) => timelineReport(timeline, simulation, seconds, paint),
  data: () => timelineData(timeline, seconds),
  table: () => timelineTable(timeline, seconds),
});
