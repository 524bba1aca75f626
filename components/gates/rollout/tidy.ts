import type { Aws } from "../kit/aws";
import { describeError } from "../kit/errors";
import type { Goal, Say } from "./goal";
import { requireGroup } from "./goal";
import { deleteVersions, prunable, setDefaultVersion, templateVersions } from "./templateVersions";

/**
 * After success: what is live becomes the template's default version, and versions nobody needs are deleted, for AWS
 * never does (10,000 a template is its limit). Neither is part of the fact, so what goes wrong is only told.
 */
export async function tidyTemplate(aws: Aws, goal: Goal, say: Say, warn: Say): Promise<void> {
  const { target, what } = goal;
  try {
    const versions = await templateVersions(aws, target.id);
    const now = versions.find((v) => v.DefaultVersion);
    if (String(now?.VersionNumber) !== target.version) await setDefaultVersion(aws, target);
    const described = versions.map((v) => ({ ...v, DefaultVersion: String(v.VersionNumber) === target.version }));
    const group = await requireGroup(aws, goal);
    const old = prunable(described, group, [goal.proven], target, goal.keepTemplateVersions);
    if (old.length === 0) return;
    const kept = await deleteVersions(aws, target.id, old);
    say(`${what}: deleted ${old.length - kept.length} old versions of ${target.id}`);
    if (kept.length > 0) warn(`${what}: AWS kept old versions of the launch template ${target.id}: ${kept.join("; ")}`);
  } catch (error) {
    warn(
      `${what}: runs version ${target.version} of ${target.id}, but its default version was not moved or its old versions ` +
        `were not deleted: ${describeError(error)}. The next rollout tries again; or: aws ec2 modify-launch-template --region ${aws.region} ` +
        `--launch-template-id ${target.id} --default-version ${target.version}`,
    );
  }
}
