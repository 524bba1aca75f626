import { suggest } from "./nearest";
import type { Problem } from "./problems";

/** Fields that nothing reads: a misspelt one would be lost without a word. What is not given has none. */
export function unknownFields(path: string, given: unknown, known: readonly string[]): Problem[] {
  if (given === undefined || given === null) return [];
  if (typeof given !== "object" || Array.isArray(given)) {
    return [{ path, given, allowed: `an object with the fields ${known.join(", ")}`, fix: "Write it as an object" }];
  }
  return Object.keys(given)
    .filter((field) => !known.includes(field))
    .map((field) => ({ path: `${path}.${field}`, allowed: known.join(", "), fix: suggest(field, known) }));
}
