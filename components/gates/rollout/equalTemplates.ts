import type { LaunchTemplateVersion } from "@aws-sdk/client-ec2";
import type { Aws } from "../kit/aws";
import type { TemplateVersion } from "./group";
import { sameTemplate } from "./group";
import { templateVersions } from "./templateVersions";

/** Whether a template version makes the same instances as the wanted one. */
export type SameAs = (template: TemplateVersion | undefined) => boolean;

/**
 * The versions of a template that make the same instances: equal but for tags. A change of tags alone, or a rollback
 * onto instances that run the old version already, replaces nothing.
 */
export async function equalTo(aws: Aws, wanted: TemplateVersion): Promise<SameAs> {
  const versions = await templateVersions(aws, wanted.id);
  const own = versions.find((v) => String(v.VersionNumber) === wanted.version);
  const equal = new Set(
    versions.filter((v) => own && untagged(v) === untagged(own)).map((v) => String(v.VersionNumber)),
  );
  return (template) => sameTemplate(template, wanted) || (template?.id === wanted.id && equal.has(template.version));
}

/** What instances come from, in one order and without tags: as text, to compare. */
function untagged(version: LaunchTemplateVersion): string {
  return JSON.stringify(version.LaunchTemplateData ?? {}, (key, value: unknown) => {
    if (key === "TagSpecifications") return undefined;
    if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
