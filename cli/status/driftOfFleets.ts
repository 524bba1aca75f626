import { sameTemplate, templateText } from "../../components/gates/rollout/group";
import { samePolicy } from "../../components/internal/mixedPolicy";
import { type Drift, type DriftKind, unlike } from "./sentences";
import type { GroupFact, MemberFact } from "./facts";
import type { Live } from "./records";
import type { View } from "./view";

/** `live`, or `staged` where nothing runs yet, against the other fleets', the pointer `current`, the group, and what its instances run. */
export function fleetDrift(views: readonly View[]): Drift[] {
  const fleets = views.filter(({ live }) => live !== undefined);
  const said = fleets.map((view): [string, string] => [view.region, liveName(view, view.live as Live)]);
  const text = fleets.every(({ live }) => live?.version !== undefined) ? unlike(said) : undefined;
  const regions = fleets.map(({ region }) => region);
  return [
    ...(text === undefined ? [] : [{ kind: "live-differs" as const, regions, message: `live is ${text}.` }]),
    ...views.flatMap(recordDrift),
    ...views.flatMap((view) => (view.record && view.group ? groupDrift(view, view.record, view.group) : [])),
  ];
}

const liveName = (view: View, { version, imageId }: Live): string => version ?? view.nameOf(imageId);

function recordDrift(view: View): Drift[] {
  const { region, record, facts, recordName: of } = view;
  const told = (kind: DriftKind, message: string): Drift => ({ kind, regions: [region], message });
  if (!record) {
    if (facts.parameters[of] === undefined) return [];
    return [told(`${of}-unreadable`, `${of} in ${region} is no record of a fleet: something else has written it.`)];
  }
  const drift: Drift[] = [];
  const name = liveName(view, record);
  const version = view.versionOf(record.imageId);
  if (record.version !== undefined && version !== undefined && version !== record.version) {
    drift.push(
      told(`${of}-image-differs`, `${of} in ${region} says ${name}, but its image ${record.imageId} is ${version}.`),
    );
  }
  const current = view.pointer("current");
  if (current !== undefined && current !== record.imageId) {
    const is = view.nameOf(current);
    drift.push(told(`${of}-current-differs`, `current in ${region} is ${is}, but ${of} says ${name}.`));
  }
  const ready = view.recovery?.imageId;
  if (ready !== undefined && ready !== record.imageId) {
    drift.push(told("recovery-differs", `recovery in ${region} names ${ready}, but ${of} names ${record.imageId}.`));
  }
  if (!view.group) {
    drift.push(told("group-gone", `${of} in ${region} names the Auto Scaling group ${record.group}, which is gone.`));
  }
  return drift;
}

function groupDrift(view: View, record: Live, group: GroupFact): Drift[] {
  const { region, recordName: of } = view;
  const { name, template, refresh } = group;
  const told = (kind: DriftKind, what: string): Drift => {
    const why = refresh ? ` (an instance refresh is ${refresh.status}, ${refresh.percentage} %)` : "";
    return { kind, regions: [region], message: `${what}${why}.` };
  };
  const drift: Drift[] = [];
  if (!sameTemplate(template, record.template)) {
    const [is, wanted] = [templateText(template), templateText(record.template)];
    drift.push(told("template-differs", `${name} in ${region} launches from ${is}, but ${of} says ${wanted}`));
  } else if (!samePolicy(template?.policy, record.template.policy)) {
    const what = `${name} in ${region} has another mixed instances policy than ${of} says`;
    drift.push(told("policy-differs", what));
  }
  if (view.staged && group.desired > 0) {
    const what = group.desired === 1 ? "1 instance is" : `${group.desired} instances are`;
    const how = "config's `activeRegion` or `ami-lifecycle failback` settles it";
    drift.push(told("staged-serves", `${name} in ${region} is staged, but ${what} wanted: ${how}`));
  }
  for (const isWarm of [false, true]) {
    const members = group.members.filter((member) => member.isWarm === isWarm);
    const where = isWarm ? `instances in the warm pool of ${name}` : `instances of ${name}`;
    drift.push(...membersDrift(view, record, members, where, told));
  }
  return drift;
}

/** Instances of another image than live says; of the right one, but launched from another template version. */
function membersDrift(
  view: View,
  record: Live,
  members: readonly MemberFact[],
  where: string,
  told: (kind: DriftKind, what: string) => Drift,
): Drift[] {
  const { recordName } = view;
  const of = (count: number) => `${count} of ${members.length} ${where} in ${view.region}`;
  const run = (count: number) => (count === 1 ? "runs" : "run");
  const others = new Map<string, number>();
  for (const { id } of members) {
    const imageId = view.imageOfMember(id);
    if (imageId !== undefined && imageId !== record.imageId) others.set(imageId, (others.get(imageId) ?? 0) + 1);
  }
  const drift = [...others].map(([imageId, count]) => {
    const version = view.versionOf(imageId);
    const what = version === undefined ? `the image ${imageId}` : version;
    return told(
      "instances-differ",
      `${of(count)} ${run(count)} ${what}, but ${recordName} says ${liveName(view, record)}`,
    );
  });
  const odd = members.filter(({ id, isEqual }) => isEqual === false && view.imageOfMember(id) === record.imageId);
  if (odd.length > 0) {
    const wanted = `as ${templateText(record.template)}, which ${recordName} names, would launch them`;
    drift.push(
      told("instances-template-differs", `${of(odd.length)} ${odd.length === 1 ? "is" : "are"} not ${wanted}`),
    );
  }
  return drift;
}
