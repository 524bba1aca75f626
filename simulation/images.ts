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

/** `web 1.0.0`, by the components' tags; undefined for any other image. */
export function versionOf({ inputs }: RecordedResource): string | undefined {
  const { [TAG.line]: line, [TAG.version]: version } = object(inputs.tags);
  return typeof line === "string" && typeof version === "string" ? `${line} ${version}` : undefined;
}

/** Where each version's images are, by `LINE VERSION`. */
export function imagesBy(resources: readonly RecordedResource[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const one of resources) {
    const { type, region } = one;
    const key = versionOf(one);
    if ((type !== TYPES.image && type !== TYPES.copy) || region === undefined || key === undefined) continue;
    found.set(key, (found.get(key) ?? new Set()).add(region));
  }
  return found;
}
