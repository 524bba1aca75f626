import type { WireObject } from "../types";
import { UNKNOWN } from "../wire";
import { filtersOf, type Answer, type Lookups } from "./lookup";
import { zonesOf } from "./regions";

/** Assumed: each region has its default VPC, with one default subnet in each zone. */
export function defaultVpc(region: string): string {
  return `vpc-assumed-${region}-default`;
}

export function defaultSubnet(zone: string): string {
  return `subnet-assumed-${zone}`;
}

const FIXED_FILTERS: { [name: string]: string } = {
  "default-for-az": "true",
  "map-public-ip-on-launch": "true",
  state: "available",
};

/** The zones of the default subnets that filters pick; undefined when they ask for what is not known. */
function pickZones(args: WireObject, region: string): string[] | undefined {
  const filters = filtersOf(args);
  if (filters === undefined || args.tags !== undefined) return undefined;
  let zones = zonesOf(region);
  for (const [name, values] of filters) {
    if (name === "vpc-id") {
      if (!values.includes(defaultVpc(region))) return undefined;
    } else if (name === "availability-zone") {
      zones = zones.filter((zone) => values.includes(zone));
    } else if (name in FIXED_FILTERS) {
      if (!values.includes(FIXED_FILTERS[name] ?? "")) zones = [];
    } else {
      return undefined;
    }
  }
  return zones;
}

function subnet(zone: string, region: string): Answer {
  const result: WireObject = {
    id: defaultSubnet(zone),
    availabilityZone: zone,
    availabilityZoneId: UNKNOWN,
    vpcId: defaultVpc(region),
    cidrBlock: UNKNOWN,
    arn: UNKNOWN,
    ownerId: UNKNOWN,
    tags: UNKNOWN,
    availableIpAddressCount: UNKNOWN,
    defaultForAz: true,
    mapPublicIpOnLaunch: true,
    state: "available",
  };
  return { certainty: "assumed", result };
}

/** VPCs, subnets and security groups: the default ones are assumed, all others unknown. */
export const networkLookups: Lookups = {
  "aws:ec2/getVpc:getVpc": (args, { region }) => {
    const filters = filtersOf(args);
    const asksDefault =
      args.default === true || args.id === defaultVpc(region) || filters?.get("is-default")?.includes("true") === true;
    if (!asksDefault || args.tags !== undefined) return undefined;
    return {
      certainty: "assumed",
      result: {
        id: defaultVpc(region),
        default: true,
        // AWS gives every default VPC this block.
        cidrBlock: "172.31.0.0/16",
        state: "available",
        instanceTenancy: "default",
        enableDnsHostnames: true,
        enableDnsSupport: true,
        arn: UNKNOWN,
        ownerId: UNKNOWN,
        mainRouteTableId: UNKNOWN,
        dhcpOptionsId: UNKNOWN,
        cidrBlockAssociations: UNKNOWN,
        ipv6CidrBlock: UNKNOWN,
        ipv6AssociationId: UNKNOWN,
        tags: UNKNOWN,
      },
    };
  },
  "aws:ec2/getSubnets:getSubnets": (args, { region }) => {
    const zones = pickZones(args, region);
    if (zones === undefined) return undefined;
    return { certainty: "assumed", result: { id: region, ids: zones.map(defaultSubnet), tags: {} } };
  },
  "aws:ec2/getSubnet:getSubnet": (args, { region }) => {
    const zones = zonesOf(region);
    if (typeof args.id === "string") {
      const zone = zones.find((name) => defaultSubnet(name) === args.id);
      return zone === undefined ? undefined : subnet(zone, region);
    }
    const isDefault = args.defaultForAz === true || args.vpcId === defaultVpc(region);
    const zone = isDefault ? zones.find((name) => name === args.availabilityZone) : undefined;
    return zone === undefined ? undefined : subnet(zone, region);
  },
  "aws:ec2/getSecurityGroup:getSecurityGroup": (args, { region }) => {
    // Every VPC has a security group of this name.
    if (args.name !== "default" || args.vpcId !== defaultVpc(region)) return undefined;
    return {
      certainty: "assumed",
      result: { id: `sg-assumed-${region}-default`, description: "default VPC security group", arn: UNKNOWN, tags: {} },
    };
  },
};
