import type * as cronerModule from "croner";

const HOUR = 3_600_000;
const YEAR = 366 * 24 * HOUR;

/** How many runs are looked at: enough for two months of an hourly schedule, where every field has changed. */
const RUNS = 1500;

const DLM = /^cron\(([^\n]{11,100})\)$/;
const ANY = /^cron\(([^\n]{1,256})\)$/;
const RATE = /^rate\(([1-9]\d*) (minute|hour|day)(s?)\)$/;

/** Where a service takes more than EventBridge's rules do. */
interface Dialect {
  /** `rate(1 hours)`. */
  anyPlural?: boolean;
  /** No `?` for one of the two days. */
  bothDays?: boolean;
}

/**
 * What is wrong with a schedule expression by EventBridge's rules, which other services follow. Undefined when nothing is;
 * AWS takes one whose time has passed.
 */
export function scheduleProblem(
  expression: string,
  { anyPlural = false, bothDays = false }: Dialect = {},
  from = new Date(),
): string | undefined {
  const [, value, , plural] = RATE.exec(expression) ?? [];
  if (value !== undefined) {
    return anyPlural || (value === "1") === (plural === "")
      ? undefined
      : "the unit in the singular for 1, else in the plural";
  }
  const inner = ANY.exec(expression)?.[1];
  if (inner === undefined) return "cron(MINUTE HOUR DAY MONTH WEEKDAY YEAR) or rate(VALUE UNIT)";
  const runs = runsOrProblem(inner, from, 1, bothDays);
  return typeof runs === "string" ? runs : undefined;
}

/**
 * What is wrong with a cron expression by the rules of Amazon Data Lifecycle Manager: EventBridge's six fields, at most 100
 * characters, an hour to a year from run to run. Undefined when nothing is.
 */
export function cronProblem(expression: string, from = new Date()): string | undefined {
  const inner = DLM.exec(expression)?.[1];
  if (inner === undefined) return "cron(MINUTE HOUR DAY MONTH WEEKDAY YEAR), of 11 to 100 characters inside";
  const runs = runsOrProblem(inner, from, RUNS);
  if (typeof runs === "string") return runs;
  if (runs?.length === 0) return "an expression that runs again";
  const gaps = (runs ?? []).slice(1).map((run, i) => run.getTime() - (runs?.[i] as Date).getTime());
  if (gaps.some((gap) => gap < HOUR)) return "an hour or more from run to run";
  if (gaps.some((gap) => gap > YEAR)) return "a year or less from run to run";
  return undefined;
}

/** The next runs of EventBridge's six fields, or what is wrong with them; undefined where nobody can tell. */
function runsOrProblem(inner: string, from: Date, most: number, bothDays = false): Date[] | string | undefined {
  const fields = inner.trim().split(/\s+/);
  if (fields.length !== 6) return "six fields: minute, hour, day of the month, month, day of the week, year";
  // EventBridge: one of the two days is open, the other says which.
  if (!bothDays && (fields[2] === "?") === (fields[4] === "?"))
    return "a ? for the day of the month or the day of the week, not both";
  const foreign = fields.find((field) => !/^[0-9A-Za-z*?,/#-]+$/.test(field));
  if (foreign !== undefined) return "letters, digits and , - * ? / #";
  const weekdays = (fields[4] ?? "").replace(/[#/]\d+/g, "").match(/\d+/g) ?? [];
  if (weekdays.some((day) => Number(day) < 1 || Number(day) > 7)) return "weekdays of 1 to 7, or SUN to SAT";
  // A day counted from the month's last one is more than croner reads.
  if (/^L-\d+W?$/.test(fields[2] ?? "")) return undefined;
  const runs = runsOf(fields, from, most);
  return typeof runs === "string" ? `a valid cron expression (${runs})` : runs;
}

/** The next runs, or why there can be none. */
function runsOf(fields: string[], from: Date, most: number): Date[] | string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- programs without a cron expression do not pay for it
  const { Cron } = require("croner") as typeof cronerModule;
  try {
    // EventBridge counts weekdays from 1, Sunday, and takes steps such as 0/12.
    const options = { mode: "7-part", alternativeWeekdays: true, sloppyRanges: true, timezone: "UTC" } as const;
    // An L alone is EventBridge's Saturday, the week's last day; croner wants a number before it.
    const days = fields.map((field, i) => (i === 4 && field === "L" ? "7" : field));
    return new Cron(`0 ${forwards(days, 1).join(" ")}`, options).nextRuns(most, from);
  } catch (error) {
    return (error as Error).message.replace(/^CronPattern: /, "");
  }
}

const MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const WEEKDAYS = "SUN MON TUE WED THU FRI SAT".split(" ");

/** A cron field's lowest and highest value, and its names from the lowest on. */
type Field = readonly [low: number, high: number, names?: readonly string[]];

const UP_TO_MONTHS: readonly Field[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12, MONTHS],
];

/**
 * The fields of minute, hour, day, month, weekday with ranges that go over an end, such as FRI-MON, as two: croner reads
 * none, and nothing says that AWS refuses them. `sunday` is the first day's number.
 */
export function forwards(fields: readonly string[], sunday: 0 | 1): string[] {
  const all: readonly Field[] = [...UP_TO_MONTHS, [sunday, sunday + 6, WEEKDAYS]];
  return fields.map((field, i) => {
    const rule = all[i];
    return rule === undefined
      ? field
      : field
          .split(",")
          .map((part) => forward(part, rule))
          .join(",");
  });
}

function forward(part: string, [low, high, names = []]: Field): string {
  const [, from = "", to = "", step = ""] = /^(\w+)-(\w+)(\/\d+)?$/.exec(part) ?? [];
  const [a, b] = [from, to].map((one) => {
    const named = names.indexOf(one.toUpperCase());
    return named < 0 ? Number(one) : named + low;
  }) as [number, number];
  const isOver = a > b && b >= low && a <= high;
  return isOver ? `${a}-${high}${step},${low}-${b}${step}` : part;
}
