import * as aws from "@pulumi/aws";
import type * as awsxModule from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { fleetNetworkProblems, NAT } from "./internal/networkRules";
import { homeRegion, refuse, regionOption } from "./parts/component";

export interface FleetNetworkArgs {
  /**
   * Addresses of the network: an IPv4 block of /16 to /24 (a VPC takes /16 to /28, and each zone gets two subnets of it).
   * Plain.
   * @default "10.0.0.0/16"
   */
  cidrBlock?: string;
  /**
   * Zones: 2 to 6. Plain.
   * @default 2
   */
  zones?: number;
  /**
   * How instances reach the internet: `single` (one NAT gateway), `one-per-zone` (none of them is missed when a zone is lost) or
   * `none`. With `none` there are endpoints for Session Manager, so that instances can be reached all the same. Plain.
   * @default "single"
   */
  nat?: string;
  /**
   * Region.
   * @default the provider's
   */
  region?: pulumi.Input<string>;
  /** Tags for everything made. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

/** What the Session Manager agent talks to (AWS Systems Manager user guide, "VPC endpoints"). */
const SESSION_MANAGER = ["ssm", "ssmmessages", "ec2messages"];

/**
 * A VPC of awsx for fleets: private subnets for instances, public ones for load balancers, in two zones or more. Its default
 * security group lets nothing through.
 */
export class FleetNetwork extends pulumi.ComponentResource {
  /** Id of the VPC. */
  public readonly vpcId: pulumi.Output<string>;
  /** Private subnets, one a zone: `subnetIds` of a fleet. */
  public readonly privateSubnetIds: pulumi.Output<string>[];
  /** Public subnets, one a zone: `loadBalancerSubnetIds` of a fleet. */
  public readonly publicSubnetIds: pulumi.Output<string>[];

  constructor(name: string, args: FleetNetworkArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:FleetNetwork", name, args, opts);
    refuse(this, `FleetNetwork "${name}"`, fleetNetworkProblems(name, args).problems);
    const { cidrBlock = "10.0.0.0/16", zones = 2, nat = "single", tags } = args;
    const options = { parent: this };
    const region = regionOption(args.region);
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- programs without a network do not pay for it
    const awsx = require("@pulumi/awsx") as typeof awsxModule;
    const vpc = new awsx.ec2.Vpc(
      name,
      {
        cidrBlock,
        numberOfAvailabilityZones: zones,
        natGateways: { strategy: NAT[nat] as awsxModule.ec2.NatGatewayStrategy },
        subnetStrategy: "Auto",
        subnetSpecs: [{ type: "Private" }, { type: "Public" }],
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags,
        ...region,
      },
      options,
    );
    // A caller's mocks may give no ids.
    const pick = (ids: pulumi.Output<string[] | undefined>) =>
      Array.from({ length: zones }, (_, zone) => ids.apply((all) => all?.[zone] as string));
    this.vpcId = vpc.vpcId;
    this.privateSubnetIds = pick(vpc.privateSubnetIds);
    this.publicSubnetIds = pick(vpc.publicSubnetIds);
    new aws.ec2.DefaultSecurityGroup(`${name}-default`, { vpcId: vpc.vpcId, tags, ...region }, options);
    if (nat === "none") this.endpoints(name, args, cidrBlock);
    this.registerOutputs({
      vpcId: this.vpcId,
      privateSubnetIds: this.privateSubnetIds,
      publicSubnetIds: this.publicSubnetIds,
    });
  }

  /** Without NAT: the doors through which the Session Manager agent reaches AWS. */
  private endpoints(name: string, args: FleetNetworkArgs, cidrBlock: string): void {
    const region = regionOption(args.region);
    const where = homeRegion(this, args.region);
    const group = new aws.ec2.SecurityGroup(
      `${name}-endpoints-sg`,
      {
        description: `Endpoints of ${name}: HTTPS from its network`,
        vpcId: this.vpcId,
        ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: [cidrBlock], description: "HTTPS" }],
        tags: args.tags,
        ...region,
      },
      { parent: this },
    );
    for (const service of SESSION_MANAGER) {
      new aws.ec2.VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: this.vpcId,
          serviceName: pulumi.interpolate`com.amazonaws.${where}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: this.privateSubnetIds,
          securityGroupIds: [group.id],
          tags: args.tags,
          ...region,
        },
        { parent: this },
      );
    }
  }
}
