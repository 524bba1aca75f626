import { FLEET_DEFAULTS } from "./fleetDefaults";
import type { RecoverySizes, RecoveryStrategy } from "./recoveryRecord";

/** What each strategy is, and the least minutes within which it can serve. */
export const RECOVERY: {
  [strategy in RecoveryStrategy]: { rtoMinutes: number; leastRto: number; because: string; faster: string };
} = {
  "backup-restore": {
    rtoMinutes: 60,
    leastRto: 15,
    because: "load balancer, group and instances are yet to be made",
    faster: "pilot-light",
  },
  "pilot-light": {
    rtoMinutes: 30,
    leastRto: 5,
    because: "instances are yet to be launched, booted and found healthy",
    faster: "warm-standby",
  },
  "warm-standby": {
    rtoMinutes: 15,
    leastRto: 3,
    because: "the rest of the instances is yet to be launched, booted and found healthy",
    faster: "active-active",
  },
  "active-active": { rtoMinutes: 5, leastRto: 1, because: "health checks take a minute to notice", faster: "" },
};

export const RECOVERY_DEFAULTS = { strategy: "pilot-light", share: 25, rpoMinutes: 43_200 } as const;

/** The sizes while it waits, from the full ones. */
export function standbySizes(strategy: RecoveryStrategy, full: RecoverySizes, share: number): RecoverySizes {
  if (strategy === "active-active") return full;
  const minSize = strategy === "warm-standby" ? Math.max(1, Math.ceil((full.minSize * share) / 100)) : 0;
  return { minSize: Math.min(minSize, full.maxSize), maxSize: full.maxSize };
}

/** The fleet's sizes when it is active. */
export const fullSizes = ({ minSize, maxSize }: { minSize?: unknown; maxSize?: unknown }): RecoverySizes => ({
  minSize: typeof minSize === "number" ? minSize : FLEET_DEFAULTS.minSize,
  maxSize: typeof maxSize === "number" ? maxSize : FLEET_DEFAULTS.maxSize,
});
