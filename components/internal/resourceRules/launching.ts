import type { Problem } from "../problems";
import { Checks, isKnown, RULES } from "../rules";
import { within, type Rule } from "../rule";
import { byRules, type Inputs, list, number, record, text, valuesAt } from "./inputs";
import { instanceVolumes, templateVolumes } from "./volumes";

/** EC2's limit is one of bytes before base64. */
const MOST_USER_DATA = 16_384;

const COMMON: { [path: string]: Rule } = {
  instanceType: RULES.instanceType,
  "metadataOptions.httpPutResponseHopLimit": {
    test: within(1, 64),
    allowed: "1 to 64 (hops)",
    fix: "Give a number of hops; 1 keeps tokens on the machine",
  },
};

const isBase64 = (value: string): boolean => /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value);

function userDataProblems(path: string, given: unknown, isEncoded: boolean): Problem[] {
  if (typeof given !== "string") return [];
  if (isEncoded && !isBase64(given)) {
    return [{ path, allowed: "base64", fix: 'Encode it: Buffer.from(text).toString("base64")' }];
  }
  const bytes = Buffer.byteLength(given, isEncoded ? "base64" : "utf8");
  if (bytes <= MOST_USER_DATA) return [];
  const allowed = `at most ${MOST_USER_DATA} bytes (EC2's limit)`;
  return [{ path, given: `${bytes} bytes`, allowed, fix: "Bake it into the image, or fetch it at boot" }];
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

const percent = (low: number, high: number): Rule => ({
  test: within(low, high),
  allowed: `${low} to ${high} (percent)`,
  fix: "Give a percentage",
});

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
  "instanceRefresh.preferences.minHealthyPercentage": percent(0, 100),
  "instanceRefresh.preferences.maxHealthyPercentage": percent(100, 200),
};

/** Sizes that must be in order: `[smaller, larger]`. */
export function orderProblems(inputs: Inputs, pairs: readonly (readonly [string, string])[]): Problem[] {
  return pairs.flatMap(([low, high]) => {
    const [smaller, larger] = [number(inputs[low]), number(inputs[high])];
    if (smaller === undefined || larger === undefined || smaller <= larger) return [];
    return [{ path: low, given: smaller, allowed: `at most ${high} (${larger})`, fix: "Change one of the two" }];
  });
}

const SIZES = [
  ["minSize", "maxSize"],
  ["minSize", "desiredCapacity"],
  ["desiredCapacity", "maxSize"],
] as const;

export function groupProblems(inputs: Inputs): Problem[] {
  const problems = [...byRules(inputs, GROUP), ...orderProblems(inputs, SIZES)];
  const isNowhere = list(inputs.vpcZoneIdentifiers).length + list(inputs.availabilityZones).length === 0;
  if (isNowhere && isKnownOrAbsent(inputs.vpcZoneIdentifiers) && isKnownOrAbsent(inputs.availabilityZones)) {
    // `ValidationError: At least one Availability Zone or VPC Subnet is required.`
    const allowed = "at least one subnet, or a zone in availabilityZones";
    problems.push({ path: "vpcZoneIdentifiers", allowed, fix: "Give the subnets that the instances are in" });
  }
  return [...problems, ...rollbackProblems(inputs)];
}

const isKnownOrAbsent = (value: unknown): boolean => value === undefined || isKnown(value);

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
