import { type AutoScalingFleet, FailoverRecords, type RecoveryRegion } from "../components";
import { inRegion } from "./fleetArgs";
import type { Settings } from "./settings";

/** The name that config gives: to the home region's fleet, the further ones, and what stands in for home. */
export function failoverRecords(
  settings: Settings,
  fleets: { [region: string]: AutoScalingFleet },
  recovery: RecoveryRegion | undefined,
): FailoverRecords | undefined {
  const { line, dns, region: home, healthPath, tags } = settings;
  if (!dns) return undefined;
  const all = [
    ...Object.entries(fleets).sort(([a], [b]) => Number(b === home) - Number(a === home)),
    ...(recovery && settings.recovery ? [[settings.recovery.region, recovery] as const] : []),
  ];
  const balancer = inRegion(settings, home, "loadBalancer");
  return new FailoverRecords(line, {
    ...dns,
    // Route 53 asks from outside.
    healthCheck: dns.healthCheck ?? balancer?.internal !== true,
    https: balancer?.certificateArn !== undefined,
    healthPath,
    targets: all.map(([region, { dnsName, zoneId }]) => ({ region, dnsName, zoneId })),
    tags,
  });
}
