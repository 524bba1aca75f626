import type { More } from "./json";
import { loadScenario } from "./scenario";
import type { Outcome } from "./scenario/outcome";
import type { Report } from "./report";
import { count, summarize } from "./summary";
import type { Table } from "./table";
import type { Style } from "./text";
import { assumed, type Seconds } from "./time/assumptions";
import type { Simulation } from "./types";
import { UsageError } from "./usageError";

interface Options {
  /** What `--fail` names. */
  fail: readonly string[];
  /** The file that `--against` names. */
  against?: string | undefined;
  /** `NAME=VALUE` of `--scenario`. */
  scenario?: string | undefined;
  /** `NAME=SECONDS` of each `--assume`. */
  assume: readonly string[];
  timeline?: boolean | undefined;
  cost?: boolean | undefined;
  /** `NAME=NUMBER` of each `--usage`. */
  usage?: readonly string[] | undefined;
  /** The file that `--report` names. */
  report?: string | undefined;
  json: boolean;
  markdown?: boolean | undefined;
  /** Most characters of the Markdown. */
  limit?: string | undefined;
}

/** What one question comes to: for people, for programs, and the head of its Markdown. */
interface Answer {
  report: (paint: Style) => Report;
  /** What the data has besides the simulation. */
  data: () => More;
  table: () => Table;
}

type Output = (simulation: Simulation) => string;

/**
 * Loads what the output needs, and gives the function that makes it: all of it at once, so that a wrong `--fail` is found
 * before anything is written. To be called before the program runs, which may leave the process in any state.
 */
export async function loadOutput(options: Options, project: { name: string; stack: string }): Promise<Output> {
  const { fail, against, scenario, json, markdown = false } = options;
  refuseTogether({
    "--fail": fail.length > 0,
    // What a change costs is asked with both.
    "--against": against !== undefined && !options.cost,
    "--scenario": scenario !== undefined,
    "--timeline": options.timeline ?? false,
    "--cost": options.cost ?? false,
  });
  refuseTogether({ "--json": json, "--markdown": markdown });
  // The page is of a program that goes through.
  refuseTogether({ "--report": options.report !== undefined, "--fail": fail.length > 0 });
  refuseTogether({ "--report": options.report !== undefined, "--scenario": scenario !== undefined });
  if ((options.usage ?? []).length > 0 && !options.cost && options.report === undefined) {
    throw new UsageError("--usage goes with --cost or --report only.");
  }
  const answerOf = await loadAnswer(options, project);
  if (json) {
    const { toJson } = await import("./json");
    return (simulation) => toJson(simulation, answerOf(simulation).data());
  }
  const [{ reportText }, { style }] = await Promise.all([import("./report"), import("./text")]);
  if (markdown) {
    const { limitOf, toMarkdown } = await import("./markdown");
    const limit = limitOf(options.limit);
    return (simulation) => {
      const { report, table } = answerOf(simulation);
      return toMarkdown(simulation, report(style(false)), table(), limit);
    };
  }
  if (options.limit !== undefined) throw new UsageError("--limit goes with --markdown only.");
  return (simulation) => {
    const paint = style(process.stdout.isTTY && !process.env.NO_COLOR);
    return reportText(answerOf(simulation).report(paint), paint);
  };
}

type Ask = (simulation: Simulation) => Outcome;

async function loadTimeline(seconds: Seconds): Promise<Ask> {
  const [{ timelineOf }, { timelineOutcome }] = await Promise.all([import("./time/timeline"), import("./time/report")]);
  return (simulation) => timelineOutcome(timelineOf(simulation, seconds), simulation, seconds);
}

async function loadCost(
  { usage: given = [], against }: Options,
  project: { name: string; stack: string },
): Promise<Ask> {
  const [{ costOf }, { costOutcome }, { usageOf }, { asRecorded, readEarlier }] = await Promise.all([
    import("./cost"),
    import("./cost/report"),
    import("./cost/usage"),
    import("./difference/earlier"),
  ]);
  const usage = usageOf(given);
  const before = against === undefined ? undefined : costOf(asRecorded(readEarlier(against, project)), usage);
  return (simulation) => costOutcome(costOf(simulation, usage), before, simulation);
}

/** No answer about a program with errors is the whole one. */
function ofUnfinished(simulation: Simulation, report: Report): Report {
  const { errors } = summarize(simulation);
  if (errors === 0) return report;
  const headline = `${report.headline}; but the program has ${count(errors, "error")}: \`pulumi up\` does not come to this, and what they kept from being made is left out`;
  return { ...report, headline, tone: "red" };
}

/** What is asked in place of the plain report: its data is beside all else, under a key of its own. */
const under =
  (key: "scenario" | "timeline" | "cost", ask: Ask) =>
  (simulation: Simulation): Answer => {
    const { report, data, table } = ask(simulation);
    return { report: (paint) => ofUnfinished(simulation, report(paint)), table, data: () => ({ [key]: data() }) };
  };

function refuseTogether(given: { [option: string]: boolean }): void {
  const together = Object.keys(given).filter((option) => given[option]);
  if (together.length > 1) throw new UsageError(`${together.join(" and ")} cannot go together.`);
}

async function loadAnswer(
  options: Options,
  project: { name: string; stack: string },
): Promise<(simulation: Simulation) => Answer> {
  const { fail, against, scenario } = options;
  const seconds = assumed(options.assume);
  if (options.cost) return under("cost", await loadCost(options, project));
  if (against !== undefined) return loadDifference(against, project);
  if (scenario !== undefined) return under("scenario", await loadScenario(scenario, seconds));
  if (options.timeline) return under("timeline", await loadTimeline(seconds));
  if (fail.length > 0) return loadFailure(fail);
  const { simulationReport } = await import("./report");
  const { simulationTable } = await import("./markdown/tables");
  return (simulation) => ({
    report: (paint) => simulationReport(simulation, paint),
    data: () => ({}),
    table: () => simulationTable(simulation),
  });
}

async function loadFailure(fail: readonly string[]): Promise<(simulation: Simulation) => Answer> {
  const [{ failureOf }, { failureData, failureReport }, { failureTable }] = await Promise.all([
    import("./failure"),
    import("./failure/report"),
    import("./markdown/tables"),
  ]);
  return (simulation) => {
    const failure = failureOf(simulation, fail);
    return {
      report: (paint) => failureReport(failure, simulation, paint),
      data: () => ({ failure: failureData(failure, simulation) }),
      table: () => failureTable(failure),
    };
  };
}

async function loadDifference(
  file: string,
  project: { name: string; stack: string },
): Promise<(simulation: Simulation) => Answer> {
  const { readEarlier } = await import("./difference/earlier");
  const earlier = readEarlier(file, project);
  const [{ againstOf, differenceData, differenceReport }, { differenceTable }] = await Promise.all([
    import("./difference/report"),
    import("./markdown/tables"),
  ]);
  return (simulation) => {
    const against = againstOf(earlier, simulation);
    return {
      report: (paint) => differenceReport(against, simulation, paint),
      data: () => ({ against: differenceData(against, simulation) }),
      table: () => differenceTable(against),
    };
  };
}
