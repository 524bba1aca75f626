import { versionOf } from "../../images";
import type { ByUrn } from "../../inputs";
import { lastPart } from "../../text";
import { TYPES } from "../../resourceTypes";
import type { RecordedResource } from "../../types";
import { knownText } from "../../wire";
import { IMAGE_TYPES, originOf } from "../sources";

/** An image that is, or is not, in another region too. */
export interface Copies {
  /** A version (`web 1.0.0`), or the resources that it is of. */
  image: string;
  elsewhere: string[];
  /** The region of the image of others that it was copied from. */
  copiedFrom?: string;
  /** Whether the components made it. */
  isVersion: boolean;
}

/** One image, whatever regions it is in. */
interface Found {
  names: Set<string>;
  regions: Set<string>;
  copiedFrom?: string;
  isVersion: boolean;
}

/** What copies of one image of others have in common; undefined where its id is known only later. */
function outside(origin: RecordedResource): { copiedFrom?: string; key?: string } {
  if (origin.type !== TYPES.copy) return {};
  const [id, region] = [knownText(origin.inputs.sourceAmiId), knownText(origin.inputs.sourceAmiRegion)];
  return {
    ...(region !== undefined && { copiedFrom: region }),
    ...(id !== undefined && region !== undefined && { key: JSON.stringify([id, region]) }),
  };
}

function imagesIn(resources: readonly RecordedResource[]): Found[] {
  const byUrn: ByUrn = new Map(resources.map((one) => [one.urn, one]));
  const found = new Map<string, Found>();
  for (const one of resources) {
    const { type, kind, region } = one;
    if (!IMAGE_TYPES.includes(type) || kind === "read" || region === undefined) continue;
    const origin = originOf(one, byUrn);
    const version = versionOf(one) ?? versionOf(origin);
    const { copiedFrom, key = origin.urn } = outside(origin);
    const image: Found = found.get(version ?? key) ?? {
      ...{ names: new Set(), regions: new Set(), isVersion: version !== undefined },
      ...(version === undefined && copiedFrom !== undefined && { copiedFrom }),
    };
    image.names.add(version ?? `${origin.name} (${lastPart(origin.type)})`);
    image.regions.add(region);
    found.set(version ?? key, image);
  }
  return [...found.values()];
}

const NUMERIC = { numeric: true };

/** The images that the lost region has, and those that were copied from there; versions come first. */
export const copiesOf = (lost: string, resources: readonly RecordedResource[]): Copies[] =>
  imagesIn(resources)
    .filter(({ regions, copiedFrom }) => regions.has(lost) || copiedFrom === lost)
    .map(({ names, regions, ...more }) => ({
      image: [...names].sort().join(", "),
      elsewhere: [...regions].filter((other) => other !== lost).sort(),
      ...more,
    }))
    .sort((a, b) => Number(b.isVersion) - Number(a.isVersion) || a.image.localeCompare(b.image, "en", NUMERIC));
