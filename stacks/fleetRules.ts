import { unknownFields } from "../components/internal/fields";
import { suggest } from "../components/internal/nearest";
import type { Problem } from "../components/internal/problems";
import { Checks, RULES } from "../components/internal/rules";
import { fleetNetworkProblems } from "../components/internal/networkRules";
import { autoScalingFleetProblems } from "../components/internal/fleetRules";
import { fleetArgs, inRegion } from "./fleetArgs";
import { dnsProblems, recoveryProblems } from "./recoveryRules";
import { fleetRegions } from "./regions";
import type { Settings } from "./settings";

/** The fields of each nested key. */
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
    checks.add(...unknownFields(at(key), settings[key], fields));
  }
  const { fleetRegions: further, fleetOrder, copyTo, region: home } = settings;
  further.forEach((region, i) => {
    const path = `${at("fleetRegions")}[${i}]`;
    if (further.indexOf(region) !== i) {
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
  checks.add(...regionalProblems(settings, at), ...recoveryProblems(settings, at), ...dnsProblems(settings, at));
  // A misspelt field, or one of another kind, is one problem already.
  if (checks.problems.length > 0) return checks.problems;
  const other = fleetRegions(settings).slice(1);
  checks.add(...inOneRegion(settings, home, at));
  for (const region of other) {
    const known = checks.problems.map(({ path, given }) => `${path} ${String(given)}`);
    for (const problem of inOneRegion(settings, region, at)) {
      if (known.includes(`${problem.path} ${String(problem.given)}`)) continue;
      const own = problem.path.replace(at(""), `${at("regional")}.${region}.`);
      checks.add(problem.path === at("line") ? problem : { ...problem, path: own });
    }
  }
  return checks.problems;
}

/** Regions that have something of their own, and the fields of it. */
function regionalProblems(settings: Settings, at: (key: string) => string) {
  const checks = new Checks();
  const regions = fleetRegions(settings);
  const keys = ["network", "loadBalancer", "monitoring"] as const;
  for (const [region, given] of Object.entries(settings.regional)) {
    const path = `${at("regional")}.${region}`;
    if (!regions.includes(region)) {
      const allowed = `regions with a fleet (${regions.join(", ")})`;
      checks.add({ path, allowed, fix: suggest(region, regions) });
    }
    checks.add(...unknownFields(path, given, keys));
    for (const key of keys) checks.add(...unknownFields(`${path}.${key}`, given?.[key], FIELDS[key]));
  }
  return checks.problems;
}

/** What the components refuse of the fleet in a region, under the names of config. */
function inOneRegion(settings: Settings, region: string, at: (key: string) => string): Problem[] {
  const { line, region: home } = settings;
  const checks = new Checks();
  const name = region === home ? line : `${line}-${region}`;
  const network = inRegion(settings, region, "network");
  for (const problem of network ? fleetNetworkProblems(name, network).problems : []) {
    checks.add({ ...problem, path: `${at("network")}.${problem.path}` });
  }
  const nested = Object.keys(FIELDS);
  const fleet = { imageId: "ami-00000000", ...fleetArgs(settings, region), region };
  for (const problem of autoScalingFleetProblems(name, fleet).problems) {
    const [key = ""] = problem.path.split(/[.[]/);
    // Config has the limit under a name of its own, whose range is checked there.
    if (problem.path === "rollout.limitMinutes") {
      if (RULES.minutes.test(settings.rolloutMinutes)) checks.add({ ...problem, path: at("rolloutMinutes") });
    } else if (key === "name" && region !== home) checks.add({ ...problem, path: at("line") });
    else if (nested.includes(key)) checks.add({ ...problem, path: at(problem.path) });
  }
  return checks.problems;
}
