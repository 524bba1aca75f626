import type * as pulumi from "@pulumi/pulumi";

/** Several instance types, and Spot Instances: a mixed instances policy. A change of it is a rollout. */
export interface MixedInstancesArgs {
  /**
   * Instance types, each once, in the order they are tried for On-Demand Instances: 1 to 40 (Auto Scaling quota of
   * instance types in a policy). All of the image's architecture. Plain list.
   */
  instanceTypes: pulumi.Input<string>[];
  /**
   * Instances that are always On-Demand, whatever the percentage says.
   * @default 0
   */
  onDemandBaseCapacity?: pulumi.Input<number>;
  /**
   * Percentage of the instances above the base that are On-Demand: 0 to 100. The others are Spot Instances, which EC2 may
   * take back within two minutes.
   * @default 100: no Spot Instances
   */
  onDemandPercentageAboveBaseCapacity?: pulumi.Input<number>;
  /**
   * How On-Demand types are chosen: `prioritized` (the list's order) or `lowest-price`.
   * @default "prioritized"
   */
  onDemandAllocationStrategy?: pulumi.Input<string>;
  /**
   * How Spot types are chosen: `price-capacity-optimized`, `capacity-optimized`, `capacity-optimized-prioritized` or
   * `lowest-price`.
   * @default "price-capacity-optimized"
   */
  spotAllocationStrategy?: pulumi.Input<string>;
}

/**
 * Instances that have booted already and wait for work. Not together with Spot Instances, which Auto Scaling does not keep
 * warm (Auto Scaling user guide, "Warm pools: limitations").
 */
export interface WarmPoolArgs {
  /**
   * Fewest instances in the pool.
   * @default 0
   */
  minSize?: pulumi.Input<number>;
  /**
   * Most instances in pool and group together.
   * @default the group's maxSize
   */
  maxGroupPreparedCapacity?: pulumi.Input<number>;
  /**
   * How they wait: `Stopped`, `Running` or `Hibernated` (which the image and the type must support).
   * @default "Stopped"
   */
  poolState?: pulumi.Input<string>;
  /**
   * Whether instances go back to the pool on scale-in.
   * @default false
   */
  reuseOnScaleIn?: pulumi.Input<boolean>;
}

/** A pause before an instance comes into service, or ends, until somebody says that it may go on. */
export interface LifecycleHookArgs {
  /** Name, once a fleet: 1 to 255 letters, digits and `- _ /` (PutLifecycleHook, Auto Scaling API). Plain. */
  name: string;
  /** Where instances pause: `launching` or `terminating`. */
  transition: pulumi.Input<string>;
  /**
   * Seconds until the default result holds: 30 to 7,200.
   * @default 3600, Auto Scaling's own
   */
  heartbeatTimeout?: pulumi.Input<number>;
  /**
   * What happens when nobody says anything: `CONTINUE` or `ABANDON`. A launching instance that is abandoned is terminated.
   * @default "ABANDON", Auto Scaling's own
   */
  defaultResult?: pulumi.Input<string>;
  /** ARN of an SQS queue or SNS topic that is told. Without one, EventBridge is. */
  notificationTargetArn?: pulumi.Input<string>;
  /** ARN of the role that may write to it. Together with `notificationTargetArn`. */
  roleArn?: pulumi.Input<string>;
  /** What is told besides, at most 1,023 characters. */
  notificationMetadata?: pulumi.Input<string>;
}

/** How much of the group stays healthy when Auto Scaling replaces instances of its own accord. */
export interface InstanceMaintenanceArgs {
  /** Percentage of the desired capacity that stays healthy: 0 to 100. */
  minHealthyPercentage: pulumi.Input<number>;
  /** Percentage the group may grow to meanwhile: 100 to 200, at most 100 above the minimum. */
  maxHealthyPercentage: pulumi.Input<number>;
}
