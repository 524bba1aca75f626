import type { AutoScalingGroup, InstanceRefresh, RefreshPreferences } from "@aws-sdk/client-auto-scaling";
import type { Aws } from "./kit/aws";
import { GateFailure } from "./kit/failure";
import type { SameAs } from "./kit/equalTemplates";
import { equalTo } from "./kit/equalTemplates";
import type { TemplateVersion } from "./kit/group";
import {
  describeGroup,
  failedActivities,
  fleetState,
  sameTemplate,
  templateOf,
  templateText,
  unhealthyTargets,
} from "./kit/group";
import { desiredOf, isUnderWay, refreshes, setGroupTemplate, startRefresh } from "./kit/refresh";
import { Deadline, sleep } from "./kit/waiting";

export interface RolloutInput {
  /** Who waits, for texts: `fleet web`. */
  what: string;
  groupName: string;
  account?: string;
  /** The template version every instance must run. */
  target: TemplateVersion;
  /** What `live` says the fleet was proven to run, if anything: a failure goes back to it. */
  proven?: TemplateVersion;
  minHealthyPercentage: number;
  maxHealthyPercentage: number;
  /** Seconds a new instance needs before it counts. */
  instanceWarmup: number;
  autoRollback: boolean;
  /** How long the rollout may take, in minutes. */
  limitMinutes: number;
}

type Say = (text: string) => void;

/**
 * Moves the group to the target by an instance refresh with a desired configuration and passes when every instance in
 * service reports the target and is healthy. A failed rollout leaves group and instances on what they ran before.
 */
export async function rolloutFinished(aws: Aws, input: RolloutInput, say: Say): Promise<void> {
  await aws.requireAccount(input.account, `Auto Scaling group ${input.groupName}`);
  const deadline = new Deadline(input.limitMinutes);
  await requireGroup(aws, input);
  const wanted = await equalTo(aws, input.target);
  const goal: Goal = { ...input, wanted };
  // Described again after the look: a refresh that ends in between has changed the group by then.
  let id = await joined(aws, goal, say);
  const group = await requireGroup(aws, input);
  if (!id && !isOnTarget(group, wanted)) id = await startOrJoin(aws, goal, group, say);
  if (id) {
    const ended = await waitForRefresh(aws, goal, id, deadline, say);
    if (ended.Status !== "Successful") await failed(aws, goal, ended, say);
  }
  await waitUntilHealthy(aws, goal, deadline, say);
  const now = await requireGroup(aws, input);
  // Equal but for its tags: instances launched from now on get the new ones.
  if (!sameTemplate(templateOf(now), input.target)) await setGroupTemplate(aws, now, input.target);
}

/** Starts the refresh, or joins the one that somebody (or an answer that got lost) has started meanwhile. */
async function startOrJoin(aws: Aws, goal: Goal, group: AutoScalingGroup, say: Say): Promise<string> {
  const aim = aimOf(group, goal);
  const wishes = await preferences(aws, goal, group);
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
    const id = await startRefresh(aws, group, aim, wishes);
    if (id) say(`${goal.what}: instance refresh ${id} to ${templateText(aim)} started`);
    const found = id ?? (await joined(aws, goal, say));
    if (found) return found;
    await sleep(aws.timing.pollSeconds);
  }
  throw new GateFailure({
    what: `${goal.what}: AWS starts no instance refresh and shows none under way`,
    look: [refreshCommand(aws, goal)],
    next: ["run `pulumi up` again"],
  });
}

const START_ATTEMPTS = 10;

interface Goal extends RolloutInput {
  /** Whether a template version makes the same instances as the target. */
  wanted: SameAs;
}

async function requireGroup(aws: Aws, input: RolloutInput): Promise<AutoScalingGroup> {
  const group = await describeGroup(aws, input.groupName);
  if (group) return group;
  throw new GateFailure({
    what: `${input.what}: the Auto Scaling group ${input.groupName} does not exist in ${aws.region}`,
    next: ["somebody deleted it: pulumi refresh, then pulumi up"],
  });
}

