import type { InstanceRefresh } from "@aws-sdk/client-auto-scaling";
import type { Aws } from "../kit/aws";
import { GateFailure } from "../kit/failure";
import type { Deadline } from "../kit/waiting";
import type { Goal, Say } from "./goal";
import { refreshCommand, undoCommand } from "./goal";
import { failedActivities } from "./group";
import { isUnderWay, refreshes } from "./refresh";

/** Waits for the refresh to end, in whatever way, and gives it. At the limit it is left under way. */
export async function waitForRefresh(
  aws: Aws,
  goal: Goal,
  id: string,
  deadline: Deadline,
  say: Say,
): Promise<InstanceRefresh> {
  for (;;) {
    const refresh = (await refreshes(aws, goal.groupName, id))[0];
    if (refresh && !isUnderWay(refresh)) return refresh;
    const status = refresh?.Status ?? "not known yet";
    if (deadline.passed) {
      throw new GateFailure({
        what: `${goal.what}: the rollout did not finish within ${goal.limitMinutes} minutes: ${status}, ${refresh?.PercentageComplete ?? 0} %`,
        evidence: [
          ...(refresh?.StatusReason ? [refresh.StatusReason] : []),
          ...(await failedActivities(aws, goal.groupName)),
        ],
        look: [refreshCommand(aws, goal)],
        next: [
          "the instance refresh goes on: run `pulumi up` again to join it, with a larger `limitMinutes` if it is only slow",
          `or undo it: ${undoCommand(aws, goal)}`,
        ],
        state: goal.proven
          ? "The instance refresh is still under way; `live` still names the version before."
          : "The instance refresh is still under way; `live` was not written.",
      });
    }
    const left = refresh?.InstancesToUpdate === undefined ? "" : `, ${refresh.InstancesToUpdate} instances to go`;
    const why = refresh?.StatusReason ? `: ${refresh.StatusReason}` : "";
    say(
      `${goal.what}: instance refresh ${status}, ${refresh?.PercentageComplete ?? 0} %${left} (${deadline.elapsed})${why}`,
    );
    await aws.pause();
  }
}
