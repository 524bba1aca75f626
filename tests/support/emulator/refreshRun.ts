/**
 * An instance refresh as it runs: worked out from the clock at every request, one replacement a step. Checkpoints pause
 * it, its bake time delays its success, and a CloudWatch alarm that it watches ends it.
 */
import { alarmed } from "./alarms";
import { now } from "./clock";
import { groupKey, syncGroup } from "./groups";
import type { TemplateVersion } from "./groups";
import type { Place } from "./moto";
import type { Params } from "./protocol";
import { under, values } from "./protocol";
import type { World } from "./world";
import { find, parseXml, renderXml } from "./xml";
import type { Element } from "./xml";

export type RefreshStatus =
  | "Pending"
  | "InProgress"
  | "Baking"
  | "Successful"
  | "Failed"
  | "Cancelling"
  | "Cancelled"
  | "RollbackInProgress"
  | "RollbackSuccessful"
  | "RollbackFailed";

/** How the refreshes of a group go. */
export interface RefreshRule {
  /** The time of one step: to start, and to replace one instance. Default 20. */
  stepMs?: number;
  /** How it ends; default `Successful`. */
  end?: "Successful" | "Failed" | "Cancelled" | "RollbackSuccessful" | "RollbackFailed";
  /** When another end than `Successful` begins: at this percentage of replaced instances. Default 50. */
  atPercent?: number;
  reason?: string;
  /** How many instances it never replaces, as AWS ignores those protected from scale-in; it succeeds all the same. */
  passesOver?: number;
  /** For how many refreshes; without it for all. */
  times?: number;
  used?: number;
}

export interface Refresh extends Place {
  id: string;
  group: string;
  status: RefreshStatus;
  reason?: string;
  startedAt: number;
  /** When the present status began. */
  since: number;
  endedAt?: number;
  /** DesiredConfiguration and Preferences as given, without their prefix. */
  desired: Params;
  preferences: Params;
  target?: TemplateVersion;
  /** The group's own configuration: what it shows until the refresh succeeds, and gets back when it does not. */
  before: { shown: Element[]; params: Params };
  todo: string[];
  /** Replaced so far, and the count when a rollback began. */
  replaced: number;
  /** When it began: the group's instances, and those that ran the target already. */
  total: number;
  matching: number;
  /** How many checkpoints it has reached, and the pause before its next step. */
  reached: number;
  pauseMs: number;
  rollback?: { at: number; percent: number; left: number; todo: string[]; done: number };
  rule: RefreshRule;
}

const UNDER_WAY = /^(Pending|InProgress|Baking|Cancelling|RollbackInProgress)$/;

export function isUnderWay(refresh: Refresh): boolean {
  return UNDER_WAY.test(refresh.status);
}

export function underWay(place: Place, group: string, world: World): Refresh | undefined {
  const key = groupKey(place, group);
  return world.memory.refreshes.find((refresh) => groupKey(refresh, refresh.group) === key && isUnderWay(refresh));
}

/** AWS updates the group once the refresh succeeds; until then it shows its old configuration. */
export function visibleConfiguration(place: Place, group: string, world: World): Element[] | undefined {
  const shown = underWay(place, group, world)?.before.shown;
  return shown?.map((node) => parseXml(renderXml(node)));
}

export function percentOf(refresh: Refresh): number {
  if (refresh.status === "Successful" || refresh.status === "Baking") return 100;
  const left = refresh.rollback ? refresh.replaced - refresh.rollback.done : refresh.replaced;
  return refresh.todo.length ? Math.floor((100 * left) / refresh.todo.length) : 0;
}

/** Carries out what the refreshes under way have done by now. */
export async function settleRefreshes(world: World): Promise<void> {
  for (const refresh of world.memory.refreshes.filter(isUnderWay)) {
    await heed(refresh, world, now());
    while (isUnderWay(refresh) && now() >= nextStep(refresh)) await step(refresh, world);
  }
}

