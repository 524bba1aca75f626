import { formatProblem, type Problem } from "../../components/internal/problems";
import { Checks } from "../../components/internal/rules";
import { loadConfig } from "../../simulation/project/project";
import { UsageError } from "../../simulation/usageError";
import { parseSettings } from "../../stacks/config";
import { NAMESPACE } from "../../stacks/keys";

/** What is looked at, and where. */
export interface Place {
  line: string;
  stack: string;
  /** The home region first, where config names it. */
  regions: string[];
  home?: string;
  /** Seconds a region may take to answer. */
  timeout: number;
}

export interface Given {
  line?: string;
  stack?: string;
  region: string[];
  cwd: string;
  timeout: string;
}

const SECONDS = { low: 1, high: 600 };

/** From the options, and from the stack's config where these leave something open. Every problem at once, the caller's own too. */
export function placeOf(given: Given, command = "status", own: readonly Problem[] = []): Place {
  const checks = new Checks().rule("line", "--line", given.line).add(...own);
  given.region.forEach((region, at) => {
    checks.rule("region", "--region", region);
    if (given.region.indexOf(region) < at) {
      checks.add({ path: "--region", given: region, allowed: "each region once", fix: "Remove the second mention" });
    }
  });
  // Pulumi's own rule for the names of stacks.
  if (given.stack !== undefined && !/^[a-zA-Z0-9_.-]{1,100}$/.test(given.stack)) {
    checks.add({
      path: "--stack",
      given: given.stack,
      allowed: "1 to 100 letters, digits, hyphens, underscores and full stops",
      fix: "Give the stack's name alone, without organisation and project",
    });
  }
  const timeout = Number(given.timeout);
  if (!Number.isInteger(timeout) || timeout < SECONDS.low || timeout > SECONDS.high) {
    checks.add({
      path: "--timeout",
      given: given.timeout,
      allowed: `a whole number of ${SECONDS.low} to ${SECONDS.high} (seconds)`,
      fix: "Change it, or leave it out for 30",
    });
  }
  const isWhole = given.line !== undefined && given.stack !== undefined && given.region.length > 0;
  const problems = checks.problems.map(formatProblem);
  // A stack's name that is none has no file either: one problem is enough.
  const hasStack = !checks.problems.some(({ path }) => path === "--stack");
  const found = isWhole || !hasStack ? {} : fromConfig(given, problems);
  const regions = given.region.length > 0 ? given.region : (found.regions ?? []);
  const place = { line: given.line ?? found.line ?? "", stack: given.stack ?? found.stack ?? "", regions, timeout };
  if (problems.length === 0) {
    const home = found.regions?.[0];
    return { ...place, ...(home !== undefined && regions.includes(home) && { home }) };
  }
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  throw new UsageError([`ami-lifecycle ${command}: ${count}`, ...problems.map((text) => `  - ${text}`)].join("\n"));
}

interface Found {
  line?: string;
  stack?: string;
  regions?: string[];
}

/** What the stack's config says of what the options leave open. */
function fromConfig(given: Given, problems: string[]): Found {
  try {
    const { config, stack, project } = loadConfig(given.cwd, given.stack);
    const { settings, problems: all } = parseSettings({ values: config, stack, project: project.name });
    const isOurs = Object.keys(config).some((key) => key.startsWith(`${NAMESPACE}:`));
    const wanted = [
      ...(given.line === undefined ? [`${NAMESPACE}:line`] : []),
      ...(given.region.length === 0 ? ["aws:region", `${NAMESPACE}:copyTo`] : []),
    ];
    if (given.line === undefined && !isOurs) {
      problems.push(`--line: ${stack}'s config has no ${NAMESPACE}:line. Give the name of the line.`);
    }
    const home = settings.region || process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || "";
    for (const problem of all) {
      const [key = ""] = problem.path.split("[");
      if (wanted.includes(key) && !(key === "aws:region" && settings.region === "" && home !== "")) {
        problems.push(formatProblem(problem));
      }
    }
    const copyTo = Array.isArray(settings.copyTo) ? settings.copyTo : [];
    return { stack, ...(isOurs && { line: settings.line }), regions: home === "" ? [] : [home, ...copyTo] };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const missing = [
      ...(given.line === undefined ? ["--line"] : []),
      ...(given.stack === undefined ? ["--stack"] : []),
      ...(given.region.length === 0 ? ["--region"] : []),
    ];
    problems.push(`${error.message} Without it, give ${missing.join(", ")}, too.`);
    return {};
  }
}
