import type { AutoScalingGroup, InstanceRefresh, RefreshPreferences } from "@aws-sdk/client-auto-scaling";
import type { Aws } from "../kit/aws";
import { errorCode } from "../kit/errors";
import type { TemplateVersion } from "./group";
import { configurationOf, templateOf } from "./group";
import { patiently } from "../kit/waiting";

const UNDER_WAY = /^(Pending|InProgress|Baking|Cancelling|RollbackInProgress)$/;

export const isUnderWay = (refresh: InstanceRefresh): boolean => UNDER_WAY.test(refresh.Status ?? "");

/** The group's instance refreshes, newest first. */
export async function refreshes(aws: Aws, groupName: string, id?: string): Promise<InstanceRefresh[]> {
  const { DescribeInstanceRefreshesCommand } = await import("@aws-sdk/client-auto-scaling");
  const autoScaling = await aws.autoScaling();
  const answer = await patiently("DescribeInstanceRefreshes", aws.timing, () =>
    autoScaling.send(
      new DescribeInstanceRefreshesCommand({
        AutoScalingGroupName: groupName,
        ...(id ? { InstanceRefreshIds: [id] } : { MaxRecords: 20 }),
      }),
    ),
  );
  return answer.InstanceRefreshes ?? [];
}

/** The template a refresh moves its group to. */
export const desiredOf = (refresh: InstanceRefresh): TemplateVersion | undefined =>
  templateOf(refresh.DesiredConfiguration);

/** Starts a refresh; undefined when one is under way already: somebody's, or ours whose answer got lost. */
export async function startRefresh(
  aws: Aws,
  group: AutoScalingGroup,
  target: TemplateVersion,
  preferences: RefreshPreferences,
): Promise<string | undefined> {
  const { StartInstanceRefreshCommand } = await import("@aws-sdk/client-auto-scaling");
  const autoScaling = await aws.autoScaling();
  try {
    const answer = await patiently("StartInstanceRefresh", aws.timing, () =>
      autoScaling.send(
        new StartInstanceRefreshCommand({
          AutoScalingGroupName: group.AutoScalingGroupName,
          Strategy: "Rolling",
          DesiredConfiguration: configurationOf(target),
          Preferences: preferences,
        }),
      ),
    );
    return answer.InstanceRefreshId;
  } catch (error) {
    if (/InstanceRefreshInProgress/.test(errorCode(error))) return undefined;
    throw error;
  }
}

/** Names the template in the group itself, for a group that a failed refresh has left on the new one. */
export async function setGroupTemplate(aws: Aws, group: AutoScalingGroup, template: TemplateVersion): Promise<void> {
  const { UpdateAutoScalingGroupCommand } = await import("@aws-sdk/client-auto-scaling");
  const autoScaling = await aws.autoScaling();
  await patiently("UpdateAutoScalingGroup", aws.timing, () =>
    autoScaling.send(
      new UpdateAutoScalingGroupCommand({
        AutoScalingGroupName: group.AutoScalingGroupName,
        ...configurationOf(template),
      }),
    ),
  );
}
