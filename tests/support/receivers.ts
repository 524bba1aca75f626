import fc from "fast-check";
import type { Receivers } from "../../components/internal/sharingRules";

const text = (alphabet: string, least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: least, maxLength: most });
const ALPHANUMERIC = "abcxyz0189";

/** Everything that the rules let through. */
export const account = text("0123456789", 12, 12);
const organizationId = text(ALPHANUMERIC, 10, 32).map((id) => `o-${id}`);
export const organization = fc
  .tuple(account, organizationId)
  .map(([owner, id]) => `arn:aws:organizations::${owner}:organization/${id}`);
export const unit = fc
  .tuple(account, organizationId, text(ALPHANUMERIC, 4, 6), text(ALPHANUMERIC, 8, 12))
  .map(([owner, id, root, own]) => `arn:aws:organizations::${owner}:ou/${id}/ou-${root}-${own}`);

const each = (one: fc.Arbitrary<string>) =>
  fc.uniqueArray(one, { maxLength: 5, selector: (given) => given.split("/").pop() });

/** Receivers without a problem, each kind from none to five. */
export const receivers = (): fc.Arbitrary<Required<Receivers>> =>
  fc.record({ accounts: each(account), organizationArns: each(organization), organizationalUnitArns: each(unit) });
