import type { Problem } from "../problems";
import { Checks, RULES } from "../rules";
import { within, type Rule } from "../rule";
import { byRules, type Inputs, isKnownOrAbsent, list, record, sizeProblems, text, valuesAt } from "./inputs";
import { instanceVolumes, templateVolumes } from "./volumes";

const COMMON: { [path: string]: Rule } = {
  instanceType: RULES.instanceType,
  "metadataOptions.httpPutResponseHopLimit": {
    test: within(1, 64),
    allowed: "1 to 64 (hops)",
    fix: "Give a number of hops; 1 keeps tokens on the machine",
  },
};

const isBase64 = (value: string): boolean => /^[A-Za-z0-9+/\s]*={0,2}$/.test(value.trimEnd());

function userDataProblems(path: string, given: unknown, isEncoded: boolean): Problem[] {
  if (typeof given !== "string") return [];
  if (isEncoded && !isBase64(given)) {
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
  ...byRules(inputs, COMMON),
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

/** CreateAutoScalingGroup and StartInstanceRefresh, Auto Scaling API 2011-01-01. */
const GROUP: { [path: string]: Rule } = {
  minSize: RULES.size,
  maxSize: RULES.size,
  desiredCapacity: RULES.size,
  "mixedInstancesPolicy.launchTemplate.overrides[].instanceType": RULES.instanceType,
  maxInstanceLifetime: {
    test: (value) => value === 0 || within(86_400, 31_536_000)(value),
    allowed: "0 (never), or 86400 to 31536000 (seconds)",
    fix: "Give a time of a day to a year",
  },
  "instanceRefresh.preferences.minHealthyPercentage": RULES.minHealthy,
  "instanceRefresh.preferences.maxHealthyPercentage": RULES.maxHealthy,
};

export function groupProblems(inputs: Inputs): Problem[] {
  const problems = [...byRules(inputs, GROUP), ...sizeProblems(inputs)];
  const isNowhere = list(inputs.vpcZoneIdentifiers).length + list(inputs.availabilityZones).length === 0;
  if (isNowhere && isKnownOrAbsent(inputs.vpcZoneIdentifiers) && isKnownOrAbsent(inputs.availabilityZones)) {
    // `ValidationError: At least one Availability Zone or VPC Subnet is required.`
    const allowed = "at least one subnet, or a zone in availabilityZones";
    problems.push({ path: "vpcZoneIdentifiers", allowed, fix: "Give the subnets that the instances are in" });
  }
  return [...problems, ...rollbackProblems(inputs)];
}

/** `ValidationError: … AutoRollback parameter cannot be set to true …`: nothing says which version was the good one. */
function rollbackProblems(inputs: Inputs): Problem[] {
  const { autoRollback } = record(record(inputs.instanceRefresh).preferences);
  if (autoRollback !== true) return [];
  const paths = ["launchTemplate.version", "mixedInstancesPolicy.launchTemplate.launchTemplateSpecification.version"];
  return paths
    .flatMap((path) => valuesAt(inputs, path))
    .filter(([, version]) => version === "$Latest" || version === "$Default")
    .map(([path, given]) => ({
      path,
      given,
      allowed: "a version's number, where a refresh rolls back by itself",
      fix: "Give latestVersion of the template",
    }));
}
