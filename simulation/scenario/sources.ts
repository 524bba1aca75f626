import { MADE_OF } from "../images";
import { type ByUrn, sourcesOf } from "../inputs";
import { TYPES } from "../resourceTypes";
import type { RecordedResource } from "../types";

/** Types of images: taken, copied, registered. */
export const IMAGE_TYPES: readonly string[] = [TYPES.image, TYPES.copy, TYPES.foreignImage];

const made = ({ kind }: RecordedResource): boolean => kind === "custom";

/** The image of this program that a resource is made of; undefined where it is not made here. */
export const imageOf = (resource: RecordedResource, byUrn: ByUrn): RecordedResource | undefined =>
  sourcesOf(resource, MADE_OF[resource.type] ?? "", byUrn, ...IMAGE_TYPES).find(made);

/** The instance of this program that an image is taken of. */
export const instanceOf = (image: RecordedResource, byUrn: ByUrn): RecordedResource | undefined =>
  sourcesOf(image, MADE_OF[TYPES.image] ?? "", byUrn, TYPES.instance).find(made);

/** The image that a copy, and what that is a copy of, come from; itself, where this program has no other. */
export function originOf(image: RecordedResource, byUrn: ByUrn): RecordedResource {
  const seen = new Set<RecordedResource>();
  let at = image;
  while (at.type === TYPES.copy && !seen.has(at)) {
    seen.add(at);
    at = imageOf(at, byUrn) ?? at;
  }
  return at;
}
