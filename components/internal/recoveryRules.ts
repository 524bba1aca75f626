import { autoScalingFleetProblems, type FleetValues } from "./fleetRules";
import { suggest } from "./nearest";
import { fleetNetworkProblems } from "./networkRules";
import { type RecoveryStrategy, STRATEGIES } from "./recoveryRecord";
import { fullSizes, RECOVERY, RECOVERY_DEFAULTS } from "./recoveryTable";
import { Checks } from "./rules";

/** The plain values of a recovery region's arguments. */
export interface RecoveryValues {
  region?: unknown;
  home?: unknown;
  strategy?: unknown;
  share?: unknown;
  active?: unknown;
  rtoMinutes?: unknown;
  rpoMinutes?: unknown;
  network?: object;
  fleet: FleetValues & { maxSize?: unknown };
}

const isStrategy = (given: unknown): given is RecoveryStrategy => STRATEGIES.some((one) => one === given);

/** Every problem of the plain values. */
export function recoveryRegionProblems(name: string, args: RecoveryValues): Checks {
  const { region, home, strategy = RECOVERY_DEFAULTS.strategy, rtoMinutes, fleet } = args;
  const checks = new Checks()
    .rule("region", "region", region)
    .rule("region", "home", home)
    .rule("percent", "share", args.share)
    .rule("recoveryMinutes", "rtoMinutes", rtoMinutes)
    .rule("recoveryMinutes", "rpoMinutes", args.rpoMinutes);
  if (typeof region === "string" && region === home) {
    const allowed = "a region other than the one it stands in for";
    checks.add({ path: "region", given: region, allowed, fix: "Choose another one: a copy must be there" });
  }
  if (!isStrategy(strategy)) {
    const fix = suggest(String(strategy), [...STRATEGIES]);
    checks.add({ path: "strategy", given: strategy, allowed: STRATEGIES.join(", "), fix });
  } else {
    const { leastRto, because, faster } = RECOVERY[strategy];
    if (typeof rtoMinutes === "number" && rtoMinutes < leastRto) {
      const other = faster === "" ? "" : `, or choose ${faster}`;
      const allowed = `at least ${leastRto} with ${strategy}: ${because}`;
      checks.add({ path: "rtoMinutes", given: rtoMinutes, allowed, fix: `Raise it${other}` });
    }
    if (args.share !== undefined && strategy !== "warm-standby") {
      checks.add({ path: "share", given: args.share, allowed: "only with warm-standby", fix: "Remove it" });
    }
  }
  const full = fullSizes(fleet);
  if (full.minSize < 1) {
    const allowed = "at least 1: the size when this region is active";
    checks.add({ path: "fleet.minSize", given: full.minSize, allowed, fix: "The strategy sets the size until then" });
  }
  for (const key of ["region", "staged"] as const) {
    if (fleet[key] === undefined) continue;
    checks.add({
      path: `fleet.${key}`,
      given: fleet[key],
      allowed: "nothing: the recovery region sets it",
      fix: "Remove it",
    });
  }
  if (args.network && (fleet.subnetIds ?? fleet.loadBalancerSubnetIds)) {
    const allowed = "either `network` or subnets of your own";
    checks.add({ path: "network", allowed, fix: "Remove one of the two" });
  }
  for (const problem of args.network ? fleetNetworkProblems(name, args.network).problems : []) {
    checks.add({ ...problem, path: `network.${problem.path}` });
  }
  for (const problem of autoScalingFleetProblems(name, fleet).problems) {
    checks.add(problem.path === "name" ? problem : { ...problem, path: `fleet.${problem.path}` });
  }
  return checks;
}
