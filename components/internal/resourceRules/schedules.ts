import { cronProblem, scheduleProblem } from "../cron";
import type { Problem } from "../problems";
import type { Rule } from "../rule";
import { RECURRENCE_FIX, recurrenceProblem, TIME_ZONE } from "../scalingRules";
import { byRules, type Inputs, number, type ResourceRule, sizeProblems, text, valuesAt } from "./inputs";

/** An example of what seems to be meant. */
function fixOf(expression: string): string {
  if (expression.startsWith("rate")) return "Write for example rate(1 day) or rate(5 minutes)";
  if (expression.startsWith("at")) return "Write at(2030-01-31T03:00:00), which EventBridge Scheduler alone takes";
  return "Write for example cron(0 3 * * ? *)";
}

/** Expressions at a path, by what tells what is wrong with one. */
const expressions = (
  path: string,
  problemOf: (expression: string) => string | undefined,
  fix = fixOf,
): ResourceRule => {
  return (inputs) =>
    valuesAt(inputs, path).flatMap(([at, given]): Problem[] => {
      const expression = text(given);
      const allowed = expression === undefined ? undefined : problemOf(expression);
      return allowed === undefined ? [] : [{ path: at, given, allowed, fix: fix(expression ?? "") }];
    });
};

/** Whether a day has the time: not every month has 31 of them. */
function isReal(time: string): boolean {
  const read = Date.parse(`${time}Z`);
  return !Number.isNaN(read) && new Date(read).toISOString().startsWith(time);
}

/** The provider's schema of `aws_autoscaling_schedule`: Go reads an hour of one digit, and a fraction of a second too. */
const TIME: Rule = {
  test: (value) => {
    const [, day = "", hour = "", rest = ""] =
      /^(\d{4}-\d\d-\d\d)T(\d{1,2})(:\d\d:\d\d)([.,]\d+)?Z$/.exec(String(value)) ?? [];
    return isReal(`${day}T${hour.padStart(2, "0")}${rest}`);
  },
  allowed: "a time in UTC such as 2026-12-31T08:00:00Z",
  fix: "Write YYYY-MM-DDThh:mm:ssZ",
};

/** PutScheduledUpdateGroupAction; the provider leaves out a size of -1. */
const scheduled: ResourceRule = (inputs, region) => {
  const given: Inputs = Object.fromEntries(Object.entries(inputs).filter(([, value]) => number(value) !== -1));
  return [
    ...byRules(given, { timeZone: TIME_ZONE, startTime: TIME, endTime: TIME }),
    ...sizeProblems(given),
    ...expressions("recurrence", recurrenceProblem, () => RECURRENCE_FIX)(inputs, region),
  ];
};

/** EventBridge Scheduler takes a single time too. */
function onceOrOftenProblem(expression: string): string | undefined {
  const time = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression)?.[1];
  // The first example of its own documentation is `rate(1 hours)`.
  if (time === undefined) return scheduleProblem(expression, { anyPlural: true });
  return isReal(time) ? undefined : "a time that there is";
}

export const SCHEDULE_RULES: { [type: string]: ResourceRule } = {
  "aws:autoscaling/schedule:Schedule": scheduled,
  "aws:cloudwatch/eventRule:EventRule": expressions("scheduleExpression", (one) => scheduleProblem(one)),
  "aws:scheduler/schedule:Schedule": expressions("scheduleExpression", onceOrOftenProblem),
  // Image Builder's own example is cron(0 0 * * SUN *).
  "aws:imagebuilder/imagePipeline:ImagePipeline": expressions("schedule.scheduleExpression", (one) =>
    scheduleProblem(one, { bothDays: true }),
  ),
  "aws:backup/plan:Plan": expressions("rules[].schedule", (one) => scheduleProblem(one)),
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": expressions("policyDetails.schedules[].createRule.cronExpression", (one) =>
    cronProblem(one),
  ),
};
