import * as pulumi from "@pulumi/pulumi";
import type { AutoScalingFleetArgs } from "./autoScalingFleetArgs";
import { autoScalingFleetProblems } from "./internal/fleetRules";
import { homeRegion, refuse } from "./parts/component";
import { fleetBalancer } from "./parts/fleetBalancer";
import { fleetGroup, fleetHooks } from "./parts/fleetGroup";
import { fleetAlarms, fleetWatch, resourceLabelOf } from "./parts/fleetMonitoring";
import { fleetNetwork } from "./parts/fleetNetwork";
import { fleetScaling } from "./parts/fleetScaling";
import { fleetSecurityGroups } from "./parts/fleetSecurity";
import { fleetTemplate } from "./parts/fleetTemplate";
import { liveRecord } from "./parts/live";
import { mixedPolicy } from "./parts/mixedPolicy";
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
  /** Number of its newest version: what this program says. */
  public readonly launchTemplateVersion: pulumi.Output<string>;
  /** Subnets of the instances. */
  public readonly subnetIds: pulumi.Output<string[]>;
  /** ARNs of the load balancer's target groups, the fleet's own first; empty without `port`. */
  public readonly targetGroupArns: pulumi.Output<string[]>;
  /** Name of the SSM parameter that records what the fleet is proven to run, or with `staged` what it would. */
  public readonly liveParameter: pulumi.Output<string>;
  /** The image of that record: resolves only after the rollout finished. */
  public readonly liveImageId: pulumi.Output<string>;
  /** Command that lists the instances, each with the command that opens a shell on it. */
  public readonly connect: pulumi.Output<string>;
  /** DNS name of the load balancer, with `port`: what an alias record names. */
  public readonly dnsName: pulumi.Output<string | undefined>;
  /** Hosted zone of that name, with `port`. */
  public readonly zoneId: pulumi.Output<string | undefined>;
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
    const groups = fleetSecurityGroups(spec, network.vpcId, port, args.loadBalancer);
    const { balancer: securityGroup } = groups;
    const { healthPath, loadBalancer: balancer = {} } = args;
    const front =
      securityGroup && port !== undefined
        ? fleetBalancer({ ...spec, network, securityGroup, port, healthPath, balancer })
        : undefined;
    const sessionManager = args.sessionManager ?? args.instanceProfile === undefined;
    const profile = sessionManager ? sessionManagerProfile(this, name, tags).name : args.instanceProfile;
    const template = fleetTemplate(this, name, args, groups.instances.id, profile);

    const policy = mixedPolicy(args.mixedInstances);
    const of = { owner: this, name, args, template, policy, targetGroupArns: front?.targetGroupArns };
    const groupSpec = { ...of, subnetIds: network.subnetIds };
    const group = fleetGroup(groupSpec);
    const hooks = fleetHooks(groupSpec, group);
    const scaling = fleetScaling({ owner: this, name, args, group, resourceLabel: front && resourceLabelOf(front) });
    const watched = { owner: this, name, args, region, group, front };
    const alarms = fleetAlarms(watched);
    fleetWatch(watched, alarms);
    const live = liveRecord({
      ...of,
      region,
      group,
      alarmNames: alarms.map((alarm) => alarm.name),
      dependsOn: [...scaling, ...hooks, ...alarms, ...(front?.resources ?? [])],
    });

    this.url = pulumi.output(front?.url);
    this.dnsName = pulumi.output(front?.dnsName);
    this.zoneId = pulumi.output(front?.zoneId);
    this.groupName = group.name;
    this.groupArn = group.arn;
    this.launchTemplateId = template.id;
    this.launchTemplateVersion = template.latestVersion.apply(String);
    this.subnetIds = network.subnetIds;
    this.targetGroupArns = pulumi.output(front?.targetGroupArns ?? []);
    this.liveParameter = live.name;
    this.liveImageId = pulumi.all([args.imageId, live.id]).apply(([id]) => id);
    this.securityGroupId = groups.instances.id;
    this.connect = pulumi.interpolate`aws autoscaling describe-auto-scaling-instances --region ${region} --query "AutoScalingInstances[?AutoScalingGroupName=='${group.name}'].['aws ssm start-session --region ${region} --target', InstanceId]" --output text`;
    this.registerOutputs({
      url: this.url,
      dnsName: this.dnsName,
      zoneId: this.zoneId,
      groupName: this.groupName,
      groupArn: this.groupArn,
      launchTemplateId: this.launchTemplateId,
      launchTemplateVersion: this.launchTemplateVersion,
      subnetIds: this.subnetIds,
      targetGroupArns: this.targetGroupArns,
      liveParameter: this.liveParameter,
      liveImageId: this.liveImageId,
      securityGroupId: this.securityGroupId,
      connect: this.connect,
    });
  }
}
