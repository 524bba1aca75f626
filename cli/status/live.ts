import { policyOf } from "../../components/internal/mixedPolicy";
import type { LiveFact } from "./facts";

/** What the text of the record `live` says; undefined where it is none, or not ours. */
export function liveOf(text: string | undefined): LiveFact | undefined {
  let fact: { [field: string]: unknown };
  try {
    fact = JSON.parse(text ?? "") as { [field: string]: unknown };
  } catch {
    return undefined;
  }
  const { version, imageId, launchTemplateId: id, launchTemplateVersion: at, mixedInstances, group } = fact;
  if (typeof imageId !== "string" || typeof id !== "string" || typeof at !== "string") return undefined;
  const policy = policyOf(mixedInstances);
  // An ARN: …:autoScalingGroup:UUID:autoScalingGroupName/NAME
  const name = typeof group === "string" ? group.split("autoScalingGroupName/")[1] : undefined;
  return {
    ...(typeof version === "string" && { version }),
    imageId,
    template: { id, version: at, ...(policy && { policy }) },
    ...(name !== undefined && { group: name }),
  };
}
