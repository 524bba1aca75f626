import type { Problem } from "../problems";
import { isKnown } from "../known";
import { KMS_ARN } from "../serverRules";
import { bootableTypes, type VolumeFields, volumeRules } from "../volumeRules";
import { flag, type Inputs, number, record, text, twiceProblems, valuesAt } from "./inputs";

const CALLED: VolumeFields = { type: "volumeType", sizeGiB: "volumeSize" };

/** A key of another region: EC2 looks for it in its own. */
export function keyRegionProblems(path: string, given: unknown, region: string | undefined): Problem[] {
  const of = KMS_ARN.exec(text(given) ?? "")?.[1];
  if (of === undefined || region === undefined || of === region) return [];
  return [{ path, given, allowed: `a key of ${region}`, fix: "Give a key of the resource's own region" }];
}

/** `InvalidParameterDependency: The parameter KmsKeyId requires the parameter Encrypted to be set.` */
export function keyProblems(
  path: string,
  { kmsKeyId, encrypted }: Inputs,
  region: string | undefined,
  field = "kmsKeyId",
): Problem[] {
  const at = path === "" ? field : `${path}.${field}`;
  const isPlain = kmsKeyId !== undefined && (encrypted === undefined || flag(encrypted) === false);
  return [
    ...(isPlain ? [{ path: at, allowed: "a key only with encrypted: true", fix: "Set encrypted, or remove it" }] : []),
    ...keyRegionProblems(at, kmsKeyId, region),
  ];
}

/** Without a type it is that of a snapshot that nobody knows here: then there is nothing to judge by. */
function one(path: string, given: Inputs, region: string | undefined, types?: string[], called = CALLED): Problem[] {
  const field = (name: keyof VolumeFields): unknown => {
    const value = given[called[name] ?? name];
    const figure = number(value) ?? value;
    // To the provider 0 is nothing.
    return figure === 0 ? undefined : figure;
  };
  const values = {
    type: text(given[called.type ?? "type"]),
    sizeGiB: field("sizeGiB"),
    iops: field("iops"),
    throughput: field("throughput"),
  };
  const problems = values.type !== undefined ? volumeRules(path, values, types, called) : [];
  return [...problems, ...keyProblems(path, given, region)];
}

const several = (inputs: Inputs, path: string, region: string | undefined): Problem[] =>
  valuesAt(inputs, path).flatMap(([at, value]) => one(at, record(value), region));

const ONE_DEVICE = "each device once";

export const instanceVolumes = (inputs: Inputs, region: string | undefined): Problem[] => [
  ...(isKnown(inputs.rootBlockDevice)
    ? one("rootBlockDevice", record(inputs.rootBlockDevice), region, bootableTypes)
    : []),
  ...several(inputs, "ebsBlockDevices[]", region),
  ...twiceProblems(inputs, "ebsBlockDevices", "deviceName", ONE_DEVICE, { isSet: true }),
];

export const imageVolumes = (inputs: Inputs, region: string | undefined): Problem[] => [
  ...several(inputs, "ebsBlockDevices[]", region),
  ...twiceProblems(inputs, "ebsBlockDevices", "deviceName", ONE_DEVICE, { isSet: true }),
];

export const templateVolumes = (inputs: Inputs, region: string | undefined): Problem[] => [
  ...several(inputs, "blockDeviceMappings[].ebs", region),
  ...twiceProblems(inputs, "blockDeviceMappings", "deviceName", ONE_DEVICE),
];

/** gp2 where nothing is said: CreateVolume. */
export const separateVolume = (inputs: Inputs, region: string | undefined): Problem[] =>
  one("", { type: "gp2", ...inputs }, region, undefined, { sizeGiB: "size" });
