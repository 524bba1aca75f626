/** Auto Scaling groups: which template version each instance was really launched with, and what the group shows. */
import { AwsError, echo, under, xmlAnswer } from "./protocol";
import type { Answer, Call, Params } from "./protocol";
import { edit } from "./moto";
import type { Place } from "./moto";
import { visibleConfiguration } from "./refreshRun";
import type { Handler, Handlers, World } from "./world";
import { drop, element, find, list, put, textOf } from "./xml";
import type { Element } from "./xml";

export interface TemplateVersion {
  id: string;
  name: string;
  /** A number: `$Latest` and `$Default` are resolved when an instance is launched. */
  version: string;
  /** Of an instance launched by a policy of several types: which of them it is. */
  type?: string;
}

export interface GroupRecord extends Place {
  name: string;
  instances: Map<string, TemplateVersion>;
  /** The parameters of the mixed instances policy: moto forgets it in every update that does not repeat it. */
  policy: Params;
}

export function groupKey(place: Place, name: string): string {
  return `${place.account}/${place.region}/${name}`;
}

export async function describeGroup(place: Place, name: string, world: World): Promise<Element> {
  const answer = await world.moto.ask("autoscaling", place, "DescribeAutoScalingGroups", {
    "AutoScalingGroupNames.member.1": name,
  });
  const group = list(answer, "DescribeAutoScalingGroupsResult", "AutoScalingGroups")[0];
  if (group) return group;
  throw new AwsError("ValidationError", `AutoScalingGroup name not found - AutoScalingGroup '${name}' not found`);
}

/** The template specification in a group or a desired configuration. */
export function specificationOf(node: Element | undefined): Element | undefined {
  return (
    find(node, "MixedInstancesPolicy", "LaunchTemplate", "LaunchTemplateSpecification") ?? find(node, "LaunchTemplate")
  );
}

/** Resolves a specification to a version that exists. */
export async function resolveTemplate(
  place: Place,
  specification: Element | undefined,
  world: World,
): Promise<TemplateVersion> {
  const [id, name] = [textOf(specification, "LaunchTemplateId"), textOf(specification, "LaunchTemplateName")];
  const version = textOf(specification, "Version") ?? "$Default";
  const answer = await world.moto
    .ask("ec2", place, "DescribeLaunchTemplateVersions", {
      ...(id ? { LaunchTemplateId: id } : { LaunchTemplateName: name ?? "" }),
      "LaunchTemplateVersion.1": version,
    })
    .catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      throw new AwsError("ValidationError", `You must use a valid fully-formed launch template. ${why}`);
    });
  const found = list(answer, "launchTemplateVersionSet")[0];
  const number = textOf(found, "versionNumber");
  const templateId = textOf(found, "launchTemplateId") ?? "";
  if (!number || world.memory.deletedVersions.has(`${templateId}:${number}`)) {
    throw new AwsError(
      "ValidationError",
      `You must use a valid fully-formed launch template. Version ${version} does not exist.`,
    );
  }
  return { id: templateId, name: textOf(found, "launchTemplateName") ?? "", version: number };
}

/** Notes the version of every instance that the group has launched since the last look. */
export async function syncGroup(place: Place, name: string, world: World): Promise<GroupRecord> {
  const key = groupKey(place, name);
  const { region, account } = place;
  const fresh: GroupRecord = { name, region, account, instances: new Map(), policy: {} };
  const record = world.memory.groups.get(key) ?? fresh;
  world.memory.groups.set(key, record);
  const group = await describeGroup(place, name, world);
  const ids = list(group, "Instances").map((member) => textOf(member, "InstanceId")!);
  const unknown = ids.filter((id) => !record.instances.has(id));
  if (unknown.length && specificationOf(group)) {
    const current = await resolveTemplate(place, specificationOf(group), world);
    // On-Demand Instances are of the first type in the list that has capacity: here the first.
    const [first] = list(group, "MixedInstancesPolicy", "LaunchTemplate", "Overrides");
    const type = textOf(first, "InstanceType");
    unknown.forEach((id) => record.instances.set(id, { ...current, ...(type && { type }) }));
  }
  record.instances.forEach((_, id) => ids.includes(id) || record.instances.delete(id));
  return record;
}

/** Brings every known group up to date: an instance that ended was replaced from what the group names now. */
async function syncAll(place: Place, world: World): Promise<void> {
  for (const group of world.memory.groups.values()) {
    if (group.region !== place.region || group.account !== place.account) continue;
    await syncGroup(group, group.name, world).catch(() => world.memory.groups.delete(groupKey(group, group.name)));
  }
}

