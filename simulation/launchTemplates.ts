import { sourcesOf } from "./inputs";
import { TYPES } from "./resourceTypes";
import type { RecordedResource } from "./types";

/**
 * The launch template of this program that a group or an instance names; undefined where it names none of this program's,
 * or several: a group's types can bring templates of their own.
 */
export function templateOf(
  resource: RecordedResource,
  byUrn: ReadonlyMap<string, RecordedResource>,
): RecordedResource | undefined {
  const named = ["launchTemplate", "mixedInstancesPolicy"].flatMap((input) =>
    sourcesOf(resource, input, byUrn, TYPES.template),
  );
  return new Set(named).size === 1 ? named[0] : undefined;
}
