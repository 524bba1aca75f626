import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AutoScalingFleetArgs } from "../autoScalingFleetArgs";
import { hasSpot } from "../internal/capacityRules";
import { FLEET_DEFAULTS } from "../internal/fleetDefaults";
import type { MixedPolicy } from "../internal/mixedPolicy";
import { regionOption } from "./component";

export interface FleetGroupSpec {
  owner: pulumi.ComponentResource;
  name: string;
  args: AutoScalingFleetArgs;
  template: aws.ec2.LaunchTemplate;
  policy: pulumi.Output<MixedPolicy> | undefined;
  subnetIds: pulumi.Output<string[]>;
  /** ARNs of the load balancer's target groups; undefined without one. */
  targetGroupArns: pulumi.Output<string>[] | undefined;
}

/** What a group's own metrics are for: the dashboard, and whoever asks later. They cost nothing. */
const METRICS = [
  ...["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize", "GroupMinSize", "GroupPendingInstances"],
  ...["GroupTerminatingInstances", "GroupTotalInstances"],
];

/** The Auto Scaling group. Which template its instances come from is only its start: the rollout gate moves it. */
export function fleetGroup(spec: FleetGroupSpec): aws.autoscaling.Group {
  const { owner, name, args, template, policy } = spec;
  const { warmPool, instanceMaintenance, mixedInstances } = args;
  const version = template.latestVersion.apply(String);
  return new aws.autoscaling.Group(
    name,
    {
      minSize: args.minSize ?? FLEET_DEFAULTS.minSize,
      maxSize: args.maxSize ?? FLEET_DEFAULTS.maxSize,
      vpcZoneIdentifiers: spec.subnetIds,
      ...(policy
        ? { mixedInstancesPolicy: groupPolicy(policy, template.id, version) }
        : { launchTemplate: { id: template.id, version } }),
      targetGroupArns: spec.targetGroupArns,
      healthCheckType: spec.targetGroupArns ? "ELB" : "EC2",
      healthCheckGracePeriod: args.rollout?.instanceWarmup ?? FLEET_DEFAULTS.instanceWarmup,
      defaultInstanceWarmup: args.scaling?.instanceWarmup,
      enabledMetrics: METRICS as aws.autoscaling.Metric[],
      capacityRebalance: args.capacityRebalance ?? (hasSpot(mixedInstances) ? true : undefined),
      terminationPolicies: args.terminationPolicies,
      protectFromScaleIn: args.protectFromScaleIn,
      maxInstanceLifetime: args.maxInstanceLifetime,
      ...(args.capacityDistributionStrategy !== undefined && {
        availabilityZoneDistribution: { capacityDistributionStrategy: args.capacityDistributionStrategy },
      }),
      ...(instanceMaintenance && {
        instanceMaintenancePolicy: {
          minHealthyPercentage: instanceMaintenance.minHealthyPercentage,
          maxHealthyPercentage: instanceMaintenance.maxHealthyPercentage,
        },
      }),
      ...(warmPool && {
        warmPool: {
          poolState: warmPool.poolState ?? "Stopped",
          minSize: warmPool.minSize ?? 0,
          maxGroupPreparedCapacity: warmPool.maxGroupPreparedCapacity,
          ...(warmPool.reuseOnScaleIn !== undefined && {
            instanceReusePolicy: { reuseOnScaleIn: warmPool.reuseOnScaleIn },
          }),
        },
      }),
      // Waiting for health is the gate's work: it tells why, and what to do.
      waitForCapacityTimeout: "0",
      tags: pulumi
        .output(args.tags)
        .apply((given) =>
          Object.entries({ Name: name, ...given }).map(([key, value]) => ({ key, value, propagateAtLaunch: false })),
        ),
      ...regionOption(args.region),
    },
    {
      parent: owner,
      // Only the gate moves instances: the provider would switch the group and not wait for the refresh.
      ignoreChanges: ["launchTemplate", "mixedInstancesPolicy"],
      customTimeouts: { create: "15m", update: "15m", delete: "30m" },
    },
  );
}

function groupPolicy(
  policy: pulumi.Output<MixedPolicy>,
  launchTemplateId: pulumi.Output<string>,
  version: pulumi.Output<string>,
): aws.types.input.autoscaling.GroupMixedInstancesPolicy {
  return {
    instancesDistribution: {
      onDemandBaseCapacity: policy.onDemandBaseCapacity,
      onDemandPercentageAboveBaseCapacity: policy.onDemandPercentageAboveBaseCapacity,
      onDemandAllocationStrategy: policy.onDemandAllocationStrategy,
      spotAllocationStrategy: policy.spotAllocationStrategy,
    },
    launchTemplate: {
      launchTemplateSpecification: { launchTemplateId, version },
      overrides: policy.instanceTypes.apply((types) => types.map((instanceType) => ({ instanceType }))),
    },
  };
}

/** The group's lifecycle hooks. The first instances may start before they are there. */
export function fleetHooks({ owner, name, args }: FleetGroupSpec, group: aws.autoscaling.Group): pulumi.Resource[] {
  return (args.lifecycleHooks ?? []).map(
    (hook) =>
      new aws.autoscaling.LifecycleHook(
        `${name}-hook-${hook.name}`,
        {
          name: hook.name,
          autoscalingGroupName: group.name,
          lifecycleTransition: pulumi
            .output(hook.transition)
            .apply((where) => `autoscaling:EC2_INSTANCE_${where === "launching" ? "LAUNCHING" : "TERMINATING"}`),
          heartbeatTimeout: hook.heartbeatTimeout,
          defaultResult: hook.defaultResult,
          notificationTargetArn: hook.notificationTargetArn,
          roleArn: hook.roleArn,
          notificationMetadata: hook.notificationMetadata,
          ...regionOption(args.region),
        },
        { parent: owner },
      ),
  );
}
