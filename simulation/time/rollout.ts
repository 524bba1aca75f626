import { FLEET_DEFAULTS } from "../../components/internal/fleetDefaults";
import { list, number, object } from "../inputs";
import type { RecordedResource } from "../types";
import type { Seconds } from "./assumptions";
import { type HealthCheck, secondsOf } from "./healthChecks";

/** What decides how long an instance refresh takes. */
export interface RolloutFacts {
  instances: number;
  minHealthyPercentage: number;
  maxHealthyPercentage: number;
  warmupSeconds: number;
  /** Percentages at which it pauses. */
  checkpoints: number[];
  checkpointDelaySeconds: number;
  bakeSeconds: number;
  /** What an old instance has to finish its requests; 0 without a load balancer. */
  drainSeconds: number;
  health?: HealthCheck;
}

/** How a fleet gets to another version. */
export interface Rollout {
  instances: number;
  /** Instances replaced at once, at the most. */
  batch: number;
  batches: number;
  /** Of one batch: a new instance that is launched, answers and is warm. */
  batchSeconds: number;
  /** Of the last batch: those that it replaces answer what they have begun. Of earlier ones it goes on beside the next. */
  drainSeconds: number;
  /** Checkpoints' delays, and the bake time at the end. */
  pauseSeconds: number;
  seconds: number;
}

/** What an AutoScalingFleet's arguments say, with its defaults. `around` is the fleet with all that is in it. */
export function rolloutFacts(
  instances: number,
  rollout: RecordedResource["inputs"][string] | undefined,
  around: { health?: HealthCheck | undefined; drainSeconds: number },
): RolloutFacts {
  const given = object(rollout);
  const percentages = list(given.checkpointPercentages).flatMap((one) => (typeof one === "number" ? [one] : []));
  return {
    instances,
    minHealthyPercentage: number(given.minHealthyPercentage) ?? FLEET_DEFAULTS.minHealthyPercentage,
    maxHealthyPercentage: number(given.maxHealthyPercentage) ?? FLEET_DEFAULTS.maxHealthyPercentage,
    warmupSeconds: number(given.instanceWarmup) ?? FLEET_DEFAULTS.instanceWarmup,
    checkpoints: percentages,
    checkpointDelaySeconds: number(given.checkpointDelay) ?? FLEET_DEFAULTS.checkpointDelay,
    bakeSeconds: number(given.bakeTime) ?? 0,
    drainSeconds: around.drainSeconds,
    ...(around.health && { health: around.health }),
  };
}

/** From an instance's launch until it takes requests. */
export const untilHealthy = (seconds: Seconds, health: HealthCheck | undefined): number =>
  seconds.launchSeconds + seconds.bootSeconds + (health ? secondsOf(health) : 0);

/**
 * An instance refresh in batches: how many go at once is what the two percentages leave, at least one (Amazon EC2 Auto
 * Scaling User Guide, "How an instance refresh works"). A new instance counts when it is healthy and its warm-up is over.
 */
export function rolloutOf(facts: RolloutFacts, seconds: Seconds): Rollout {
  const { instances, minHealthyPercentage: least, maxHealthyPercentage: most } = facts;
  const share = most - least;
  const batch = Math.min(instances, Math.max(1, Math.floor((instances * share) / 100)));
  const batches = instances === 0 ? 0 : Math.ceil(instances / batch);
  const answers = untilHealthy(seconds, facts.health);
  const batchSeconds = Math.max(answers, seconds.launchSeconds + facts.warmupSeconds);
  // The last checkpoint is the end where it is at 100: no pause follows.
  const pauses = facts.checkpoints.filter((percentage) => percentage < 100).length;
  const pauseSeconds = instances === 0 ? 0 : pauses * facts.checkpointDelaySeconds + facts.bakeSeconds;
  const drain = instances === 0 ? 0 : facts.drainSeconds;
  return {
    ...{ instances, batch, batches, batchSeconds, drainSeconds: drain, pauseSeconds },
    seconds: batches * batchSeconds + drain + pauseSeconds,
  };
}
