import { FLEET_DEFAULTS } from "./fleetDefaults";
import { isKnown } from "./known";
import { Checks, RULES } from "./rules";

/** What of `rollout` has limits of AWS's; plain values are checked, what is known later is passed over. */
export interface RolloutValues {
  minHealthyPercentage?: unknown;
  maxHealthyPercentage?: unknown;
  instanceWarmup?: unknown;
  checkpointPercentages?: unknown;
  checkpointDelay?: unknown;
  bakeTime?: unknown;
  alarmNames?: unknown;
  keepTemplateVersions?: unknown;
  limitMinutes?: unknown;
}

/** Every problem of a rollout's plain values. Limits: StartInstanceRefresh, Auto Scaling API. */
export function rolloutProblems(rollout: RolloutValues, path = "rollout"): Checks {
  const at = (field: string) => `${path}.${field}`;
  const checks = new Checks()
    .rule("minHealthy", at("minHealthyPercentage"), rollout.minHealthyPercentage)
    .rule("maxHealthy", at("maxHealthyPercentage"), rollout.maxHealthyPercentage)
    .rule("seconds", at("instanceWarmup"), rollout.instanceWarmup)
    .rule("seconds", at("checkpointDelay"), rollout.checkpointDelay)
    .rule("seconds", at("bakeTime"), rollout.bakeTime)
    .rule("templateVersions", at("keepTemplateVersions"), rollout.keepTemplateVersions)
    .rule("minutes", at("limitMinutes"), rollout.limitMinutes);
  const min = rollout.minHealthyPercentage ?? FLEET_DEFAULTS.minHealthyPercentage;
  const max = rollout.maxHealthyPercentage ?? FLEET_DEFAULTS.maxHealthyPercentage;
  if (typeof min === "number" && typeof max === "number" && max - min > 100) {
    checks.add({
      path: at("maxHealthyPercentage"),
      given: max,
      allowed: `at most 100 above minHealthyPercentage (${min})`,
      fix: "Bring the two closer together",
    });
  }
  return checks.add(...checkpointProblems(rollout, at), ...alarmProblems(rollout, at), ...timeProblems(rollout, at));
}

type At = (field: string) => string;

function checkpointProblems({ checkpointPercentages: list, checkpointDelay }: RolloutValues, at: At): Problems {
  if (list === undefined && checkpointDelay !== undefined) {
    return [
      {
        path: at("checkpointDelay"),
        given: checkpointDelay,
        allowed: "only together with checkpointPercentages",
        fix: "Give both, or remove it",
      },
    ];
  }
  if (!isKnown(list)) return [];
  const numbers = Array.isArray(list) ? (list as unknown[]) : [];
  const good = numbers.every(
    (n, i) =>
      !isKnown(n) || (typeof n === "number" && Number.isInteger(n) && n >= 1 && n <= 100 && isAbove(n, numbers[i - 1])),
  );
  const last = numbers[numbers.length - 1];
  if (good && numbers.length > 0 && (last === 100 || !isKnown(last))) return [];
  return [
    {
      path: at("checkpointPercentages"),
      given: list,
      allowed: "whole percentages from 1, ascending, each once, the last one 100",
      fix: "Write for example [20, 50, 100]",
    },
  ];
}

const isAbove = (n: number, before: unknown): boolean => typeof before !== "number" || n > before;

function alarmProblems({ alarmNames: names }: RolloutValues, at: At): Problems {
  if (!isKnown(names)) return [];
  const list = Array.isArray(names) ? (names as unknown[]) : undefined;
  const isName = (name: unknown) => typeof name === "string" && name.length >= 1 && name.length <= 255;
  if (list && list.length <= 10 && list.every((name) => !isKnown(name) || isName(name))) return [];
  return [
    {
      path: at("alarmNames"),
      given: names,
      allowed: "at most 10 names of CloudWatch alarms, each of 1 to 255 characters",
      fix: "Join alarms into a composite alarm",
    },
  ];
}

/** A rollout that only waits as configured must not run into its own time limit. */
function timeProblems(rollout: RolloutValues, at: At): Problems {
  const { checkpointPercentages: list, bakeTime = 0, checkpointDelay = FLEET_DEFAULTS.checkpointDelay } = rollout;
  const { limitMinutes = FLEET_DEFAULTS.limitMinutes } = rollout;
  const pauses = Array.isArray(list) ? Math.max(0, list.length - 1) : 0;
  if (typeof bakeTime !== "number" || typeof checkpointDelay !== "number" || typeof limitMinutes !== "number")
    return [];
  const waits = pauses * checkpointDelay + bakeTime;
  // A limit that is wrong by itself is one problem already.
  if (!RULES.minutes.test(limitMinutes) || waits < limitMinutes * 60) return [];
  return [
    {
      path: at("limitMinutes"),
      given: limitMinutes,
      allowed: `more than the ${Math.ceil(waits / 60)} minutes that checkpoints and bake time take by themselves`,
      fix: "Raise it, or shorten the waits",
    },
  ];
}

type Problems = Checks["problems"];
