import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AutoScalingFleet } from "./autoScalingFleet";
import type { AutoScalingFleetArgs } from "./autoScalingFleetArgs";
import { FleetNetwork } from "./fleetNetwork";
import { FLEET_DEFAULTS } from "./internal/fleetDefaults";
import { type RecoverySizes, recoveryRecordName, type RecoveryStrategy } from "./internal/recoveryRecord";
import { recoveryRegionProblems } from "./internal/recoveryRules";
import { RECOVERY, RECOVERY_DEFAULTS, standbySizes } from "./internal/recoveryTable";
import { LaunchTemplate } from "./launchTemplate";
import { after, refuse } from "./parts/component";
import type { RecoveryRegionArgs } from "./recoveryRegionArgs";

/** What the record says of what stands there, whatever the strategy made. */
interface Standing {
  launchTemplateId: pulumi.Output<string>;
  launchTemplateVersion: pulumi.Output<string>;
  fleet?: AutoScalingFleet;
  /** The image, once its own record is written. */
  imageId: pulumi.Output<string>;
}

/**
 * A region that stands in for another one: network, template, group, load balancer and records of its own, as much of them
 * as the strategy says. Nothing in it refers to the region it stands in for. What `failover` and `drill` need is in the SSM
 * parameter `/ami/LINE/STACK/recovery`, written after the fleet's own record.
 */
export class RecoveryRegion extends pulumi.ComponentResource {
  /** Address of the load balancer, with `fleet.port` and a group. */
  public readonly url: pulumi.Output<string | undefined>;
  /** DNS name of the load balancer: what an alias record names. */
  public readonly dnsName: pulumi.Output<string | undefined>;
  /** Hosted zone of that name. */
  public readonly zoneId: pulumi.Output<string | undefined>;
  /** Name of the Auto Scaling group; none with `backup-restore`. */
  public readonly groupName: pulumi.Output<string | undefined>;
  /** Name of the SSM parameter that `failover` and `drill` read. */
  public readonly recoveryParameter: pulumi.Output<string>;
  /** The image that stands ready here: resolves only after it is staged, or live. */
  public readonly readyImageId: pulumi.Output<string>;

  constructor(name: string, args: RecoveryRegionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:RecoveryRegion", name, args, opts);
    refuse(this, `RecoveryRegion "${name}"`, recoveryRegionProblems(name, args).problems);

    const strategy = (args.strategy ?? RECOVERY_DEFAULTS.strategy) as RecoveryStrategy;
    const { minSize = FLEET_DEFAULTS.minSize, maxSize = FLEET_DEFAULTS.maxSize } = args.fleet;
    const active: pulumi.Output<RecoverySizes> = pulumi
      .all([minSize, maxSize])
      .apply(([least, most]) => ({ minSize: least, maxSize: most }));
    const standby = pulumi
      .all([active, args.share ?? RECOVERY_DEFAULTS.share])
      .apply(([full, share]) => standbySizes(strategy, full, share));
    const isBare = strategy === "backup-restore" && !args.active;
    const standing = isBare ? this.template(name, args) : this.fleet(name, args, strategy, active, standby);
    const { fleet, imageId } = standing;
    const record = pulumi
      .all({
        ...{ strategy, home: args.home, version: args.fleet.version, imageId },
        launchTemplateId: standing.launchTemplateId,
        launchTemplateVersion: standing.launchTemplateVersion,
        groupName: fleet?.groupName,
        targetGroupArns: args.fleet.port === undefined ? undefined : fleet?.targetGroupArns,
        subnetIds: fleet?.subnetIds,
        ...{ active, standby },
        rtoMinutes: args.rtoMinutes ?? RECOVERY[strategy].rtoMinutes,
        rpoMinutes: args.rpoMinutes ?? RECOVERY_DEFAULTS.rpoMinutes,
      })
      .apply((fact) => JSON.stringify(fact));
    const parameter = new aws.ssm.Parameter(
      `${name}-recovery`,
      {
        name: recoveryRecordName(args.fleet.line ?? name, pulumi.getStack()),
        type: "String",
        description: `What stands ready in ${args.region} for ${args.home}. Written by pulumi-ami-lifecycle.`,
        // Not `value`: the SDK takes that for a secret, and no preview could show it.
        insecureValue: record,
        tags: args.fleet.tags,
        region: args.region,
      },
      { parent: this },
    );

    this.url = pulumi.output(fleet?.url);
    this.dnsName = pulumi.output(fleet?.dnsName);
    this.zoneId = pulumi.output(fleet?.zoneId);
    this.groupName = pulumi.output(fleet?.groupName);
    this.recoveryParameter = parameter.name;
    this.readyImageId = after(imageId, parameter.id);
    this.registerOutputs({
      url: this.url,
      dnsName: this.dnsName,
      zoneId: this.zoneId,
      groupName: this.groupName,
      recoveryParameter: this.recoveryParameter,
      readyImageId: this.readyImageId,
    });
  }

  private template(name: string, { region, fleet }: RecoveryRegionArgs): Standing {
    const { imageId, instanceType, architecture, instanceProfile, userData, tags } = fleet;
    const template = new LaunchTemplate(
      name,
      { imageId, instanceType, architecture, instanceProfile, userData, tags, region },
      { parent: this },
    );
    return {
      launchTemplateId: template.launchTemplateId,
      launchTemplateVersion: template.latestVersion.apply(String),
      imageId: template.imageId,
    };
  }

  private fleet(
    name: string,
    { region, fleet: given, network: wanted, active: serves = false }: RecoveryRegionArgs,
    strategy: RecoveryStrategy,
    active: pulumi.Output<RecoverySizes>,
    standby: pulumi.Output<RecoverySizes>,
  ): Standing {
    const parent = { parent: this };
    const network = wanted && new FleetNetwork(name, { ...wanted, region, tags: given.tags }, parent);
    const staged = strategy === "pilot-light" && !serves;
    const sizes = serves ? active : standby;
    const args: AutoScalingFleetArgs = {
      ...given,
      region,
      line: given.line ?? name,
      // Plain where it decides which record there is.
      minSize: staged ? 0 : sizes.minSize,
      maxSize: sizes.maxSize,
      ...(staged && { staged }),
      ...(network && { subnetIds: network.privateSubnetIds, loadBalancerSubnetIds: network.publicSubnetIds }),
    };
    const fleet = new AutoScalingFleet(name, args, parent);
    return {
      launchTemplateId: fleet.launchTemplateId,
      launchTemplateVersion: fleet.launchTemplateVersion,
      fleet,
      imageId: fleet.liveImageId,
    };
  }
}
