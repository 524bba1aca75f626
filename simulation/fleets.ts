import { FLEET_DEFAULTS } from "../components/internal/fleetDefaults";
import { lastPart } from "./text";
import type { RecordedResource, WireObject } from "./types";
import { figure, isLater } from "./values";
import { object } from "./inputs";
import { TYPES } from "./resourceTypes";

/** A fleet as its component was asked for, with the record that waits for its rollout. */
export interface Fleet {
  name: string;
  /** Absent where the component was not told. */
  version?: string;
  region?: string;
  component: RecordedResource;
  /** What is written only after the gate `rolloutFinished`. */
  record: RecordedResource;
  group?: RecordedResource;
  template?: RecordedResource;
  /** Without instances: nothing can become unhealthy in it. */
  staged: boolean;
  autoRollback: boolean;
  limitMinutes: number;
}

/** Whether a resource waits at a gate of the components. */
export const hasGate = ({ hooks }: RecordedResource, ...gates: string[]): boolean =>
  (hooks.beforeCreate ?? []).some((hook) => gates.includes(lastPart(hook)));

/** The fleets whose rollout is waited for, by URN of their record. */
export function fleetsOf(resources: readonly RecordedResource[]): Fleet[] {
  return resources.flatMap((record): Fleet[] => {
    const component = resources.find(({ urn }) => urn === record.parent);
    if (!hasGate(record, "rolloutFinished") || component === undefined) return [];
    const { version, rollout, staged } = component.inputs;
    const { autoRollback, limitMinutes } = object(rollout);
    const own = (type: string) => resources.find((one) => one.type === type && one.parent === component.urn);
    const [group, template] = [own(TYPES.group), own(TYPES.template)];
    return [
      {
        name: component.name,
        ...(typeof version === "string" && { version }),
        ...(record.region !== undefined && { region: record.region }),
        ...{ component, record, ...(group && { group }), ...(template && { template }) },
        staged: staged === true,
        autoRollback: typeof autoRollback === "boolean" ? autoRollback : FLEET_DEFAULTS.autoRollback,
        limitMinutes: typeof limitMinutes === "number" ? limitMinutes : FLEET_DEFAULTS.limitMinutes,
      },
    ];
  });
}

/** Whether a group begins without instances: by its wanted size, or without one by its least. */
export function isEmpty({ desiredCapacity, minSize, maxSize }: WireObject): boolean {
  const wanted = figure(desiredCapacity) ?? (isLater(desiredCapacity) ? 1 : 0);
  const least = figure(minSize) ?? (isLater(minSize) ? 1 : 0);
  return figure(maxSize) === 0 || (wanted === 0 && least === 0);
}