/** Group calls that may launch or end instances. */
const changing: Handler = async (call, world) => {
  const name = call.params.AutoScalingGroupName;
  const given = under(call.params, "MixedInstancesPolicy.");
  const record = name ? world.memory.groups.get(groupKey(call, name)) : undefined;
  const switched = Object.keys(call.params).some((key) => key.startsWith("LaunchTemplate."));
  const policy = switched ? {} : Object.keys(given).length ? given : (record?.policy ?? {});
  const again = Object.entries(policy).map(([key, value]) => [`MixedInstancesPolicy.${key}`, value]);
  const answer = await world.moto.forward(call, { ...call.params, ...(Object.fromEntries(again) as Params) });
  if (answer.status >= 400) return answer;
  if (name) (await syncGroup(call, name, world)).policy = policy;
  else await syncAll(call, world);
  return answer;
};

async function describeGroups(call: Call, world: World): Promise<Answer> {
  await syncAll(call, world);
  return edit(await world.moto.forward(call), (root) => {
    for (const group of list(root, "DescribeAutoScalingGroupsResult", "AutoScalingGroups")) {
      const name = textOf(group, "AutoScalingGroupName")!;
      if (find(group, "MixedInstancesPolicy", "LaunchTemplate")) drop(group, "LaunchTemplate");
      const shown = visibleConfiguration(call, name, world);
      if (shown) {
        drop(group, "LaunchTemplate");
        drop(group, "MixedInstancesPolicy");
        group.children.push(...shown);
      }
      const warm = world.memory.warmPools.get(groupKey(call, name));
      if (warm) put(group, "WarmPoolConfiguration", STOPPED);
      const record = world.memory.groups.get(groupKey(call, name));
      for (const member of list(group, "Instances")) {
        const launched = record?.instances.get(textOf(member, "InstanceId") ?? "");
        if (launched) put(member, "LaunchTemplate", templateElements(launched));
        if (launched?.type) put(member, "InstanceType", launched.type);
      }
    }
  });
}

function templateElements({ id, name, version }: TemplateVersion): Element[] {
  return echo({ LaunchTemplateId: id, LaunchTemplateName: name, Version: version });
}

const STOPPED = echo({ PoolState: "Stopped" });

/** Instances that a test has put in the group's warm pool. */
const describeWarmPool: Handler = (call, world) => {
  const warm = world.memory.warmPools.get(groupKey(call, call.params.AutoScalingGroupName ?? "")) ?? [];
  const instances = warm.map(({ instanceId, state = "Warmed:Stopped", ...template }) =>
    element("member", [
      ...echo({ InstanceId: instanceId, LifecycleState: state, HealthStatus: "Healthy" }),
      element("LaunchTemplate", echo({ LaunchTemplateId: template.id, Version: template.version })),
    ]),
  );
  return Promise.resolve(xmlAnswer(call, [element("WarmPoolConfiguration", STOPPED), element("Instances", instances)]));
};

async function describeActivities(call: Call, world: World): Promise<Answer> {
  const scripted = world.memory.activities.get(groupKey(call, call.params.AutoScalingGroupName ?? ""));
  return edit(await world.moto.forward(call), (root) => {
    const result = find(root, "DescribeScalingActivitiesResult");
    if (result && scripted) put(result, "Activities", [...scripted, ...list(result, "Activities")]);
  });
}

export interface Activity {
  status: "Successful" | "Failed" | "Cancelled" | "InProgress";
  description: string;
  message?: string;
  cause?: string;
}

export function activityElement(group: string, activity: Activity): Element {
  const now = new Date().toISOString();
  return element("member", [
    element("ActivityId", `activity-${Math.random().toString(16).slice(2, 14)}`),
    element("AutoScalingGroupName", group),
    element("Description", activity.description),
    element("Cause", activity.cause ?? "scripted"),
    element("StartTime", now),
    element("EndTime", now),
    element("StatusCode", activity.status),
    ...(activity.message === undefined ? [] : [element("StatusMessage", activity.message)]),
  ]);
}

export const groupHandlers: Handlers = {
  "autoscaling.CreateAutoScalingGroup": changing,
  "autoscaling.UpdateAutoScalingGroup": changing,
  "autoscaling.SetDesiredCapacity": changing,
  "autoscaling.TerminateInstanceInAutoScalingGroup": changing,
  "autoscaling.DescribeAutoScalingGroups": describeGroups,
  "autoscaling.DescribeScalingActivities": describeActivities,
  "autoscaling.DescribeWarmPool": describeWarmPool,
};
