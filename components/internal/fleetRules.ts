import { capacityProblems, type CapacityValues } from "./capacityRules";
import { FLEET_DEFAULTS } from "./fleetDefaults";
import { loadBalancerProblems, type LoadBalancerValues } from "./loadBalancerRules";
import { monitoringProblems } from "./monitoringRules";
import { rolloutProblems, type RolloutValues } from "./rolloutRules";
import type { Problem } from "./problems";
import { Checks } from "./rules";
import { scalingProblems, type ScalingValues } from "./scalingRules";

/** The plain values of a fleet's arguments; what is known later is passed over. */
export interface FleetValues extends CapacityValues {
  imageId?: unknown;
  line?: unknown;
  staged?: boolean;
  minSize?: unknown;
  port?: unknown;
  healthPath?: unknown;
  subnetIds?: unknown[];
  loadBalancerSubnetIds?: unknown[];
  instanceProfile?: unknown;
  sessionManager?: unknown;
  userData?: unknown;
  targetCpu?: unknown;
  region?: unknown;
  tags?: unknown;
  scaling?: ScalingValues;
  loadBalancer?: LoadBalancerValues;
  monitoring?: { alarms?: unknown; topicArn?: unknown };
  rollout?: RolloutValues;
}

/** What a fleet uses by its ARN must be of the fleet's region. A certificate of IAM has none. */
function ofRegion(path: string, arn: unknown, region: unknown): Problem[] {
  if (typeof arn !== "string" || typeof region !== "string") return [];
  const own = arn.split(":")[3];
  if (!own || own === region) return [];
  return [
    { path, given: arn, allowed: `one of the fleet's region, ${region}`, fix: "Make one there, and give its ARN" },
  ];
}

/** Every problem of the plain values. */
export function autoScalingFleetProblems(name: string, args: FleetValues): Checks {
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
    .add(...rolloutProblems(rollout).problems)
    .add(...capacityProblems(args))
    .add(...scalingProblems(args.scaling, port !== undefined && loadBalancer?.type !== "network"))
    .add(...(loadBalancer ? loadBalancerProblems(loadBalancer, port) : []))
    .add(...monitoringProblems(monitoring ?? {}, port, rollout.alarmNames))
    .userData("userData", args.userData)
    .tags("tags", args.tags);
  checks.add(
    ...ofRegion("loadBalancer.certificateArn", loadBalancer?.certificateArn, args.region),
    ...ofRegion("monitoring.topicArn", monitoring?.topicArn, args.region),
  );
  // Load balancers and target groups are named NAME-lb-1234567: 32 characters at most (Elastic Load Balancing API).
  if (args.port !== undefined && name.length > 21) {
    checks.add({
      path: "name",
      given: name,
      allowed: "at most 21 characters with a load balancer",
      fix: "Choose a shorter name",
    });
  }
  (loadBalancer?.rules ?? []).forEach((rule, i) => {
    if (name.length + rule.name.length <= 23) return;
    checks.add({
      path: `loadBalancer.rules[${i}].name`,
      given: rule.name,
      allowed: "at most 23 characters together with the fleet's name: its target group is named NAME-RULE-1234567",
      fix: "Choose a shorter name",
    });
  });
  // The role is named NAME-role-1234567: 64 characters at most (IAM API).
  if (name.length > 51) {
    checks.add({ path: "name", given: name, allowed: "at most 51 characters", fix: "Choose a shorter name" });
  }
  if (typeof args.healthPath === "string" && !args.healthPath.startsWith("/")) {
    checks.add({ path: "healthPath", given: args.healthPath, allowed: "a path that starts with /", fix: "Add the /" });
  }
  const [low, high] = [minSize ?? FLEET_DEFAULTS.minSize, maxSize ?? FLEET_DEFAULTS.maxSize];
  if (args.staged && typeof low === "number" && low > 0) {
    const allowed = "0 for a fleet that is staged";
    checks.add({ path: "minSize", given: low, allowed, fix: "Set it to 0, or remove `staged`" });
  }
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
