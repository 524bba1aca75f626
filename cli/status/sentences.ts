/** Everything that may not agree with what it should: stable, for programs. docs/guides/status.md tells each. */
export const DRIFT_KINDS = [
  "region-empty",
  "image-missing",
  "image-gone",
  "image-unavailable",
  "image-unverified",
  "image-duplicate",
  "parameter-missing",
  "parameter-differs",
  "pointer-differs",
  "pointer-unknown",
  "pointer-unproven",
  "live-differs",
  "live-image-differs",
  "live-current-differs",
  "live-unreadable",
  "staged-image-differs",
  "staged-current-differs",
  "staged-unreadable",
  "staged-serves",
  "recovery-differs",
  "group-gone",
  "template-differs",
  "policy-differs",
  "instances-differ",
  "instances-template-differs",
] as const;

export type DriftKind = (typeof DRIFT_KINDS)[number];

/** What does not agree with what. */
export interface Drift {
  kind: DriftKind;
  /** Where. */
  regions: string[];
  /** One sentence. */
  message: string;
}

/** `a, b and c`. */
export const list = (items: readonly string[]): string =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;

/**
 * What regions say of one thing, told when they do not say the same: `1.1.0 in us-east-1, 1.0.0 in eu-west-1 and
 * us-west-2`.
 */
export function unlike(said: readonly (readonly [region: string, what: string])[]): string | undefined {
  const by = new Map<string, string[]>();
  for (const [region, what] of said) by.set(what, [...(by.get(what) ?? []), region]);
  if (by.size < 2) return undefined;
  return [...by].map(([what, regions]) => `${what} in ${list(regions)}`).join(", ");
}
