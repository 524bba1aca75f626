import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { isIPv6Cidr } from "../internal/cidr";
import { regionOption } from "./component";

export interface ServerNetworkSpec {
  owner: pulumi.ComponentResource;
  name: string;
  region: pulumi.Input<string> | undefined;
  zones: string[];
  /** Given subnets by zone, or undefined for the default ones. */
  subnetIds: { [zone: string]: pulumi.Input<string> } | undefined;
}

/** The subnet of each zone: the given one, else the zone's default one. */
export function zoneSubnets(spec: ServerNetworkSpec): { [zone: string]: pulumi.Input<string> } {
  if (spec.subnetIds) return spec.subnetIds;
  const found = spec.zones.map((availabilityZone) => {
    const args = { availabilityZone, defaultForAz: true, ...regionOption(spec.region) };
    return [availabilityZone, aws.ec2.getSubnetOutput(args, { parent: spec.owner }).id] as const;
  });
  return Object.fromEntries(found);
}

/** Who may reach the servers. */
export interface Openings {
  http?: boolean;
  https?: boolean;
  sshCidrs?: string[];
  rdpCidrs?: string[];
}

const INTERNET = ["0.0.0.0/0", "::/0"];

/** The servers' security group: nothing comes in but what is asked for, everything goes out. */
export function serverSecurityGroup(
  spec: ServerNetworkSpec,
  subnetId: pulumi.Input<string>,
  openings: Openings,
  tags: pulumi.Input<{ [key: string]: pulumi.Input<string> }> | undefined,
): aws.ec2.SecurityGroup {
  const { http, https, sshCidrs = [], rdpCidrs = [] } = openings;
  const open = (port: number, description: string, cidrs: string[]) =>
    cidrs.length === 0 ? [] : [{ protocol: "tcp", fromPort: port, toPort: port, description, ...blocks(cidrs) }];
  const region = regionOption(spec.region);
  return new aws.ec2.SecurityGroup(
    `${spec.name}-sg`,
    {
      description: `Instances of ${spec.name}`,
      vpcId: aws.ec2.getSubnetOutput({ id: subnetId, ...region }, { parent: spec.owner }).vpcId,
      ingress: [
        ...open(80, "HTTP", http ? INTERNET : []),
        ...open(443, "HTTPS", https ? INTERNET : []),
        ...open(22, "SSH", sshCidrs),
        ...open(3389, "RDP", rdpCidrs),
      ],
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, description: "All", ...blocks(INTERNET) }],
      tags,
      ...region,
    },
    { parent: spec.owner },
  );
}

function blocks(cidrs: string[]) {
  const [six, four] = [cidrs.filter(isIPv6Cidr), cidrs.filter((cidr) => !isIPv6Cidr(cidr))];
  return { ...(four.length > 0 && { cidrBlocks: four }), ...(six.length > 0 && { ipv6CidrBlocks: six }) };
}
