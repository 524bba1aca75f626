import type { Problem } from "../problems";
import { isKnown } from "../rules";
import { KEY_ARN } from "../serverRules";
import { bootableTypes, type VolumeFields, volumeRules } from "../volumeRules";
import { type Inputs, list, record, text, valuesAt } from "./inputs";

const CALLED: VolumeFields = { type: "volumeType", sizeGiB: "volumeSize" };

/** A key of another region: EC2 looks for it in its own. */
export function keyRegionProblems(path: string, given: unknown, region: string | undefined): Problem[] {
  const of = KEY_ARN.exec(text(given) ?? "")?.[1];
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
  const isPlain = kmsKeyId !== undefined && (encrypted === undefined || encrypted === false || encrypted === "false");
  return [
    ...(isPlain ? [{ path: at, allowed: "a key only with encrypted: true", fix: "Set encrypted, or remove it" }] : []),
    ...keyRegionProblems(at, kmsKeyId, region),
  ];
}

/** Without a type it is that of a snapshot that nobody knows here: then there is nothing to judge by. */
function one(path: string, given: Inputs, region: string | undefined, types?: string[], called = CALLED): Problem[] {
  const field = (name: keyof VolumeFields): unknown => {
    const value = given[called[name] ?? name];
    return isKnown(value) ? value : undefined;
  };
  const values = {
    type: field("type"),
    sizeGiB: field("sizeGiB"),
    iops: field("iops"),
    throughput: field("throughput"),
  };
  const problems = typeof values.type === "string" ? volumeRules(path, values, types, called) : [];
  return [...problems, ...keyProblems(path, given, region)];
}

const several = (inputs: Inputs, path: string, region: string | undefined): Problem[] =>
  valuesAt(inputs, path).flatMap(([at, value]) => one(at, record(value), region));

export const instanceVolumes = (inputs: Inputs, region: string | undefined): Problem[] => [
  ...(isKnown(inputs.rootBlockDevice)
    ? one("rootBlockDevice", record(inputs.rootBlockDevice), region, bootableTypes)
    : []),
  ...several(inputs, "ebsBlockDevices[]", region),
];

export const imageVolumes = (inputs: Inputs, region: string | undefined): Problem[] =>
  several(inputs, "ebsBlockDevices[]", region);

export const templateVolumes = (inputs: Inputs, region: string | undefined): Problem[] => {
  const devices = list(inputs.blockDeviceMappings).map((mapping) => record(mapping).deviceName);
  const twice = devices.findIndex((device, i) => typeof device === "string" && devices.indexOf(device) !== i);
  return [
    ...valuesAt(inputs, "blockDeviceMappings[].ebs").flatMap(([at, value]) => one(at, record(value), region)),
    ...(twice < 0
      ? []
      : [
          {
            path: `blockDeviceMappings[${twice}].deviceName`,
            given: devices[twice],
            allowed: "each device once",
            fix: "Remove the second mention",
          },
        ]),
  ];
};

/** gp2 where nothing is said: CreateVolume. */
export const separateVolume = (inputs: Inputs, region: string | undefined): Problem[] =>
  one("", { type: "gp2", ...inputs }, region, undefined, { sizeGiB: "size" });
