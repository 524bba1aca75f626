import type { RecoveryStrategy } from "../../components/internal/recoveryRecord";
import type { Facts } from "./facts";

/** What a strategy's estimate is made of, and what it leaves out. */
const ESTIMATES: { [strategy in RecoveryStrategy]: string } = {
  "backup-restore":
    "from the launch until the checks have passed{health}. There is no group yet: the time to make one is not in it.",
  "pilot-light":
    "from the launch until the checks have passed{health}. All instances are taken to be launched at once, and capacity for all of them to be there: one was launched.",
  "warm-standby":
    "from the launch until the checks have passed{health}: when the group has its full size. What stands by serves before that. Capacity for the rest is taken to be there: one instance was launched.",
  "active-active":
    "from the launch until the checks have passed{health}: what replacing an instance takes. The region's own serve already.",
};

export function assumptionOf({ record, health }: Facts): string {
  const { strategy, targetGroupArns = [] } = record;
  const looks =
    targetGroupArns.length === 0
      ? "; no target group, so no time is added for its health"
      : `, and ${health.seconds} s (threshold × interval) until the slowest target group finds it healthy`;
  return ESTIMATES[strategy].replace("{health}", looks);
}
