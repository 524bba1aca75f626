import type { Difference } from "../difference";
import type { RecordedResource } from "../types";
import { shortType } from "./facts";
import { type Html, table } from "./html";

/** What becomes of the resources, by group, the gravest first. */
export function changes(difference: Difference): [what: string, resources: readonly RecordedResource[]][] {
  const { refused, deleted, replaced, undecided, created, updated, mayChange } = difference;
  const of = (pairs: readonly { resource: RecordedResource }[]) => pairs.map(({ resource }) => resource);
  return [
    ["refused: protected", refused],
    ["deleted", deleted],
    ["replaced", of(replaced)],
    ["updated or replaced", of(undecided)],
    ["created", created],
    ["updated", of(updated)],
    ["may change", of(mayChange)],
  ];
}

/** What nobody wants by accident. */
export const GRAVE = /refused|deleted|replaced/;

export const changeTable = (difference: Difference): Html =>
  table(
    "What differs from the earlier simulation",
    ["Resource", "Type", "Region", "What happens"],
    changes(difference).flatMap(([what, resources]) =>
      resources.map((resource) => [resource.name, shortType(resource), resource.region ?? "–", what]),
    ),
  );
