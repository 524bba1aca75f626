import { sameTemplate, templateText } from "../../components/gates/rollout/group";
import { samePolicy } from "../../components/internal/mixedPolicy";
import { type Drift, unlike } from "./sentences";
import type { GroupFact, MemberFact } from "./facts";
import type { Live } from "./records";
import type { View } from "./view";

/** `live` against the other fleets', the pointer `current`, the group, and what its instances run. */
export function fleetDrift(views: readonly View[]): Drift[] {
  const fleets = views.filter(({ live }) => live !== undefined);
  const said = fleets.map((view): [string, string] => [view.region, liveName(view, view.live as Live)]);
  const text = fleets.every(({ live }) => live?.version !== undefined) ? unlike(said) : undefined;
  const regions = fleets.map(({ region }) => region);
  return [
    ...(text === undefined ? [] : [{ kind: "live-differs", regions, message: `live is ${text}.` }]),
    ...views.flatMap(recordDrift),
    ...fleets.flatMap((view) => (view.group ? groupDrift(view, view.live as Live, view.group) : [])),
  ];
}

const liveName = (view: View, { version, imageId }: Live): string => version ?? view.nameOf(imageId);

function recordDrift(view: View): Drift[] {
  const { region, live, facts } = view;
  const told = (kind: string, message: string): Drift => ({ kind, regions: [region], message });
  if (!live) {
    if (facts.parameters.live === undefined) return [];
    return [told("live-unreadable", `live in ${region} is no record of a fleet: something else has written it.`)];
  }
  const drift: Drift[] = [];
  const name = liveName(view, live);
  const version = view.versionOf(live.imageId);
  if (live.version !== undefined && version !== undefined && version !== live.version) {
    drift.push(
      told("live-image-differs", `live in ${region} says ${name}, but its image ${live.imageId} is ${version}.`),
    );
  }
  const current = view.pointer("current");
  if (current !== undefined && current !== live.imageId) {
    drift.push(told("live-current-differs", `current in ${region} is ${view.nameOf(current)}, but live says ${name}.`));
  }
  if (!view.group) {
    drift.push(told("group-gone", `live in ${region} names the Auto Scaling group ${live.group}, which is gone.`));
  }
  return drift;
}

function groupDrift(view: View, live: Live, group: GroupFact): Drift[] {
  const { region } = view;
  const { name, template, refresh } = group;
  const told = (kind: string, what: string): Drift => {
    const why = refresh ? ` (an instance refresh is ${refresh.status}, ${refresh.percentage} %)` : "";
    return { kind, regions: [region], message: `${what}${why}.` };
  };
  const drift: Drift[] = [];
  if (!sameTemplate(template, live.template)) {
    const [is, wanted] = [templateText(template), templateText(live.template)];
    drift.push(told("template-differs", `${name} in ${region} launches from ${is}, but live says ${wanted}`));
  } else if (!samePolicy(template?.policy, live.template.policy)) {
    const what = `${name} in ${region} has another mixed instances policy than live says`;
    drift.push(told("policy-differs", what));
  }
  for (const isWarm of [false, true]) {
    const members = group.members.filter((member) => member.isWarm === isWarm);
    const where = isWarm ? `instances in the warm pool of ${name}` : `instances of ${name}`;
    drift.push(...membersDrift(view, live, members, where, told));
  }
  return drift;
}

/** Instances of another image than live says; of the right one, but launched from another template version. */
function membersDrift(
  view: View,
  live: Live,
  members: readonly MemberFact[],
  where: string,
  told: (kind: string, what: string) => Drift,
): Drift[] {
  const of = (count: number) => `${count} of ${members.length} ${where} in ${view.region}`;
  const run = (count: number) => (count === 1 ? "runs" : "run");
  const others = new Map<string, number>();
  for (const { id } of members) {
    const imageId = view.imageOfMember(id);
    if (imageId !== undefined && imageId !== live.imageId) others.set(imageId, (others.get(imageId) ?? 0) + 1);
  }
  const drift = [...others].map(([imageId, count]) => {
    const version = view.versionOf(imageId);
    const what = version === undefined ? `the image ${imageId}` : version;
    return told("instances-differ", `${of(count)} ${run(count)} ${what}, but live says ${liveName(view, live)}`);
  });
  const odd = members.filter(({ id, isEqual }) => isEqual === false && view.imageOfMember(id) === live.imageId);
  if (odd.length > 0) {
    const wanted = `as ${templateText(live.template)}, which live names, would launch them`;
    drift.push(
      told("instances-template-differs", `${of(odd.length)} ${odd.length === 1 ? "is" : "are"} not ${wanted}`),
    );
  }
  return drift;
}
