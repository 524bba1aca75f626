import { figure, isLater, isSaid, part, size, textOr } from "./values";
import type { WireObject } from "./types";

/** How many zones a VPC of awsx is in; undefined where that is known only later. */
export function zonesOfVpc({ numberOfAvailabilityZones: many, availabilityZoneNames: names }: WireObject) {
  if (isSaid(many)) return figure(many);
  const named = size(names);
  return named === 0 ? 3 : named;
}

/** `None`, `Single`, or `OnePerAz`, which is the default; undefined where that is known only later. */
export function natStrategyOf({ natGateways }: WireObject): string | undefined {
  if (isLater(natGateways)) return undefined;
  const { strategy } = part(natGateways);
  return textOr(strategy, "OnePerAz");
}
