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
  /** Auto Scaling's own. */
  checkpointDelay: 3600,
  /** Enough to look back at; a template holds 10,000 at most. */
  keepTemplateVersions: 10,
  /** AWS itself tries for an hour before a refresh fails, and then takes its time to go back. */
  limitMinutes: 150,
} as const;
