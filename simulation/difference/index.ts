import { isRegional } from "../model";
import type { RecordedResource } from "../types";
import { aliasUrns } from "./aliases";
import { forcesOf, type Forces } from "./forces";
import { covers, parsePath } from "./paths";
import { placesOf, type Place } from "./values";

/** An input that is known only later on both sides, and where another value comes from now. */
export interface MayChange {
  /** The input's path. */
  input: string;
  /** URNs that it comes from and did not before, or that are replaced, or may be. */
  with: string[];
  /** URNs that it came from, and does no longer. */
  without: string[];
  /** Whether another value replaces the resource; undefined for what is not in the table. */
  replaces: boolean | undefined;
}

/** A resource that is in both simulations, and not the same. */
export interface Changed {
  resource: RecordedResource;
  before: RecordedResource;
  /** What differs, without what the resource ignores. */
  changes: Place[];
  /** Of `changes` those that replace it. */
  forcing: Place[];
  /** Of `changes` those of which nothing says whether they do. */
  open: Place[];
  /** URNs of resources whose replacement replaces this one, by `replaceWith`. */
  replacedWith: string[];
  mayChange: MayChange[];
}

/** What changes from an earlier simulation to this one. Each resource is in one group; what is only read is in none. */
export interface Difference {
  created: RecordedResource[];
  replaced: Changed[];
  updated: Changed[];
  /** Something differs, and nothing says whether that replaces the resource. */
  undecided: Changed[];
  /** Nothing differs for certain. */
  mayChange: Changed[];
  /** As the earlier simulation has them. */
  deleted: RecordedResource[];
  unchanged: number;
  /**
   * Protected before, and deleted now, or replaced and still protected: the engine refuses that. As the earlier
   * simulation has them.
   */
  refused: RecordedResource[];
  /** Those in both whose protection begins or ends. */
  protection: { on: RecordedResource[]; off: RecordedResource[] };
  /** Inputs that look the same and cannot be compared: secrets and files. */
  hidden: number;
}

