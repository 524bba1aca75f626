import { loadScenario, type Outcome } from "./scenario";
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
  json: boolean;
}

type Output = (simulation: Simulation) => string;

/**
 * Loads what the output needs, and gives the function that makes it: all of it at once, so that a wrong `--fail` is found
 * before anything is written. To be called before the program runs, which may leave the process in any state.
 */
export async function loadOutput(options: Options, project: { name: string; stack: string }): Promise<Output> {
  const { fail, against, scenario, json } = options;
  const asked = [
    fail.length > 0 && "--fail",
    // What a change costs is asked with both.
    against !== undefined && !options.cost && "--against",
    scenario !== undefined && "--scenario",
    options.timeline && "--timeline",
    options.cost && "--cost",
  ];
  const together = asked.filter((option) => typeof option === "string");
  if (together.length > 1) throw new UsageError(`${together.join(" and ")} cannot go together.`);
  const seconds = assumed(options.assume);
  if (options.cost) return outcomeOutput("cost", await loadCost(options, project), json);
  if (against !== undefined) return loadDifference(against, json, project);
  if (scenario !== undefined) return outcomeOutput("scenario", await loadScenario(scenario, seconds), json);
  if (options.timeline) return outcomeOutput("timeline", await loadTimeline(seconds), json);
  const { failureOf } = fail.length > 0 ? await import("./failure") : {};
  const { failureData, failureText } = fail.length > 0 ? await import("./failure/report") : {};
  if (json) {
    const { toJson } = await import("./json");
    return (simulation) => {
      const failure = failureOf?.(simulation, fail);
      return toJson(simulation, failure && { failure: failureData?.(failure, simulation) });
    };
  }
  const [{ toText }, { style }] = await Promise.all([import("./report"), import("./text")]);
  return (simulation) => {
    const paint = style(process.stdout.isTTY && !process.env.NO_COLOR);
    const failure = failureOf?.(simulation, fail);
    return failure && failureText ? failureText(failure, simulation, paint) : toText(simulation, paint);
  };
}

async function loadTimeline(seconds: Seconds): Promise<(simulation: Simulation) => Outcome> {
  const [{ timelineOf }, { timelineText, timelineData }] = await Promise.all([
    import("./time/timeline"),
    import("./time/report"),
  ]);
  return (simulation) => {
    const timeline = timelineOf(simulation, seconds);
    return {
      text: (paint) => timelineText(timeline, simulation, seconds, paint),
      data: () => timelineData(timeline, seconds),
    };
  };
}

async function loadCost(
  { usage: given = [], against }: Options,
  project: { name: string; stack: string },
): Promise<(simulation: Simulation) => Outcome> {
  const [{ costOf }, { costText, costData }, { usageOf }] = await Promise.all([
    import("./cost"),
    import("./cost/report"),
    import("./cost/usage"),
  ]);
  const usage = usageOf(given);
  const { readEarlier } = await import("./difference/earlier");
  const earlier = against === undefined ? undefined : readEarlier(against, project);
  return (simulation) => {
    const cost = costOf(simulation, usage);
    const before = earlier && costOf({ resources: earlier.resources }, usage);
    return {
      text: (paint) => costText(cost, before, simulation, paint),
      data: () => costData(cost, before),
    };
  };
}

/** What was asked for in place of the plain report: as text by itself, as data beside all else. */
async function outcomeOutput(
  key: "scenario" | "timeline" | "cost",
  play: (simulation: Simulation) => Outcome,
  json: boolean,
): Promise<Output> {
  const [{ toJson }, { style }] = await Promise.all([import("./json"), import("./text")]);
  return (simulation) => {
    const { text, data } = play(simulation);
    if (json) return toJson(simulation, { [key]: data() });
    return text(style(process.stdout.isTTY && !process.env.NO_COLOR));
  };
}

async function loadDifference(file: string, json: boolean, project: { name: string; stack: string }): Promise<Output> {
  const { readEarlier } = await import("./difference/earlier");
  const earlier = readEarlier(file, project);
  const { againstOf, differenceData, differenceText } = await import("./difference/report");
  const [{ toJson }, { style }] = await Promise.all([import("./json"), import("./text")]);
  return (simulation) => {
    const against = againstOf(earlier, simulation);
    if (json) return toJson(simulation, { against: differenceData(against, simulation) });
    return differenceText(against, simulation, style(process.stdout.isTTY && !process.env.NO_COLOR));
  };
}
