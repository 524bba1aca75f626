import { architecturesOf, instanceTypeOf, zonesOffering } from "../../components/internal/instanceTypes";
import type { WireObject } from "../types";
import { UNKNOWN } from "../wire";
import { filtersOf, slug, type Lookups } from "./lookup";
import { zonesOf } from "./regions";

/** Properties of an image that only AWS can tell. */
const UNKNOWN_OF_IMAGE = [
  "arn",
  "blockDeviceMappings",
  "bootMode",
  "creationDate",
  "deprecationTime",
  "description",
  "enaSupport",
  "hypervisor",
  "imageLocation",
  "imdsSupport",
  "lastLaunchedTime",
  "name",
  "ownerId",
  "platform",
  "platformDetails",
  "productCodes",
  "public",
  "rootDeviceName",
  "rootDeviceType",
  "rootSnapshotId",
  "sriovNetSupport",
  "stateReason",
  "tags",
  "tpmSupport",
  "usageOperation",
  "virtualizationType",
];

/** Filters whose single value is also a property of the image found. */
const FILTER_PROPERTIES: { [filter: string]: string } = {
  architecture: "architecture",
  "owner-id": "ownerId",
  "root-device-type": "rootDeviceType",
  "virtualization-type": "virtualizationType",
  "boot-mode": "bootMode",
};

const isPattern = (value: string): boolean => /[*?]/.test(value);

/** Images and instance types. */
export const imageLookups: Lookups = {
  "aws:ec2/getAmi:getAmi": (args, { region }) => {
    const filters = filtersOf(args);
    if (filters === undefined) return undefined;
    const given = filters.get("image-id")?.[0];
    const about = filters.get("name")?.[0] ?? (typeof args.nameRegex === "string" ? args.nameRegex : undefined);
    // Without a name the look-up asks for an image of the account's own, by tags for instance.
    if (given === undefined && about === undefined) return undefined;
    const id = given ?? `ami-assumed-${slug(about ?? "")}-${region}`;
    const result: WireObject = Object.fromEntries(UNKNOWN_OF_IMAGE.map((property) => [property, UNKNOWN]));
    Object.assign(result, { id, imageId: id, state: "available", architecture: UNKNOWN, imageType: "machine" });
    // The owner asked for is the owner found; AWS's aliases of owners stand for accounts that only AWS knows.
    const [owner, ...others] = Array.isArray(args.owners) ? args.owners : [];
    if (typeof owner === "string" && /^\d{12}$/.test(owner) && others.length === 0) result.ownerId = owner;
    for (const [filter, property] of Object.entries(FILTER_PROPERTIES)) {
      const values = filters.get(filter);
      const [value = "", ...others] = values ?? [];
      // What a pattern finds is AWS's to tell.
      if (value !== "" && others.length === 0 && !isPattern(value)) result[property] = value;
    }
    return { certainty: "assumed", result };
  },
  "aws:ec2/getInstanceType:getInstanceType": (args) => {
    const type = typeof args.instanceType === "string" ? args.instanceType : "";
    const supportedArchitectures = architecturesOf(type);
    if (supportedArchitectures === undefined) return undefined;
    const UNKNOWN_OF_TYPE = ["currentGeneration", "bareMetal", "memorySize", "hypervisor", "ebsNvmeSupport"];
    const result: WireObject = Object.fromEntries(UNKNOWN_OF_TYPE.map((property) => [property, UNKNOWN]));
    const { bootModes: supportedBootModes = UNKNOWN, vcpus: defaultVcpus = UNKNOWN } = instanceTypeOf(type) ?? {};
    return {
      certainty: "known",
      result: { ...result, id: UNKNOWN, supportedArchitectures, supportedBootModes, defaultVcpus },
    };
  },
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": (args, { region }) => {
    const filters = filtersOf(args);
    const types = filters?.get("instance-type");
    const locationType = typeof args.locationType === "string" ? args.locationType : "region";
    if (types === undefined || types.some(isPattern)) return undefined;
    if (locationType === "availability-zone-id") return undefined;
    const asked = filters?.get("location");
    const places = locationType === "region" ? [region] : zonesOf(region);
    const found = places.filter((place) => asked === undefined || asked.includes(place));
    // A type or region that the table does not have is taken to be there.
    const isOffered = (type: string, place: string) => {
      const zones = zonesOffering(type, region);
      return zones === undefined || (place === region ? zones.length > 0 : zones.includes(place));
    };
    const pairs = types.flatMap((type) =>
      found.filter((place) => isOffered(type, place)).map((place) => [type, place] as const),
    );
    return {
      certainty: "assumed",
      result: {
        id: region,
        instanceTypes: pairs.map(([type]) => type),
        locations: pairs.map(([, place]) => place),
        locationTypes: pairs.map(() => locationType),
      },
    };
  },
};
