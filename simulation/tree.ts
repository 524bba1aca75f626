import { isModelled } from "./model";
import { gatesOf, stepNumbers } from "./order";
import type { RecordedResource } from "./types";
import { lastPart, wrap, type Style } from "./text";

interface Row {
  /** Branches before the name, and what continues them on the row's further lines. */
  branch: string;
  rest: string;
  resource: RecordedResource;
}

/** What a reader must know about a resource beyond its type. */
function remarks(resource: RecordedResource): string[] {
  const { hooks, options, kind } = resource;
  const ignored = Array.isArray(options.ignoreChanges) ? options.ignoreChanges.length : 0;
  const timeouts = Object.entries((options.customTimeouts ?? {}) as { [operation: string]: string });
  return [
    ...gatesOf(resource).map((gate) => `gate ${lastPart(gate)}`),
    ...(hooks.onError ?? []).map((hook) => `on error ${lastPart(hook)}`),
    ...(kind === "remote" ? ["children not visible"] : []),
    ...(kind === "read" ? ["read"] : []),
    ...(kind !== "remote" && !isModelled(resource) ? ["not modelled"] : []),
    ...(options.protect === true ? ["protected"] : []),
    ...(options.retainOnDelete === true ? ["retained"] : []),
    ...(options.deleteBeforeReplace === true ? ["deleted before replaced"] : []),
    ...(ignored > 0 ? [`ignores ${ignored}`] : []),
    ...timeouts.map(([operation, limit]) => `${operation} ≤ ${limit}`),
  ];
}

/** Breaks between remarks, or names, never inside of one. */
export function wrapNotes(notes: readonly string[], width: number): string[] {
  const whole = notes.map((note) => note.replaceAll(" ", "\u00a0")).join(" · ");
  return wrap(whole.replaceAll(" · ", "\u00a0· "), width).map((line) => line.replaceAll("\u00a0", " "));
}

function rowsOf(resources: readonly RecordedResource[]): Row[] {
  const children = new Map<string | undefined, RecordedResource[]>();
  const urns = new Set(resources.map(({ urn }) => urn));
  for (const resource of resources) {
    const parent = resource.parent !== undefined && urns.has(resource.parent) ? resource.parent : undefined;
    children.set(parent, [...(children.get(parent) ?? []), resource]);
  }
  const steps = stepNumbers(resources);
  const first = (resource: RecordedResource): number => {
    const own = resource.kind === "component" ? [] : [steps.get(resource.urn) ?? 0];
    const below = (children.get(resource.urn) ?? []).map(first);
    return own.length + below.length > 0 ? Math.min(...own, ...below) : 0;
  };
  const rows: Row[] = [];
  const visit = (parent: string | undefined, rest: string) => {
    // In the order of making, then by name: the order of registration depends on timing.
    const keyed = (children.get(parent) ?? []).map((child) => ({ child, key: first(child) }));
    keyed.sort((a, b) => a.key - b.key || (a.child.urn < b.child.urn ? -1 : 1));
    keyed.forEach(({ child }, index) => {
      const isLast = index === keyed.length - 1;
      const childRest = `${rest}${isLast ? "   " : "│  "}`;
      rows.push({ branch: `${rest}${isLast ? "└─ " : "├─ "}`, rest: childRest, resource: child });
      visit(child.urn, childRest);
    });
  };
  visit(undefined, "");
  return rows;
}

/** Components and their children, with regions and remarks: gates and protective options. */
export function treeLines(
  resources: readonly RecordedResource[],
  width: number,
  paint: Style,
  remarksOf: (resource: RecordedResource) => string[] = remarks,
): string[] {
  const rows = rowsOf(resources);
  const titleWidth = ({ branch, resource }: Row) =>
    branch.length + resource.name.length + 2 + lastPart(resource.type).length;
  const fitting = rows.map(titleWidth).filter((length) => length <= width - 36);
  const column = Math.max(0, ...fitting) + 2;
  const regionWidth = Math.max(0, ...rows.map(({ resource }) => resource.region?.length ?? 0));
  return rows.flatMap((row) => {
    const { branch, rest, resource } = row;
    const isComponent = resource.kind === "component";
    const region = isComponent ? "" : (resource.region ?? "");
    const name = isComponent ? paint.bold(resource.name) : resource.name;
    let line = `${paint.dim(branch)}${name}  ${paint.dim(lastPart(resource.type))}`;
    let length = titleWidth(row);
    const pad = (to: number) => {
      line += " ".repeat(Math.max(2, to - length));
      length += Math.max(2, to - length);
    };
    if (region !== "") {
      pad(column);
      line += paint.cyan(region);
      length += region.length;
    }
    const notes = remarksOf(resource);
    if (notes.length === 0) return [line];
    const paintNotes = (text: string) => text.replace(/gate \w+/g, (gate) => paint.yellow(gate));
    const text = notes.join(" · ");
    const start = column + regionWidth + 2;
    if (Math.max(start, length + 2) + text.length <= width) {
      pad(start);
      return [line + paintNotes(text)];
    }
    const indent = `${paint.dim(rest)}   `;
    return [line, ...wrapNotes(notes, width - rest.length - 3).map((part) => indent + paintNotes(part))];
  });
}