/** When the next step is due: a bake time is one long step, a checkpoint's delay comes before the next one. */
function nextStep(refresh: Refresh): number {
  const bakes = refresh.status === "Baking";
  const stepMs = bakes ? Number(refresh.preferences.BakeTime) * 1000 : (refresh.rule.stepMs ?? 20);
  return refresh.since + Math.max(1, stepMs) + refresh.pauseMs;
}

/** An alarm that is on ends the refresh: while it replaces, pauses or bakes. */
async function heed(refresh: Refresh, world: World, at: number): Promise<void> {
  if (refresh.status !== "InProgress" && refresh.status !== "Baking") return;
  const names = Object.entries(under(refresh.preferences, "AlarmSpecification.Alarms.member.")).map(([, name]) => name);
  const on = alarmed(refresh, names, world);
  if (on.length === 0) return;
  refresh.since = at;
  // AWS documents that the reason is given, not its words.
  refresh.reason = `CloudWatch alarm(s) in ALARM state: ${on.join(", ")}`;
  await fail(refresh, world);
}

/** Fails, or goes back where that is asked for. */
async function fail(refresh: Refresh, world: World): Promise<void> {
  if (refresh.preferences.AutoRollback === "true") return rollBack(refresh, world);
  await restore(refresh, world);
  finish(refresh, "Failed");
}

async function step(refresh: Refresh, world: World): Promise<void> {
  refresh.since = nextStep(refresh);
  refresh.pauseMs = 0;
  switch (refresh.status) {
    case "Pending":
      await begin(refresh, world);
      return heed(refresh, world, refresh.since);
    case "InProgress":
      return proceed(refresh, world);
    case "Baking":
      return finish(refresh, "Successful");
    case "Cancelling":
      await restore(refresh, world);
      return finish(refresh, "Cancelled");
    default:
      return proceedBack(refresh, world);
  }
}

async function begin(refresh: Refresh, world: World): Promise<void> {
  const record = await syncGroup(refresh, refresh.group, world);
  const skip = refresh.preferences.SkipMatching === "true";
  const target = refresh.target;
  const types = Object.entries(refresh.desired).flatMap(([name, type]) =>
    /Overrides.*InstanceType$/.test(name) ? [type] : [],
  );
  const todo = [...record.instances]
    .filter(
      ([, has]) => !(skip && target && has.id === target.id && has.version === target.version && fits(has, types)),
    )
    .map(([id]) => id);
  refresh.todo = todo.slice(0, Math.max(0, todo.length - (refresh.rule.passesOver ?? 0)));
  refresh.total = record.instances.size;
  refresh.matching = record.instances.size - todo.length;
  refresh.reached = reachedBy(refresh);
  if (Object.keys(refresh.desired).length) await configure(refresh, refresh.desired, world);
  refresh.status = "InProgress";
}

/** Types count too: one type, the template's, or those of the policy. */
const fits = ({ type }: TemplateVersion, types: string[]): boolean =>
  type === undefined ? types.length === 0 : types.includes(type);

async function proceed(refresh: Refresh, world: World): Promise<void> {
  const { end = "Successful", atPercent = 50, reason } = refresh.rule;
  const count = refresh.todo.length;
  if (end !== "Successful" && (count === 0 || (100 * refresh.replaced) / count >= atPercent)) {
    refresh.reason = reason ?? `the refresh was scripted to end as ${end}`;
    if (end === "Cancelled") return void (refresh.status = "Cancelling");
    if (end !== "Failed") return rollBack(refresh, world);
    await restore(refresh, world);
    return finish(refresh, "Failed");
  }
  if (refresh.replaced < count) {
    await replace(refresh, refresh.todo[refresh.replaced]!, world);
    refresh.replaced++;
    if (refresh.replaced < count) return checkpoint(refresh);
    if (end !== "Successful") return;
  }
  if (Number(refresh.preferences.BakeTime ?? 0) > 0) refresh.status = "Baking";
  else finish(refresh, "Successful");
}

const checkpointsOf = (refresh: Refresh): number[] =>
  values(refresh.preferences, "CheckpointPercentages.member").map(Number);

