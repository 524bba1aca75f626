import type * as pulumi from "@pulumi/pulumi";

/** How the fleet's size follows its load, besides `targetCpu`. */
export interface ScalingArgs {
  /**
   * Requests a minute per instance that the size is kept at. Only with a load balancer for HTTP. Plain: it decides whether
   * there is such a policy.
   * @default none
   */
  requestsPerTarget?: pulumi.Input<number>;
  /**
   * Seconds before a new instance counts in the group's metrics.
   * @default the rollout's `instanceWarmup`
   */
  instanceWarmup?: pulumi.Input<number>;
  /** Step scaling: alarms on metrics of your own, each with its steps. Plain list. */
  steps?: StepScalingArgs[];
  /** Sizes by the clock. At most 125 a group (Auto Scaling quotas). Plain list. */
  schedules?: ScheduledScalingArgs[];
}

/** One alarm and what it does to the size. */
export interface StepScalingArgs {
  /** Name, once a fleet: letters, digits and hyphens. Plain: policy and alarm are named after it. */
  name: string;
  /**
   * The metric's namespace.
   * @default "AWS/EC2"
   */
  namespace?: pulumi.Input<string>;
  /** The metric's name, e.g. `CPUUtilization`. */
  metricName: pulumi.Input<string>;
  /**
   * The metric's dimensions.
   * @default the group's name
   */
  dimensions?: pulumi.Input<{ [name: string]: pulumi.Input<string> }>;
  /**
   * Statistic: `Average`, `Sum`, `Minimum`, `Maximum` or `SampleCount`.
   * @default "Average"
   */
  statistic?: pulumi.Input<string>;
  /** The value that the alarm compares with. */
  threshold: pulumi.Input<number>;
  /**
   * Whether the alarm is on at or above the threshold; else at or below it. Plain: the steps are checked by it.
   * @default true
   */
  above?: boolean;
  /**
   * Seconds of one period: 10, 30 or a multiple of 60.
   * @default 60
   */
  periodSeconds?: pulumi.Input<number>;
  /**
   * Periods in a row that count.
   * @default 3
   */
  evaluationPeriods?: pulumi.Input<number>;
  /** What is done, by how far the metric is beyond the threshold: 1 to 20 steps without gaps. Plain list. */
  adjustments: StepArgs[];
}

/** A change of size for one range beyond the threshold. Plain: ranges must meet each other. */
export interface StepArgs {
  /**
   * Start of the range, as a distance from the threshold.
   * @default open, for the lowest range
   */
  from?: number;
  /**
   * End of the range.
   * @default open, for the highest range
   */
  to?: number;
  /** Instances added, or, below 0, removed. */
  change: number;
}

/** A size from a point in time on. */
export interface ScheduledScalingArgs {
  /** Name, once a fleet: 1 to 255 characters (PutScheduledUpdateGroupAction, Auto Scaling API). Plain. */
  name: string;
  /** When: five cron fields, minute hour day month weekday, e.g. `0 6 * * MON-FRI`. */
  recurrence: pulumi.Input<string>;
  /**
   * Time zone by its IANA name.
   * @default "Etc/UTC"
   */
  timeZone?: pulumi.Input<string>;
  /**
   * Fewest instances from then on. `pulumi up --refresh` sees it as drift and sets the fleet's own again: prefer
   * `desiredCapacity` where that is enough.
   */
  minSize?: pulumi.Input<number>;
  /** Most instances from then on; see `minSize`. */
  maxSize?: pulumi.Input<number>;
  /** Instances from then on; scaling policies go on from there. */
  desiredCapacity?: pulumi.Input<number>;
}
