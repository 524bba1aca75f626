import { UNKNOWN } from "../wire";
import type { Lookups } from "./lookup";

interface Partition {
  name: string;
  dnsSuffix: string;
  reverseDnsPrefix: string;
}

/** The partition of a region, which its name tells. */
export function partitionOf(region: string): Partition {
  if (region.startsWith("cn-")) {
    return { name: "aws-cn", dnsSuffix: "amazonaws.com.cn", reverseDnsPrefix: "cn.com.amazonaws" };
  }
  const name = region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
  return { name, dnsSuffix: "amazonaws.com", reverseDnsPrefix: "com.amazonaws" };
}

/** Regions whose first zones are not a, b and c for every account. */
const ZONE_LETTERS: { [region: string]: string[] } = {
  "ap-northeast-1": ["a", "c", "d"],
  "ca-central-1": ["a", "b", "d"],
  "us-west-1": ["a", "c"],
};

/** Assumed: three zones a region, even where AWS has more, because the account's own list is not known. */
export function zonesOf(region: string): string[] {
  return (ZONE_LETTERS[region] ?? ["a", "b", "c"]).map((letter) => `${region}${letter}`);
}

/** Region, partition and zones. */
export const regionLookups: Lookups = {
  "aws:index/getRegion:getRegion": (args, context) => {
    const region = typeof args.name === "string" ? args.name : context.region;
    const endpoint = `ec2.${region}.${partitionOf(region).dnsSuffix}`;
    return { certainty: "known", result: { id: region, name: region, region, endpoint, description: UNKNOWN } };
  },
  "aws:index/getPartition:getPartition": (_args, { region }) => {
    const { name, dnsSuffix, reverseDnsPrefix } = partitionOf(region);
    return { certainty: "known", result: { id: name, partition: name, dnsSuffix, reverseDnsPrefix } };
  },
  "aws:index/getAvailabilityZones:getAvailabilityZones": (args, { region }) => {
    // Filters pick local and wavelength zones, which an account must opt in to.
    if (args.filters !== undefined || args.allAvailabilityZones === true) return undefined;
    const excluded = Array.isArray(args.excludeNames) ? args.excludeNames : [];
    const names = zonesOf(region).filter((name) => !excluded.includes(name));
    return {
      certainty: "assumed",
      result: { id: region, names, zoneIds: names.map(() => UNKNOWN), groupNames: [region] },
    };
  },
  "aws:index/getAvailabilityZone:getAvailabilityZone": (args, { region }) => {
    const name = args.name;
    if (typeof name !== "string" || !name.startsWith(region)) return undefined;
    return {
      certainty: "known",
      result: { id: name, name, nameSuffix: name.slice(region.length), region, zoneId: UNKNOWN },
    };
  },
};
