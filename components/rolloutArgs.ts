import type * as pulumi from "@pulumi/pulumi";

/** How a fleet is moved to another version: an instance refresh of Auto Scaling. */
export interface RolloutArgs {
  /**
   * Percentage of the desired capacity that stays healthy: 0 to 100.
   * @default 100
   */
  minHealthyPercentage?: pulumi.Input<number>;
  /**
   * Percentage the group may grow to meanwhile: 100 to 200, at most 100 above the minimum. With 100 and 110 new
   * instances come before old ones go.
   * @default 110
   */
  maxHealthyPercentage?: pulumi.Input<number>;
  /**
   * Seconds a new instance is given before it counts; also the group's health check grace period.
   * @default 120
   */
  instanceWarmup?: pulumi.Input<number>;
  /**
   * Whether a failed rollout goes back to what was proven before.
   * @default true
   */
  autoRollback?: pulumi.Input<boolean>;
  /**
   * Percentages of replaced instances at which the rollout pauses: ascending, each once, the last one 100
   * (StartInstanceRefresh, Auto Scaling API).
   * @default none: no pause
   */
  checkpointPercentages?: pulumi.Input<pulumi.Input<number>[]>;
  /**
   * Seconds the rollout pauses at each checkpoint: 0 to 172,800. Only together with `checkpointPercentages`.
   * @default 3600, Auto Scaling's own
   */
  checkpointDelay?: pulumi.Input<number>;
  /**
   * Seconds that all instances must have lasted on the new version before the rollout counts: 0 to 172,800. Alarms are
   * watched meanwhile.
   * @default 0
   */
  bakeTime?: pulumi.Input<number>;
  /**
   * Names of CloudWatch alarms, at most 10, in the fleet's region. One in ALARM, before or during the rollout, fails
   * it; the way back does not look at them.
   * @default none
   */
  alarmNames?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * How many of the newest versions of the launch template are kept: 1 to 10,000. Older ones are deleted after a
   * successful rollout, never one that is live, was live before, is the default or runs on an instance.
   * @default 10
   */
  keepTemplateVersions?: pulumi.Input<number>;
  /**
   * Minutes a rollout may take, checkpoints and bake time included: 1 to 1,440. AWS tries to replace an instance for an
   * hour before it fails and rolls back: with less, the gate gives up first and leaves the refresh under way.
   * @default 150
   */
  limitMinutes?: number;
}
