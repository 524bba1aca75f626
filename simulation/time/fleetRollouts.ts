import { FLEET_DEFAULTS } from "../../components/internal/fleetDefaults";
import { fleetsOf } from "../fleets";
import { below, number, object } from "../inputs";
import { TYPES } from "../resourceTypes";
import type { RecordedResource } from "../types";
import type { Seconds } from "./assumptions";
import { healthOf } from "./healthChecks";
import { type Rollout, rolloutFacts, rolloutOf } from "./rollout";

/** What the rollout of a fleet's next version takes. */
export interface FleetRollout extends Rollout {
  fleet: string;
  region?: string;
  limitSeconds: number;
}

/** Seconds that a load balancer's targets have to finish; Elastic Load Balancing's own is 300. */
function drainOf(fleet: readonly RecordedResource[]): number {
  const delays = fleet.flatMap(({ type, inputs }) => {
    if (type === TYPES.targetGroup) return [number(inputs.deregistrationDelay) ?? 300];
    if (type === TYPES.applicationBalancer)
      return [number(object(inputs.defaultTargetGroup).deregistrationDelay) ?? 300];
    return [];
  });
  return Math.max(0, ...delays);
}

/** The rollout of each fleet that has instances, with as many as it has at the least. */
export function fleetRollouts(resources: readonly RecordedResource[], seconds: Seconds): FleetRollout[] {
  return fleetsOf(resources)
    .flatMap(({ name, component, group, limitMinutes }): FleetRollout[] => {
      const instances = number(group?.inputs.minSize) ?? FLEET_DEFAULTS.minSize;
      if (!group || instances === 0) return [];
      const own = below(component, resources);
      const around = { health: healthOf(own), drainSeconds: drainOf(own) };
      return [
        {
          fleet: name,
          ...(group.region !== undefined && { region: group.region }),
          ...rolloutOf(rolloutFacts(instances, component.inputs.rollout, around), seconds),
          limitSeconds: limitMinutes * 60,
        },
      ];
    })
    .sort((a, b) => (a.fleet < b.fleet ? -1 : 1));
}
