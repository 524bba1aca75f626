import { cronProblem } from "./cron";
import type { Problem } from "./problems";
import { isKnown } from "./known";
import { Checks } from "./rules";

/** How long something is kept, as it is given: by number or by age. */
export interface Period {
  count?: unknown;
  interval?: unknown;
  unit?: unknown;
}

export interface Schedule {
  everyHours?: unknown;
  startTime?: unknown;
  cron?: unknown;
}

export interface Copy {
  kmsKeyArn?: unknown;
  encrypted?: unknown;
  retain?: Period;
  deprecate?: Period;
}

/** Data Lifecycle Manager, CreateRule. */
export const HOURS = [1, 2, 3, 4, 6, 8, 12, 24];
/** Data Lifecycle Manager: 100 years are 1,200 months, 5,200 weeks, 36,500 days. */
const UNITS_A_YEAR: { [unit: string]: number } = { DAYS: 365, WEEKS: 52, MONTHS: 12, YEARS: 1 };
export const UNITS = Object.keys(UNITS_A_YEAR);
const MOST_YEARS = 100;
const MOST_DEPRECATION_YEARS = 10;
const MOST_COUNT = 1000;
const MOST_COPIES = 3;
export const DEFAULT_UNIT = "DAYS";
export const DEFAULT_COUNT = 7;

export function scheduleProblems({ everyHours, startTime, cron }: Schedule): Problem[] {
  const checks = new Checks();
  if (cron !== undefined) {
    for (const [field, given] of Object.entries({ everyHours, startTime })) {
      if (given === undefined) continue;
      checks.add({
        path: `schedule.${field}`,
        given: shown(given),
        allowed: "either cron or hours",
        fix: "Remove one",
      });
    }
    const allowed = isKnown(cron) ? (typeof cron === "string" ? cronProblem(cron) : "a text") : undefined;
    if (allowed !== undefined) {
      checks.add({
        path: "schedule.cron",
        given: cron,
        allowed,
        fix: "See EventBridge's cron expressions, e.g. cron(0 3 ? * MON-FRI *)",
      });
    }
  }
  if (isKnown(everyHours) && !HOURS.includes(everyHours as number)) {
    checks.add({
      path: "schedule.everyHours",
      given: everyHours,
      allowed: `${HOURS.slice(0, -1).join(", ")} or ${HOURS.at(-1)}`,
      fix: "Choose one of these, or give cron",
    });
  }
  if (isKnown(startTime) && !/^([01]\d|2[0-3]):[0-5]\d$/.test(String(startTime))) {
    checks.add({
      path: "schedule.startTime",
      given: startTime,
      allowed: 'a time of day in UTC such as "03:00"',
      fix: "Write hours and minutes with two digits each, quoted in YAML",
    });
  }
  return checks.problems;
}

/** Years of an age, when all of it is known and well-formed. */
function yearsOf({ interval, unit = DEFAULT_UNIT }: Period): number | undefined {
  const aYear = UNITS_A_YEAR[String(unit)];
  return typeof interval === "number" && aYear !== undefined ? interval / aYear : undefined;
}

const unitOf = ({ unit }: Period): string => (typeof unit === "string" ? unit : DEFAULT_UNIT);

const isByAge = ({ interval, unit }: Period): boolean => interval !== undefined || unit !== undefined;

/** One period alone: by number or by age, within what Data Lifecycle Manager allows. */
function periodProblems(path: string, period: Period, { byCount = true, mostYears = MOST_YEARS }): Problem[] {
  const { count, interval, unit } = period;
  const problems: Problem[] = [];
  const add = (field: keyof Period, allowed: string, fix: string) =>
    problems.push({ path: `${path}.${field}`, given: shown(period[field]), allowed, fix });
  if (count !== undefined && !byCount) add("count", "an age: copies are kept by age", "Give interval and unit");
  else if (count !== undefined && isByAge(period)) add("count", "either count or interval", "Remove one");
  else if (isKnown(count) && !isWhole(count, MOST_COUNT)) add("count", `1 to ${MOST_COUNT}`, "Give a number of images");
  if (interval === undefined && (unit !== undefined || count === undefined)) {
    add(byCount && unit === undefined ? "count" : "interval", "a number", "Set it");
  }
  if (isKnown(unit) && !UNITS.includes(unit as string)) add("unit", UNITS.join(", "), "Choose one of these");
  const aYear =
    unit === undefined ? UNITS_A_YEAR[DEFAULT_UNIT] : typeof unit === "string" ? UNITS_A_YEAR[unit] : undefined;
  if (isKnown(interval) && !isWhole(interval, mostYears * (aYear ?? Infinity))) {
    const most = aYear === undefined ? `${mostYears} years` : `${mostYears * aYear} ${unitOf(period)}`;
    add("interval", `a whole number from 1 to ${most}`, "Change it");
  }
  return problems;
}

