import type { Instance } from "@aws-sdk/client-auto-scaling";
import type { LaunchTemplateVersion } from "@aws-sdk/client-ec2";
import { samePolicy } from "../../internal/mixedPolicy";
import type { Aws } from "../kit/aws";
import type { TemplateVersion } from "./group";
import { sameTemplate, templateOf } from "./group";
import { templateVersions } from "./templateVersions";

/** What counts as the wanted configuration: its equals too. */
export interface Wanted {
  /** Whether what a group names, or a refresh moves it to, makes the same instances from now on. */
  configuration: (of: TemplateVersion | undefined) => boolean;
  /** Whether an instance is one that it makes: of an equal version, and of a type it has. */
  instance: (instance: Instance) => boolean;
}

/**
 * The versions of a template that make the same instances: equal but for tags. A change of tags alone, or a rollback
 * onto instances that run the old version already, replaces nothing.
 */
export async function equalTo(aws: Aws, wanted: TemplateVersion): Promise<Wanted> {
  const versions = await templateVersions(aws, wanted.id);
  const own = versions.find((v) => String(v.VersionNumber) === wanted.version);
  const equal = new Set(
    versions.filter((v) => own && untagged(v) === untagged(own)).map((v) => String(v.VersionNumber)),
  );
  const template = (of: TemplateVersion | undefined) =>
    sameTemplate(of, wanted) || (of?.id === wanted.id && equal.has(of.version));
  const ownType = own?.LaunchTemplateData?.InstanceType;
  const types: string[] | undefined = wanted.policy?.instanceTypes ?? (ownType ? [ownType] : undefined);
  return {
    configuration: (of) => template(of) && samePolicy(of?.policy, wanted.policy),
    instance: (one) => template(templateOf(one)) && (!types || !one.InstanceType || types.includes(one.InstanceType)),
  };
}

/** What instances come from, in one order and without tags: as text, to compare. */
function untagged(version: LaunchTemplateVersion): string {
  return JSON.stringify(version.LaunchTemplateData ?? {}, (key, value: unknown) => {
    if (key === "TagSpecifications") return undefined;
    if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
