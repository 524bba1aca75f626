import { hasGate } from "../fleets";
import { MADE_OF } from "../images";
import { type ByUrn, sourcesOf as among } from "../inputs";
import { TYPES } from "../resourceTypes";
import type { RecordedResource } from "../types";
import { isMinusOne, isSaid } from "../values";

/** What the lines of a resource are looked up in. */
export interface Found {
  byUrn: ByUrn;
  /** URNs of instances that stop themselves once their recipe is done, for an image: only their volumes cost. */
  bases: ReadonlySet<string>;
  /** URNs of groups that have schedules which change how many instances they have. */
  scheduled: ReadonlySet<string>;
  /** URNs of instances that have an Elastic IP in place of the public address that they were given. */
  addressed: ReadonlySet<string>;
}

/** An instance that is imaged without the gate goes on running. */
function basesOf(resources: readonly RecordedResource[]): Set<string> {
  const images = resources.filter((one) => one.type === TYPES.image && hasGate(one, "recipeFinished"));
  return new Set(images.flatMap(({ inputsFrom }) => inputsFrom?.sourceInstanceId ?? []));
}

/** A schedule leaves a size that it gives as -1 as it is. */
function scheduledOf(resources: readonly RecordedResource[]): Set<string> {
  const changing = resources.filter(
    ({ type, inputs: { minSize, desiredCapacity } }) =>
      type === "aws:autoscaling/schedule:Schedule" &&
      [minSize, desiredCapacity].some((one) => isSaid(one) && !isMinusOne(one)),
  );
  return new Set(changing.flatMap(({ inputsFrom }) => inputsFrom?.autoscalingGroupName ?? []));
}

/** The input of an Elastic IP, or of what attaches one, that names the instance. */
const ATTACHES: { [type: string]: string } = {
  [TYPES.address]: "instance",
  "aws:ec2/eipAssociation:EipAssociation": "instanceId",
};

const addressedOf = (resources: readonly RecordedResource[]): Set<string> =>
  new Set(resources.flatMap(({ type, inputsFrom }) => inputsFrom?.[ATTACHES[type] ?? ""] ?? []));

export const foundIn = (made: readonly RecordedResource[]): Found => ({
  byUrn: new Map(made.map((one) => [one.urn, one])),
  bases: basesOf(made),
  scheduled: scheduledOf(made),
  addressed: addressedOf(made),
});

/** The resources of some types that an input's value comes from. */
export const sourcesOf = (resource: RecordedResource, input: string, { byUrn }: Found, ...types: string[]) =>
  among(resource, input, byUrn, ...types);

/** The instance that an image was taken of, as far as this program makes both: the image has its volumes and its system. */
export function originOf(machine: RecordedResource, found: Found): RecordedResource | undefined {
  let at: RecordedResource | undefined = machine;
  let origin: RecordedResource | undefined;
  const seen = new Set<string>();
  while (at && !seen.has(at.urn)) {
    seen.add(at.urn);
    const one: RecordedResource = at;
    const types = one.type === TYPES.image ? [TYPES.instance] : [TYPES.image, TYPES.copy];
    at = sourcesOf(one, MADE_OF[one.type] ?? "", found, ...types)[0];
    if (at?.type === TYPES.instance) origin = at;
  }
  return origin;
}
