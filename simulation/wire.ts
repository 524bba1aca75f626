import { rpc } from "./sdk";
import type { Wire, WireObject } from "./types";

/** Stands for a value that only AWS can give. */
export const UNKNOWN: string = rpc.unknownValue;

function isObject(value: Wire | undefined): value is WireObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function signature(value: WireObject): Wire | undefined {
  return value[rpc.specialSigKey];
}

/** Marks a value as a secret. */
export function secret(value: Wire): WireObject {
  return { [rpc.specialSigKey]: rpc.specialSecretSig, value };
}

export function isSecret(value: Wire | undefined): boolean {
  return isObject(value) && signature(value) === rpc.specialSecretSig;
}

/** The value without its secret mark; for reasoning inside the model only. */
export function unwrap(value: Wire | undefined): Wire | undefined {
  return isObject(value) && isSecret(value) ? value.value : value;
}

/** The value when it is known text, else undefined. */
export function knownText(value: Wire | undefined): string | undefined {
  const plain = unwrap(value);
  return typeof plain === "string" && plain !== UNKNOWN ? plain : undefined;
}

function readableObject(value: WireObject): Wire {
  switch (signature(value)) {
    case rpc.specialSecretSig:
      return "[secret]";
    case rpc.specialResourceSig:
      return value.urn ?? null;
    case rpc.specialAssetSig:
    case rpc.specialArchiveSig:
      // Paths of files may be those of this machine, and their content is none of the report's business.
      return "[asset]";
    default:
      return Object.fromEntries(
        Object.keys(value)
          .sort()
          .map((key) => [key, readable(value[key] ?? null)]),
      );
  }
}

/** The value as people and files get it: sorted keys, `[secret]`, `[unknown]`, URNs for resources. */
export function readable(value: Wire): Wire {
  if (value === UNKNOWN) return "[unknown]";
  if (Array.isArray(value)) return value.map(readable);
  return isObject(value) ? readableObject(value) : value;
}

/** Undoes {@link readable} for another stack's outputs. A secret's value never travels, so it is an unknown secret. */
export function fromReadable(value: Wire): Wire {
  if (value === "[unknown]") return UNKNOWN;
  if (value === "[secret]") return secret(UNKNOWN);
  if (Array.isArray(value)) return value.map(fromReadable);
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromReadable(inner)]))
    : value;
}

/** True when the value is, or has in it, something unknown. */
export function hasUnknown(value: Wire): boolean {
  if (value === UNKNOWN) return true;
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** Sorts the keys of plain JSON data, so that equal data has equal bytes. */
export function sorted<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sorted) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)])) as T;
}
