import { samePolicy } from "../../components/internal/mixedPolicy";
import { compareVersions, isVersion } from "../../components/internal/versions";
import type { GroupFact, LiveFact, RegionFacts } from "./facts";
import { liveOf } from "./live";
import { counted, POINTERS, runs, versionsById } from "./reading";

/** Where the line's facts contradict each other, in one region or between two. */
export function driftOf(all: readonly RegionFacts[]): string[] {
  return [...all.flatMap(imageDrift), ...all.flatMap(fleetDrift), ...missingCopies(all), ...pointerDrift(all)];
}

const versionParameters = ({ parameters }: RegionFacts) => Object.entries(parameters).filter(([of]) => isVersion(of));

/** Parameters that name what is not there, or not proven; images that nothing names. */
function imageDrift(facts: RegionFacts): string[] {
  const { region, images, parameters } = facts;
  const byId = new Map(images.map((image) => [image.id, image]));
  const named = versionParameters(facts);
  const said: string[] = [];
  for (const [version, id] of named) {
    const image = byId.get(id);
    if (!image) said.push(`${version} in ${region}: its parameter names ${id}, which is not there`);
    else if (image.state !== "available") said.push(`${version} in ${region}: ${id} is ${image.state}`);
    else if (!image.verified) said.push(`${version} in ${region}: ${id} has no record that it was proven`);
  }
  for (const pointer of POINTERS) {
    const id = parameters[pointer];
    if (id !== undefined && !named.some(([, one]) => one === id)) {
      said.push(`${pointer} in ${region} names ${id}, which is no version's`);
    }
  }
  // Without parameters of versions, images are told by their tags alone.
  const ids = named.map(([, id]) => id);
  for (const { id, version, verified, state } of images) {
    if (ids.includes(id) || version === undefined) continue;
    if (!verified) said.push(`${version} in ${region}: ${id} (${state}) has no record that it was proven`);
    else if (ids.length > 0) said.push(`${version} in ${region}: no parameter names ${id}`);
  }
  return said;
}

/** What the fleets run against what `live` says, and `live` against `current`. */
function fleetDrift(facts: RegionFacts): string[] {
  const { region, parameters, groups, images } = facts;
  const live = liveOf(parameters.live);
  const versions = versionsById(facts);
  const said: string[] = [];
  if (parameters.live !== undefined && !live) said.push(`live in ${region} cannot be read: ${parameters.live}`);
  if (live) {
    const version = nameOf(live, versions);
    const current = parameters.current;
    if (current !== undefined && current !== live.imageId) {
      said.push(`live in ${region} says ${version}, current ${versions.get(current) ?? current}`);
    }
    if (!images.some(({ id }) => id === live.imageId)) {
      said.push(`live in ${region} says ${version}: its image ${live.imageId} is not there`);
    }
    if (live.group !== undefined && !groups.some(({ name }) => name === live.group)) {
      said.push(`live in ${region} is of the group ${live.group}, which is not there`);
    }
  }
  return [...said, ...groups.flatMap((group) => groupDrift(facts, group, live))];
}

function groupDrift(facts: RegionFacts, group: GroupFact, live: LiveFact | undefined): string[] {
  const { region } = facts;
  const who = `${group.name} in ${region}`;
  const said: string[] = [];
  const inService = group.members.filter((one) => one.inService);
  const healthy = inService.filter((one) => one.healthy);
  if (inService.length < group.desired) {
    said.push(`${who}: ${inService.length} of ${group.desired} instances are in service`);
  }
  if (healthy.length < inService.length) {
    said.push(`${who}: ${inService.length - healthy.length} of ${inService.length} in service are unhealthy`);
  }
  if (!live || live.group !== group.name) return said;
  const version = nameOf(live, versionsById(facts));
  const { template } = group;
  if (template?.id !== live.template.id || template.version !== live.template.version) {
    const set = template ? `${template.id} version ${template.version}` : "no launch template";
    said.push(`${who} is set to ${set}, live says ${live.template.id} version ${live.template.version}`);
  } else if (!samePolicy(template.policy, live.template.policy)) {
    said.push(`${who} has other instance types or purchase options than live says`);
  }
  const others = (ids: string[], what: string) => {
    const wrong = ids.filter((id) => facts.instances.find((one) => one.id === id)?.imageId !== live.imageId);
    for (const [name, count] of Object.entries(counted(runs(facts, wrong)))) {
      said.push(
        `${who}: ${count} of ${ids.length} ${what} ${count === 1 ? "runs" : "run"} ${name}, live says ${version}`,
      );
    }
  };
  others(
    inService.map(({ id }) => id),
    "instances",
  );
  others(group.warm, "in the warm pool");
  return said;
}

const nameOf = ({ version, imageId }: LiveFact, versions: Map<string, string>): string =>
  version ?? versions.get(imageId) ?? imageId;

/** Versions that are in one region and not in another. */
function missingCopies(all: readonly RegionFacts[]): string[] {
  const versions = all.map((facts) => new Set(versionsById(facts).values()));
  const every = [...new Set(versions.flatMap((one) => [...one]))].filter(isVersion).sort(compareVersions);
  return every.flatMap((version) =>
    all.flatMap(({ region }, at) => {
      if (versions[at]?.has(version)) return [];
      const where = all.filter((_, other) => versions[other]?.has(version)).map((facts) => facts.region);
      return [`${version} is in ${where.join(", ")}, and not in ${region}`];
    }),
  );
}

/** Pointers, and `live`, that name one version here and another there. */
function pointerDrift(all: readonly RegionFacts[]): string[] {
  return [...POINTERS, "live"].flatMap((of) => {
    const said = all.flatMap((facts) => {
      const version = of === "live" ? liveOf(facts.parameters.live)?.version : named(facts, of);
      return version === undefined ? [] : [{ version, region: facts.region }];
    });
    if (new Set(said.map(({ version }) => version)).size < 2) return [];
    return [`${of} says ${said.map(({ version, region }) => `${version} in ${region}`).join(", ")}`];
  });
}

function named(facts: RegionFacts, pointer: string): string | undefined {
  const id = facts.parameters[pointer];
  return id === undefined ? undefined : (versionsById(facts).get(id) ?? id);
}
