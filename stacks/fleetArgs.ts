import type { AutoScalingFleetArgs } from "../components";
import { defaultInstanceType } from "../components/internal/names";
import { isWindows } from "../components/internal/recipe";
import type { Settings } from "./settings";

const WINDOWS_TYPE = defaultInstanceType(undefined, true);

/** What config says of each of the stack's fleets, in whichever region. */
export const fleetArgs = (settings: Settings): Omit<AutoScalingFleetArgs, "imageId"> => ({
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
  loadBalancer: settings.loadBalancer,
  monitoring: settings.monitoring,
  rollout: { ...settings.rollout, limitMinutes: settings.rolloutMinutes },
  tags: settings.tags,
});
