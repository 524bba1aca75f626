import { lastPart } from "../text";
import { TYPES } from "../resourceTypes";
import type { RecordedResource } from "../types";
import { unwrap } from "../wire";
import { isSaid } from "./values";

/** What the lines of a resource are looked up in. */
export interface Found {
  byUrn: ReadonlyMap<string, RecordedResource>;
  /** URNs of instances that stop themselves once their recipe is done, for an image: only their volumes cost. */
  bases: ReadonlySet<string>;
  /** URNs of groups that have schedules which change how many instances they have. */
  scheduled: ReadonlySet<string>;
}

/** The gate that waits until a base instance has stopped itself. */
const STOPS = "recipeFinished";

/** An instance that is imaged without the gate goes on running. */
function basesOf(resources: readonly RecordedResource[]): Set<string> {
  const images = resources.filter(
    ({ type, hooks }) => type === TYPES.image && hooks.beforeCreate?.some((hook) => lastPart(hook) === STOPS),
  );
  return new Set(images.flatMap(({ inputsFrom }) => inputsFrom?.sourceInstanceId ?? []));
}

/** A schedule leaves a size that it gives as -1 as it is. */
function scheduledOf(resources: readonly RecordedResource[]): Set<string> {
  const changing = resources.filter(
    ({ type, inputs: { minSize, desiredCapacity } }) =>
      type === "aws:autoscaling/schedule:Schedule" &&
      [minSize, desiredCapacity].some((one) => isSaid(one) && unwrap(one) !== -1),
  );
  return new Set(changing.flatMap(({ inputsFrom }) => inputsFrom?.autoscalingGroupName ?? []));
}

export const foundIn = (made: readonly RecordedResource[]): Found => ({
  byUrn: new Map(made.map((one) => [one.urn, one])),
  bases: basesOf(made),
  scheduled: scheduledOf(made),
});

/** The resources of some types that an input's value comes from. */
export function sourcesOf(
  { inputsFrom }: RecordedResource,
  input: string,
  { byUrn }: Found,
  ...types: string[]
): RecordedResource[] {
  return (inputsFrom?.[input] ?? []).flatMap((urn) => {
    const one = byUrn.get(urn);
    return one && types.includes(one.type) ? [one] : [];
  });
}

/** A group's launch template. */
export function templateOf(group: RecordedResource, found: Found): RecordedResource | undefined {
  const named = ["launchTemplate", "mixedInstancesPolicy"].flatMap((input) =>
    sourcesOf(group, input, found, TYPES.template),
  );
  return named[0] ?? group.dependsOn.map((urn) => found.byUrn.get(urn)).find((one) => one?.type === TYPES.template);
}

/** The instance that an image was taken of, as far as this program makes both: the image has its volumes and its system. */
export function originOf(machine: RecordedResource, found: Found): RecordedResource | undefined {
  let at: RecordedResource | undefined = machine;
  let origin: RecordedResource | undefined;
  const seen = new Set<string>();
  while (at && !seen.has(at.urn)) {
    seen.add(at.urn);
    const one: RecordedResource = at;
    const input = { [TYPES.instance]: "ami", [TYPES.template]: "imageId", [TYPES.copy]: "sourceAmiId" }[one.type];
    at =
      one.type === TYPES.image
        ? sourcesOf(one, "sourceInstanceId", found, TYPES.instance)[0]
        : sourcesOf(one, input ?? "", found, TYPES.image, TYPES.copy)[0];
    if (at?.type === TYPES.instance) origin = at;
  }
  return origin;
}
