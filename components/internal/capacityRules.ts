import { MIXED_DEFAULTS } from "./mixedPolicy";
import type { Problem } from "./problems";
import { ALLOCATION } from "./resourceRules/launching";
import { matches, oneOf, type Rule, within } from "./rule";
import { isKnown } from "./known";
import { Checks } from "./rules";

/** The plain values of what a group is made of, as far as they are known. */
export interface CapacityValues {
  architecture?: unknown;
  instanceType?: unknown;
  maxSize?: unknown;
  terminationPolicies?: unknown;
  mixedInstances?: { instanceTypes?: unknown[]; onDemandPercentageAboveBaseCapacity?: unknown };
  warmPool?: { minSize?: unknown; maxGroupPreparedCapacity?: unknown };
  lifecycleHooks?: { name: string; notificationTargetArn?: unknown; roleArn?: unknown }[];
  instanceMaintenance?: { minHealthyPercentage?: unknown; maxHealthyPercentage?: unknown };
}

const percent: Rule = { test: within(0, 100), allowed: "0 to 100 (percent)", fix: "Give a percentage" };
const size: Rule = {
  test: within(0, 10_000),
  allowed: "a whole number, 0 to 10000",
  fix: "Give a number of instances",
};

/** Limits: CreateAutoScalingGroup, PutWarmPool and PutLifecycleHook, Auto Scaling API 2011-01-01. */
const GROUP: { [field: string]: Rule } = {
  maxInstanceLifetime: {
    test: (value) => value === 0 || within(86_400, 31_536_000)(value),
    allowed: "0 (never), or 86400 to 31536000 (seconds)",
    fix: "Give a time of a day to a year",
  },
  capacityDistributionStrategy: oneOf("balanced-best-effort", "balanced-only"),
};

const TERMINATION = oneOf(
  "OldestInstance",
  "NewestInstance",
  "OldestLaunchTemplate",
  "AllocationStrategy",
  "ClosestToNextInstanceHour",
  "Default",
);

const MIXED: { [field: string]: Rule } = {
  onDemandBaseCapacity: size,
  onDemandPercentageAboveBaseCapacity: percent,
  ...ALLOCATION,
};

const WARM: { [field: string]: Rule } = {
  minSize: size,
  maxGroupPreparedCapacity: size,
  poolState: oneOf("Stopped", "Running", "Hibernated"),
};

const HOOK: { [field: string]: Rule } = {
  name: {
    test: matches(/^[A-Za-z0-9\-_/]{1,255}$/),
    allowed: "1 to 255 letters, digits and - _ /",
    fix: "Choose a simpler name",
  },
  transition: oneOf("launching", "terminating"),
  heartbeatTimeout: { test: within(30, 7200), allowed: "30 to 7200 (seconds)", fix: "Give a time in seconds" },
  defaultResult: oneOf("CONTINUE", "ABANDON"),
  notificationMetadata: { test: matches(/^[^]{1,1023}$/), allowed: "1 to 1023 characters", fix: "Shorten it" },
};

const MAINTENANCE: { [field: string]: Rule } = {
  minHealthyPercentage: percent,
  maxHealthyPercentage: { test: within(100, 200), allowed: "100 to 200 (percent)", fix: "Give a percentage" },
};

/** Every problem of what a group is made of. */
export function capacityProblems(values: CapacityValues): Problem[] {
  const checks = new Checks();
  checks.fields(GROUP, values, (field) => field);
  const policies: unknown = values.terminationPolicies;
  (Array.isArray(policies) ? (policies as unknown[]) : []).forEach((policy, i) => {
    if (isKnown(policy) && !TERMINATION.test(policy)) {
      checks.add({
        path: `terminationPolicies[${i}]`,
        given: policy,
        allowed: TERMINATION.allowed,
        fix: TERMINATION.fix,
      });
    }
  });
  return checks.add(...mixedProblems(values), ...warmProblems(values), ...hookProblems(values), ...maintenance(values))
    .problems;
}

