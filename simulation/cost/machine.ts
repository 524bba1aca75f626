import type { RecordedResource } from "../types";
import { templateOf } from "../launchTemplates";
import { type Found, originOf } from "./found";
import { isSaid, part } from "../values";

/** What says how an instance is. */
export interface Machine {
  /** The instance, and the launch template that it or its group names; what is said first holds. */
  layers: readonly RecordedResource[];
  /** The instance that its image was taken of. */
  origin?: RecordedResource;
  /** Set where a template says more that the program does not show. */
  outside?: string;
}

const OUTSIDE = "its launch template is not in this program";
const OLD = "launch configurations are not read";

function machineOf(layers: readonly RecordedResource[], outside: string | undefined, found: Found): Machine {
  const [origin] = layers.flatMap((one) => originOf(one, found) ?? []);
  return { layers, ...(origin && { origin }), ...(outside !== undefined && { outside }) };
}

export function machineOfInstance(instance: RecordedResource, found: Found): Machine {
  const template = templateOf(instance, found.byUrn);
  const isOutside = !template && isSaid(instance.inputs.launchTemplate);
  return machineOf(template ? [instance, template] : [instance], isOutside ? OUTSIDE : undefined, found);
}

export function machineOfGroup(group: RecordedResource, found: Found): Machine {
  const template = templateOf(group, found.byUrn);
  const { launchTemplate, launchConfiguration, mixedInstancesPolicy } = group.inputs;
  const mixed = part(part(mixedInstancesPolicy).launchTemplate).launchTemplateSpecification;
  const isOutside = !template && [launchTemplate, mixed].some(isSaid);
  const isOld = !template && isSaid(launchConfiguration);
  return machineOf(template ? [template] : [], isOld ? OLD : isOutside ? OUTSIDE : undefined, found);
}
