import { lastPart } from "../text";
import type { RecordedResource, Simulation } from "../types";
import { CREATION, endingOf, type Ending } from "./endings";
import { groupsOf, type Groups } from "./groups";
import { FailureNames } from "./names";

/** A way in which a record fails. */
export interface FailureAt extends Ending {
  /** The gate's name, or `creation`. */
  at: string;
  /** The gate's hook as registered; absent for the creation itself. */
  hook?: string;
}

/** A resource that `--fail` names. */
export interface FailedRecord {
  resource: RecordedResource;
  /** False when it needs another failing one, so that its turn never comes. */
  reached: boolean;
  /** One, or as many as there are gates before the creation of a record that was named without one; none if unreached. */
  endings: FailureAt[];
}

/** What is left, and what is not, when resources fail in the first `pulumi up` of a stack. */
export interface Failure extends Omit<Groups, "unreached"> {
  failed: FailedRecord[];
}

/** Throws a usage error for a name that nothing has. */
export function failureOf(simulation: Simulation, names: readonly string[]): Failure {
  const { resources } = simulation;
  const finder = new FailureNames(simulation);
  const records = new Map<string, { resource: RecordedResource; at: Set<string | undefined> }>();
  for (const { resource, at } of names.map((name) => finder.find(name))) {
    const known = records.get(resource.urn)?.at ?? [];
    records.set(resource.urn, { resource, at: new Set([...known, ...at]) });
  }
  const failing = [...records.values()].map(({ resource, at }) => ({
    resource,
    endings: [...at].map((hook) => ({
      at: hook === undefined ? CREATION : lastPart(hook),
      ...(hook !== undefined && { hook }),
      ...endingOf(resource, hook, resources),
    })),
  }));
  const { unreached, ...groups } = groupsOf(
    resources,
    failing.map(({ resource: { urn }, endings }) => ({ urn, kept: endings.every((one) => one.leftover === "kept") })),
  );
  const failed = failing.map(({ resource, endings }): FailedRecord => {
    const reached = !unreached.has(resource.urn);
    return { resource, reached, endings: reached ? endings : [] };
  });
  return { failed, ...groups };
}
