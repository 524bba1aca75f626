import { defaultInstanceType } from "../components/internal/names";
import { zonesOf } from "./model/regions";
import type { RecordedResource, Wire } from "./types";
import { knownText } from "./wire";
import { hasGate } from "./fleets";
import { type ByUrn, list, object, sourcesOf } from "./inputs";
import { overridesOf, templateOf } from "./launchTemplates";
import { TYPES } from "./resourceTypes";

/** What asks AWS for instances: which types, and in which zones. */
export interface Asker {
  kind: "group" | "instance" | "throwaway";
  resource: RecordedResource;
  region?: string;
  /** In the order they are tried; undefined where only AWS can tell. */
  types: string[] | undefined;
  /** Undefined where they are subnets of which nothing is known. */
  zones: string[] | undefined;
  /** Another zone is tried when one has none of the type. */
  movesZone: boolean;
  /** Runs nothing for now. */
  idle: boolean;
  /** The instance whose subnet it runs in, where AWS chooses that one. */
  follows?: RecordedResource;
}

const ASSUMED = /^subnet-assumed-(.+)$/;

/** The zone of a subnet: of one assumed by its name, of the program's own by what it says. */
const zoneOf = (id: Wire | undefined): string | undefined => ASSUMED.exec(knownText(id) ?? "")?.[1];

function groupZones(group: RecordedResource, byUrn: ByUrn): string[] | undefined {
  const { vpcZoneIdentifiers, availabilityZones } = group.inputs;
  const own = sourcesOf(group, "vpcZoneIdentifiers", byUrn, TYPES.subnet).map(({ inputs }) => inputs.availabilityZone);
  const given = list(vpcZoneIdentifiers).map(zoneOf);
  const zones = [...own, ...list(availabilityZones)].map(knownText).concat(own.length > 0 ? [] : given);
  return zones.length > 0 && zones.every((zone) => zone !== undefined) ? [...new Set(zones)].sort() : undefined;
}

const typeOfTemplate = (resource: RecordedResource, byUrn: ByUrn): string | undefined =>
  knownText(templateOf(resource, byUrn)?.inputs.instanceType);

function ofGroup(resource: RecordedResource, byUrn: ByUrn): Asker {
  const { minSize, desiredCapacity, availabilityZoneDistribution } = resource.inputs;
  const overrides = overridesOf(resource).map(({ instanceType }) => knownText(instanceType));
  const found = overrides.length > 0 ? overrides : [typeOfTemplate(resource, byUrn)];
  const zones = groupZones(resource, byUrn);
  return {
    ...{ kind: "group", resource, zones, ...(resource.region !== undefined && { region: resource.region }) },
    types: found.every((type) => type !== undefined) ? found : undefined,
    // Auto Scaling balances over its zones, and goes to another one unless it was told to wait.
    movesZone: object(availabilityZoneDistribution).capacityDistributionStrategy !== "balanced-only",
    idle: minSize === 0 && (desiredCapacity === undefined || desiredCapacity === 0),
  };
}

function ofInstance(resource: RecordedResource, byUrn: ByUrn): Asker {
  const { instanceType, availabilityZone, subnetId } = resource.inputs;
  const { region } = resource;
  const own = sourcesOf(resource, "subnetId", byUrn, TYPES.subnet)[0]?.inputs.availabilityZone;
  const zone = knownText(availabilityZone) ?? knownText(own) ?? zoneOf(subnetId);
  const isFree = availabilityZone === undefined && subnetId === undefined;
  const type = knownText(instanceType) ?? typeOfTemplate(resource, byUrn);
  return {
    ...{ kind: "instance", resource, ...(region !== undefined && { region }) },
    types: type === undefined ? undefined : [type],
    zones: isFree && region !== undefined ? zonesOf(region) : zone === undefined ? undefined : [zone],
    // Without a subnet EC2 chooses one of the default ones.
    movesZone: isFree,
    idle: false,
  };
}

/** The instance on which a gate boots an image, as verifiedTag() has it launched. */
function ofProof(resource: RecordedResource, resources: readonly RecordedResource[], byUrn: ByUrn): Asker | undefined {
  if (!hasGate(resource, "imageBoots", "imageStarts")) return undefined;
  const owner = resources.find(({ urn }) => urn === resource.parent);
  if (owner?.inputs.bootProof === false) return undefined;
  const { region } = resource;
  const { inputs } = owner ?? {};
  const proof = inputs?.proofs === undefined ? object(inputs?.proof) : object(object(inputs.proofs)[region ?? ""]);
  // Beside the base instance, or as the settings for it say; a copy has no such neighbour.
  const isCopy = inputs?.proofs !== undefined || inputs?.regions !== undefined;
  const base = isCopy ? undefined : resources.find((one) => isBaseOf(one, owner, resources));
  const settings = isCopy ? {} : object(inputs?.baseInstance);
  const beside = base && ofInstance(base, byUrn);
  const architecture = knownText(inputs?.architecture);
  const type =
    knownText(proof.instanceType) ??
    knownText(isCopy ? inputs?.instanceType : settings.instanceType) ??
    beside?.types?.[0] ??
    (architecture === undefined ? undefined : defaultInstanceType(architecture));
  const subnet = proof.subnetId ?? settings.subnetId;
  const zone = zoneOf(subnet);
  const follows = subnet === undefined && beside?.movesZone ? base : undefined;
  const anywhere = region === undefined ? undefined : zonesOf(region);
  const fixed = zone === undefined ? undefined : [zone];
  return {
    ...{ kind: "throwaway", resource, idle: false, ...(region !== undefined && { region }) },
    types: type === undefined ? undefined : [type],
    zones: subnet === undefined ? (beside?.zones ?? anywhere) : fixed,
    movesZone: subnet === undefined && (beside?.movesZone ?? true),
    ...(follows && { follows }),
  };
}

/** Whether an instance is what an image's own component has it baked on. */
function isBaseOf(
  one: RecordedResource,
  owner: RecordedResource | undefined,
  resources: readonly RecordedResource[],
): boolean {
  if (one.type !== TYPES.instance || owner === undefined) return false;
  return one.parent === owner.urn || resources.find(({ urn }) => urn === one.parent)?.parent === owner.urn;
}

/** All that asks for instances, by URN of its resource. */
export function askersOf(resources: readonly RecordedResource[]): Asker[] {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const found = resources.flatMap((resource): (Asker | undefined)[] => {
    if (resource.kind === "read") return [];
    if (resource.type === TYPES.group) return [ofGroup(resource, byUrn)];
    if (resource.type === TYPES.instance) return [ofInstance(resource, byUrn)];
    return [ofProof(resource, resources, byUrn)];
  });
  return found
    .filter((asker) => asker !== undefined)
    .sort((a, b) => (a.resource.urn < b.resource.urn ? -1 : a.resource.urn > b.resource.urn ? 1 : 0));
}
