import type { AutoScalingGroup, InstanceRefresh, RefreshPreferences } from "@aws-sdk/client-auto-scaling";
import type { Aws } from "../kit/aws";
import { GateFailure } from "../kit/failure";
import { equalTo } from "./equalTemplates";
import type { Goal, Say } from "./goal";
import { cancelCommand, refreshCommand } from "./goal";
import type { TemplateVersion } from "./group";
import { templateOf, templateText } from "./group";
import { desiredOf, isUnderWay, refreshes, startRefresh } from "./refresh";

const START_ATTEMPTS = 10;

/** Starts the refresh, or joins the one that somebody (or an answer that got lost) has started meanwhile. */
export async function startOrJoin(aws: Aws, goal: Goal, group: AutoScalingGroup, say: Say): Promise<string> {
  const aim = aimOf(group, goal);
  const wishes = await preferences(aws, goal, group);
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
    const id = await startRefresh(aws, group, aim, wishes);
    if (id) say(`${goal.what}: instance refresh ${id} to ${templateText(aim)} started`);
    const found = id ?? (await joined(aws, goal, say));
    if (found) return found;
    await aws.pause();
  }
  throw new GateFailure({
    what: `${goal.what}: AWS starts no instance refresh and shows none under way`,
    look: [refreshCommand(aws, goal)],
    next: ["run `pulumi up` again"],
  });
}

/** The id of the refresh to this target that is under way; one to another target is refused. */
export async function joined(aws: Aws, goal: Goal, say: Say): Promise<string | undefined> {
  const running = (await refreshes(aws, goal.groupName)).find(isUnderWay);
  if (!running) return undefined;
  refuseOther(aws, goal, running);
  say(`${goal.what}: joined the instance refresh ${running.InstanceRefreshId} that is under way`);
  return running.InstanceRefreshId;
}

/** The target, or the equal of it that instances run already: AWS skips those by the version's number only. */
function aimOf(group: AutoScalingGroup, goal: Goal): TemplateVersion {
  const equal = templateOf(group.Instances?.find((one) => goal.wanted.instance(one)));
  return equal ? { ...equal, policy: goal.target.policy } : goal.target;
}

async function preferences(aws: Aws, goal: Goal, group: AutoScalingGroup): Promise<RefreshPreferences> {
  const { checkpointPercentages, checkpointDelay, bakeTime, alarmNames } = goal;
  // AWS goes back to what the group named before: only right when that is what was proven.
  const rollback =
    goal.autoRollback &&
    goal.proven !== undefined &&
    (await equalTo(aws, goal.proven)).configuration(templateOf(group));
  return {
    MinHealthyPercentage: goal.minHealthyPercentage,
    MaxHealthyPercentage: goal.maxHealthyPercentage,
    InstanceWarmup: goal.instanceWarmup,
    // Instances that already run the target are kept: a rollout that was interrupted does not start over. Between one type
    // and several, AWS does not say what matches.
    SkipMatching: (templateOf(group)?.policy === undefined) === (goal.target.policy === undefined),
    AutoRollback: rollback && !goal.wanted.configuration(templateOf(group)),
    ...(goal.protectFromScaleIn && { ScaleInProtectedInstances: "Refresh" }),
    ...(checkpointPercentages?.length && {
      CheckpointPercentages: checkpointPercentages,
      ...(checkpointDelay !== undefined && { CheckpointDelay: checkpointDelay }),
    }),
    ...(bakeTime !== undefined && bakeTime > 0 && { BakeTime: bakeTime }),
    ...(alarmNames?.length && { AlarmSpecification: { Alarms: alarmNames } }),
  };
}

function refuseOther(aws: Aws, goal: Goal, running: InstanceRefresh): void {
  const desired = desiredOf(running);
  if (goal.wanted.configuration(desired)) return;
  throw new GateFailure({
    what:
      `${goal.what}: the instance refresh ${running.InstanceRefreshId} to ${templateText(desired)} is ` +
      `${running.Status}; wanted is ${templateText(goal.target)}`,
    next: ["wait until it ends and run `pulumi up` again", `or end it: ${cancelCommand(aws, goal)}`],
  });
}
