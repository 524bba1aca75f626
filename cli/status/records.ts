import type { TemplateVersion } from "../../components/gates/rollout/group";
import { policyOf } from "../../components/internal/mixedPolicy";
import type { Pointers } from "../../components/internal/pointers";
import { compareVersions, isVersion } from "../../components/internal/versions";

export type Pointer = keyof Pointers;

/** In the order in which they are told. */
export const POINTERS: readonly Pointer[] = ["current", "previous", "candidate"];

/** What a fleet is proven to run, by its record. */
export interface Live {
  /** Undefined of a fleet that was given an image only. */
  version?: string;
  imageId: string;
  template: TemplateVersion;
  /** Name of its Auto Scaling group. */
  group: string;
}

function objectOf(text: string | undefined): { [field: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return value !== null && typeof value === "object" ? (value as { [field: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}

/** The `live` record; undefined where there is none, or none of ours. */
export function liveOf(text: string | undefined): Live | undefined {
  const record = objectOf(text);
  const { version, imageId, launchTemplateId, launchTemplateVersion, group } = record ?? {};
  const texts = [imageId, launchTemplateId, launchTemplateVersion, group];
  if (!texts.every((one): one is string => typeof one === "string")) return undefined;
  const [id, templateId, templateVersion, arn] = texts as [string, string, string, string];
  const policy = policyOf(record?.mixedInstances);
  return {
    ...(typeof version === "string" && { version }),
    imageId: id,
    template: { id: templateId, version: templateVersion, ...(policy && { policy }) },
    group: arn.split("autoScalingGroupName/").at(-1) ?? arn,
  };
}

/** Which version each pointer is proven to name, by the record `pointers`. */
export function provenPointers(text: string | undefined): Partial<Pointers> | undefined {
  const record = objectOf(text);
  if (!record) return undefined;
  return Object.fromEntries(POINTERS.flatMap((one) => (typeof record[one] === "string" ? [[one, record[one]]] : [])));
}

/** Oldest first; what is no version of ours comes last. */
export function inOrder(a: string, b: string): number {
  if (isVersion(a) && isVersion(b)) return compareVersions(a, b);
  return isVersion(a) === isVersion(b) ? (a < b ? -1 : Number(a > b)) : isVersion(a) ? -1 : 1;
}
