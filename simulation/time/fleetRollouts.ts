import { below, number, object } from "../inputs";
import type { RecordedResource } from "../types";
import type { Seconds } from "./assumptions";
import { healthOf } from "./healthChecks";
import { type Rollout, rolloutFacts, rolloutOf } from "./rollout";
import { FLEET_DEFAULTS } from "../../components/internal/fleetDefaults";

export const FLEET = "pulumi-ami-lifecycle:index:AutoScalingFleet";

const GROUP = "aws:autoscaling/group:Group";

/** What the rollout of a fleet's next version takes. */
export interface FleetRollout extends Rollout {
  fleet: string;
  region?: string;
  limitSeconds: number;
}

/** Seconds that a load balancer's targets have to finish; Elastic Load Balancing's own is 300. */
function drainOf(fleet: readonly RecordedResource[]): number {
  const delays = fleet.flatMap(({ type, inputs }) => {
    if (type === "aws:lb/targetGroup:TargetGroup") return [number(inputs.deregistrationDelay) ?? 300];
    if (type === "awsx:lb:ApplicationLoadBalancer")
      return [number(object(inputs.defaultTargetGroup).deregistrationDelay) ?? 300];
    return [];
  });
  return Math.max(0, ...delays);
}

/** The rollout of each fleet that has instances, with as many as it has at the least. */
export function fleetRollouts(resources: readonly RecordedResource[], seconds: Seconds): FleetRollout[] {
  return resources
    .filter(({ type }) => type === FLEET)
    .flatMap((fleet): FleetRollout[] => {
      const own = below(fleet, resources);
      const group = own.find(({ type }) => type === GROUP);
      const instances = number(group?.inputs.minSize) ?? FLEET_DEFAULTS.minSize;
      if (!group || instances === 0) return [];
      const { rollout } = fleet.inputs;
      const facts = rolloutFacts(instances, rollout, { health: healthOf(own), drainSeconds: drainOf(own) });
      const limitMinutes = number(object(rollout).limitMinutes) ?? FLEET_DEFAULTS.limitMinutes;
      return [
        {
          fleet: fleet.name,
          ...(group.region !== undefined && { region: group.region }),
          ...rolloutOf(facts, seconds),
          limitSeconds: limitMinutes * 60,
        },
      ];
    })
    .sort((a, b) => (a.fleet < b.fleet ? -1 : 1));
}
