import { cronProblem, scheduleProblem } from "../cron";
import type { Problem } from "../problems";
import { RECURRENCE_FIX, recurrenceProblem, TIME_ZONE } from "../scalingRules";
import { byRules, type Inputs, number, type ResourceRule, sizeProblems, text, valuesAt } from "./inputs";

const FIX = "Write for example cron(0 3 * * ? *)";

/** Expressions at a path, by what tells what is wrong with one. */
const expressions = (path: string, problemOf: (expression: string) => string | undefined, fix = FIX): ResourceRule => {
  return (inputs) =>
    valuesAt(inputs, path).flatMap(([at, given]): Problem[] => {
      const expression = text(given);
      const allowed = expression === undefined ? undefined : problemOf(expression);
      return allowed === undefined ? [] : [{ path: at, given, allowed, fix }];
    });
};

/** PutScheduledUpdateGroupAction; the provider leaves out a size of -1. */
const scheduled: ResourceRule = (inputs, region) => {
  const given: Inputs = Object.fromEntries(Object.entries(inputs).filter(([, value]) => number(value) !== -1));
  return [
    ...byRules(given, { timeZone: TIME_ZONE }),
    ...sizeProblems(given),
    ...expressions("recurrence", recurrenceProblem, RECURRENCE_FIX)(inputs, region),
  ];
};

/** EventBridge Scheduler takes a single time too. */
function onceOrOftenProblem(expression: string): string | undefined {
  const time = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression)?.[1];
  if (time === undefined) return scheduleProblem(expression);
  const read = Date.parse(`${time}Z`);
  const isReal = !Number.isNaN(read) && new Date(read).toISOString().startsWith(time);
  return isReal ? undefined : "a time that there is";
}

export const SCHEDULE_RULES: { [type: string]: ResourceRule } = {
  "aws:autoscaling/schedule:Schedule": scheduled,
  "aws:cloudwatch/eventRule:EventRule": expressions("scheduleExpression", scheduleProblem),
  "aws:scheduler/schedule:Schedule": expressions("scheduleExpression", onceOrOftenProblem),
  "aws:imagebuilder/imagePipeline:ImagePipeline": expressions("schedule.scheduleExpression", scheduleProblem),
  "aws:backup/plan:Plan": expressions("rules[].schedule", scheduleProblem),
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": expressions(
    "policyDetails.schedules[].createRule.cronExpression",
    cronProblem,
  ),
};
