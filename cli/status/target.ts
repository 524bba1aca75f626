import { formatProblem, type Problem } from "../../components/internal/problems";
import { Checks, RULES } from "../../components/internal/rules";
import { loadConfig } from "../../simulation/project/project";
import { UsageError } from "../../simulation/usageError";
import { parseSettings } from "../../stacks/config";
import { NAMESPACE } from "../../stacks/keys";

/** What is asked for, and where; the home region first. */
export interface Target {
  line: string;
  stack: string;
  regions: string[];
}

export interface Given {
  line?: string;
  stack?: string;
  regions: string[];
  cwd: string;
}

/**
 * Line, stack and regions: what is given wins, the rest is the stack's config. With all three given no project is
 * needed; every problem is told at once.
 */
export function targetOf(given: Given): Target {
  const { line, stack, regions } = given;
  const whole = line !== undefined && stack !== undefined && regions.length > 0;
  const target = whole ? { line, stack, regions } : fromConfig(given);
  const problems = problemsOf(target);
  if (problems.length === 0) return { ...target, regions: [...new Set(target.regions)] };
  throw new UsageError(["It cannot be asked:", ...problems.map((one) => `  - ${formatProblem(one)}`)].join("\n"));
}

function fromConfig({ line, stack: named, regions, cwd }: Given): Target {
  const { config, stack, project } = loadConfig(cwd, named);
  const { settings } = parseSettings({ values: config, stack, project: project.name });
  const isOurs = Object.keys(config).some((key) => key.startsWith(`${NAMESPACE}:`));
  const home = settings.region === "" ? [] : [settings.region];
  return {
    // A program of one's own has lines that its config does not tell.
    line: line ?? (isOurs ? settings.line : ""),
    stack,
    regions: regions.length > 0 ? regions : [...home, ...settings.copyTo],
  };
}

function problemsOf({ line, stack, regions }: Target): Problem[] {
  const checks = new Checks();
  if (line === "") {
    checks.add({ path: "--line", allowed: "the line's name", fix: "Its stack's config does not tell: give --line" });
  } else checks.rule("line", "--line", line);
  if (stack.includes("/")) {
    const fix = "Without organisation and project";
    checks.add({ path: "--stack", given: stack, allowed: "the stack's name alone", fix });
  }
  if (regions.length === 0) {
    checks.add({
      path: "--region",
      allowed: "a region",
      fix: "Give --region, or set aws:region in the stack's config",
    });
  }
  for (const region of regions) {
    if (!RULES.region.test(region)) checks.rule("region", "--region", region);
  }
  return checks.problems;
}
