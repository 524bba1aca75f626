import { SECRET_PLACEHOLDER } from "./project/config";
import type { Wire } from "./types";

/** A shorter text stands in many others that have nothing to do with it: it is one only by itself. */
const SHORTEST = 4;

/**
 * A value without these texts. Arguments of look-ups come without the SDK's mark of a secret: what config has for secret is
 * known by its text.
 */
export function withoutTexts(value: Wire, secrets: readonly string[]): Wire {
  if (typeof value === "string") {
    if (secrets.includes(value)) return SECRET_PLACEHOLDER;
    const parts = secrets.filter(({ length }) => length >= SHORTEST);
    return parts.reduce((text, secret) => text.replaceAll(secret, SECRET_PLACEHOLDER), value);
  }
  if (Array.isArray(value)) return value.map((one) => withoutTexts(one, secrets));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutTexts(one, secrets)]));
}
