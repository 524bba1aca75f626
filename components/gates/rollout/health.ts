import type { Aws } from "../kit/aws";
import { GateFailure } from "../kit/failure";
import { few } from "../kit/few";
import type { Deadline } from "../kit/waiting";
import type { Goal, Say } from "./goal";
import { activitiesCommand, requireGroup } from "./goal";
import { goBack } from "./goBack";
import { warmInstances } from "./warmPool";
import { failedActivities, fleetState, templateOf, templateText, unhealthyTargets } from "./group";

/** Success is believed only when the instances say so: right version, in service, healthy, as many as wanted. */
export async function waitUntilHealthy(aws: Aws, goal: Goal, deadline: Deadline, say: Say): Promise<void> {
  for (;;) {
    const group = await requireGroup(aws, goal);
    const { inService, wrong, unhealthy, desired } = fleetState(group, goal.wanted.instance);
    const targets = await unhealthyTargets(aws, group);
    const cold = (await warmInstances(aws, group)).filter((i) => !goal.wanted.instance(i));
    if (inService.length >= desired && wrong.length + unhealthy.length + targets.length + cold.length === 0) {
      return say(
        `${goal.what}: ${inService.length} of ${desired} instances in service on ${templateText(goal.target)}`,
      );
    }
    const lines = [
      `${inService.length} of ${desired} instances are in service`,
      ...wrong.map((i) => `${i.InstanceId} runs ${templateText(templateOf(i))}`),
      ...unhealthy.map((i) => `${i.InstanceId} is ${i.HealthStatus}`),
      ...targets.map((t) => `target ${t}`),
      ...cold.map((i) => `${i.InstanceId} in the warm pool is of ${templateText(templateOf(i))}`),
    ];
    if (deadline.passed) {
      throw new GateFailure({
        what: `${goal.what}: not every instance runs ${templateText(goal.target)} in health after ${goal.limitMinutes} minutes`,
        evidence: [...few(lines), ...(await failedActivities(aws, goal.groupName))],
        look: [activitiesCommand(aws, goal)],
        next: [
          "the version is bad: append a mended one (or set `current` back) and run `pulumi up`: the group is moved to it",
          "the instances are only slow: raise `limitMinutes` and run `pulumi up` again",
        ],
        state: await goBack(aws, goal, say),
      });
    }
    say(`${goal.what}: ${lines.slice(0, 3).join("; ")} (${deadline.elapsed})`);
    await aws.pause();
  }
}
