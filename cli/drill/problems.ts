import { TAG } from "../../components/internal/tags";
import type { Facts, Proof } from "./facts";
import type { Measured } from "./launch";

/** One thing for which the region would not serve, or not in time. */
export interface Problem {
  kind: ProblemKind;
  message: string;
}

export type ProblemKind =
  | "image-unusable"
  | "copy-missing"
  | "template-missing"
  | "template-differs"
  | "group-missing"
  | "group-suspended"
  | "target-group-missing"
  | "launch-failed"
  | "boot-failed"
  | "key-unusable"
  | "rto-missed"
  | "rpo-missed"
  | "left-behind";

/** Why an image cannot be counted on; undefined where it can. */
export function flawOf(state: string, proof: Proof): string | undefined {
  if (state === "gone") return "does not exist";
  if (state !== "available") return `is ${state}`;
  if (proof === "booted") return undefined;
  return proof === "unbooted"
    ? "was never booted: its boot proof is turned off"
    : `is not verified (no tag ${TAG.verified})`;
}

/** What is wrong before anything is launched. */
export function problemsBefore({ record, image, copies, template, group, health }: Facts, region: string): Problem[] {
  const { launchTemplateId, launchTemplateVersion, groupName } = record;
  const problems: Problem[] = [];
  const add = (kind: ProblemKind, message: string) => void problems.push({ kind, message });
  const flaw = flawOf(image?.state ?? "gone", image?.proof ?? "none");
  if (flaw !== undefined) add("image-unusable", `The record's image ${record.imageId} ${flaw}.`);
  for (const { version, imageId, state, proof } of copies) {
    const own = flawOf(state, proof);
    if (own !== undefined) add("copy-missing", `The image of ${version} in ${region}, ${imageId}, ${own}.`);
  }
  if (copies.length > 0 && record.version !== undefined && !copies.some(({ version }) => version === record.version)) {
    add("copy-missing", `${region} has no parameter of ${record.version}, the version that its record names.`);
  }
  const named = `version ${launchTemplateVersion} of the launch template ${launchTemplateId}`;
  if (!template) {
    add("template-missing", `The record names ${named}, which does not exist.`);
  } else if (template.imageId?.startsWith("ami-") && template.imageId !== record.imageId) {
    add("template-differs", `The record names ${record.imageId}, but ${named} launches ${template.imageId}.`);
  }
  if (groupName !== undefined && !group) add("group-missing", `The Auto Scaling group ${groupName} does not exist.`);
  // A group that may not launch stays at the size it waits with.
  if (group?.suspended.includes("Launch")) {
    add("group-suspended", `The process Launch of the Auto Scaling group ${groupName} is suspended.`);
  }
  for (const arn of health.missing) add("target-group-missing", `The target group ${arn} does not exist.`);
  return problems;
}

/** Whether there is anything to launch from. */
export const canLaunch = ({ image, template }: Facts): boolean =>
  image?.state === "available" && template !== undefined;

/** What is wrong after it. */
export function problemsAfter({ failure, left }: Measured, region: string): Problem[] {
  return [
    ...(failure ? [{ kind: failure.kind, message: `${failure.error.text.what}.` }] : []),
    ...left.map((id) => ({
      kind: "left-behind" as const,
      message: `The throwaway instance ${id} could not be terminated: aws ec2 terminate-instances --region ${region} --instance-ids ${id}`,
    })),
  ];
}
