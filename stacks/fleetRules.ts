import { suggest } from "../components/internal/nearest";
import type { Problem } from "../components/internal/problems";
import { Checks, RULES } from "../components/internal/rules";
import { fleetNetworkProblems } from "../components/internal/networkRules";
import { autoScalingFleetProblems } from "../components/internal/fleetRules";
import { fleetArgs } from "./fleetArgs";
import type { Settings } from "./settings";

/** The fields of each nested key: a misspelt one would be lost without a word. */
const FIELDS = {
  network: ["cidrBlock", "zones", "nat"],
  loadBalancer: [
    ...["type", "certificateArn", "sslPolicy", "internal", "ingressCidrs", "accessLogs", "accessLogsBucket"],
    ...[
      "accessLogsPrefix",
      "deletionProtection",
      "idleTimeout",
      "deregistrationDelay",
      "slowStart",
      "healthCheck",
      "rules",
    ],
  ],
  monitoring: ["alarms", "errorPercent", "latencySeconds", "topicArn", "dashboard"],
  mixedInstances: [
    ...["instanceTypes", "onDemandBaseCapacity", "onDemandPercentageAboveBaseCapacity", "onDemandAllocationStrategy"],
    "spotAllocationStrategy",
  ],
  warmPool: ["minSize", "maxGroupPreparedCapacity", "poolState", "reuseOnScaleIn"],
  scaling: ["requestsPerTarget", "instanceWarmup", "steps", "schedules"],
  rollout: [
    ...["minHealthyPercentage", "maxHealthyPercentage", "instanceWarmup", "autoRollback", "checkpointPercentages"],
    ...["checkpointDelay", "bakeTime", "alarmNames", "keepTemplateVersions"],
  ],
} as const;

const ORDERS = ["home-first", "home-last", "together"];

/** What is wrong with the keys that make a fleet: the components' own rules, under the names of config. */
export function fleetProblems(settings: Settings, at: (key: string) => string): Problem[] {
  const checks = new Checks();
  for (const [key, fields] of Object.entries(FIELDS) as [keyof typeof FIELDS, readonly string[]][]) {
    for (const field of Object.keys(settings[key] ?? {})) {
      if (fields.includes(field)) continue;
      checks.add({ path: `${at(key)}.${field}`, allowed: fields.join(", "), fix: suggest(field, [...fields]) });
    }
  }
  const { fleetRegions, fleetOrder, copyTo, line, network } = settings;
  fleetRegions.forEach((region, i) => {
    const path = `${at("fleetRegions")}[${i}]`;
    if (fleetRegions.indexOf(region) !== i) {
      checks.add({ path, given: region, allowed: "each region once", fix: "Remove the second mention" });
    } else if (!copyTo.includes(region)) {
      checks.add({
        path,
        given: region,
        allowed: `a region that gets copies (copyTo: ${copyTo.join(", ") || "none"})`,
        fix: "Add it to copyTo: a fleet needs an image in its own region",
      });
    }
  });
  if (!ORDERS.includes(fleetOrder)) {
    checks.add({
      path: at("fleetOrder"),
      given: fleetOrder,
      allowed: ORDERS.join(", "),
      fix: suggest(fleetOrder, ORDERS),
    });
  }
  // A misspelt field, or one of another kind, is one problem already.
  if (checks.problems.length > 0) return checks.problems;
  if (network) {
    for (const problem of fleetNetworkProblems(line, network).problems) {
      checks.add({ ...problem, path: `${at("network")}.${problem.path}` });
    }
  }
  const nested = Object.keys(FIELDS);
  for (const problem of autoScalingFleetProblems(line, { imageId: "ami-00000000", ...fleetArgs(settings) }).problems) {
    if (!nested.includes(problem.path.split(/[.[]/)[0] ?? "")) continue;
    // Config has the limit under a name of its own, whose range is checked there.
    if (problem.path === "rollout.limitMinutes") {
      if (RULES.minutes.test(settings.rolloutMinutes)) checks.add({ ...problem, path: at("rolloutMinutes") });
    } else checks.add({ ...problem, path: at(problem.path) });
  }
  return checks.problems;
}
