import type * as pulumi from "@pulumi/pulumi";
import type { GateArgs } from "./gates/gateArgs";
import type { InstanceMaintenanceArgs, LifecycleHookArgs, MixedInstancesArgs, WarmPoolArgs } from "./fleetCapacityArgs";
import type { LoadBalancerArgs } from "./loadBalancerArgs";
import type { MonitoringArgs } from "./monitoringArgs";
import type { RolloutArgs } from "./rolloutArgs";
import type { ScalingArgs } from "./scalingArgs";

export interface AutoScalingFleetArgs {
  /** The image instances run: a verified id, e.g. `MachineImage.verifiedImageId`. */
  imageId: pulumi.Input<string>;
  /**
   * The version `imageId` is, for the `live` record and the instances' tags.
   * @default none: the record names the image only
   */
  version?: pulumi.Input<string>;
  /**
   * The line of the version: the record is `/ami/LINE/STACK/live`. Two fleets of one line in one region and stack would
   * write the same record: give one of them another. Plain.
   * @default the fleet's name
   */
  line?: string;
  /**
   * Whether the fleet only stands by, with no instance (`minSize` 0): what it would run is then recorded in
   * `/ami/LINE/STACK/staged`, and not as `live`, for nothing runs it. Plain: it decides which record there is.
   * @default false
   */
  staged?: boolean;
  /**
   * Fewest instances: 0 to 10,000. The size between the two is Auto Scaling's: `pulumi up` never resets it.
   * @default 2
   */
  minSize?: pulumi.Input<number>;
  /**
   * Most instances.
   * @default 4
   */
  maxSize?: pulumi.Input<number>;
  /**
   * Port the instances listen on. Plain: with it a load balancer is made, in front of the instances, which are then
   * reachable from nowhere else.
   * @default none: no load balancer, and no ingress at all
   */
  port?: number;
  /**
   * Path the load balancer asks; answers of 200 to 399 are healthy.
   * @default "/"
   */
  healthPath?: pulumi.Input<string>;
  /**
   * What stands in front of the instances: HTTPS, a Network Load Balancer, further target groups. Only together with `port`.
   * @default an Application Load Balancer for HTTP
   */
  loadBalancer?: LoadBalancerArgs;
  /**
   * CPU architecture of the image, for the default instance type.
   * @default "x86_64"
   */
  architecture?: pulumi.Input<string>;
  /**
   * Instance type. It must suit the image's architecture.
   * @default "t3.small", or "t4g.small" for arm64
   */
  instanceType?: pulumi.Input<string>;
  /**
   * Subnets of the instances, in two zones or more. Plain list.
   * @default the default subnet of every zone
   */
  subnetIds?: pulumi.Input<string>[];
  /**
   * Public subnets of the load balancer. Plain list.
   * @default the instances' subnets
   */
  loadBalancerSubnetIds?: pulumi.Input<string>[];
  /** Name of an instance profile. Not together with `sessionManager`. */
  instanceProfile?: pulumi.Input<string>;
  /**
   * Makes a role and an instance profile that let Session Manager in. Plain: it decides which resources exist.
   * @default true, unless an instance profile is given
   */
  sessionManager?: boolean;
  /** User data for the instances, as plain text; at most 16,384 bytes. An image that needs none boots faster. */
  userData?: pulumi.Input<string>;
  /**
   * Average CPU use the group's size is kept at, in percent: 1 to 100.
   * @default 50
   */
  targetCpu?: pulumi.Input<number>;
  /** How the size follows the load, besides `targetCpu`. */
  scaling?: ScalingArgs;
  /**
   * Several instance types, and Spot Instances, in place of `instanceType`.
   * @default one type, On-Demand
   */
  mixedInstances?: MixedInstancesArgs;
  /**
   * Instances that have booted and wait for work. A rollout replaces them, too.
   * @default none
   */
  warmPool?: WarmPoolArgs;
  /** Pauses before instances come into service, or end: at most 50 (Auto Scaling quotas). Plain list. */
  lifecycleHooks?: LifecycleHookArgs[];
  /**
   * How much stays healthy when Auto Scaling replaces instances of its own accord: unhealthy ones, those past their lifetime,
   * those moved between zones.
   * @default Auto Scaling's own: it ends an unhealthy instance first
   */
  instanceMaintenance?: InstanceMaintenanceArgs;
  /**
   * Whether a Spot Instance at risk is replaced before EC2 takes it back.
   * @default true with Spot Instances
   */
  capacityRebalance?: pulumi.Input<boolean>;
  /**
   * Which instances go first on scale-in: `OldestInstance`, `NewestInstance`, `OldestLaunchTemplate`, `AllocationStrategy`,
   * `ClosestToNextInstanceHour`, `Default`, in their order.
   * @default Auto Scaling's own
   */
  terminationPolicies?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Whether instances are protected from scale-in. A rollout replaces them all the same.
   * @default false
   */
  protectFromScaleIn?: pulumi.Input<boolean>;
  /**
   * Seconds after which an instance is replaced, whatever it runs: 0 for never, else 86,400 to 31,536,000 (Auto Scaling API).
   * @default 0
   */
  maxInstanceLifetime?: pulumi.Input<number>;
  /**
   * What happens when a zone has no capacity: `balanced-best-effort` launches in another one, `balanced-only` waits.
   * @default "balanced-best-effort", Auto Scaling's own
   */
  capacityDistributionStrategy?: pulumi.Input<string>;
  /** Alarms, notifications and the dashboard. */
  monitoring?: MonitoringArgs;
  /** How the fleet is moved to another version. */
  rollout?: RolloutArgs;
  /**
   * Region.
   * @default the provider's
   */
  region?: pulumi.Input<string>;
  /** Tags for everything made, instances and volumes too. A change of tags alone does not roll the fleet. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /** How the gates reach AWS. */
  gates?: GateArgs;
}
