import { failoverRecordsProblems } from "../components/internal/failoverRules";
import { unknownFields } from "../components/internal/fields";
import type { Problem } from "../components/internal/problems";
import { recoveryRegionProblems } from "../components/internal/recoveryRules";
import { Checks } from "../components/internal/rules";
import { fleetArgs } from "./fleetArgs";
import { fleetRegions } from "./regions";
import type { Settings } from "./settings";

const DNS_FIELDS = ["hostedZoneId", "name", "policy", "healthCheck", "ipv6"];

/** What is wrong with the name that leads to what is healthy. */
export function dnsProblems(settings: Settings, at: (key: string) => string): Problem[] {
  const { dns, line, port, recovery } = settings;
  if (!dns) return [];
  const checks = new Checks();
  const path = at("dns");
  checks.add(...unknownFields(path, dns, DNS_FIELDS));
  for (const field of ["hostedZoneId", "name"] as const) {
    if (typeof dns[field] === "string") continue;
    checks.add({ path: `${path}.${field}`, given: dns[field], allowed: "a text", fix: "Add it" });
  }
  if (port === undefined) {
    checks.add({ path, allowed: "only with `port`: a name leads to a load balancer", fix: "Set port, or remove it" });
  }
  if (recovery?.strategy === "backup-restore") {
    const allowed = "another strategy than backup-restore, which has no load balancer that a name leads to";
    checks.add({ path, allowed, fix: "Use pilot-light, or remove it" });
  }
  if (checks.problems.length > 0) return checks.problems;
  const regions = fleetRegions(settings);
  const targets = regions.map((region) => ({ region }));
  for (const problem of failoverRecordsProblems(line, { ...dns, targets }).problems) {
    if (problem.path === "targets") {
      const fix = "Set `policy: weighted`, or have one other region (recovery or fleetRegions)";
      checks.add({ ...problem, path, given: regions.join(", "), allowed: "two regions with failover", fix });
    } else if (DNS_FIELDS.includes(problem.path)) checks.add({ ...problem, path: `${path}.${problem.path}` });
  }
  return checks.problems;
}

const RECOVERY_FIELDS = ["region", "strategy", "share", "rtoMinutes", "rpoMinutes"];

/** What is wrong with the recovery region, and with the region that is to serve. */
export function recoveryProblems(settings: Settings, at: (key: string) => string): Problem[] {
  const { recovery, activeRegion, region: home, copyTo, fleetRegions: further, line } = settings;
  const checks = new Checks();
  const path = at("recovery");
  const wrong = unknownFields(path, recovery, RECOVERY_FIELDS);
  checks.add(...wrong);
  const regions = [home, ...(recovery ? [recovery.region] : [])];
  if (activeRegion !== home && !regions.includes(activeRegion)) {
    checks.add({
      path: at("activeRegion"),
      given: activeRegion,
      allowed: `the home region or the recovery region (${regions.join(", ")})`,
      fix: "Remove the line, or name the recovery region",
    });
  }
  if (!recovery || wrong.length > 0) return checks.problems;
  const { region } = recovery;
  if (region === undefined || !copyTo.includes(region)) {
    checks.add({
      path: `${path}.region`,
      given: region,
      allowed: `a region that gets copies (copyTo: ${copyTo.join(", ") || "none"})`,
      fix: "Add it to copyTo: what stands there needs an image of its own region",
    });
  } else if (further.includes(region)) {
    checks.add({
      path: `${path}.region`,
      given: region,
      allowed: "a region without a fleet of its own (fleetRegions)",
      fix: "Remove it from fleetRegions, or choose another one",
    });
  }
  const fleet = { imageId: "ami-00000000", ...fleetArgs(settings, region) };
  for (const problem of recoveryRegionProblems(line, { ...recovery, home, fleet }).problems) {
    if (!RECOVERY_FIELDS.includes(problem.path) && problem.path !== "fleet.minSize") continue;
    checks.add({ ...problem, path: problem.path === "fleet.minSize" ? at("minSize") : `${path}.${problem.path}` });
  }
  return checks.problems;
}