/** Nothing to move: the group names the target, or its equal, and no instance in any state is of another version. */
function isOnTarget(group: AutoScalingGroup, wanted: SameAs): boolean {
  return wanted(templateOf(group)) && (group.Instances ?? []).every((i) => wanted(templateOf(i)));
}

/** The target, or the equal of it that instances run already: AWS skips those by the version's number only. */
function aimOf(group: AutoScalingGroup, goal: Goal): TemplateVersion {
  const equal = (group.Instances ?? []).map(templateOf).filter((t) => t !== undefined && goal.wanted(t));
  return equal[0] ?? goal.target;
}

async function preferences(aws: Aws, goal: Goal, group: AutoScalingGroup): Promise<RefreshPreferences> {
  // AWS goes back to what the group named before: only right when that is what was proven.
  const rollback =
    goal.autoRollback && goal.proven !== undefined && (await equalTo(aws, goal.proven))(templateOf(group));
  return {
    MinHealthyPercentage: goal.minHealthyPercentage,
    MaxHealthyPercentage: goal.maxHealthyPercentage,
    InstanceWarmup: goal.instanceWarmup,
    // Instances that already run the target are kept: a rollout that was interrupted does not start over.
    SkipMatching: true,
    AutoRollback: rollback && !goal.wanted(templateOf(group)),
  };
}

/** The id of the refresh to this target that is under way; one to another target is refused. */
async function joined(aws: Aws, input: Goal, say: Say): Promise<string | undefined> {
  const running = (await refreshes(aws, input.groupName)).find(isUnderWay);
  if (!running) return undefined;
  refuseOther(aws, input, running);
  say(`${input.what}: joined the instance refresh ${running.InstanceRefreshId} that is under way`);
  return running.InstanceRefreshId;
}

function refuseOther(aws: Aws, input: Goal, running: InstanceRefresh): void {
  const desired = desiredOf(running);
  if (input.wanted(desired)) return;
  throw new GateFailure({
    what:
      `${input.what}: the instance refresh ${running.InstanceRefreshId} to ${templateText(desired)} is ` +
      `${running.Status}; wanted is ${templateText(input.target)}`,
    next: [
      "wait until it ends and run `pulumi up` again",
      `or end it: aws autoscaling cancel-instance-refresh --region ${aws.region} --auto-scaling-group-name ${input.groupName}`,
    ],
  });
}

async function waitForRefresh(
  aws: Aws,
  input: RolloutInput,
  id: string,
  deadline: Deadline,
  say: Say,
): Promise<InstanceRefresh> {
  for (;;) {
    const refresh = (await refreshes(aws, input.groupName, id))[0];
    if (refresh && !isUnderWay(refresh)) return refresh;
    const status = refresh?.Status ?? "not known yet";
    if (deadline.passed) {
      throw new GateFailure({
        what: `${input.what}: the rollout did not finish within ${input.limitMinutes} minutes: ${status}, ${refresh?.PercentageComplete ?? 0} %`,
        evidence: [
          ...(refresh?.StatusReason ? [refresh.StatusReason] : []),
          ...(await failedActivities(aws, input.groupName)),
        ],
        look: [refreshCommand(aws, input)],
        next: [
          "the instance refresh goes on: run `pulumi up` again to join it, with a larger `limitMinutes` if it is only slow",
          `or undo it: aws autoscaling rollback-instance-refresh --region ${aws.region} --auto-scaling-group-name ${input.groupName}`,
        ],
        state: "`live` still names the version before.",
      });
    }
    const left = refresh?.InstancesToUpdate === undefined ? "" : `, ${refresh.InstancesToUpdate} instances to go`;
    say(
      `${input.what}: instance refresh ${status}, ${refresh?.PercentageComplete ?? 0} %${left} (${deadline.elapsed})`,
    );
    await sleep(aws.timing.pollSeconds);
  }
}

const refreshCommand = (aws: Aws, input: RolloutInput): string =>
  `aws autoscaling describe-instance-refreshes --region ${aws.region} --auto-scaling-group-name ${input.groupName}`;

