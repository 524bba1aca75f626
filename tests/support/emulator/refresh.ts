/** The calls about instance refreshes, which moto lacks altogether. */
import { randomUUID } from "node:crypto";
import { now } from "./clock";
import { describeGroup, groupKey, resolveTemplate, specificationOf } from "./groups";
import { AwsError, echo, under, values, xmlAnswer } from "./protocol";
import type { Answer, Call } from "./protocol";
import { invalid, validate } from "./refreshRequest";
import { configurationOf, isUnderWay, percentOf, rollBack, underWay } from "./refreshRun";
import type { Refresh, RefreshRule } from "./refreshRun";
import type { Handlers, World } from "./world";
import { element, textOf } from "./xml";
import type { Element } from "./xml";

async function start(call: Call, world: World): Promise<Answer> {
  const group = await describeGroup(call, call.params.AutoScalingGroupName ?? "", world);
  const name = textOf(group, "AutoScalingGroupName")!;
  const preferences = under(call.params, "Preferences.");
  const desired = under(call.params, "DesiredConfiguration.");
  validate(preferences, desired);
  const specification = Object.keys(desired).length ? specificationOf(element("desired", echo(desired))) : undefined;
  const target = specification && (await resolveTemplate(call, specification, world));
  if (underWay(call, name, world)) {
    throw new AwsError(
      "InstanceRefreshInProgress",
      "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.",
    );
  }
  const refresh: Refresh = {
    id: randomUUID(),
    group: name,
    region: call.region,
    account: call.account,
    status: "Pending",
    startedAt: now(),
    since: now(),
    desired,
    preferences,
    target,
    before: configurationOf(group),
    todo: [],
    replaced: 0,
    total: 0,
    matching: 0,
    reached: 0,
    pauseMs: 0,
    rule: chooseRule(name, world),
  };
  world.memory.refreshes.unshift(refresh);
  return xmlAnswer(call, [element("InstanceRefreshId", refresh.id)]);
}

function chooseRule(group: string, world: World): RefreshRule {
  const rule = world.memory.refreshRules.get(group);
  if (!rule || (rule.used ?? 0) >= (rule.times ?? Infinity)) return {};
  rule.used = (rule.used ?? 0) + 1;
  return rule;
}

async function describe(call: Call, world: World): Promise<Answer> {
  const name = call.params.AutoScalingGroupName ?? "";
  await describeGroup(call, name, world);
  const ids = values(call.params, "InstanceRefreshIds.member");
  const all = world.memory.refreshes.filter(
    (refresh) => groupKey(refresh, refresh.group) === groupKey(call, name) && (!ids.length || ids.includes(refresh.id)),
  );
  const [first, count] = [Number(call.params.NextToken ?? 0), Number(call.params.MaxRecords ?? 50)];
  const page = all.slice(first, first + count);
  const more = first + count < all.length ? [element("NextToken", first + count)] : [];
  return xmlAnswer(call, [element("InstanceRefreshes", page.map(member)), ...more]);
}

function member(refresh: Refresh): Element {
  const rollback = refresh.rollback;
  const time = (at: number | undefined, name: string) =>
    at === undefined ? [] : [element(name, new Date(at).toISOString())];
  const preferences = {
    MinHealthyPercentage: "90",
    SkipMatching: "false",
    AutoRollback: "false",
    ...refresh.preferences,
  };
  return element("member", [
    element("InstanceRefreshId", refresh.id),
    element("AutoScalingGroupName", refresh.group),
    element("Status", refresh.status),
    ...(refresh.reason === undefined ? [] : [element("StatusReason", refresh.reason)]),
    ...time(refresh.startedAt, "StartTime"),
    ...time(refresh.endedAt, "EndTime"),
    element("PercentageComplete", percentOf(refresh)),
    element("InstancesToUpdate", refresh.todo.length - refresh.replaced),
    element("Preferences", echo(preferences)),
    ...(Object.keys(refresh.desired).length ? [element("DesiredConfiguration", echo(refresh.desired))] : []),
    ...(rollback
      ? [
          element("RollbackDetails", [
            element("RollbackReason", refresh.reason ?? "Manual rollback"),
            ...time(rollback.at, "RollbackStartTime"),
            element("PercentageCompleteOnRollback", rollback.percent),
            element("InstancesToUpdateOnRollback", rollback.left),
          ]),
        ]
      : []),
  ]);
}

async function requireUnderWay(call: Call, world: World): Promise<Refresh> {
  const name = call.params.AutoScalingGroupName ?? "";
  await describeGroup(call, name, world);
  const refresh = underWay(call, name, world);
  if (refresh && isUnderWay(refresh)) return refresh;
  throw new AwsError("ActiveInstanceRefreshNotFound", "No in progress or pending Instance Refresh found.");
}

async function cancel(call: Call, world: World): Promise<Answer> {
  const refresh = await requireUnderWay(call, world);
  refresh.status = "Cancelling";
  refresh.reason = "Cancelled by the user";
  refresh.since = now();
  return xmlAnswer(call, [element("InstanceRefreshId", refresh.id)]);
}

async function rollback(call: Call, world: World): Promise<Answer> {
  const refresh = await requireUnderWay(call, world);
  const versions = Object.entries({ ...refresh.desired, ...refresh.before.params }).filter(([key]) =>
    key.endsWith("Version"),
  );
  if (!refresh.target || versions.some(([, version]) => version.startsWith("$"))) {
    throw new AwsError("IrreversibleInstanceRefresh", "The instance refresh cannot be rolled back.");
  }
  if (refresh.status === "RollbackInProgress") throw invalid("The instance refresh is already being rolled back.");
  refresh.reason = "Rolled back by the user";
  refresh.since = now();
  await rollBack(refresh, world);
  return xmlAnswer(call, [element("InstanceRefreshId", refresh.id)]);
}

export const refreshHandlers: Handlers = {
  "autoscaling.StartInstanceRefresh": start,
  "autoscaling.DescribeInstanceRefreshes": describe,
  "autoscaling.CancelInstanceRefresh": cancel,
  "autoscaling.RollbackInstanceRefresh": rollback,
};
