/** What a fleet is where its arguments say nothing. The doc comments of its arguments repeat these for readers. */
export const FLEET_DEFAULTS = {
  minSize: 2,
  maxSize: 4,
  /** Percent of the desired capacity: with these, new instances come before old ones go. */
  minHealthyPercentage: 100,
  maxHealthyPercentage: 110,
  /**
   * Seconds before a new instance counts, and before the group acts on its load balancer's health checks: one value, else
   * a rollout could end before the first bad answer counts.
   */
  instanceWarmup: 120,
  autoRollback: true,
  limitMinutes: 60,
} as const;