/** Ends in a failure always; first it makes sure that what ran before runs again. */
async function failed(aws: Aws, input: Goal, refresh: InstanceRefresh, say: Say): Promise<never> {
  const activities = await failedActivities(aws, input.groupName);
  const state = await goBack(aws, input, say);
  throw new GateFailure({
    what: `${input.what}: the rollout to ${templateText(input.target)} ended ${refresh.Status ?? "?"}`,
    evidence: [...(refresh.StatusReason ? [refresh.StatusReason] : []), ...activities],
    look: [refreshCommand(aws, input)],
    next: [
      "mend it in a new version and append that to the versions, or set `current` back; then run `pulumi up`",
      "the cause was not in the image (capacity, a quota, a cancelled refresh): run `pulumi up` again",
    ],
    state,
  });
}

/** After a failure: group and instances on what was proven before. AWS has done it when it rolled back by itself. */
async function goBack(aws: Aws, input: Goal, say: Say): Promise<string> {
  const { proven } = input;
  if (!proven || !input.autoRollback || input.wanted(proven)) {
    return "`live` was not written; the group keeps the template it has now.";
  }
  try {
    return await moveBack(aws, input, proven, say);
  } catch (error) {
    // The rollout's own failure matters more than why going back failed.
    return `Going back to ${templateText(proven)} failed too: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function moveBack(aws: Aws, input: Goal, proven: TemplateVersion, say: Say): Promise<string> {
  const group = await requireGroup(aws, input);
  const back: Goal = { ...input, target: proven, proven: undefined, wanted: await equalTo(aws, proven) };
  if (!back.wanted(templateOf(group))) await setGroupTemplate(aws, group, proven);
  if (fleetState(group, back.wanted).wrong.length > 0) {
    say(`${input.what}: going back to ${templateText(proven)}`);
    const id = await startOrJoin(aws, back, group, say);
    const ended = await waitForRefresh(aws, back, id, new Deadline(input.limitMinutes), say);
    if (ended.Status !== "Successful") {
      return (
        `Going back to ${templateText(proven)} ended ${ended.Status ?? "?"} too: look at the group's activities. ` +
        "The next `pulumi up` tries again."
      );
    }
  }
  return `\`live\` and the group say ${templateText(proven)}, as before.`;
}

/** Success is believed only when the instances say so: right version, in service, healthy, as many as wanted. */
async function waitUntilHealthy(aws: Aws, input: Goal, deadline: Deadline, say: Say): Promise<void> {
  for (;;) {
    const group = await requireGroup(aws, input);
    const { inService, wrong, unhealthy, desired } = fleetState(group, input.wanted);
    const targets = await unhealthyTargets(aws, group);
    if (inService.length >= desired && wrong.length + unhealthy.length + targets.length === 0) {
      return say(
        `${input.what}: ${inService.length} of ${desired} instances in service on ${templateText(input.target)}`,
      );
    }
    const lines = [
      `${inService.length} of ${desired} instances are in service`,
      ...wrong.map((i) => `${i.InstanceId} runs ${templateText(templateOf(i))}`),
      ...unhealthy.map((i) => `${i.InstanceId} is ${i.HealthStatus}`),
      ...targets.map((t) => `target ${t}`),
    ];
    if (deadline.passed) {
      throw new GateFailure({
        what: `${input.what}: not every instance runs ${templateText(input.target)} in health after ${input.limitMinutes} minutes`,
        evidence: [...lines, ...(await failedActivities(aws, input.groupName))],
        look: [
          `aws autoscaling describe-scaling-activities --region ${aws.region} --auto-scaling-group-name ${input.groupName}`,
        ],
        next: [
          "the version is bad: append a mended one (or set `current` back) and run `pulumi up`: the group is moved to it",
          "the instances are only slow: raise `limitMinutes` and run `pulumi up` again",
        ],
        state: await goBack(aws, input, say),
      });
    }
    say(`${input.what}: ${lines.slice(0, 3).join("; ")} (${deadline.elapsed})`);
    await sleep(aws.timing.pollSeconds);
  }
}