const isWhole = (given: unknown, most: number): boolean =>
  typeof given === "number" && Number.isInteger(given) && given >= 1 && given <= most;

/** What is kept, and what of it is deprecated: by the same kind, and never longer than it is kept. */
export function retentionProblems(
  path: string,
  retain: Period,
  deprecate: Period | undefined,
  byCount = true,
): Problem[] {
  const at = (field: string) => (path === "" ? field : `${path}.${field}`);
  const problems = periodProblems(at("retain"), retain, { byCount });
  if (deprecate === undefined) return problems;
  problems.push(...periodProblems(at("deprecate"), deprecate, { byCount, mostYears: MOST_DEPRECATION_YEARS }));
  if (problems.length > 0) return problems;
  if (isByAge(deprecate) !== isByAge(retain)) {
    problems.push({
      path: at("deprecate"),
      allowed: `${isByAge(retain) ? "interval and unit" : "count"}, as in retain`,
      fix: "Deprecate by what the images are kept by",
    });
    return problems;
  }
  const [kept, old] = isByAge(retain) ? [yearsOf(retain), yearsOf(deprecate)] : [retain.count, deprecate.count];
  if (typeof kept === "number" && typeof old === "number" && old > kept) {
    const [field, unit] = isByAge(retain) ? (["interval", unitOf(retain)] as const) : (["count", "images"] as const);
    problems.push({
      path: at(`deprecate.${field}`),
      given: deprecate[field],
      allowed: `not more than what is kept (${String(retain[field])} ${unit})`,
      fix: "Lower it, or keep more",
    });
  }
  return problems;
}

/** What images in other regions are like. Data Lifecycle Manager: at most three regions. */
export function copyProblems(copies: { [region: string]: Copy }, home: unknown): Problem[] {
  const regions = Object.keys(copies);
  const checks = new Checks();
  if (regions.length > MOST_COPIES) {
    checks.add({
      path: "copies",
      given: regions.length,
      allowed: "at most 3 regions (Data Lifecycle Manager)",
      fix: "Remove some, or make another InstanceBackups for them",
    });
  }
  for (const [region, copy] of Object.entries(copies)) {
    const at = `copies["${region}"]`;
    checks.rule("region", at, region);
    if (region === home) {
      checks.add({ path: at, allowed: "regions other than the instances' own", fix: "Remove it: images are there" });
    }
    checks.add(...retentionProblems(at, copy.retain ?? {}, copy.deprecate, false));
    for (const { path, ...problem } of new Checks().keys("", { [region]: copy.kmsKeyArn }, [region]).problems) {
      checks.add({ ...problem, path: `${at}.kmsKeyArn${path.slice(`["${region}"]`.length)}` });
    }
    if (copy.encrypted === false && copy.kmsKeyArn !== undefined) {
      checks.add({ path: `${at}.encrypted`, given: false, allowed: "true with a key", fix: "Remove one of the two" });
    }
  }
  return checks.problems;
}

/** Data Lifecycle Manager, TargetTags: 1 to 50. */
export function targetProblems(tags: unknown): Problem[] {
  if (!isKnown(tags)) return [];
  const entries = Object.entries((tags ?? {}) as { [key: string]: unknown });
  if (entries.length < 1 || entries.length > 50) {
    return [
      {
        path: "targetTags",
        given: entries.length,
        allowed: "1 to 50 tags",
        fix: 'Say which instances, e.g. { backup: "daily" }',
      },
    ];
  }
  return entries.flatMap(([key, value]): Problem[] => {
    const path = `targetTags["${key}"]`;
    if (key.length < 1 || key.length > 128)
      return [{ path, allowed: "keys of 1 to 128 characters", fix: "Shorten the key" }];
    if (!isKnown(value)) return [];
    return typeof value === "string" && value.length <= 256
      ? []
      : [{ path, given: value, allowed: "a text of at most 256 characters", fix: "Shorten or quote the value" }];
  });
}

const shown = (given: unknown): unknown => (isKnown(given) ? given : undefined);
