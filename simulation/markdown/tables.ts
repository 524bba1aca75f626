import type { Against } from "../difference/report";
import type { Failure } from "../failure";
import { gatesOf } from "../order";
import { below } from "../inputs";
import { regionsOf } from "../summary";
import type { Table } from "../table";
import { lastPart } from "../text";
import type { RecordedResource, Simulation } from "../types";

/** A row for each component of the program itself, with what is in it. */
export function simulationTable({ resources }: Simulation): Table {
  const made = resources.filter(({ kind }) => kind !== "read");
  const urns = new Set(made.map(({ urn }) => urn));
  const isRoot = ({ parent }: RecordedResource) => parent === undefined || !urns.has(parent);
  const roots = made.filter(isRoot).sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return {
    head: ["component", "type", "resources", "regions", "gates"],
    rows: roots.map((root) => {
      const own = below(root, made);
      const gates = new Set(own.flatMap(gatesOf)).size;
      return [
        root.name,
        lastPart(root.type),
        String(own.length),
        regionsOf(own).join(", "),
        gates === 0 ? "" : String(gates),
      ];
    }),
  };
}

/** What fails, where, and what is left of it. */
export function failureTable({ failed, exists, missing, either }: Failure): Table {
  const rows = failed.flatMap(({ resource, reached, endings }) =>
    reached
      ? endings.map(({ at, left }) => [resource.name, at, left.filter((line) => !line.startsWith("  ")).join("; ")])
      : [[resource.name, "", "its turn never comes: it needs something that fails before"]],
  );
  const count = [exists, missing, either].map((group) => String(group.length));
  return {
    head: ["what fails", "at", "what is left"],
    rows: [...rows, ["", "", `${count[0]} exist, ${count[1]} not made, ${count[2]} made or not`]],
  };
}

/** What changes, the worst first. */
export function differenceTable({ difference }: Against): Table {
  const { refused, replaced, deleted, undecided, updated, mayChange, created } = difference;
  const isRefused = ({ urn }: RecordedResource) => refused.some((other) => other.urn === urn);
  const rows = (what: string, resources: readonly RecordedResource[], why: (at: number) => string = () => "") =>
    resources
      .map((one, at) => [what, one.name, lastPart(one.type), one.region ?? "", why(at)])
      .filter((_, at) => {
        const one = resources[at];
        // A component is nothing that AWS has: what is in it has rows of its own.
        return one !== undefined && one.kind !== "component" && (what === "refused" || !isRefused(one));
      });
  const inputs = (list: typeof replaced, of: "forcing" | "changes" | "open") => (at: number) =>
    (list[at]?.[of] ?? [])
      .slice(0, 5)
      .map(({ text }) => text)
      .join(", ");
  const resources = (list: typeof replaced) => list.map(({ resource }) => resource);
  const may = (at: number) =>
    [...new Set(mayChange[at]?.mayChange.map(({ input }) => input) ?? [])].slice(0, 5).join(", ");
  return {
    head: ["change", "resource", "type", "region", "by"],
    rows: [
      ...rows("refused", refused, () => "protected"),
      ...rows("replaced", resources(replaced), inputs(replaced, "forcing")),
      ...rows("deleted", deleted),
      ...rows("updated or replaced", resources(undecided), inputs(undecided, "open")),
      ...rows("updated", resources(updated), inputs(updated, "changes")),
      ...rows("may change", resources(mayChange), may),
      ...rows("created", created),
    ],
  };
}
