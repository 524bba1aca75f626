import { compareVersions, isVersion } from "../../components/internal/versions";
import { driftOf } from "./drift";
import { counted, POINTERS, runs, versionsById } from "./reading";
import type { GroupFact, ImageFact, RegionFacts, TemplateFact, Unanswered } from "./facts";
import { liveOf } from "./live";

/** What is known of a line in all its regions. The data of `--json`, with `format` in front. */
export interface Report {
  line: string;
  stack: string;
  regions: RegionReport[];
  versions: VersionReport[];
  /** Where AWS contradicts itself, a sentence each; none is good. */
  drift: string[];
  unanswered: Unanswered[];
}

interface RegionReport {
  region: string;
  /** What each pointer names: a version, or an image id that is none of the line's. */
  pointers: { [pointer: string]: string };
  fleets: FleetReport[];
}

interface FleetReport {
  group: string;
  /** What the record `live` says of it; absent where it says nothing. */
  live?: { version?: string; imageId: string; template: TemplateFact };
  desired: number;
  inService: number;
  healthy: number;
  /** Members in service, by version, or by image id where it is none of the line's. */
  running: { [version: string]: number };
  warm: { [version: string]: number };
  refresh?: GroupFact["refresh"];
}

interface VersionReport {
  version: string;
  regions: { [region: string]: ImageReport };
}

interface ImageReport extends Omit<ImageFact, "version"> {
  /** Running in fleets, in service or not. */
  inFleets: number;
  /** In warm pools. */
  warm: number;
  /** Not of a group: standalone ones, somebody's own. Without those that prove an image. */
  others: number;
}

export function reportOf(line: string, stack: string, all: RegionFacts[], unanswered: Unanswered[]): Report {
  const regions = all.map(regionReport);
  const versions = [...new Set(all.flatMap((facts) => [...versionsById(facts).values()]))].sort((a, b) =>
    isVersion(a) && isVersion(b) ? compareVersions(a, b) : a.localeCompare(b),
  );
  return {
    line,
    stack,
    regions,
    versions: versions.map((version) => ({
      version,
      regions: Object.fromEntries(
        all.flatMap((facts) => {
          const image = imageReport(facts, version);
          return image ? [[facts.region, image]] : [];
        }),
      ),
    })),
    drift: driftOf(all),
    unanswered,
  };
}

function regionReport(facts: RegionFacts): RegionReport {
  const versions = versionsById(facts);
  const live = liveOf(facts.parameters.live);
  const pointers = POINTERS.flatMap((pointer) => {
    const id = facts.parameters[pointer];
    return id === undefined ? [] : [[pointer, versions.get(id) ?? id]];
  });
  return {
    region: facts.region,
    pointers: Object.fromEntries(pointers) as { [pointer: string]: string },
    fleets: facts.groups.map((group) => ({
      group: group.name,
      ...(live?.group === group.name && {
        live: {
          ...(live.version !== undefined && { version: live.version }),
          imageId: live.imageId,
          template: live.template,
        },
      }),
      desired: group.desired,
      inService: group.members.filter((one) => one.inService).length,
      healthy: group.members.filter((one) => one.inService && one.healthy).length,
      running: counted(
        runs(
          facts,
          group.members.filter((one) => one.inService).map(({ id }) => id),
        ),
      ),
      warm: counted(runs(facts, group.warm)),
      ...(group.refresh && { refresh: group.refresh }),
    })),
  };
}

function imageReport(facts: RegionFacts, version: string): ImageReport | undefined {
  const versions = versionsById(facts);
  // The one that the parameter names: there may be a left one besides.
  const named = facts.parameters[version];
  const image =
    facts.images.find(({ id }) => id === named) ?? facts.images.find(({ id }) => versions.get(id) === version);
  if (!image) return undefined;
  const warm = new Set(facts.groups.flatMap((group) => group.warm));
  const running = facts.instances.filter(({ imageId, throwaway }) => imageId === image.id && !throwaway);
  const { id, state, verified, deprecation } = image;
  return {
    ...{ id, state, verified, ...(deprecation !== undefined && { deprecation }) },
    inFleets: running.filter(({ group, id }) => group !== undefined && !warm.has(id)).length,
    warm: running.filter(({ id }) => warm.has(id)).length,
    others: running.filter(({ group }) => group === undefined).length,
  };
}
