import { createHash } from "node:crypto";
import type { Recipe } from "../../recipe";
import { withDefaults } from "./defaults";

/**
 * The first 16 hex digits of SHA-256 over the recipe as canonical JSON, with its defaults filled in: neither the order
 * of keys nor a default written out changes it. It is the token of the markers and the value of the `:recipe` tag.
 */
export function recipeDigest(recipe: Recipe): string {
  return createHash("sha256")
    .update(canonicalJson(withDefaults(recipe)))
    .digest("hex")
    .slice(0, 16);
}

/** JSON with sorted keys and without undefined fields. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
    return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`).join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
