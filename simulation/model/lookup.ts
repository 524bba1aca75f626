import type { Wire, WireObject } from "../types";
import { knownText } from "../wire";

/** What a look-up is asked in. */
export interface LookupContext {
  region: string;
  /** The stack's config. */
  config: { [key: string]: string };
}

/** `known`: true of AWS for every account. `assumed`: a stated assumption about the account. */
export interface Answer {
  certainty: "known" | "assumed";
  result: WireObject;
}

/** Answers one function of the provider; undefined when only an account can tell. */
export type Lookup = (args: WireObject, context: LookupContext) => Answer | undefined;

/** The look-ups of one AWS service, by token without version. */
export type Lookups = { [token: string]: Lookup };

/** The values of the `filters` argument by name; undefined when a filter is not plain. */
export function filtersOf(args: WireObject): Map<string, string[]> | undefined {
  const filters = new Map<string, string[]>();
  for (const filter of Array.isArray(args.filters) ? args.filters : []) {
    if (typeof filter !== "object" || filter === null || Array.isArray(filter)) return undefined;
    const name = knownText(filter.name);
    const values: Wire[] = Array.isArray(filter.values) ? filter.values : [];
    if (name === undefined) return undefined;
    filters.set(
      name,
      values.map((value) => knownText(value)).filter((value) => value !== undefined),
    );
  }
  return filters;
}

/** Text for the inside of an assumed id: `ubuntu/images/*24.04*` → `ubuntu-images-24.04`. */
export function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9.]+/g, "-").replace(/^[-.]+|[-.]+$/g, "");
}