/** How many checkpoints are reached: each is a percentage of the group's instances that must be new. */
function reachedBy(refresh: Refresh): number {
  const fresh = refresh.matching + refresh.replaced;
  return checkpointsOf(refresh).filter((percent) => 100 * fresh >= percent * refresh.total).length;
}

/** Pauses where a checkpoint is newly reached; the last one ends the refresh, without a pause. */
function checkpoint(refresh: Refresh): void {
  const reached = reachedBy(refresh);
  if (reached === refresh.reached) return;
  refresh.reached = reached;
  if (reached === checkpointsOf(refresh).length) refresh.todo = refresh.todo.slice(0, refresh.replaced);
  else refresh.pauseMs = Number(refresh.preferences.CheckpointDelay ?? 3600) * 1000;
}

/** Begins to go back: the instances that were replaced are replaced again. */
export async function rollBack(refresh: Refresh, world: World): Promise<void> {
  const percent = percentOf(refresh);
  const left = refresh.todo.length - refresh.replaced;
  refresh.pauseMs = 0;
  await restore(refresh, world);
  const record = await syncGroup(refresh, refresh.group, world);
  const target = refresh.target;
  const todo = [...record.instances]
    .filter(([, has]) => has.version === target?.version && has.id === target.id)
    .map(([id]) => id);
  refresh.rollback = { at: now(), percent, left, todo: todo.slice(0, refresh.replaced), done: 0 };
  refresh.status = "RollbackInProgress";
}

async function proceedBack(refresh: Refresh, world: World): Promise<void> {
  const rollback = refresh.rollback!;
  if (refresh.rule.end === "RollbackFailed") return finish(refresh, "RollbackFailed");
  const next = rollback.todo[rollback.done];
  if (next === undefined) return finish(refresh, "RollbackSuccessful");
  await replace(refresh, next, world);
  rollback.done++;
}

async function replace(refresh: Refresh, id: string, world: World): Promise<void> {
  const params = { InstanceId: id, ShouldDecrementDesiredCapacity: "false" };
  // An instance that has ended by itself meanwhile was replaced by the group already.
  await world.moto.ask("autoscaling", refresh, "TerminateInstanceInAutoScalingGroup", params).catch(() => undefined);
  await syncGroup(refresh, refresh.group, world);
}

async function restore(refresh: Refresh, world: World): Promise<void> {
  if (Object.keys(refresh.desired).length) await configure(refresh, refresh.before.params, world);
}

/** Sets the configuration in moto: what new instances are launched with from now on. */
async function configure(refresh: Refresh, configuration: Params, world: World): Promise<void> {
  await world.moto.ask("autoscaling", refresh, "UpdateAutoScalingGroup", {
    AutoScalingGroupName: refresh.group,
    ...configuration,
  });
  const record = await syncGroup(refresh, refresh.group, world);
  record.policy = under(configuration, "MixedInstancesPolicy.");
}

export function finish(refresh: Refresh, status: RefreshStatus): void {
  refresh.status = status;
  refresh.endedAt = now();
}

/** A group's configuration, as elements to show and as parameters to set again. */
export function configurationOf(group: Element): Refresh["before"] {
  const policy = find(group, "MixedInstancesPolicy");
  const shown = [policy?.children.length ? policy : find(group, "LaunchTemplate")].filter((node) => node !== undefined);
  const params = Object.fromEntries(shown.flatMap((node) => flatten(node, node.name)));
  // A specification may name the template by id or by name, not by both.
  return {
    shown,
    params: Object.fromEntries(Object.entries(params).filter(([key]) => !key.endsWith("LaunchTemplateName"))),
  };
}

function flatten(node: Element, path: string): [string, string][] {
  if (!node.children.length) return node.text === "" ? [] : [[path, node.text]];
  let member = 0;
  return node.children.flatMap((child) =>
    flatten(child, `${path}.${child.name}${child.name === "member" ? `.${++member}` : ""}`),
  );
}
