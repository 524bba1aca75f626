import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { LaunchTemplateVersion } from "@aws-sdk/client-ec2";
import type { Aws } from "../kit/aws";
import { isNotFound } from "../kit/errors";
import type { TemplateVersion } from "./group";
import { templateOf } from "./group";
import { patiently } from "../kit/waiting";

/** Every version of a template; none where the template does not exist. */
export async function templateVersions(aws: Aws, id: string): Promise<LaunchTemplateVersion[]> {
  const { DescribeLaunchTemplateVersionsCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const all: LaunchTemplateVersion[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const answer = await patiently("DescribeLaunchTemplateVersions", aws.timing, () =>
        ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, NextToken })),
      );
      all.push(...(answer.LaunchTemplateVersions ?? []));
      NextToken = answer.NextToken;
    } while (NextToken);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return all;
}

/** Makes a version the template's default: what somebody who names no version launches. */
export async function setDefaultVersion(aws: Aws, { id, version }: TemplateVersion): Promise<void> {
  const { ModifyLaunchTemplateCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  await patiently("ModifyLaunchTemplate", aws.timing, () =>
    ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: id, DefaultVersion: version })),
  );
}

/** Deletes versions; gives those that AWS kept, each with its reason. */
export async function deleteVersions(aws: Aws, id: string, versions: string[]): Promise<string[]> {
  const { DeleteLaunchTemplateVersionsCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const kept: string[] = [];
  // 200 at once is AWS's limit.
  for (let at = 0; at < versions.length; at += 200) {
    const answer = await patiently("DeleteLaunchTemplateVersions", aws.timing, () =>
      ec2.send(
        new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: versions.slice(at, at + 200) }),
      ),
    );
    for (const one of answer.UnsuccessfullyDeletedLaunchTemplateVersions ?? []) {
      if (one.ResponseError?.Code !== "launchTemplateVersionDoesNotExist") {
        kept.push(`${one.VersionNumber}: ${one.ResponseError?.Message ?? "?"}`);
      }
    }
  }
  return kept;
}

/**
 * The versions nobody needs: all but the newest `keep`, and never one that the group or an instance runs, that was
 * proven before (a rollback's aim), that is the default, or that is newer than what is live.
 */
export function prunable(
  versions: LaunchTemplateVersion[],
  group: AutoScalingGroup,
  needed: (TemplateVersion | undefined)[],
  live: TemplateVersion,
  keep: number,
): string[] {
  const used = [...needed, live, templateOf(group), ...(group.Instances ?? []).map(templateOf)];
  const held = new Set(used.flatMap((t) => (t?.id === live.id ? [t.version] : [])));
  return versions
    .map((v) => ({ number: v.VersionNumber ?? 0, isDefault: v.DefaultVersion === true }))
    .sort((a, b) => b.number - a.number)
    .slice(Math.max(1, keep))
    .filter((v) => !v.isDefault && !held.has(String(v.number)) && v.number < Number(live.version))
    .map((v) => String(v.number));
}
