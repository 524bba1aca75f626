import * as aws from "@pulumi/aws";
import type * as awsxModule from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { regionOption } from "./component";

export interface FleetNetworkSpec {
  owner: pulumi.ComponentResource;
  name: string;
  region: pulumi.Input<string> | undefined;
  /** Given subnets, or undefined for the default ones. */
  subnetIds: pulumi.Input<string>[] | undefined;
  loadBalancerSubnetIds: pulumi.Input<string>[] | undefined;
  tags: pulumi.Input<{ [key: string]: pulumi.Input<string> }> | undefined;
}

export interface FleetNetwork {
  vpcId: pulumi.Output<string>;
  subnetIds: pulumi.Output<string[]>;
}

/** The subnets of the fleet: the given ones, else the default subnet of each zone. Two zones at least. */
export function fleetNetwork(spec: FleetNetworkSpec): FleetNetwork {
  const options = { parent: spec.owner };
  const region = regionOption(spec.region);
  const given = spec.subnetIds;
  const subnetIds = given
    ? pulumi.output(given)
    : aws.ec2.getSubnetsOutput({ filters: [{ name: "default-for-az", values: ["true"] }], ...region }, options).ids;
  const checked = subnetIds.apply((ids) => {
    if (!ids || new Set(ids).size >= 2) return ids;
    throw new pulumi.ResourceError(
      `AutoScalingFleet "${spec.name}": got ${ids.length} subnet(s), allowed are two or more in different zones. ` +
        "Give `subnetIds`, or make the region's default subnets (aws ec2 create-default-subnet).",
      spec.owner,
      true,
    );
  });
  const vpcId = aws.ec2.getSubnetOutput({ id: checked.apply((ids) => ids?.[0] as string), ...region }, options).vpcId;
  return { subnetIds: checked, vpcId };
}

export interface FleetLoadBalancer {
  balancer: awsxModule.lb.ApplicationLoadBalancer;
  targetGroupArn: pulumi.Output<string>;
  url: pulumi.Output<string>;
}

/** The security groups: the load balancer's takes HTTP from everywhere, the instances' only from the load balancer. */
export function fleetSecurityGroups(
  spec: FleetNetworkSpec,
  vpcId: pulumi.Output<string>,
  port: number | undefined,
): { balancer?: aws.ec2.SecurityGroup; instances: aws.ec2.SecurityGroup } {
  const options = { parent: spec.owner };
  const region = regionOption(spec.region);
  const all = { cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] };
  const balancer =
    port === undefined
      ? undefined
      : new aws.ec2.SecurityGroup(
          `${spec.name}-lb-sg`,
          {
            description: `Load balancer of ${spec.name}: HTTP from everywhere`,
            vpcId,
            ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, description: "HTTP", ...all }],
            egress: [{ protocol: "tcp", fromPort: port, toPort: port, description: "Instances", ...all }],
            tags: spec.tags,
            ...region,
          },
          options,
        );
  const instances = new aws.ec2.SecurityGroup(
    `${spec.name}-sg`,
    {
      description: `Instances of ${spec.name}: reachable from its load balancer only`,
      vpcId,
      ingress:
        balancer && port !== undefined
          ? [
              {
                protocol: "tcp",
                fromPort: port,
                toPort: port,
                securityGroups: [balancer.id],
                description: "Load balancer",
              },
            ]
          : [],
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, description: "All", ...all }],
      tags: spec.tags,
      ...region,
    },
    options,
  );
  return { balancer, instances };
}

/** An Application Load Balancer of awsx in front of the group. awsx is loaded only here. */
export function fleetLoadBalancer(
  spec: FleetNetworkSpec,
  network: FleetNetwork,
  securityGroup: aws.ec2.SecurityGroup,
  port: number,
  healthPath: pulumi.Input<string>,
): FleetLoadBalancer {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- programs without a load balancer do not pay for it
  const awsx = require("@pulumi/awsx") as typeof awsxModule;
  const region = regionOption(spec.region);
  const balancer = new awsx.lb.ApplicationLoadBalancer(
    `${spec.name}-lb`,
    {
      subnetIds: spec.loadBalancerSubnetIds ?? network.subnetIds,
      securityGroups: [securityGroup.id],
      defaultSecurityGroup: { skip: true },
      dropInvalidHeaderFields: true,
      listener: { port: 80, protocol: "HTTP", ...region },
      defaultTargetGroup: {
        vpcId: network.vpcId,
        port,
        protocol: "HTTP",
        targetType: "instance",
        deregistrationDelay: 60,
        healthCheck: { path: healthPath, matcher: "200-399", interval: 15, healthyThreshold: 2, unhealthyThreshold: 3 },
        tags: spec.tags,
        ...region,
      },
      tags: spec.tags,
      ...region,
    },
    { parent: spec.owner },
  );
  return {
    balancer,
    targetGroupArn: balancer.defaultTargetGroup.arn,
    url: pulumi.interpolate`http://${balancer.loadBalancer.dnsName}`,
  };
}
