import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { spotName, spread } from "./internal/spread";
import { standaloneProblems } from "./internal/standaloneRules";
import { LaunchTemplate } from "./launchTemplate";
import { homeRegion, refuse, regionOption } from "./parts/component";
import { serverSecurityGroup, zoneSubnets } from "./parts/serverNetwork";
import { connectCommand, sessionManagerProfile } from "./parts/sessionManager";
import { encryptedVolume } from "./parts/volume";
import type { StandaloneInstancesArgs } from "./standaloneInstancesArgs";

const LOCAL_PORT = 13389;

interface ByName {
  [instance: string]: pulumi.Output<string>;
}

/**
 * So many identical instances, spread over zones, without a group that replaces them: for servers that are looked after one
 * by one. Their names are `NAME-ZONE-ORDINAL`, so that a change of their number or of the zones replaces none of the others.
 * With `imageId` it makes a launch template, a security group without ingress and a profile for Session Manager;
 * IMDSv2 is required, volumes are encrypted. Instances that exist are kept as they are unless `keep` is false.
 */
export class StandaloneInstances extends pulumi.ComponentResource {
  /** Ids of the instances by their names. */
  public readonly instanceIds: pulumi.Output<{ [instance: string]: string }>;
  /** Private IPv4 addresses by the instances' names. */
  public readonly privateIps: pulumi.Output<{ [instance: string]: string }>;
  /** Public IPv4 addresses by the instances' names, of those that have one. */
  public readonly publicIps: pulumi.Output<{ [instance: string]: string }>;
  /** Commands that open a shell through Session Manager, by the instances' names. */
  public readonly connect: pulumi.Output<{ [instance: string]: string }>;
  /** Commands that log in with SSH, by the instances' names: with `sshCidrs`, `KEY.pem` being the key pair's private half. */
  public readonly ssh: pulumi.Output<{ [instance: string]: string }>;
  /**
   * Commands for Remote Desktop to Windows servers, by the instances' names: through Session Manager, or with `rdpCidrs`
   * directly. The password is in `aws ec2 get-password-data --instance-id ID --priv-launch-key KEY.pem`.
   */
  public readonly rdp: pulumi.Output<{ [instance: string]: string }>;
  /** The security group that was made, if one was. */
  public readonly securityGroupId: pulumi.Output<string | undefined>;
  /** Id of the launch template: the one given, or the one made. */
  public readonly launchTemplateId: pulumi.Output<string>;

  constructor(name: string, args: StandaloneInstancesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:StandaloneInstances", name, args, opts);
    refuse(this, `StandaloneInstances "${name}"`, standaloneProblems(name, { ...args }).problems);

    const { imageId, zones, keep = true } = args;
    const region = homeRegion(this, args.region);
    const network = { owner: this, name, region: args.region, zones, subnetIds: args.subnetIds };
    const subnets = zoneSubnets(network);
    const first = subnets[zones[0] ?? ""];
    const group =
      imageId === undefined || args.securityGroupIds || first === undefined
        ? undefined
        : serverSecurityGroup(network, first, args, args.tags);
    const template = imageId === undefined ? undefined : this.template(name, imageId, args);
    const templateId = template?.launchTemplateId ?? pulumi.output(args.launchTemplateId as pulumi.Input<string>);
    const version = template?.latestVersion ?? pulumi.output(args.launchTemplateVersion as pulumi.Input<number>);
    const groups = args.securityGroupIds ?? (group ? [group.id] : []);

    const instances = spread(args.count, zones).map((spot) => {
      const instanceName = spotName(name, spot);
      const tags = pulumi
        .output(args.tags)
        .apply((given): { [key: string]: string } => ({ Name: instanceName, ...given }));
      const instance = new aws.ec2.Instance(
        instanceName,
        {
          launchTemplate: { id: templateId, version: version.apply(String) },
          subnetId: subnets[spot.zone],
          ...(imageId !== undefined && instanceArgs(args, groups, tags)),
          tags,
          ...regionOption(args.region),
        },
        {
          parent: this,
          ignoreChanges: [
            // A stopped instance has no public address any more: that must not replace it.
            "associatePublicIpAddress",
            ...(keep ? ["launchTemplate", "ebsBlockDevices", "rootBlockDevice.kmsKeyId"] : []),
          ],
          customTimeouts: { create: "15m", delete: "30m" },
        },
      );
      return [instanceName, instance] as const;
    });
    const byName = (of: (instance: aws.ec2.Instance) => pulumi.Output<string>) => {
      const all: ByName = Object.fromEntries(instances.map(([key, instance]) => [key, of(instance)]));
      return pulumi.output(all);
    };
    const address = ({ publicIp, privateIp }: aws.ec2.Instance) =>
      pulumi.all([publicIp, privateIp]).apply(([open, inner]) => open || inner);

    this.instanceIds = byName(({ id }) => id);
    this.privateIps = byName(({ privateIp }) => privateIp);
    this.publicIps = byName(({ publicIp }) => publicIp).apply((all) =>
      Object.fromEntries(Object.entries(all).filter(([, ip]) => ip)),
    );
    this.connect = byName(({ id }) => connectCommand(id, region));
    const login = pulumi.interpolate`-i ${args.keyName ?? "KEY"}.pem ${args.sshUser ?? "ec2-user"}`;
    this.ssh = byName((instance) => pulumi.interpolate`ssh ${login}@${address(instance)}`).apply((all) =>
      args.sshCidrs?.length ? all : {},
    );
    this.rdp = byName((instance) =>
      args.rdpCidrs?.length
        ? pulumi.interpolate`mstsc /v:${address(instance)}`
        : pulumi.interpolate`${connectCommand(instance.id, region)} --document-name AWS-StartPortForwardingSession --parameters portNumber=3389,localPortNumber=${LOCAL_PORT}   # then: mstsc /v:localhost:${LOCAL_PORT}`,
    );
    this.securityGroupId = pulumi.output(group?.id);
    this.launchTemplateId = templateId;
    this.registerOutputs({
      instanceIds: this.instanceIds,
      privateIps: this.privateIps,
      publicIps: this.publicIps,
      connect: this.connect,
      ssh: this.ssh,
      rdp: this.rdp,
      securityGroupId: this.securityGroupId,
      launchTemplateId: this.launchTemplateId,
    });
  }

  private template(name: string, imageId: pulumi.Input<string>, args: StandaloneInstancesArgs): LaunchTemplate {
    const sessionManager = args.sessionManager ?? args.instanceProfile === undefined;
    return new LaunchTemplate(
      name,
      {
        imageId,
        architecture: args.architecture,
        instanceType: args.instanceType,
        instanceProfile: sessionManager ? sessionManagerProfile(this, name, args.tags).name : args.instanceProfile,
        keyName: args.keyName,
        userData: args.userData,
        monitoring: args.monitoring,
        region: args.region,
        tags: args.tags,
      },
      { parent: this },
    );
  }
}

/** Of the instance, not of the template: what can be changed on those that exist, and what AWS takes only together. */
const instanceArgs = (
  args: StandaloneInstancesArgs,
  securityGroupIds: pulumi.Input<string>[],
  tags: pulumi.Output<{ [key: string]: string }>,
) => ({
  vpcSecurityGroupIds: securityGroupIds,
  associatePublicIpAddress: args.publicIp,
  rootBlockDevice: { ...encryptedVolume(args.rootVolume ?? {}), tags },
  ebsBlockDevices: (args.volumes ?? []).map((volume) => ({
    ...encryptedVolume(volume),
    deviceName: volume.deviceName as pulumi.Input<string>,
    tags,
  })),
});
