import type { Problem } from "../problems";
import { isKnown } from "../known";
import { Checks, RULES } from "../rules";
import { matches, oneOf, within, type Rule } from "../rule";
import { SECURITY_GROUP_ID, SUBNET_ID } from "./ids";
import {
  byRules,
  flag,
  type Inputs,
  isKnownOrAbsent,
  list,
  number,
  record,
  sizeProblems,
  text,
  valuesAt,
} from "./inputs";
import { instanceVolumes, templateVolumes } from "./volumes";

const COMMON: { [path: string]: Rule } = {
  instanceType: RULES.instanceType,
  "metadataOptions.httpPutResponseHopLimit": {
    test: within(1, 64),
    allowed: "1 to 64 (hops)",
    fix: "Give a number of hops; 1 keeps tokens on the machine",
  },
};

/** Line breaks are no part of it. */
function isBase64(value: string): boolean {
  const plain = value.replace(/\s+/g, "");
  return plain.length % 4 === 0 && Buffer.from(plain, "base64").toString("base64") === plain;
}

/** The provider encodes an instance's text itself, unless it is encoded already. */
function userDataProblems(path: string, given: unknown, mustBeEncoded: boolean): Problem[] {
  if (typeof given !== "string") return [];
  const isEncoded = isBase64(given);
  if (mustBeEncoded && !isEncoded) {
    return [{ path, allowed: "base64", fix: 'Encode it: Buffer.from(text).toString("base64")' }];
  }
  return new Checks().userDataBytes(path, Buffer.byteLength(given, isEncoded ? "base64" : "utf8")).problems;
}

/** An id that is not one of the simulation's own. */
function imageIdProblems(path: string, given: unknown): Problem[] {
  const id = text(given);
  if (id === undefined || id.startsWith("ami-assumed-") || id.startsWith("resolve:ssm:")) return [];
  return new Checks().rule("imageId", path, id).problems;
}

export const instanceProblems = (inputs: Inputs, region: string | undefined): Problem[] => [
  ...byRules(inputs, { ...COMMON, subnetId: SUBNET_ID, "vpcSecurityGroupIds[]": SECURITY_GROUP_ID }),
  ...imageIdProblems("ami", inputs.ami),
  ...userDataProblems("userData", inputs.userData, false),
  ...userDataProblems("userDataBase64", inputs.userDataBase64, true),
  ...instanceVolumes(inputs, region),
];

export const templateProblems = (inputs: Inputs, region: string | undefined): Problem[] => [
  ...byRules(inputs, COMMON),
  ...imageIdProblems("imageId", inputs.imageId),
  ...userDataProblems("userData", inputs.userData, true),
  ...templateVolumes(inputs, region),
];

/** InstancesDistribution: how the types of a group are chosen. */
export const ALLOCATION: { [field: string]: Rule } = {
  onDemandAllocationStrategy: oneOf("prioritized", "lowest-price"),
  spotAllocationStrategy: oneOf(
    "price-capacity-optimized",
    "capacity-optimized",
    "capacity-optimized-prioritized",
    "lowest-price",
  ),
};

/** The limits are the provider's. */
const DISTRIBUTION: { [field: string]: Rule } = {
  ...ALLOCATION,
  onDemandPercentageAboveBaseCapacity: {
    test: within(0, 100),
    allowed: "0 to 100 (percent)",
    fix: "Give a percentage",
  },
  onDemandBaseCapacity: {
    test: within(0, Number.MAX_SAFE_INTEGER),
    allowed: "a whole number from 0",
    fix: "Give a number of instances",
  },
};

/** CreateAutoScalingGroup and StartInstanceRefresh, Auto Scaling API 2011-01-01. */
const GROUP: { [path: string]: Rule } = {
  "mixedInstancesPolicy.launchTemplate.overrides[].instanceType": RULES.instanceType,
  ...Object.fromEntries(
    Object.entries(DISTRIBUTION).map(([field, rule]) => [`mixedInstancesPolicy.instancesDistribution.${field}`, rule]),
  ),
  /** Nothing says that AWS minds small letters. */
  healthCheckType: {
    test: matches(/^\s*(EC2|EBS|ELB|VPC_LATTICE)\s*(,\s*(EC2|EBS|ELB|VPC_LATTICE)\s*)*$/i),
    allowed: "EC2, EBS, ELB or VPC_LATTICE, or several with commas between them",
    fix: "Use one of them; EC2's own check is always made",
  },
  maxInstanceLifetime: {
    test: (value) => value === 0 || within(86_400, 31_536_000)(value),
    allowed: "0 (never), or 86400 to 31536000 (seconds)",
    fix: "Give a time of a day to a year",
  },
  "instanceRefresh.preferences.minHealthyPercentage": RULES.minHealthy,
  "instanceRefresh.preferences.maxHealthyPercentage": RULES.maxHealthy,
};

