import { isMade, needsOf } from "../order";
import type { RecordedResource, Simulation } from "../types";
import type { Seconds } from "./assumptions";
import { fleetRollouts, type FleetRollout } from "./fleetRollouts";
import { type Phase, phasesOf, Surroundings } from "./phases";

/** A phase at its time, in seconds from the first call on. */
export interface TimedPhase extends Phase {
  start: number;
  end: number;
}

/** A resource at its time. */
export interface Timed {
  resource: RecordedResource;
  start: number;
  end: number;
  phases: TimedPhase[];
  /** Whether the end of it all moves when this one does. */
  isCritical: boolean;
}

/** When the first `pulumi up` of a stack makes what, if all goes well and nothing waits for anything but what it needs. */
export interface Timeline {
  /** In the order of their starts. */
  items: Timed[];
  seconds: number;
  /** When each fleet is proven to run its version: its record's name, and the second. */
  live: { name: string; region?: string; seconds: number }[];
  /** What the next version's rollout takes, by fleet. */
  rollouts: FleetRollout[];
}

export function timelineOf({ resources }: Simulation, seconds: Seconds): Timeline {
  const around = new Surroundings(resources);
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const ends = new Map<string, number>();
  /** What each one waits for last. */
  const before = new Map<string, string>();
  const timed = new Map<string, Omit<Timed, "isCritical">>();

  const endOf = (urn: string): number => {
    const known = ends.get(urn);
    const resource = byUrn.get(urn);
    if (known !== undefined || resource === undefined) return known ?? 0;
    // Guards against a circle, which the engine could not make either.
    ends.set(urn, 0);
    let start = 0;
    for (const need of needsOf(resource)) {
      const end = endOf(need);
      if (end > start || (end === start && !before.has(urn) && end > 0)) before.set(urn, need);
      start = Math.max(start, end);
    }
    let at = start;
    if (isMade(resource)) {
      const phases = phasesOf(resource, around, seconds).map((phase): TimedPhase => {
        const begun = at;
        at += phase.seconds;
        return { ...phase, start: begun, end: at };
      });
      timed.set(urn, { resource, start, end: at, phases });
    }
    ends.set(urn, at);
    return at;
  };
  for (const { urn } of resources) endOf(urn);

  const last = [...timed.values()].sort((a, b) => b.end - a.end || (a.resource.urn < b.resource.urn ? -1 : 1))[0];
  const critical = new Set<string>();
  for (let urn = last?.resource.urn; urn !== undefined && !critical.has(urn); urn = before.get(urn)) critical.add(urn);

  const items = [...timed.values()]
    .map((one): Timed => ({ ...one, isCritical: critical.has(one.resource.urn) }))
    .sort((a, b) => a.start - b.start || a.end - b.end || (a.resource.urn < b.resource.urn ? -1 : 1));
  const live = items
    .filter(({ resource }) => around.fleetOf(resource)?.staged === false)
    .map(({ resource: { name, region }, end }) => ({ name, ...(region !== undefined && { region }), seconds: end }));
  return { items, seconds: last?.end ?? 0, live, rollouts: fleetRollouts(resources, seconds) };
}

/** The phases that take longer than a call: the others are one of many. */
export const longPhases = ({ phases }: Timed, { callSeconds }: Seconds): TimedPhase[] =>
  phases.filter(({ seconds }) => seconds > callSeconds);

/** What is worth telling of a resource: its long phases, or all where none is. */
export function shownPhases(item: Timed, seconds: Seconds): TimedPhase[] {
  const long = longPhases(item, seconds);
  return long.length === 0 && item.phases.length > 1 ? item.phases : long;
}

/** What is worth a line: what takes longer than a call, and what decides the end. */
export const shownItems = ({ items }: Timeline, seconds: Seconds): Timed[] =>
  items.filter((item) => item.isCritical || longPhases(item, seconds).length > 0);

/** What its times come from. */
export const sourcesOf = ({ items }: Timeline): string[] =>
  items.flatMap(({ phases }) => phases.map(({ from }) => from));
