import { fleetDrift } from "./driftOfFleets";
import { imageDrift } from "./driftOfImages";
import { pointerDrift } from "./driftOfPointers";
import { type Drift, list } from "./sentences";
import type { View } from "./view";

/** Everything that does not agree, over all regions that answered. A line that is nowhere is one thing. */
export function driftOf(views: readonly View[], line: string, stack: string): Drift[] {
  const found = views.filter(({ isEmpty }) => !isEmpty);
  const nothing = (at: readonly View[]): Drift => ({
    kind: "region-empty",
    regions: at.map(({ region }) => region),
    message: `There is nothing of ${line} in stack ${stack} in ${list(at.map(({ region }) => region))}: no image and no parameter.`,
  });
  const empty = views.filter(({ isEmpty }) => isEmpty);
  return [
    ...(empty.length > 0 ? [nothing(empty)] : []),
    ...imageDrift(found, line, stack),
    ...pointerDrift(found, line),
    ...fleetDrift(found),
  ];
}