/** One resource of both, on the way to its group. */
interface Pair extends Changed {
  /** What looks the same, and may be another value when it comes from elsewhere. */
  unknown: Place[];
  hidden: number;
  forces: Forces;
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

const isMade = ({ kind }: RecordedResource): boolean => kind !== "read";

const isProtected = ({ options }: RecordedResource): boolean => options.protect === true;

/** Whether a resource of AWS is made in another region than before. */
const isMoved = (before: RecordedResource, now: RecordedResource): boolean =>
  isRegional(now.type) && before.region !== undefined && now.region !== undefined && before.region !== now.region;

function pairOf(before: RecordedResource, resource: RecordedResource): Pair {
  const { type, options, inputs, kind } = resource;
  const ignored = texts(options.ignoreChanges).map(parsePath);
  const places = kind === "component" ? [] : placesOf(before.inputs, inputs);
  const seen = places.filter(({ path }) => !ignored.some((pattern) => covers(pattern, path)));
  const forces = forcesOf(before, resource, texts(options.replaceOnChanges));
  const changes = seen.filter((place) => place.kind !== "unknown" && place.kind !== "hidden");
  if (before.type !== type) changes.unshift({ path: ["type"], text: "its type", kind: "changed" });
  // Of the provider, where the program says none.
  if (kind === "custom" && isMoved(before, resource) && !seen.some(({ path: [input] }) => input === "region")) {
    changes.unshift({ path: ["region"], text: "its region", kind: "changed" });
  }
  if (before.provider !== resource.provider && kind !== "component") {
    changes.unshift({ path: ["provider"], text: "its provider", kind: "changed" });
  }
  return {
    ...{ resource, before, changes, forces },
    forcing: changes.filter(({ path }) => forces(path) === true),
    open: changes.filter(({ path, text }) => /^its (type|provider)$/.test(text) || forces(path) === undefined),
    replacedWith: [],
    mayChange: [],
    unknown: seen.filter(({ kind: sign }) => sign === "unknown" || sign === "hidden"),
    hidden: seen.filter(({ kind: sign }) => sign === "hidden").length,
  };
}

/** Which resources an input comes from. */
const sourcesOf = ({ inputsFrom }: RecordedResource, input = ""): readonly string[] => inputsFrom?.[input] ?? [];

/** What is replaced, or may be, changes what others get from it: goes on until nothing is found any more. */
function follow(pairs: readonly Pair[], urnNow: (urn: string) => string): void {
  const isReplaced = (pair: Pair) => pair.forcing.length > 0 || pair.replacedWith.length > 0;
  const made = new Set(
    pairs.filter(({ resource }) => resource.kind !== "component").map(({ resource }) => resource.urn),
  );
  for (let more = true; more;) {
    more = false;
    const replaced = new Set(pairs.filter(isReplaced).map(({ resource }) => resource.urn));
    const possibly = pairs.filter(({ mayChange }) => mayChange.some(({ replaces }) => replaces !== false));
    const renewed = new Set([...replaced, ...possibly.map(({ resource }) => resource.urn)]);
    for (const pair of pairs) {
      const { resource, before } = pair;
      const replacedWith = texts(resource.options.replaceWith).filter((urn) => replaced.has(urn));
      const mayChange = pair.unknown.flatMap(({ path, text }) => {
        const now = sourcesOf(resource, path[0]);
        const old = sourcesOf(before, path[0]).map(urnNow);
        const sources = now.filter((urn) => !old.includes(urn) || renewed.has(urn)).sort();
        const gone = old.filter((urn) => !now.includes(urn)).sort();
        if (sources.length + gone.length === 0) return [];
        return [{ input: text, with: sources, without: gone, replaces: pair.forces(path) }];
      });
      if (!made.has(resource.urn)) continue;
      if (JSON.stringify([pair.replacedWith, pair.mayChange]) === JSON.stringify([replacedWith, mayChange])) continue;
      Object.assign(pair, { replacedWith, mayChange });
      more = true;
    }
  }
}

/** The difference between two simulations of one stack, by URN or by an alias. Inputs are as the data has them. */
export function differenceOf(before: readonly RecordedResource[], after: readonly RecordedResource[]): Difference {
  const left = new Map(before.filter(isMade).map((resource) => [resource.urn, resource]));
  const now = after.filter(isMade).sort((a, b) => (a.urn < b.urn ? -1 : 1));
  const aliases = aliasUrns(now);
  const taken = new Set(now.map(({ urn }) => urn));
  const pairs: Pair[] = [];
  const created: RecordedResource[] = [];
  const renamed = new Map<string, string>();
  for (const resource of now) {
    const alias = aliases(resource).find((urn) => left.has(urn) && !taken.has(urn));
    const old = left.get(resource.urn) ?? left.get(alias ?? "");
    if (old === undefined) {
      created.push(resource);
      continue;
    }
    left.delete(old.urn);
    renamed.set(old.urn, resource.urn);
    pairs.push(pairOf(old, resource));
  }
  const urnNow = (urn: string) => renamed.get(urn) ?? urn;
  for (const pair of pairs) {
    // A provider under another name of its own is the same one.
    const isSame = pair.before.provider !== undefined && urnNow(pair.before.provider) === pair.resource.provider;
    if (!isSame) continue;
    pair.changes = pair.changes.filter(({ text }) => text !== "its provider");
    pair.open = pair.open.filter(({ text }) => text !== "its provider");
  }
  follow(pairs, urnNow);
  const groups: Pick<Difference, "replaced" | "updated" | "undecided" | "mayChange"> = {
    ...{ replaced: [], updated: [], undecided: [], mayChange: [] },
  };
  for (const { unknown, hidden, forces, ...pair } of pairs) {
    void [unknown, hidden, forces];
    const isOpen = pair.open.length > 0;
    if (pair.forcing.length > 0 || pair.replacedWith.length > 0) groups.replaced.push(pair);
    else if (pair.changes.length > 0) groups[isOpen ? "undecided" : "updated"].push(pair);
    else if (pair.mayChange.length > 0) groups.mayChange.push(pair);
  }
  // The engine lets protection be taken back and the resource be replaced in one update: step_generator.go.
  const stuck = groups.replaced.filter(({ resource }) => isProtected(resource)).map(({ before: old }) => old);
  const deleted = [...left.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  const changed = Object.values(groups).flat().length;
  return {
    ...{ created, deleted, ...groups },
    unchanged: pairs.length - changed,
    refused: [...deleted, ...stuck].filter(isProtected),
    protection: {
      on: pairs.filter((one) => isProtected(one.resource) && !isProtected(one.before)).map(({ resource }) => resource),
      off: pairs.filter((one) => !isProtected(one.resource) && isProtected(one.before)).map(({ resource }) => resource),
    },
    hidden: pairs.reduce((sum, { hidden }) => sum + hidden, 0),
  };
}
