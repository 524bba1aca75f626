import type { Problem } from "../problems";
import type { Rule } from "../rule";
import { isKnown, isLiteral } from "../known";

/** A resource's inputs by the provider's names. What is known only later is an instance of a class, as an output is. */
export type Inputs = { [input: string]: unknown };

/** What is wrong with a resource, by its type. `region` is the one it is in, where that is known. */
export type ResourceRule = (inputs: Inputs, region: string | undefined) => Problem[];

export const record = (value: unknown): Inputs =>
  typeof value === "object" && value !== null && isLiteral(value) ? (value as Inputs) : {};

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

export const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const NUMERIC = /^-?\d+(\.\d+)?$/;

/** A number; the provider takes it as text too. */
export const number = (value: unknown): number | undefined =>
  typeof value === "string" && NUMERIC.test(value) ? Number(value) : typeof value === "number" ? value : undefined;

/** What the provider makes of a number, or of yes and no, where it wants a text. */
const written = (value: unknown): string | undefined =>
  typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;

/** Yes or no; the provider takes it as text too. */
export const flag = (value: unknown): boolean | undefined =>
  value === true || value === "true" ? true : value === false || value === "false" ? false : undefined;

/** What is said: neither null nor, of anything but a tag, an empty text is to the provider. */
export function said(value: unknown): unknown {
  if (value === null || value === "") return undefined;
  if (Array.isArray(value)) return value.map(said);
  return typeof value === "object" && isLiteral(value) ? saidInputs(value as Inputs) : value;
}

const TAGS = /^(tags|tagsAll|volumeTags)$/;

export const saidInputs = (inputs: Inputs): Inputs =>
  Object.fromEntries(
    Object.entries(inputs).flatMap(([input, value]): [string, unknown][] => {
      const one = TAGS.test(input) && !Array.isArray(value) ? (value ?? undefined) : said(value);
      return one === undefined ? [] : [[input, one]];
    }),
  );

/** Nothing that is known only later. */
export const isKnownOrAbsent = (value: unknown): boolean => value === undefined || isKnown(value);

/** The values at a path such as `metadataOptions.httpTokens` or `rules[].schedule`, each with its own path. */
export function valuesAt(inputs: Inputs, path: string): [path: string, value: unknown][] {
  let found: [string, unknown][] = [["", inputs]];
  for (const part of path.split(".")) {
    const name = part.replace(/\[\]$/, "");
    found = found.map(([at, value]) => [at === "" ? name : `${at}.${name}`, record(value)[name]]);
    if (part.endsWith("[]")) {
      found = found.flatMap(([at, value]) => list(value).map((one, i): [string, unknown] => [`${at}[${i}]`, one]));
    }
  }
  return found;
}

/** What has a size at any time, and the order that its sizes must be in: `[smaller, larger]`. */
const SIZES = [
  ["minSize", "maxSize"],
  ["minSize", "desiredCapacity"],
  ["desiredCapacity", "maxSize"],
] as const;

/** Sizes of a group that are not in order. */
export function sizeProblems(inputs: Inputs): Problem[] {
  return SIZES.flatMap(([low, high]) => {
    const [smaller, larger] = [number(inputs[low]), number(inputs[high])];
    if (smaller === undefined || larger === undefined || smaller <= larger) return [];
    return [{ path: low, given: smaller, allowed: `at most ${high} (${larger})`, fix: "Change one of the two" }];
  });
}

/** Each known value at the paths, by its rule. */
export function byRules(inputs: Inputs, rules: { [path: string]: Rule }): Problem[] {
  return Object.entries(rules).flatMap(([path, { test, allowed, fix }]) =>
    valuesAt(inputs, path)
      .filter(([, given]) => isKnown(given) && ![given, number(given), written(given)].some(test))
      .map(([at, given]) => ({ path: at, given, allowed, fix })),
  );
}

/** What stands twice in a list of objects, by one of their fields. In a set, what is the same throughout is there once. */
export function twiceProblems(
  inputs: Inputs,
  at: string,
  field: string,
  allowed: string,
  { isSet = false } = {},
): Problem[] {
  const found = valuesAt(inputs, `${at}[].${field}`);
  const texts = found.map(([, value]) => text(value));
  const wholes = list(inputs[at]).map((one) => JSON.stringify(one));
  return found.flatMap(([path, given], i) => {
    const first = texts[i] === undefined ? i : texts.indexOf(texts[i]);
    if (first === i || (isSet && wholes[first] === wholes[i])) return [];
    return [{ path, given, allowed, fix: "Remove the second mention" }];
  });
}
