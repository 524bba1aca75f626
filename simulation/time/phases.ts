import { natStrategyOf } from "../awsxVpc";
import { type Fleet, fleetsOf, isEmpty } from "../fleets";
import { above, below, number, object } from "../inputs";
import { lastPart } from "../text";
import type { RecordedResource, WireObject } from "../types";
import { figure } from "../values";
import type { AssumptionName, Seconds } from "./assumptions";
import { type HealthCheck, healthOf } from "./healthChecks";
import { untilHealthy } from "./rollout";
import { TYPES } from "../resourceTypes";

/** A part of the making of a resource: one of its gates, or the creation itself. */
export interface Phase {
  /** The gate's name, or `creation`. */
  what: string;
  seconds: number;
  /** What its seconds come from: names of assumptions, or what the program says. */
  from: string;
  /** When it is given up; undefined where nothing of ours says so. */
  limitSeconds?: number;
}

export const CREATION = "creation";

/** Creations that take longer than a call. */
const CREATIONS: { [type: string]: AssumptionName } = {
  [TYPES.instance]: "launchSeconds",
  [TYPES.image]: "imageSeconds",
  [TYPES.copy]: "copySeconds",
  [TYPES.balancer]: "loadBalancerSeconds",
  [TYPES.applicationBalancer]: "loadBalancerSeconds",
  [TYPES.networkBalancer]: "loadBalancerSeconds",
  [TYPES.natGateway]: "natGatewaySeconds",
  [TYPES.record]: "recordSeconds",
};

/** Minutes that gates take at the most where their component's arguments say nothing. */
const LIMITS: { [gate: string]: number } = {
  recipeFinished: 30,
  imageBoots: 20,
  imageStarts: 20,
  serverReady: 10,
  parameterAccepted: 5,
};

/** What a resource's phases are looked up in. */
export class Surroundings {
  private readonly byUrn: Map<string, RecordedResource>;
  private readonly fleets: Map<string, Fleet>;

  constructor(private readonly resources: readonly RecordedResource[]) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    this.fleets = new Map(fleetsOf(resources).map((fleet) => [fleet.record.urn, fleet]));
  }

  /** The components above, the nearest first. */
  above(resource: RecordedResource): RecordedResource[] {
    return above(resource, this.byUrn);
  }

  /** The fleet whose rollout a record waits for. */
  fleetOf({ urn }: RecordedResource): Fleet | undefined {
    return this.fleets.get(urn);
  }

  healthOf({ component }: Fleet): HealthCheck | undefined {
    return healthOf(below(component, this.resources));
  }
}

/** `45m`, `1h30m`, `90s` as seconds. */
export function durationOf(given: unknown): number | undefined {
  if (typeof given !== "string" || !/^(\d+(\.\d+)?(h|m|s))+$/.test(given)) return undefined;
  const units: { [unit: string]: number } = { h: 3600, m: 60, s: 1 };
  return [...given.matchAll(/([\d.]+)(h|m|s)/g)].reduce(
    (sum, [, count, unit = ""]) => sum + Number(count) * (units[unit] ?? 0),
    0,
  );
}

function limitOf(gate: string, record: RecordedResource, around: Surroundings): number | undefined {
  const fleet = around.fleetOf(record);
  if (gate === "rolloutFinished" && fleet) return fleet.limitMinutes * 60;
  const usual = LIMITS[gate];
  if (usual === undefined) return undefined;
  for (const { inputs } of around.above(record)) {
    const minutes = number((gate === "imageBoots" ? object(inputs.proof) : inputs).limitMinutes);
    if (minutes !== undefined) return minutes * 60;
  }
  return usual * 60;
}

/** The seconds of a gate when all goes well, and what they come from. */
function gateOf(gate: string, record: RecordedResource, around: Surroundings, seconds: Seconds): Omit<Phase, "what"> {
  const sum = (...names: AssumptionName[]) => ({
    seconds: names.reduce((all, name) => all + seconds[name], 0),
    from: names.join(" + "),
  });
  switch (gate) {
    case "recipeFinished":
      return sum("recipeSeconds");
    case "imageBoots":
      return sum("launchSeconds", "bootSeconds", "proofSeconds");
    case "imageStarts":
      return sum("launchSeconds", "bootSeconds");
    case "rolloutFinished": {
      const fleet = around.fleetOf(record);
      if (fleet?.group?.inputs.minSize === 0) return sum("callSeconds");
      const health = fleet && around.healthOf(fleet);
      const check = health ? ` + ${health.threshold} × ${health.intervalSeconds} s` : "";
      return { seconds: untilHealthy(seconds, health), from: `launchSeconds + bootSeconds${check}` };
    }
    default:
      return sum("callSeconds");
  }
}

/** What a creation waits for, one after the other. */
function waitsOf({ type, inputs }: RecordedResource): AssumptionName[] {
  if (type === TYPES.vpc && natStrategyOf(inputs) !== "None") return ["natGatewaySeconds"];
  if (type !== TYPES.group) return [CREATIONS[type] ?? "callSeconds"];
  // The provider waits for the group's instances, and for them to answer where that is asked for.
  if (isEmpty(inputs) || capacityLimit(inputs) === 0) return ["callSeconds"];
  const asksBalancer = [inputs.minElbCapacity, inputs.waitForElbCapacity].some((count) => (figure(count) ?? 0) > 0);
  return ["callSeconds", "launchSeconds", ...(asksBalancer ? (["bootSeconds"] as const) : [])];
}

/** Provider: `wait_for_capacity_timeout`, ten minutes unless the program says otherwise. */
const capacityLimit = ({ waitForCapacityTimeout: said }: WireObject): number =>
  said === "0" ? 0 : (durationOf(said) ?? 600);

function creationOf(resource: RecordedResource, seconds: Seconds): Phase {
  const { type, inputs, options } = resource;
  const names = waitsOf(resource);
  const waits = type === TYPES.group && names.length > 1 ? capacityLimit(inputs) : undefined;
  const limitSeconds = waits ?? durationOf((options.customTimeouts as { create?: unknown } | undefined)?.create);
  return {
    what: CREATION,
    seconds: names.reduce((all, name) => all + seconds[name], 0),
    from: names.join(" + "),
    ...(limitSeconds !== undefined && { limitSeconds }),
  };
}

/** What the making of a resource consists of: its gates one after the other, then the creation. */
export function phasesOf(resource: RecordedResource, around: Surroundings, seconds: Seconds): Phase[] {
  const gates = (resource.hooks.beforeCreate ?? []).map(lastPart).map((gate): Phase => {
    const limitSeconds = limitOf(gate, resource, around);
    return {
      what: gate,
      ...gateOf(gate, resource, around, seconds),
      ...(limitSeconds !== undefined && { limitSeconds }),
    };
  });
  return [...gates, creationOf(resource, seconds)];
}
