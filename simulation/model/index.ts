import type { WireObject } from "../types";
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

/** What AWS would answer, as far as it can be told without an account; undefined when it cannot. */
export function answer(token: string, args: WireObject, context: Partial<LookupContext>): Answer | undefined {
  const lookup = Object.hasOwn(LOOKUPS, token) ? LOOKUPS[token] : undefined;
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