function mixedProblems({ mixedInstances: mixed, instanceType, architecture }: CapacityValues): Problem[] {
  if (!mixed) return [];
  const checks = new Checks();
  checks.fields(MIXED, mixed, (field) => `mixedInstances.${field}`);
  const path = "mixedInstances.instanceTypes";
  const types = mixed.instanceTypes ?? [];
  if (types.length < 1 || types.length > 40) {
    checks.add({ path, given: types.length, allowed: "1 to 40 types (Auto Scaling quotas)", fix: "Change the list" });
  }
  types.forEach((type, i) => {
    checks.rule("instanceType", `${path}[${i}]`, type).fits(`${path}[${i}]`, type, architecture ?? "x86_64");
    if (isKnown(type) && types.indexOf(type) !== i) {
      checks.add({ path: `${path}[${i}]`, given: type, allowed: "each type once", fix: "Remove the second mention" });
    }
  });
  if (instanceType !== undefined) {
    checks.add({
      path: "instanceType",
      given: instanceType,
      allowed: "either instanceType or mixedInstances",
      fix: "Remove it: the types are those of the list",
    });
  }
  return checks.problems;
}

/** Whether some of the instances may be Spot Instances. */
export const hasSpot = (mixed: CapacityValues["mixedInstances"]): boolean => {
  const share = mixed?.onDemandPercentageAboveBaseCapacity ?? MIXED_DEFAULTS.onDemandPercentageAboveBaseCapacity;
  return mixed !== undefined && typeof share === "number" && share < 100;
};

function warmProblems({ warmPool: pool, mixedInstances, maxSize }: CapacityValues): Problem[] {
  if (!pool) return [];
  const checks = new Checks();
  checks.fields(WARM, pool, (field) => `warmPool.${field}`);
  if (hasSpot(mixedInstances)) {
    checks.add({
      path: "warmPool",
      allowed: "only without Spot Instances, which Auto Scaling does not keep warm",
      fix: "Remove it, or set mixedInstances.onDemandPercentageAboveBaseCapacity to 100",
    });
  }
  const most = pool.maxGroupPreparedCapacity;
  const least = typeof pool.minSize === "number" ? pool.minSize : 0;
  if (typeof most === "number" && most < least) {
    checks.add({
      path: "warmPool.maxGroupPreparedCapacity",
      given: most,
      allowed: `at least the pool's minSize (${least})`,
      fix: "Change one of the two",
    });
  }
  if (most === undefined && typeof maxSize === "number" && least > maxSize) {
    checks.add({
      path: "warmPool.minSize",
      given: least,
      allowed: `at most the group's maxSize (${maxSize})`,
      fix: "Lower it, or raise maxSize",
    });
  }
  return checks.problems;
}

function hookProblems({ lifecycleHooks: hooks = [] }: CapacityValues): Problem[] {
  const checks = new Checks();
  if (hooks.length > 50) {
    checks.add({
      path: "lifecycleHooks",
      given: hooks.length,
      allowed: "at most 50 (Auto Scaling quotas)",
      fix: "Remove some",
    });
  }
  const names = hooks.map((hook) => hook.name);
  hooks.forEach((hook, i) => {
    checks.fields(HOOK, hook, (field) => `lifecycleHooks[${i}].${field}`);
    if (names.indexOf(hook.name) !== i) {
      checks.add({
        path: `lifecycleHooks[${i}].name`,
        given: hook.name,
        allowed: "each name once",
        fix: "Choose another",
      });
    }
    if ((hook.notificationTargetArn === undefined) !== (hook.roleArn === undefined)) {
      checks.add({
        path: `lifecycleHooks[${i}].roleArn`,
        allowed: "together with notificationTargetArn",
        fix: "Give both, or neither",
      });
    }
  });
  return checks.problems;
}

function maintenance({ instanceMaintenance: given }: CapacityValues): Problem[] {
  if (!given) return [];
  const checks = new Checks();
  checks.fields(MAINTENANCE, given, (field) => `instanceMaintenance.${field}`);
  const { minHealthyPercentage: min, maxHealthyPercentage: max } = given;
  if (typeof min === "number" && typeof max === "number" && max - min > 100) {
    checks.add({
      path: "instanceMaintenance.maxHealthyPercentage",
      given: max,
      allowed: `at most 100 above minHealthyPercentage (${min})`,
      fix: "Bring the two closer together",
    });
  }
  return checks.problems;
}
