import type * as pulumi from "@pulumi/pulumi";

/** When backups are made: every so many hours from a time of day on, or by a cron expression. */
export interface BackupSchedule {
  /**
   * Hours from one backup to the next: 1, 2, 3, 4, 6, 8, 12 or 24 (Data Lifecycle Manager). Not together with `cron`.
   * @default 24
   */
  everyHours?: pulumi.Input<number>;
  /**
   * Time of day in UTC at which the first backup of a day may start, `hh:mm`: it starts within an hour of it. Not together
   * with `cron`.
   * @default "03:00"
   */
  startTime?: pulumi.Input<string>;
  /**
   * EventBridge's cron expression in UTC, e.g. `cron(0 3 ? * MON-FRI *)`; from run to run an hour to a year.
   * @default none: by hours
   */
  cron?: pulumi.Input<string>;
}

/** A number of images, or an age: either `count`, or `interval` and `unit`. */
export interface BackupPeriod {
  /** Number of images of each instance, 1 to 1,000 (Data Lifecycle Manager). */
  count?: pulumi.Input<number>;
  /** Age, in `unit`s; 100 years at most, for a deprecation 10 (Data Lifecycle Manager). */
  interval?: pulumi.Input<number>;
  /**
   * Unit of the age: `DAYS`, `WEEKS`, `MONTHS` or `YEARS`.
   * @default "DAYS"
   */
  unit?: pulumi.Input<string>;
}

/** Copies of the backups in one other region. */
export interface BackupCopy {
  /** How long copies are kept: an age. Data Lifecycle Manager does not count copies. */
  retain: BackupPeriod;
  /**
   * After which age copies count as deprecated: not more than they are kept, 10 years at most.
   * @default never
   */
  deprecate?: BackupPeriod;
  /**
   * ARN of the KMS key that copies are encrypted with, of the region copied to.
   * @default the account's default key for EBS in that region
   */
  kmsKeyArn?: pulumi.Input<string>;
  /**
   * Whether copies of volumes that are not encrypted become so. Copies of encrypted ones always are.
   * @default true
   */
  encrypted?: pulumi.Input<boolean>;
}

export interface InstanceBackupsArgs {
  /** Tags of which an instance must have at least one to be backed up, 1 to 50, e.g. `{ backup: "daily" }`. */
  targetTags: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /**
   * When backups are made.
   * @default every 24 hours at 03:00 UTC
   */
  schedule?: BackupSchedule;
  /**
   * How many backups of each instance are kept, or for how long. Older ones are deleted with their snapshots. Once an
   * instance is terminated its backups are counted no more: they stay until you delete them.
   * @default 7 of each instance
   */
  retain?: BackupPeriod;
  /**
   * When backups count as deprecated: with `count` the oldest so many of those kept, else from this age on. By what
   * `retain` counts, and not more; 10 years at most. A deprecated image is hidden from others, and can still be used.
   * @default never
   */
  deprecate?: BackupPeriod;
  /**
   * Whether an instance is rebooted for each backup. Without it nothing is interrupted, but an image is only
   * crash-consistent: as after a power failure, what applications had not yet written to disk is missing, and a database
   * must be able to recover from that.
   * @default false
   */
  reboot?: pulumi.Input<boolean>;
  /**
   * Copies in other regions, by region: 3 at most (Data Lifecycle Manager). Plain keys.
   * @default none
   */
  copies?: { [region: string]: BackupCopy };
  /**
   * ARN of the IAM role that Data Lifecycle Manager works with, which must trust `dlm.amazonaws.com` and have the policy
   * `AWSDataLifecycleManagerServiceRoleForAMIManagement`. Plain: whether it is given decides if one is made.
   * @default a role of its own
   */
  roleArn?: pulumi.Input<string>;
  /**
   * ARNs of the customer-managed KMS keys that the instances' volumes are encrypted with: the role made may use them, to
   * copy. Their own policies must allow it, too. Plain list. Not together with `roleArn`.
   * @default none
   */
  volumeKmsKeyArns?: pulumi.Input<string>[];
  /**
   * Tags for the images and their copies, besides those of the instance, which every image gets: other keys than those.
   * @default none
   */
  imageTags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /**
   * Whether backups are made now. Turned off, those that exist are kept, and no longer deleted by age or number.
   * @default true
   */
  enabled?: pulumi.Input<boolean>;
  /**
   * Region of the instances.
   * @default the provider's
   */
  region?: pulumi.Input<string>;
  /** Tags for the policy and the role. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}
