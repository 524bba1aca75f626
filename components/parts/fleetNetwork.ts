import * as aws from "@pulumi/aws";
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
  /** Where a load balancer stands unless it is told. */
  publicSubnetIds: pulumi.Output<string[]>;
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
    if (!ids || ids.includes(undefined as never) || new Set(ids).size >= 2) return ids;
    throw new pulumi.ResourceError(
      `AutoScalingFleet "${spec.name}": got ${ids.length} subnet(s), allowed are two or more in different zones. ` +
        "Give `subnetIds`, or make the region's default subnets (aws ec2 create-default-subnet).",
      spec.owner,
      true,
    );
  });
  const vpcId = aws.ec2.getSubnetOutput({ id: checked.apply((ids) => ids?.[0] as string), ...region }, options).vpcId;
  return { subnetIds: checked, publicSubnetIds: checked, vpcId };
}
