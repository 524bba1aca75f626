import type { Settings } from "./settings";

/** The parts of the settings that say where something is. */
type Places = Pick<Settings, "region" | "copyTo" | "fleetRegions" | "recovery" | "lostRegion">;

/** Every region that has, or is to have, images: the home region first. */
export const imageRegions = ({ region, copyTo }: Places): string[] => [region, ...copyTo];

/** Every region that has a fleet, or stands in for one: the home region first. */
export const fleetRegions = ({ region, fleetRegions: further, recovery }: Places): string[] => [
  region,
  ...further,
  ...(recovery ? [recovery.region] : []),
];

/** Without the region that is lost: what is there is neither looked up nor changed. */
export const living = ({ lostRegion }: Places, regions: readonly string[]): string[] =>
  regions.filter((region) => region !== lostRegion);
