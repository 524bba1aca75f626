import { type ByUrn, list, object, sourcesOf } from "./inputs";
import { TYPES } from "./resourceTypes";
import type { RecordedResource, WireObject } from "./types";

/**
 * The launch template of this program that a group or an instance names; undefined where it names none of this program's,
 * or several: a group's types can bring templates of their own.
 */
export function templateOf(resource: RecordedResource, byUrn: ByUrn): RecordedResource | undefined {
  const named = ["launchTemplate", "mixedInstancesPolicy"].flatMap((input) =>
    sourcesOf(resource, input, byUrn, TYPES.template),
  );
  return new Set(named).size === 1 ? named[0] : undefined;
}

/** What a group's mixed instances policy says of each of its types; none where it names no type itself. */
export const overridesOf = ({ inputs }: RecordedResource): WireObject[] =>
  list(object(object(inputs.mixedInstancesPolicy).launchTemplate).overrides).map(object);
