import type { Wire, WireObject } from "../types";
import { UNKNOWN } from "../wire";
import type { Lookups } from "./lookup";

function list(value: Wire | undefined): Wire[] {
  return Array.isArray(value) ? value : [];
}

function text(value: Wire | undefined): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? "");
}

/** One value stands alone in a policy, several make a list. */
function oneOrMany(values: Wire[]): Wire {
  return values.length === 1 && values[0] !== undefined ? values[0] : values;
}

function principals(value: Wire | undefined): Wire | undefined {
  const entries = list(value) as WireObject[];
  if (entries.length === 0) return undefined;
  if (entries.some(({ type }) => type === "*")) return "*";
  return Object.fromEntries(entries.map(({ type, identifiers }) => [text(type), oneOrMany(list(identifiers))]));
}

function conditions(value: Wire | undefined): Wire | undefined {
  const result: { [test: string]: WireObject } = {};
  for (const { test, variable, values } of list(value) as WireObject[]) {
    (result[text(test)] ??= {})[text(variable)] = oneOrMany(list(values));
  }
  return Object.keys(result).length > 0 ? result : undefined;
}

function statement(given: WireObject): WireObject {
  const many = (value: Wire | undefined) => (list(value).length > 0 ? oneOrMany(list(value)) : undefined);
  const parts: { [key: string]: Wire | undefined } = {
    Sid: given.sid,
    Effect: given.effect ?? "Allow",
    Action: many(given.actions),
    NotAction: many(given.notActions),
    Resource: many(given.resources),
    NotResource: many(given.notResources),
    Principal: principals(given.principals),
    NotPrincipal: principals(given.notPrincipals),
    Condition: conditions(given.conditions),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as WireObject;
}

/** A policy document is computed from its arguments alone, so it is known. */
export const iamLookups: Lookups = {
  "aws:iam/getPolicyDocument:getPolicyDocument": (args) => {
    if (args.sourcePolicyDocuments !== undefined || args.overridePolicyDocuments !== undefined) return undefined;
    const document = {
      Version: args.version ?? "2012-10-17",
      Statement: (list(args.statements) as WireObject[]).map(statement),
    };
    const result = { id: UNKNOWN, json: JSON.stringify(document, null, 2), minifiedJson: JSON.stringify(document) };
    return { certainty: "known", result };
  },
};
