import { list, object } from "./inputs";
import type { Wire, WireObject } from "./types";
import { knownText, UNKNOWN, unwrap } from "./wire";

/** Why something is open, in notes. */
export const LATER = "known only later";

/** True when a value is given that only AWS, or another stack, can tell. */
export const isLater = (value: Wire | undefined): boolean => unwrap(value) === UNKNOWN;

/** True when the program gives a value, known or not; to the provider an empty text is none. */
export const isSaid = (value: Wire | undefined): boolean =>
  value !== undefined && unwrap(value) !== null && unwrap(value) !== "";

/** The -1 by which schedules and warm pools say nothing. */
export const isMinusOne = (value: Wire | undefined): boolean => [-1, "-1"].includes(unwrap(value) as number | string);

/** A number that can be one of things; the provider takes it as text too. */
export function figure(value: Wire | undefined): number | undefined {
  const plain = unwrap(value);
  const read = typeof plain === "string" && /^\d+(\.\d+)?$/.test(plain) ? Number(plain) : plain;
  return typeof read === "number" && Number.isFinite(read) && read >= 0 ? read : undefined;
}

/** Yes or no; the provider takes it as text too. */
export function flag(value: Wire | undefined): boolean | undefined {
  const plain = unwrap(value);
  return plain === true || plain === "true" ? true : plain === false || plain === "false" ? false : undefined;
}

/** A text, the usual one where the program says none; undefined where it is known only later. */
export const textOr = (value: Wire | undefined, usual: string): string | undefined =>
  isSaid(value) ? knownText(value) : usual;

/** A number likewise. */
export const figureOr = (value: Wire | undefined, usual: number): number | undefined =>
  isSaid(value) ? figure(value) : usual;

/** An object, whether or not it is a secret; else an empty one. */
export const part = (value: Wire | undefined): WireObject => object(unwrap(value));

/** The entries of a list, whether or not it is a secret. */
export const entries = (value: Wire | undefined): Wire[] => list(unwrap(value));

/** How many entries a list has; undefined where it is known only later. */
export const size = (value: Wire | undefined): number | undefined =>
  isLater(value) ? undefined : entries(value).length;
