import type { InstanceRefresh } from "@aws-sdk/client-auto-scaling";
import type { Aws } from "../kit/aws";
import { describeError } from "../kit/errors";
import { GateFailure } from "../kit/failure";
import { few } from "../kit/few";
import { equalTo } from "./equalTemplates";
import type { Goal, Say } from "./goal";
import { refreshCommand, requireGroup } from "./goal";
import type { TemplateVersion } from "./group";
import { failedActivities, fleetState, templateOf, templateText } from "./group";
import { setGroupTemplate } from "./refresh";
import { startOrJoin } from "./start";
import { waitForRefresh } from "./wait";

/** Ends in a failure always; first it makes sure that what ran before runs again. */
export async function failRollout(aws: Aws, goal: Goal, refresh: InstanceRefresh, say: Say): Promise<never> {
  const activities = await failedActivities(aws, goal.groupName);
  const state = await goBack(aws, goal, say);
  throw new GateFailure({
    what: `${goal.what}: the rollout to ${templateText(goal.target)} ended ${refresh.Status ?? "?"}`,
    evidence: [...(refresh.StatusReason ? [refresh.StatusReason] : []), ...activities],
    look: [refreshCommand(aws, goal)],
    next: [
      "mend it in a new version and append that to the versions, or set `current` back; then run `pulumi up`",
      "the cause was not in the image (capacity, a quota, an alarm of something else, a cancelled refresh): run `pulumi up` again",
    ],
    state,
  });
}

/** After a failure: group and instances on what was proven before. AWS has done it when it rolled back by itself. */
export async function goBack(aws: Aws, goal: Goal, say: Say): Promise<string> {
  const { proven } = goal;
  if (!proven || !goal.autoRollback || goal.wanted.configuration(proven)) {
    return "`live` was not written; the group keeps the template it has now.";
  }
  try {
    return await moveBack(aws, goal, proven, say);
  } catch (error) {
    // The rollout's own failure matters more than why going back failed.
    return `Going back to ${templateText(proven)} failed too: ${describeError(error)}`;
  }
}

async function moveBack(aws: Aws, goal: Goal, proven: TemplateVersion, say: Say): Promise<string> {
  const group = await requireGroup(aws, goal);
  const back: Goal = {
    ...goal,
    target: proven,
    proven: undefined,
    wanted: await equalTo(aws, proven),
    // What stopped the rollout (an alarm that is still on) must not stop the way back, nor may it pause.
    alarmNames: undefined,
    checkpointPercentages: undefined,
    bakeTime: undefined,
  };
  if (!back.wanted.configuration(templateOf(group))) await setGroupTemplate(aws, group, proven);
  if (fleetState(group, back.wanted.instance).wrong.length > 0) {
    say(`${goal.what}: going back to ${templateText(proven)}`);
    const id = await startOrJoin(aws, back, group, say);
    const ended = await waitForRefresh(aws, back, id, aws.deadline(goal.limitMinutes), say);
    if (ended.Status !== "Successful") {
      return (
        `Going back to ${templateText(proven)} ended ${ended.Status ?? "?"} too: look at the group's activities. ` +
        "The next `pulumi up` tries again."
      );
    }
  }
  const { wrong } = fleetState(await requireGroup(aws, goal), back.wanted.instance);
  if (wrong.length > 0) {
    const others = few(wrong.map((i) => `${i.InstanceId} runs ${templateText(templateOf(i))}`)).join(", ");
    return `The group is back on ${templateText(proven)}, but ${others}. The next \`pulumi up\` tries again.`;
  }
  return `\`live\`, the group and every instance in service say ${templateText(proven)}, as before.`;
}
