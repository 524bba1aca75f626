import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AutoScalingFleetArgs } from "./autoScalingFleetArgs";
import { FLEET_DEFAULTS } from "./internal/fleetDefaults";
import { rolloutProblems } from "./internal/rolloutRules";
import { Checks } from "./internal/rules";
import { homeRegion, refuse, regionOption } from "./parts/component";
import { fleetLoadBalancer, fleetNetwork, fleetSecurityGroups } from "./parts/fleetNetwork";
import { fleetTemplate } from "./parts/fleetTemplate";
import { liveRecord } from "./parts/live";
import { sessionManagerProfile } from "./parts/sessionManager";

/**
 * Launch template, Auto Scaling group over two zones or more and, with a port, a load balancer. The template changes at
 * once; instances change only through a rollout, and `live` is written only when every instance runs the version.
 */
export class AutoScalingFleet extends pulumi.ComponentResource {
  /** Address of the load balancer, with `port`. */
  public readonly url: pulumi.Output<string | undefined>;
  /** Name of the Auto Scaling group. */
  public readonly groupName: pulumi.Output<string>;
  /** ARN of the Auto Scaling group. */
  public readonly groupArn: pulumi.Output<string>;
  /** Id of the launch template. */
  public readonly launchTemplateId: pulumi.Output<string>;
  /** Name of the SSM parameter that records what the fleet is proven to run. */
  public readonly liveParameter: pulumi.Output<string>;
  /** The image the fleet is proven to run: resolves only after the rollout finished. */
  public readonly liveImageId: pulumi.Output<string>;
  /** Command that lists the instances, each with the command that opens a shell on it. */
  public readonly connect: pulumi.Output<string>;
  /** Security group of the instances. */
  public readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: AutoScalingFleetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:AutoScalingFleet", name, args, opts);
    refuse(this, `AutoScalingFleet "${name}"`, autoScalingFleetProblems(name, args).problems);

    const { port, tags } = args;
    const region = homeRegion(this, args.region);
    const spec = {
      owner: this,
      name,
      region: args.region,
      subnetIds: args.subnetIds,
      loadBalancerSubnetIds: args.loadBalancerSubnetIds,
      tags,
    };
    const network = fleetNetwork(spec);
    const groups = fleetSecurityGroups(spec, network.vpcId, port);
    const front =
      groups.balancer && port !== undefined
        ? fleetLoadBalancer(spec, network, groups.balancer, port, args.healthPath ?? "/")
        : undefined;
    const sessionManager = args.sessionManager ?? args.instanceProfile === undefined;
    const profile = sessionManager ? sessionManagerProfile(this, name, tags).name : args.instanceProfile;
    const template = fleetTemplate(this, name, args, groups.instances.id, profile);

