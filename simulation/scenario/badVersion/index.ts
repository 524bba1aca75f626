import { suggest } from "../../../components/internal/nearest";
import { covers, parsePath } from "../../difference/paths";
import { endingOf, gateHooks } from "../../failure/endings";
import { groupsOf } from "../../failure/groups";
import { isMade, stepNumbers } from "../../order";
import { lastPart } from "../../text";
import type { RecordedResource, Simulation } from "../../types";
import { UsageError } from "../../usageError";
import { type Fleet, fleetsOf, hasGate } from "../../fleets";
import { TYPES } from "../../resourceTypes";

/**
 * How a rollout that fails ends: the group is back on what was proven; it stays on the bad version; or the gate ends at
 * its limit, before AWS gives up, and the refresh goes on.
 */
export type Ending = "goes back" | "stays" | "goes on";

/** What becomes of a fleet in the run. */
export interface FleetEnd extends Fleet {
  /** `serves`: it has the version already, proven. `untouched`: its turn never comes. `either`: independent of it. */
  end: "fails" | "serves" | "untouched" | "either";
  ending?: Ending;
}

/** A version that does not become healthy, in a stack that was whole with an earlier one. */
export interface BadVersion {
  name: string;
  /** Absent where the fleet was not told. */
  version?: string;
  fleets: FleetEnd[];
  /** What another version has under another name: made before the gate. */
  made: RecordedResource[];
  /** What the version changes, before the gate. */
  changed: RecordedResource[];
  /** Of the version, and independent of the gate. */
  either: RecordedResource[];
  /** Those of `either` whose turn comes in an earlier step than the gate's. */
  likely: Set<string>;
  /** What the version would change, and that keeps what it says. */
  kept: RecordedResource[];
  /** The version before it that the program keeps: what `current` can be set back to. */
  before?: string;
  /** Whether this stack bakes; else another one does. */
  bakes: boolean;
  /** What the gate tells to do, in its own words. */
  advice: string[];
}

/** AWS tries for an hour before it fails a refresh: the gate with a lower limit ends first. */
const REFRESH_MINUTES = 60;

const endingOfFleet = ({ autoRollback, limitMinutes }: Fleet): Ending =>
  limitMinutes < REFRESH_MINUTES ? "goes on" : autoRollback ? "goes back" : "stays";

/** Whether a name has the version in it as a whole: then another version has another resource. */
const isOf = (version: string | undefined, { name }: RecordedResource): boolean =>
  version !== undefined && `-${name}-`.includes(`-${version}-`);

const ignores = ({ options }: RecordedResource, input: string): boolean =>
  Array.isArray(options.ignoreChanges) &&
  options.ignoreChanges.some((path) => typeof path === "string" && covers(parsePath(path), [input]));

/** What a version changes: its own resources, its fleets' templates, and whatever gets a value from those. */
function flowOf(resources: readonly RecordedResource[], seeds: readonly RecordedResource[]): Set<string> {
  const found = new Set(seeds.map(({ urn }) => urn));
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const one of resources) {
      if (!isMade(one)) continue;
      const inputs = Object.entries(one.inputsFrom ?? {});
      if (inputs.some(([input, urns]) => !ignores(one, input) && urns.some((urn) => found.has(urn))))
        found.add(one.urn);
    }
  }
  return found;
}

/** The fleets that meet the version first; throws a usage error where none can. */
function meeting(name: string, fleets: readonly Fleet[], resources: readonly RecordedResource[]): Fleet[] {
  const refuse = (why: string): never => {
    throw new UsageError(`--scenario bad-version=${name}: ${why}.`);
  };
  if (fleets.length === 0) refuse("the stack has no fleet whose rollout is waited for");
  const named = fleets.filter((fleet) => fleet.name === name);
  const found = named.length > 0 ? named : fleets.filter(({ version }) => version === name);
  const running = found.filter(({ staged }) => !staged);
  if (running.length > 0) return running;
  if (found.length > 0) return refuse("it has no instances: nothing becomes unhealthy there");
  if (versionsOf(resources).includes(name)) {
    return refuse(`no fleet runs that version. Make it \`current\`, or see what fails before: --fail`);
  }
  const known = fleets.filter(({ staged }) => !staged).flatMap((one) => [one.name, one.version ?? one.name]);
  return refuse(`no fleet has that name, or runs that version. ${suggest(name, [...new Set(known)])}`);
}

/** All versions that the program keeps, as its components name them. */
function versionsOf(resources: readonly RecordedResource[]): string[] {
  const lists = resources.flatMap(({ kind, inputs: { versions } }) =>
    kind === "component" && Array.isArray(versions) ? versions : [],
  );
  return [...new Set(lists.filter((one) => typeof one === "string"))];
}

/** Throws a usage error for a name that is neither a fleet's nor the version of one. */
export function badVersionOf({ resources }: Simulation, name: string): BadVersion {
  const fleets = fleetsOf(resources);
  const found = meeting(name, fleets, resources);
  const groups = groupsOf(
    resources,
    found.map(({ record }) => ({ urn: record.urn, kept: false })),
  );
  const failing = found.filter(({ record }) => !groups.unreached.has(record.urn));
  const [first] = failing;
  const version = first?.version;
  const templates = fleets.filter((one) => found.includes(one) || (version !== undefined && one.version === version));
  const flow = flowOf(resources, [
    ...resources.filter((one) => isMade(one) && isOf(version, one)),
    ...templates.flatMap(({ template }) => (template ? [template] : [])),
  ]);
  const steps = stepNumbers(resources);
  const step = (urn: string) => steps.get(urn) ?? 0;
  const gate = Math.min(...failing.map(({ record }) => step(record.urn)));
  const ofFlow = (group: readonly RecordedResource[]) => group.filter((one) => isMade(one) && flow.has(one.urn));
  const before = ofFlow(groups.exists);
  const versions = versionsOf(resources);
  const earlier = version === undefined ? undefined : versions[versions.indexOf(version) - 1];
  const either = ofFlow(groups.either);
  const has = (group: readonly RecordedResource[], { record }: Fleet) => group.some(({ urn }) => urn === record.urn);
  return {
    name,
    ...(version !== undefined && { version }),
    fleets: fleets.map((fleet): FleetEnd => {
      if (failing.includes(fleet)) return { ...fleet, end: "fails", ending: endingOfFleet(fleet) };
      return {
        ...fleet,
        end: has(groups.exists, fleet) ? "serves" : has(groups.either, fleet) ? "either" : "untouched",
      };
    }),
    made: before.filter((one) => isOf(version, one)),
    changed: before.filter((one) => !isOf(version, one)),
    either,
    likely: new Set(either.filter(({ urn }) => step(urn) < gate).map(({ urn }) => urn)),
    kept: ofFlow(groups.missing),
    ...(earlier !== undefined && { before: earlier }),
    bakes: resources.some((one) => hasGate(one, "recipeFinished", "serverReady")),
    advice: failing.flatMap(({ record }) => {
      const hook = gateHooks(record).create.find((one) => lastPart(one) === "rolloutFinished");
      return endingOf(record, hook, resources).next;
    }),
  };
}

/** A template is changed by a new version of its own. */
export const isTemplate = ({ type }: RecordedResource): boolean => type === TYPES.template;
