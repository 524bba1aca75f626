import type { AutoScalingFleetArgs } from "../autoScalingFleetArgs";
import { capacityProblems } from "../internal/capacityRules";
import { FLEET_DEFAULTS } from "../internal/fleetDefaults";
import { loadBalancerProblems } from "../internal/loadBalancerRules";
import { monitoringProblems } from "../internal/monitoringRules";
import { rolloutProblems } from "../internal/rolloutRules";
import { Checks } from "../internal/rules";
import { scalingProblems } from "../internal/scalingRules";

/** Every problem of the plain values. */
export function autoScalingFleetProblems(name: string, args: AutoScalingFleetArgs): Checks {
  const { minSize, maxSize, port, rollout = {}, loadBalancer, monitoring } = args;
  const checks = new Checks()
    .rule("line", "name", name)
    .rule("line", "line", args.line)
    .rule("imageId", "imageId", args.imageId)
    .rule("size", "minSize", minSize)
    .rule("size", "maxSize", maxSize)
    .rule("port", "port", args.port)
    .rule("instanceType", "instanceType", args.instanceType)
    .rule("architecture", "architecture", args.architecture)
    .fits("instanceType", args.architecture === undefined ? undefined : args.instanceType, args.architecture)
    .rule("percent", "targetCpu", args.targetCpu)
    .rule("region", "region", args.region)
    .add(...rolloutProblems({ ...rollout }).problems)
    .add(...capacityProblems(args))
    .add(...scalingProblems(args.scaling, port !== undefined && loadBalancer?.type !== "network"))
    .add(...(loadBalancer ? loadBalancerProblems(loadBalancer, port) : []))
    .add(...monitoringProblems(monitoring ?? {}, port, rollout.alarmNames))
    .userData("userData", args.userData)
    .tags("tags", args.tags);
  // Load balancers and target groups are named NAME-lb-1234567: 32 characters at most (Elastic Load Balancing API).
  if (args.port !== undefined && name.length > 21) {
    checks.add({
      path: "name",
      given: name,
      allowed: "at most 21 characters with a load balancer",
      fix: "Choose a shorter name",
    });
  }
  // The role is named NAME-role-1234567: 64 characters at most (IAM API).
  if (name.length > 51) {
    checks.add({ path: "name", given: name, allowed: "at most 51 characters", fix: "Choose a shorter name" });
  }
  if (typeof args.healthPath === "string" && !args.healthPath.startsWith("/")) {
    checks.add({ path: "healthPath", given: args.healthPath, allowed: "a path that starts with /", fix: "Add the /" });
  }
  const [low, high] = [minSize ?? FLEET_DEFAULTS.minSize, maxSize ?? FLEET_DEFAULTS.maxSize];
  if (typeof low === "number" && typeof high === "number" && low > high) {
    checks.add({ path: "minSize", given: low, allowed: `at most maxSize (${high})`, fix: "Change one of the two" });
  }
  for (const field of ["subnetIds", "loadBalancerSubnetIds"] as const) {
    args[field]?.forEach((id, i) => checks.rule("subnetId", `${field}[${i}]`, id));
    if (args[field]?.length === 1) {
      checks.add({
        path: field,
        given: 1,
        allowed: "two subnets or more, in different zones",
        fix: "Add a subnet of another zone",
      });
    }
  }
  if (args.sessionManager && args.instanceProfile !== undefined) {
    checks.add({
      path: "sessionManager",
      given: true,
      allowed: "either sessionManager or instanceProfile",
      fix: "Remove one",
    });
  }
  return checks;
}