    const group = new aws.autoscaling.Group(
      name,
      {
        minSize: args.minSize ?? FLEET_DEFAULTS.minSize,
        maxSize: args.maxSize ?? FLEET_DEFAULTS.maxSize,
        vpcZoneIdentifiers: network.subnetIds,
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        targetGroupArns: front && [front.targetGroupArn],
        healthCheckType: front ? "ELB" : "EC2",
        healthCheckGracePeriod: args.rollout?.instanceWarmup ?? FLEET_DEFAULTS.instanceWarmup,
        // Waiting for health is the gate's work: it tells why, and what to do.
        waitForCapacityTimeout: "0",
        tags: pulumi
          .output(tags)
          .apply((given) =>
            Object.entries({ Name: name, ...given }).map(([key, value]) => ({ key, value, propagateAtLaunch: false })),
          ),
        ...regionOption(args.region),
      },
      {
        parent: this,
        // Only the gate moves instances: the provider would switch the group and not wait for the refresh.
        ignoreChanges: ["launchTemplate", "mixedInstancesPolicy"],
        customTimeouts: { create: "15m", update: "15m", delete: "30m" },
      },
    );
    const scaling = new aws.autoscaling.Policy(
      `${name}-cpu`,
      {
        autoscalingGroupName: group.name,
        policyType: "TargetTrackingScaling",
        targetTrackingConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
          targetValue: args.targetCpu ?? 50,
        },
        ...regionOption(args.region),
      },
      { parent: this },
    );
    const live = liveRecord({
      owner: this,
      name,
      args,
      region,
      group,
      template,
      front: front?.targetGroupArn,
      dependsOn: front ? [scaling, front.balancer] : [scaling],
    });

    this.url = pulumi.output(front?.url);
    this.groupName = group.name;
    this.groupArn = group.arn;
    this.launchTemplateId = template.id;
    this.liveParameter = live.name;
    this.liveImageId = pulumi.all([args.imageId, live.id]).apply(([id]) => id);
    this.securityGroupId = groups.instances.id;
    this.connect = pulumi.interpolate`aws autoscaling describe-auto-scaling-instances --region ${region} --query "AutoScalingInstances[?AutoScalingGroupName=='${group.name}'].['aws ssm start-session --region ${region} --target', InstanceId]" --output text`;
    this.registerOutputs({
      url: this.url,
      groupName: this.groupName,
      groupArn: this.groupArn,
      launchTemplateId: this.launchTemplateId,
      liveParameter: this.liveParameter,
      liveImageId: this.liveImageId,
      securityGroupId: this.securityGroupId,
      connect: this.connect,
    });
  }
}

/** Every problem of the plain values. */
export function autoScalingFleetProblems(name: string, args: AutoScalingFleetArgs): Checks {
  const { minSize, maxSize, rollout = {} } = args;
  const checks = new Checks()
    .rule("line", "name", name)
    .rule("imageId", "imageId", args.imageId)
    .rule("size", "minSize", minSize)
    .rule("size", "maxSize", maxSize)
    .rule("port", "port", args.port)
    .rule("instanceType", "instanceType", args.instanceType)
    .rule("architecture", "architecture", args.architecture)
    .fits("instanceType", args.architecture === undefined ? undefined : args.instanceType, args.architecture)
    .rule("percent", "targetCpu", args.targetCpu)
    .rule("region", "region", args.region)
    .add(...rolloutProblems({ ...rollout }).problems)
    .userData("userData", args.userData)
    .tags("tags", args.tags);
  // Load balancers and target groups are named NAME-lb-1234567: 32 characters at most (Elastic Load Balancing API).
  if (args.port !== undefined && name.length > 21) {
    checks.add({
      path: "name",
      given: name,
      allowed: "at most 21 characters with a load balancer",
      fix: "Choose a shorter name",
    });
  }
  // The role is named NAME-role-1234567: 64 characters at most (IAM API).
  if (name.length > 51) {
    checks.add({ path: "name", given: name, allowed: "at most 51 characters", fix: "Choose a shorter name" });
  }
  if (typeof args.healthPath === "string" && !args.healthPath.startsWith("/")) {
    checks.add({ path: "healthPath", given: args.healthPath, allowed: "a path that starts with /", fix: "Add the /" });
  }
  const [low, high] = [minSize ?? FLEET_DEFAULTS.minSize, maxSize ?? FLEET_DEFAULTS.maxSize];
  if (typeof low === "number" && typeof high === "number" && low > high) {
    checks.add({ path: "minSize", given: low, allowed: `at most maxSize (${high})`, fix: "Change one of the two" });
  }
  for (const field of ["subnetIds", "loadBalancerSubnetIds"] as const) {
    args[field]?.forEach((id, i) => checks.rule("subnetId", `${field}[${i}]`, id));
    if (args[field]?.length === 1) {
      checks.add({
        path: field,
        given: 1,
        allowed: "two subnets or more, in different zones",
        fix: "Add a subnet of another zone",
      });
    }
  }
  if (args.sessionManager && args.instanceProfile !== undefined) {
    checks.add({
      path: "sessionManager",
      given: true,
      allowed: "either sessionManager or instanceProfile",
      fix: "Remove one",
    });
  }
  return checks;
}
