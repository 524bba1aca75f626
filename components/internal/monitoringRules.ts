import type { Problem } from "./problems";
import { matches, type Rule } from "./rule";
import { Checks } from "./rules";

const above0 = (most: number) => (value: unknown) => typeof value === "number" && value > 0 && value <= most;

const FIELDS: { [field: string]: Rule } = {
  errorPercent: { test: above0(100), allowed: "above 0, to 100 (percent)", fix: "Give a percentage" },
  latencySeconds: { test: above0(3600), allowed: "above 0 (seconds)", fix: "Give a time in seconds" },
  topicArn: {
    test: matches(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/),
    allowed: "a topic's ARN, arn:aws:sns:REGION:ACCOUNT:NAME",
    fix: "Give the ARN that `aws sns list-topics` shows",
  },
};

/** How many alarms a fleet makes at most: they count towards the ten of a rollout. */
const OWN_ALARMS = 3;

/** Every problem of `monitoring`'s plain values. */
export function monitoringProblems(given: { alarms?: unknown }, port: unknown, alarmNames: unknown): Problem[] {
  const checks = new Checks().fields(FIELDS, given, (field) => `monitoring.${field}`);
  if (given.alarms !== true) return checks.problems;
  if (port === undefined) {
    checks.add({
      path: "monitoring.alarms",
      given: true,
      allowed: "only with a load balancer, whose targets they watch",
      fix: "Give port, or name alarms of your own in rollout.alarmNames",
    });
  }
  if (Array.isArray(alarmNames) && alarmNames.length <= 10 && alarmNames.length + OWN_ALARMS > 10) {
    checks.add({
      path: "rollout.alarmNames",
      given: alarmNames.length,
      allowed: `at most ${10 - OWN_ALARMS} beside the fleet's own ${OWN_ALARMS} (StartInstanceRefresh takes 10)`,
      fix: "Join alarms into a composite alarm",
    });
  }
  return checks.problems;
}