const GROUP_SIZES: { [path: string]: Rule } = {
  minSize: RULES.size,
  maxSize: RULES.size,
  desiredCapacity: RULES.size,
};

/** A zone's name begins with its region's; those of Local Zones, us-west-2-lax-1a, and of Wavelength Zones do too. */
const ZONE = /^((?:[a-z]+-){2,3}\d+)(?:[a-z]$|-)/;

function zoneProblems(inputs: Inputs, region: string | undefined): Problem[] {
  return valuesAt(inputs, "availabilityZones[]").flatMap(([path, given]) => {
    const of = ZONE.exec(text(given) ?? "")?.[1];
    if (of === undefined || region === undefined || of === region) return [];
    return [{ path, given, allowed: `a zone of ${region}`, fix: "Give zones of the group's own region" }];
  });
}

export function groupProblems(inputs: Inputs, region: string | undefined): Problem[] {
  const { desiredCapacityType = "units" } = inputs;
  // A size in vCPUs or in MiB has no such limit.
  const sizes = desiredCapacityType === "units" ? byRules(inputs, GROUP_SIZES) : [];
  // Without a wanted size, which 0 is to the provider, a group begins with its least.
  const { desiredCapacity, ...others } = inputs;
  const ordered = sizeProblems(number(desiredCapacity) === 0 ? others : inputs);
  const problems = [...byRules(inputs, GROUP), ...sizes, ...ordered, ...healthyProblems(inputs)];
  problems.push(...zoneProblems(inputs, region));
  const isNowhere = list(inputs.vpcZoneIdentifiers).length + list(inputs.availabilityZones).length === 0;
  if (isNowhere && isKnownOrAbsent(inputs.vpcZoneIdentifiers) && isKnownOrAbsent(inputs.availabilityZones)) {
    // `ValidationError: At least one Availability Zone or VPC Subnet is required.`
    const allowed = "at least one subnet, or a zone in availabilityZones";
    problems.push({ path: "vpcZoneIdentifiers", allowed, fix: "Give the subnets that the instances are in" });
  }
  return [...problems, ...rollbackProblems(inputs)];
}

/** StartInstanceRefresh: the two are at most 100 apart. */
function healthyProblems(inputs: Inputs): Problem[] {
  const preferences = record(record(inputs.instanceRefresh).preferences);
  const [least, most] = [preferences.minHealthyPercentage, preferences.maxHealthyPercentage].map(number);
  if (least === undefined || most === undefined || most - least <= 100) return [];
  const allowed = `at most 100 above minHealthyPercentage (${least + 100} here)`;
  const path = "instanceRefresh.preferences.maxHealthyPercentage";
  return [{ path, given: most, allowed, fix: "Change one of the two" }];
}

const TEMPLATES = ["launchTemplate", "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification"];

/**
 * `ValidationError: … AutoRollback parameter cannot be set to true …`: nothing says which version was the good one. Without
 * a version it is `$Default`.
 */
function rollbackProblems(inputs: Inputs): Problem[] {
  const { autoRollback } = record(record(inputs.instanceRefresh).preferences);
  if (flag(autoRollback) !== true) return [];
  return TEMPLATES.flatMap((at) => valuesAt(inputs, at))
    .filter(([, template]) => template !== undefined && isKnown(template))
    .map(([at, template]): [string, unknown] => [`${at}.version`, record(template).version])
    .filter(([, version]) => version === undefined || version === "$Latest" || version === "$Default")
    .map(([path, given]) => ({
      path,
      ...(given !== undefined && { given }),
      allowed: "a version's number, where a refresh rolls back by itself",
      fix: "Give latestVersion of the template",
    }));
}
