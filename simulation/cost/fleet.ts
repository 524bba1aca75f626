import { TYPES } from "../resourceTypes";
import type { RecordedResource, Wire } from "../types";
import { knownText } from "../wire";
import { addressLines, type Subnets } from "./addresses";
import { instancePrice } from "./ec2";
import type { Found } from "./found";
import { type Count, HOURS, type Lines } from "./lines";
import { type Machine, machineOfGroup, machineOfInstance } from "./machine";
import { otherPrice } from "./system";
import { entries, figure, figureOr, flag, isLater, isMinusOne, isSaid, LATER, part } from "../values";
import { diskLines } from "./volumes";

/** Metrics of EC2 that detailed monitoring makes custom ones. */
const DETAILED_METRICS = 7;

const LATER_TYPE = `a type that is ${LATER}`;

/** Whether instances have detailed monitoring, as the first says that says it. */
function monitoringOf({ layers }: Machine): Wire | undefined {
  const said = layers.map(({ type, inputs: { monitoring } }) =>
    type === TYPES.template && !isLater(monitoring) ? part(monitoring).enabled : monitoring,
  );
  return said.find(isSaid);
}

function monitoringLines(lines: Lines, machine: Machine, count: Count): void {
  const detailed = monitoringOf(machine);
  if (flag(detailed) === true) return lines.units("detailed monitoring", "metric", count, DETAILED_METRICS);
  const why = isLater(detailed) ? `whether it is on is ${LATER}` : isSaid(detailed) ? undefined : machine.outside;
  if (why !== undefined) lines.units("detailed monitoring", "metric", undefined, DETAILED_METRICS, { notes: [why] });
}

/** What an instance costs while it runs, beside its volumes. */
function running(
  lines: Lines,
  machine: Machine,
  found: Found,
  type: string | undefined,
  { count, subnets, notes = [] }: { count: Count; subnets: Subnets; notes?: readonly (string | undefined)[] },
): void {
  const why = otherPrice(machine, subnets, found);
  const price = type === undefined || why !== undefined ? undefined : instancePrice(type, lines.resource.region ?? "");
  lines.add(type ?? LATER_TYPE, "hour", price, count, HOURS, { notes: [why, ...notes, machine.outside] });
  monitoringLines(lines, machine, count);
  addressLines(lines, machine, subnets, found, count);
}

export function instance(resource: RecordedResource, lines: Lines, found: Found): void {
  const machine = machineOfInstance(resource, found);
  const said = machine.layers.map(({ inputs: { instanceType } }) => instanceType).find(isSaid);
  const subnets = { of: resource, input: "subnetId" };
  if (!found.bases.has(resource.urn)) running(lines, machine, found, knownText(said), { count: 1, subnets });
  diskLines(lines, machine, 1);
}

interface GroupType {
  /** Undefined: known only later. */
  type?: string;
  /** How many units of the group's size one instance is; undefined: known only later. */
  weight: Count;
  /** Of how many types it is the first. */
  of: number;
}

/** A group's first type. */
function typeOf(group: RecordedResource, { layers: [template] }: Machine): GroupType {
  const { overrides } = part(part(group.inputs.mixedInstancesPolicy).launchTemplate);
  const [first, ...others] = entries(overrides).map(part);
  const own = template?.inputs.instanceType;
  const isLaterAtAll = isLater(overrides) || isSaid(first?.instanceRequirements);
  const type = isLaterAtAll ? undefined : knownText(first && isSaid(first.instanceType) ? first.instanceType : own);
  const weight = figureOr(first?.weightedCapacity, 1);
  return {
    ...(type !== undefined && { type }),
    weight: isLater(overrides) || weight === 0 ? undefined : weight,
    of: others.length + 1,
  };
}

/** How many instances a group has, and which of its figures says it. */
function sizeOf({ inputs }: RecordedResource, weight: Count): { count: Count; why: string } {
  const { minSize, desiredCapacity, desiredCapacityType } = inputs;
  const [least, wanted] = [figure(minSize), figureOr(desiredCapacity, 0)];
  if (least === undefined) return { count: undefined, why: `minSize is ${LATER}` };
  if (wanted === undefined) return { count: undefined, why: `desiredCapacity is ${LATER}` };
  const units = Math.ceil(Math.max(least, wanted));
  const name = wanted > least ? "desiredCapacity" : "minSize";
  if (units === 0) return { count: 0, why: name };
  if (isSaid(desiredCapacityType) && knownText(desiredCapacityType) !== "units")
    return { count: undefined, why: `${name} counts vCPUs or memory` };
  if (weight === undefined) return { count: undefined, why: `weightedCapacity is ${LATER}` };
  if (weight === 1) return { count: units, why: `as many as ${name}` };
  return { count: Math.ceil(units / weight), why: `${name} is ${units} units, of which one is ${weight}` };
}

/** How many instances wait in a group's warm pool: as many as the group may still grow by, unless it says less. */
function warmCount({ inputs }: RecordedResource, pool: { [key: string]: Wire }, { count, weight }: WarmSize): Count {
  if (weight !== 1 || isLater(inputs.warmPool)) return undefined;
  const most = isSaid(pool.maxGroupPreparedCapacity) && !isMinusOne(pool.maxGroupPreparedCapacity);
  const prepared = figure(most ? pool.maxGroupPreparedCapacity : inputs.maxSize);
  const least = figureOr(pool.minSize, 0);
  if (prepared === undefined || least === undefined || count === undefined) return undefined;
  return Math.ceil(Math.max(least, prepared - count));
}

interface WarmSize {
  count: Count;
  weight: Count;
}

export function group(resource: RecordedResource, lines: Lines, found: Found): void {
  const machine = machineOfGroup(resource, found);
  const { type, weight, of } = typeOf(resource, machine);
  const { count: least, why } = sizeOf(resource, weight);
  const isScheduled = found.scheduled.has(resource.urn);
  // A group of none that grows by a schedule does cost.
  const count = isScheduled && least === 0 ? undefined : least;
  const subnets = { of: resource, input: "vpcZoneIdentifiers" };
  const notes = [
    "On-Demand",
    isScheduled && least === 0 ? `${why} is 0` : why,
    isScheduled ? "schedules change it" : undefined,
    of > 1 ? `the first of ${of} types` : undefined,
  ];
  if (count !== 0) {
    running(lines, machine, found, type, { count, subnets, notes });
    diskLines(lines, machine, count);
  }
  const { warmPool } = resource.inputs;
  if (!isSaid(warmPool)) return;
  const pool = part(warmPool);
  const warm = warmCount(resource, pool, { count, weight });
  if (warm === 0) return;
  const state = isSaid(pool.poolState) || isLater(warmPool) ? knownText(pool.poolState) : "Stopped";
  const many = warm === undefined ? `how many is ${LATER}` : undefined;
  if (state === "Running")
    running(lines, machine, found, type, { count: warm, subnets, notes: ["in the warm pool", many] });
  else if (state === undefined)
    lines.unpriced("instances of the warm pool", "hour", warm, `whether they run is ${LATER}`);
  diskLines(lines, machine, warm, { prefix: "warm pool's ", notes: [many] });
}
