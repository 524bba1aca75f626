import { isData } from "../project/yamlFile";
import { formatPath, type Path } from "./paths";

/** Values as the data has them: `[unknown]`, `[secret]` and `[asset]` stand for what cannot be compared. */
const UNKNOWN = "[unknown]";
const HIDDEN = ["[secret]", "[asset]"];

/** A place where two values differ, or where nobody can tell. */
export interface Place {
  path: Path;
  /** The path for people, and as `ignoreChanges` takes it. */
  text: string;
  /**
   * `changed`: both values are known. `later`: the new one is known only later. `was later`: the old one was. `unknown`,
   * `hidden`: the same words on both sides, which may stand for different values.
   */
  kind: "changed" | "later" | "was later" | "unknown" | "hidden";
}

/** All places, outermost first: mappings and lists are looked into, also when one side has none. */
export function placesOf(before: unknown, after: unknown): Place[] {
  const places: Place[] = [];
  const visit = (old: unknown, now: unknown, path: Path, indexes: readonly number[]): void => {
    const add = (kind: Place["kind"]) =>
      void places.push({ path, text: formatPath(path, (depth) => indexes.includes(depth)), kind });
    if (old === UNKNOWN && now === UNKNOWN) return add("unknown");
    if (old === now) {
      if (HIDDEN.includes(now as string)) add("hidden");
      return;
    }
    if (now === UNKNOWN) return add("later");
    if (old === UNKNOWN) return add("was later");
    if (Array.isArray(old) && Array.isArray(now)) {
      const length = Math.max(old.length, now.length);
      for (let at = 0; at < length; at++) visit(old[at], now[at], [...path, String(at)], [...indexes, path.length]);
      return;
    }
    // Of a mapping that is only there on one side each key counts: some may be ignored.
    const [left, right] = [isData(old) ? old : {}, isData(now) ? now : {}];
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
    const isMapping = (isData(old) || old === undefined) && (isData(now) || now === undefined);
    if (!isMapping) return add("changed");
    if (keys.length === 0 && (old === undefined || now === undefined)) return add("changed");
    for (const key of keys) visit(left[key], right[key], [...path, key], indexes);
  };
  visit(before, after, [], []);
  return places;
}
