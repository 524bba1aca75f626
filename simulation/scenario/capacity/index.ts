import { suggest } from "../../../components/internal/nearest";
import { type Failure, failureOf } from "../../failure";
import { gateHooks } from "../../failure/endings";
import { lastPart } from "../../text";
import type { RecordedResource, Simulation } from "../../types";
import { UsageError } from "../../usageError";
import { fleetsOf } from "../../fleets";
import { type Asker, askersOf } from "../../askers";

/**
 * What becomes of one that asks: it goes elsewhere; it waits until its gate fails; AWS refuses it and its resource fails;
 * it runs nothing now; it asks for something else; or nobody can tell.
 */
export type Verdict = "elsewhere" | "waits" | "fails" | "idle" | "not concerned" | "unknown";

export interface Judged extends Asker {
  verdict: Verdict;
  /** What it takes instead: other types in the zone, other zones for the type. */
  others: { types: string[]; zones: string[] };
  /** The gate that fails; absent where the resource itself does, or nothing. */
  gate?: string;
  /** Of a gate that waits. */
  limitMinutes?: number;
  /** Whose failure it is in the run. */
  failing?: RecordedResource;
}

/** A zone that has no instance of a type. */
export interface Capacity {
  type: string;
  zone: string;
  askers: Judged[];
  /** What fails in the first run; absent where nothing does. */
  failure?: Failure;
}

const TYPE = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;
const ZONE = /^[a-z]{2,3}(-[a-z]+)+-\d+(-[a-z]+-\d+)?[a-z]$/;

function parse(asked: string, askers: readonly Asker[]): { type: string; zone: string } {
  const types = [...new Set(askers.flatMap((asker) => asker.types ?? []))].sort();
  const zones = [...new Set(askers.flatMap((asker) => asker.zones ?? []))].sort();
  const refuse = (why: string): never => {
    throw new UsageError(`--scenario capacity=${asked}: ${why}.`);
  };
  const [type = "", zone = "", ...more] = asked.split("@");
  if (type === "" || zone === "" || more.length > 0) refuse("write TYPE@ZONE, e.g. capacity=t3.small@us-east-1a");
  if (askers.length === 0) refuse("nothing in the stack asks for instances");
  const hint = (name: string, known: string[]) =>
    known.length > 0 ? suggest(name, known) : "Of all that asks, only AWS can tell";
  if (!TYPE.test(type)) refuse(`"${type}" is no instance type, as t3.small is. ${hint(type, types)}`);
  if (!ZONE.test(zone)) refuse(`"${zone}" is no zone, as us-east-1a is. ${hint(zone, zones)}`);
  if (!types.includes(type)) refuse(`nothing in the stack asks for ${type}. ${hint(type, types)}`);
  if (!zones.includes(zone)) refuse(`nothing in the stack asks for instances in ${zone}. ${hint(zone, zones)}`);
  return { type, zone };
}

/** What one that asks does when the zone has none of the type. */
export function verdictOf(asker: Asker, type: string, zone: string): Pick<Judged, "verdict" | "others"> {
  const { types, zones, region, movesZone, idle, kind } = asker;
  const none = { types: [], zones: [] };
  // A zone's name begins with its region's.
  const isElsewhere = region !== undefined && !zone.startsWith(region);
  if (isElsewhere || (types && !types.includes(type)) || (zones && !zones.includes(zone))) {
    return { verdict: "not concerned", others: none };
  }
  const others = {
    types: (types ?? []).filter((other) => other !== type),
    zones: movesZone ? (zones ?? []).filter((other) => other !== zone) : [],
  };
  if (idle) return { verdict: "idle", others };
  // Whatever is not known of it, there is another way.
  if (others.types.length + others.zones.length > 0) return { verdict: "elsewhere", others };
  if (types === undefined || zones === undefined) return { verdict: "unknown", others };
  return { verdict: kind === "group" ? "waits" : "fails", others };
}

/** Throws a usage error for what is neither a type at a zone, nor asked for by anything. */
export function capacityOf(simulation: Simulation, asked: string): Capacity {
  const { resources } = simulation;
  const askers = askersOf(resources);
  const { type, zone } = parse(asked, askers);
  const fleets = fleetsOf(resources);
  const judged = askers.map((asker): Judged => {
    const { verdict, others } = verdictOf(asker, type, zone);
    const { resource, kind } = asker;
    const proof = gateHooks(resource)
      .create.map(lastPart)
      .find((one) => /^image(Boots|Starts)$/.test(one));
    const at = kind === "throwaway" && proof !== undefined ? { gate: proof } : {};
    if (verdict !== "waits" && verdict !== "fails") return { ...asker, verdict, others, ...at };
    if (kind !== "group") return { ...asker, verdict, others, ...at, failing: resource };
    const fleet = fleets.find(({ group }) => group?.urn === resource.urn);
    if (fleet === undefined) return { ...asker, verdict, others };
    const { record: failing, limitMinutes } = fleet;
    return { ...asker, verdict, others, gate: "rolloutFinished", limitMinutes, failing };
  });
  const names = judged.flatMap(({ failing, gate }) => (failing ? [`${failing.urn}:${gate ?? "creation"}`] : []));
  return { type, zone, askers: judged, ...(names.length > 0 && { failure: failureOf(simulation, names) }) };
}
