import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { Aws } from "./kit/aws";
import type { Wanted } from "./rollout/equalTemplates";
import { equalTo } from "./rollout/equalTemplates";
import type { Goal, RolloutInput, Say } from "./rollout/goal";
import { requireGroup } from "./rollout/goal";
import { failRollout } from "./rollout/goBack";
import { sameTemplate, templateOf } from "./rollout/group";
import { waitUntilHealthy } from "./rollout/health";
import { setGroupTemplate } from "./rollout/refresh";
import { joined, startOrJoin } from "./rollout/start";
import { tidyTemplate } from "./rollout/tidy";
import { waitForRefresh } from "./rollout/wait";
import { warmInstances } from "./rollout/warmPool";

export type { RolloutInput } from "./rollout/goal";

/**
 * Moves the group to the target by an instance refresh with a desired configuration and passes when every instance in
 * service reports the target and is healthy. A failed rollout leaves group and instances on what they ran before.
 */
export async function rolloutFinished(aws: Aws, input: RolloutInput, say: Say, warn: Say): Promise<void> {
  await aws.requireAccount(input.account, `Auto Scaling group ${input.groupName}`);
  const deadline = aws.deadline(input.limitMinutes);
  await requireGroup(aws, input);
  const wanted = await equalTo(aws, input.target);
  const goal: Goal = { ...input, wanted };
  // Described again after the look: a refresh that ends in between has changed the group by then.
  let id = await joined(aws, goal, say);
  const group = await requireGroup(aws, input);
  if (!id && !(await isOnTarget(aws, group, wanted))) id = await startOrJoin(aws, goal, group, say);
  if (id) {
    const ended = await waitForRefresh(aws, goal, id, deadline, say);
    if (ended.Status !== "Successful") await failRollout(aws, goal, ended, say);
  }
  await waitUntilHealthy(aws, goal, deadline, say);
  const now = await requireGroup(aws, input);
  // Equal but for its tags: instances launched from now on get the new ones.
  const named = templateOf(now);
  if (!sameTemplate(named, input.target) || !wanted.configuration(named))
    await setGroupTemplate(aws, now, input.target);
  await tidyTemplate(aws, goal, say, warn);
}

/** Nothing to move: the group names the target, or its equal, and no instance in any state is of another version. */
async function isOnTarget(aws: Aws, group: AutoScalingGroup, wanted: Wanted): Promise<boolean> {
  if (!wanted.configuration(templateOf(group))) return false;
  return [...(group.Instances ?? []), ...(await warmInstances(aws, group))].every(wanted.instance);
}
