import { TAG } from "../components/internal/tags";
import { object } from "./inputs";
import { TYPES } from "./resourceTypes";
import type { RecordedResource } from "./types";

/** The input by which a resource says which image, or whose image, it is made of. */
export const MADE_OF: { readonly [type: string]: string } = {
  [TYPES.instance]: "ami",
  [TYPES.template]: "imageId",
  [TYPES.copy]: "sourceAmiId",
  [TYPES.image]: "sourceInstanceId",
};

/** Where each version's images are, by `LINE VERSION`. */
export function imagesBy(resources: readonly RecordedResource[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { type, region, inputs } of resources) {
    if ((type !== TYPES.image && type !== TYPES.copy) || region === undefined) continue;
    const { [TAG.line]: line, [TAG.version]: version } = object(inputs.tags);
    if (typeof line !== "string" || typeof version !== "string") continue;
    const key = `${line} ${version}`;
    found.set(key, (found.get(key) ?? new Set()).add(region));
  }
  return found;
}
