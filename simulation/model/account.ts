import { UNKNOWN } from "../wire";
import type { Lookups } from "./lookup";

/** The account, when the stack's config names exactly one that may be used; else undefined. */
export function accountOf(config: { [key: string]: string }): string | undefined {
  try {
    const allowed: unknown = JSON.parse(config["aws:allowedAccountIds"] ?? "[]");
    const [account] = Array.isArray(allowed) && allowed.length === 1 ? (allowed as unknown[]) : [];
    return typeof account === "string" ? account : undefined;
  } catch {
    return undefined;
  }
}

/** Who calls. Only `aws:allowedAccountIds` can tell without asking. */
export const accountLookups: Lookups = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_args, { config }) => {
    const account = accountOf(config);
    if (account === undefined) return undefined;
    return { certainty: "assumed", result: { id: account, accountId: account, arn: UNKNOWN, userId: UNKNOWN } };
  },
};
