import { own } from "../../components/internal/own";
import type { RecordedResource, WireObject } from "../types";
import { accountLookups } from "./account";
import { iamLookups } from "./iam";
import { imageLookups } from "./images";
import type { Answer, LookupContext, Lookups } from "./lookup";
import { networkLookups } from "./network";
import { regionLookups } from "./regions";
import { ssmLookups } from "./ssm";

const LOOKUPS: Lookups = {
  ...accountLookups,
  ...iamLookups,
  ...imageLookups,
  ...networkLookups,
  ...regionLookups,
  ...ssmLookups,
};

/** True when the model has a rule for this look-up, though it may not be able to answer these arguments. */
export function isModelledLookup(token: string): boolean {
  return Object.hasOwn(LOOKUPS, token);
}

/** What AWS would answer, as far as it can be told without an account; undefined when it cannot. */
export function answer(token: string, args: WireObject, context: Partial<LookupContext>): Answer | undefined {
  const lookup = own(LOOKUPS, token);
  const { region, config = {} } = context;
  if (lookup === undefined || region === undefined) return undefined;
  const found = lookup(args, { region, config });
  // The provider gives the arguments back with the result.
  return found && { ...found, result: { ...args, region, ...found.result } };
}

/** Services without regions: their resources belong to the whole account. */
const GLOBAL_MODULES = new Set([
  "cloudfront",
  "globalaccelerator",
  "iam",
  "organizations",
  "route53",
  "shield",
  "budgets",
]);

/** True when resources of this type live in a region. */
export function isRegional(type: string): boolean {
  const [provider = "", rest = ""] = type.split(":");
  return provider === "awsx" || (provider === "aws" && !GLOBAL_MODULES.has(rest.split("/")[0] ?? ""));
}

/**
 * True when the simulation knows more of a resource than what the program says: which region an AWS resource is in, what
 * a component makes. Of all other providers' resources, and of components made by plugins, it only repeats the inputs.
 */
export function isModelled({ kind, type }: Pick<RecordedResource, "kind" | "type">): boolean {
  if (kind === "component") return true;
  return kind !== "remote" && /^(aws:|pulumi:providers:aws$|pulumi:pulumi:)/.test(type);
}
