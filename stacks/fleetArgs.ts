import type { AutoScalingFleetArgs } from "../components";
import { defaultInstanceType } from "../components/internal/names";
import { isWindows } from "../components/internal/recipe";
import type { RegionalSettings, Settings } from "./settings";

const WINDOWS_TYPE = defaultInstanceType(undefined, true);

/** The fields of a nested key, with the region's own ones; undefined where neither is given. */
export function inRegion<K extends keyof RegionalSettings>(
  settings: Settings,
  region: string,
  key: K,
): RegionalSettings[K] {
  const own = settings.regional[region]?.[key];
  return own ? { ...settings[key], ...own } : settings[key];
}

/** What config says of the stack's fleet in a region. */
export const fleetArgs = (settings: Settings, region: string): Omit<AutoScalingFleetArgs, "imageId"> => ({
  version: settings.current,
  line: settings.line,
  minSize: settings.minSize,
  maxSize: settings.maxSize,
  port: settings.port,
  healthPath: settings.healthPath,
  sessionManager: settings.sessionManager,
  // Windows needs more memory than the fleet's own default has. prod, which has no recipe, names a type.
  instanceType:
    settings.instanceType ??
    (settings.mixedInstances === undefined && isWindows(settings.recipe?.os) ? WINDOWS_TYPE : undefined),
  mixedInstances: settings.mixedInstances,
  warmPool: settings.warmPool,
  scaling: settings.scaling,
  loadBalancer: inRegion(settings, region, "loadBalancer"),
  monitoring: inRegion(settings, region, "monitoring"),
  rollout: { ...settings.rollout, limitMinutes: settings.rolloutMinutes },
  tags: settings.tags,
});
