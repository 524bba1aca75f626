import type * as cronerModule from "croner";
import { forwards } from "./cron";
import type { Problem } from "./problems";
import { matches, type Rule, within } from "./rule";
import { Checks } from "./rules";

/** The plain values of `scaling`, as far as they are known. */
export interface ScalingValues {
  requestsPerTarget?: unknown;
  steps?: StepValues[];
  schedules?: {
    name: string;
    recurrence?: unknown;
    minSize?: unknown;
    maxSize?: unknown;
    desiredCapacity?: unknown;
  }[];
}

interface StepValues {
  name: string;
  above?: unknown;
  adjustments?: { from?: unknown; to?: unknown; change?: unknown }[];
}

const NAME: Rule = {
  test: matches(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$/),
  allowed: "1 to 63 letters, digits and hyphens",
  fix: "Choose a shorter or simpler name",
};
const size: Rule = {
  test: within(0, 10_000),
  allowed: "a whole number, 0 to 10000",
  fix: "Give a number of instances",
};

const SCALING: { [field: string]: Rule } = {
  requestsPerTarget: {
    test: (value) => typeof value === "number" && value > 0,
    allowed: "a number above 0 (requests a minute per instance)",
    fix: "Give what one instance serves well",
  },
  instanceWarmup: { test: within(0, 86_400), allowed: "0 to 86400 (seconds)", fix: "Give a time in seconds" },
};

/** Limits: PutMetricAlarm, CloudWatch API. */
const STEP: { [field: string]: Rule } = {
  name: NAME,
  metricName: { test: matches(/^[^]{1,255}$/), allowed: "1 to 255 characters", fix: "Give the metric's name" },
  statistic: {
    test: matches(/^(Average|Sum|Minimum|Maximum|SampleCount)$/),
    allowed: "Average, Sum, Minimum, Maximum or SampleCount",
    fix: "Use one of them",
  },
  periodSeconds: {
    test: (value) => typeof value === "number" && (value === 10 || value === 30 || (value > 0 && value % 60 === 0)),
    allowed: "10, 30 or a multiple of 60 (seconds)",
    fix: "Give one of them",
  },
  evaluationPeriods: { test: within(1, 1440), allowed: "a whole number from 1", fix: "Give a number of periods" },
};

export const TIME_ZONE: Rule = {
  test: isTimeZone,
  allowed: "an IANA time zone such as Europe/Berlin",
  fix: "Use a name of the tz database",
};

export const RECURRENCE_FIX = "Write minute hour day month weekday, e.g. 0 6 * * MON-FRI";

const SCHEDULE: { [field: string]: Rule } = {
  name: { test: matches(/^[^:]{1,255}$/), allowed: "1 to 255 characters without colons", fix: "Choose another name" },
  minSize: size,
  maxSize: size,
  desiredCapacity: size,
  timeZone: TIME_ZONE,
};

/** Every problem of `scaling`'s plain values; `http` says whether there is a load balancer that counts requests. */
export function scalingProblems(scaling: ScalingValues | undefined, http: boolean, path = "scaling"): Problem[] {
  if (!scaling) return [];
  const checks = new Checks();
  const at = (field: string) => `${path}.${field}`;
  checks.fields(SCALING, scaling, at);
  if (scaling.requestsPerTarget !== undefined && !http) {
    checks.add({
      path: at("requestsPerTarget"),
      allowed: "only with a load balancer for HTTP, which counts them",
      fix: "Give port, and an application load balancer, or remove it",
    });
  }
  unique(checks, scaling.steps, at("steps"));
  unique(checks, scaling.schedules, at("schedules"));
  scaling.steps?.forEach((step, i) => {
    checks.fields(STEP, step, (field) => `${at("steps")}[${i}].${field}`);
    checks.add(...adjustmentProblems(step, `${at("steps")}[${i}].adjustments`));
  });
  if ((scaling.schedules?.length ?? 0) > 125) {
    checks.add({ path: at("schedules"), given: scaling.schedules?.length, allowed: "at most 125", fix: "Remove some" });
  }
  scaling.schedules?.forEach((one, i) => {
    const field = (name: string) => `${at("schedules")}[${i}].${name}`;
    checks.fields(SCHEDULE, one, field);
    const wrong = typeof one.recurrence === "string" ? recurrenceProblem(one.recurrence) : undefined;
    if (wrong) {
      checks.add({
        path: field("recurrence"),
        given: one.recurrence,
        allowed: wrong,
        fix: RECURRENCE_FIX,
      });
    }
    if ([one.minSize, one.maxSize, one.desiredCapacity].every((value) => value === undefined)) {
      checks.add({
        path: field("desiredCapacity"),
        allowed: "a size to set",
        fix: "Give a size, or remove the schedule",
      });
    }
  });
  return checks.problems;
}

function unique(checks: Checks, list: { name: string }[] | undefined, path: string): void {
  const names = (list ?? []).map(({ name }) => name);
  names.forEach((name, i) => {
    if (names.indexOf(name) === i) return;
    checks.add({ path: `${path}[${i}].name`, given: name, allowed: "each name once", fix: "Choose another name" });
  });
}

/**
 * PutScalingPolicy: ranges may neither overlap nor leave a gap, and one of them is open towards where the alarm points. Of
 * an alarm that is on below its threshold the distances are negative.
 */
function adjustmentProblems({ adjustments: list = [], above = true }: StepValues, path: string): Problem[] {
  const checks = new Checks();
  if (list.length < 1 || list.length > 20) {
    checks.add({ path, given: list.length, allowed: "1 to 20 steps", fix: "Change the list" });
    return checks.problems;
  }
  list.forEach((step, i) => {
    if (!Number.isInteger(step.change)) {
      checks.add({
        path: `${path}[${i}].change`,
        given: step.change,
        allowed: "a whole number",
        fix: "Give instances",
      });
    }
  });
  const ranges = list.map(({ from, to }) => [edge(from, -Infinity), edge(to, Infinity)] as const);
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  const rising = sorted.every(([from, to]) => from < to);
  const meeting = sorted.every(([from], i) => i === 0 || from === sorted[i - 1]?.[1]);
  const open = above ? sorted.at(-1)?.[1] === Infinity : sorted[0]?.[0] === -Infinity;
  if (!rising || !meeting || !open) {
    checks.add({
      path,
      given: ranges.map(([from, to]) => `${from} to ${to}`).join(", "),
      allowed: `ranges that meet each other, the ${above ? "highest" : "lowest"} one open`,
      fix: above
        ? "Write for example { from: 0, to: 20, change: 1 }, { from: 20, change: 3 }"
        : "Write for example { to: 0, change: -1 }",
    });
  }
  return checks.problems;
}

const edge = (value: unknown, open: number): number => (typeof value === "number" ? value : open);

/** What is wrong with a recurrence by Auto Scaling's rules: five fields of cron. */
export function recurrenceProblem(recurrence: string): string | undefined {
  const fields = recurrence.trim().split(/\s+/);
  if (fields.length !== 5) return "five cron fields";
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- programs without a schedule do not pay for it
  const { Cron } = require("croner") as typeof cronerModule;
  try {
    const options = { mode: "5-part", sloppyRanges: true, timezone: "UTC" } as const;
    return new Cron(forwards(fields, 0).join(" "), options).nextRun() ? undefined : "a time that comes again";
  } catch (error) {
    return `a valid cron expression (${(error as Error).message.replace(/^CronPattern: /, "")})`;
  }
}

function isTimeZone(value: unknown): boolean {
  if (typeof value !== "string") return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
    return true;
  } catch {
    return false;
  }
}
