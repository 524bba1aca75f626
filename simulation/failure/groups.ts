import { needsOf } from "../order";
import type { RecordedResource } from "../types";

/** A resource that fails, and whether an earlier run has left it in the state: then only its update fails. */
export interface Failing {
  urn: string;
  kept: boolean;
}

/** What is there after a failure. Each resource is in exactly one group; what is only read is in none. */
export interface Groups {
  /** Made before the failure for certain: what the failed ones need, directly or not, their parents too. */
  exists: RecordedResource[];
  /** Never made: the failed ones and whatever needs them, directly or not. */
  missing: RecordedResource[];
  /** Independent of the failure: made when it was done or under way by then. */
  either: RecordedResource[];
  /** The failing ones whose turn never comes, because they need another failing one. */
  unreached: Set<string>;
}

type Edges = Map<string, readonly string[]>;

/** Everything that can be reached from the start, without the start itself (unless a circle leads back to it). */
function reached(start: string, edges: Edges): Set<string> {
  const found = new Set<string>();
  const waiting = [...(edges.get(start) ?? [])];
  for (let urn = waiting.pop(); urn !== undefined; urn = waiting.pop()) {
    if (found.has(urn)) continue;
    found.add(urn);
    waiting.push(...(edges.get(urn) ?? []));
  }
  return found;
}

/**
 * The engine's rules (pkg/resource/deploy, step_executor.go and deployment_executor.go): a failed step cancels what has
 * not started, steps under way are waited for, and what needs the failed one is never asked for.
 */
export function groupsOf(resources: readonly RecordedResource[], failing: readonly Failing[]): Groups {
  const known = new Set(resources.map(({ urn }) => urn));
  const needs: Edges = new Map(
    resources.map((resource) => [resource.urn, needsOf(resource).filter((urn) => known.has(urn))]),
  );
  const users = new Map<string, string[]>(resources.map(({ urn }) => [urn, []]));
  for (const [urn, needed] of needs) for (const other of needed) users.get(other)?.push(urn);

  const cut = failing.map(({ urn }) => ({ urn, after: reached(urn, users) }));
  const isBehind = (urn: string) => cut.some((other) => other.urn !== urn && other.after.has(urn));
  const first = failing.filter(({ urn }) => !isBehind(urn));
  const missing = new Set(cut.flatMap(({ urn, after }) => [...after, urn]));

  // Only one of several is sure to be reached: the first to fail may stop the run before the others' turn.
  const before = (list: readonly Failing[]) => list.map(({ urn }) => reached(urn, needs));
  const [firstBefore, ...others] = before(first.filter(({ kept }) => !kept));
  const exists = new Set([...(firstBefore ?? [])].filter((urn) => others.every((other) => other.has(urn))));
  // What an earlier run has left is there whatever happens now, and all it needs.
  const kept = first.filter((one) => one.kept);
  for (const { urn } of kept) missing.delete(urn);
  for (const urn of [...kept.map(({ urn }) => urn), ...before(kept).flatMap((urns) => [...urns])]) exists.add(urn);

  const made = resources.filter(({ kind }) => kind !== "read");
  return {
    exists: made.filter(({ urn }) => exists.has(urn) && !missing.has(urn)),
    missing: made.filter(({ urn }) => missing.has(urn)),
    either: made.filter(({ urn }) => !exists.has(urn) && !missing.has(urn)),
    unreached: new Set(failing.filter(({ urn }) => isBehind(urn)).map(({ urn }) => urn)),
  };
}
