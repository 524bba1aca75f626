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
   * Minutes a rollout may take: 1 to 1,440.
   * @default 60
   */
  limitMinutes?: number;
}
