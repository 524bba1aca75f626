import { above, type ByUrn, pathOf } from "../inputs";
import { isMade } from "../order";
import { regionsOf } from "../summary";
import { lastPart } from "../text";
import type { RecordedResource } from "../types";

/** A resource in the picture. */
export interface Node {
  id: string;
  resource: RecordedResource;
  label: string;
  /** What tells it from all others. */
  title: string;
  /** Ids of the nodes that it needs: all that the program says, and of those its components wait for the last ones. */
  needs: string[];
}

export interface Graph {
  nodes: Node[];
  regions: string[];
  /** For Graphviz. */
  dot: string;
}

/** From a node to a resource: another node, or a component's box. */
interface Arrow {
  from: string;
  to: string;
}

const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** The name without what the components above say already. */
function shortName({ name }: RecordedResource, above: readonly RecordedResource[]): string {
  const prefixes = above.map((one) => `${one.name}-`).filter((prefix) => name.startsWith(prefix));
  const longest = prefixes.sort((a, b) => b.length - a.length)[0] ?? "";
  return name.slice(longest.length);
}

/** Leaves out what is needed by way of another need: the picture says the same with fewer lines. */
function reduced(needs: ReadonlyMap<string, ReadonlySet<string>>): Map<string, string[]> {
  const reach = new Map<string, Set<string>>();
  const reachOf = (urn: string): Set<string> => {
    const known = reach.get(urn);
    if (known) return known;
    const all = new Set<string>();
    // Guards against a circle, which the engine could not make either.
    reach.set(urn, all);
    for (const need of needs.get(urn) ?? []) {
      all.add(need);
      for (const further of reachOf(need)) all.add(further);
    }
    return all;
  };
  return new Map(
    [...needs].map(([urn, own]) => {
      const indirect = new Set([...own].flatMap((need) => [...reachOf(need)]));
      return [urn, [...own].filter((need) => !indirect.has(need)).sort()];
    }),
  );
}

/** Name, type and region; of those that share all three also what they are in. */
function titlesOf(made: readonly RecordedResource[], byUrn: ByUrn): Map<string, string> {
  const short = ({ name, type, region }: RecordedResource) =>
    [name, lastPart(type), region].filter((part) => part !== undefined).join(", ");
  const times = new Map<string, number>();
  for (const one of made) times.set(short(one), (times.get(short(one)) ?? 0) + 1);
  return new Map(
    made.map((one) => [
      one.urn,
      (times.get(short(one)) ?? 0) > 1 ? `${short(one)}, as ${pathOf(one, byUrn)}` : short(one),
    ]),
  );
}

export function graphOf(resources: readonly RecordedResource[]): Graph {
  const sorted = [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  const byUrn = new Map(sorted.map((resource) => [resource.urn, resource]));
  const made = sorted.filter(isMade);
  const ids = new Map(made.map(({ urn }, at) => [urn, `n${at}`]));
  const known = (resource: RecordedResource) =>
    resource.dependsOn.filter((urn) => ids.has(urn) && urn !== resource.urn);
  // What a component waits for, its children wait for.
  const whole = new Map(
    made.map((resource) => [resource.urn, new Set([resource, ...above(resource, byUrn)].flatMap(known))]),
  );
  const direct = reduced(whole);
  const titles = titlesOf(made, byUrn);
  const nodes = made.map((resource): Node => {
    const short = shortName(resource, above(resource, byUrn));
    const type = lastPart(resource.type);
    return {
      id: ids.get(resource.urn) as string,
      resource,
      label:
        short === resource.name && above(resource, byUrn).some(({ name }) => name === short)
          ? type
          : `${short}\n${type}`,
      title: titles.get(resource.urn) ?? resource.name,
      needs: [...new Set([...known(resource), ...(direct.get(resource.urn) ?? [])])]
        .sort()
        .map((urn) => ids.get(urn) as string),
    };
  });
  // One arrow to a component's box stands for one to each of its children.
  const own = reduced(new Map(sorted.map((resource) => [resource.urn, new Set(known(resource))])));
  const arrows: Arrow[] = [...own].flatMap(([to, needs]) => {
    const fromAbove = new Set(above(byUrn.get(to) as RecordedResource, byUrn).flatMap(known));
    return needs.filter((need) => !fromAbove.has(need)).map((need) => ({ from: ids.get(need) as string, to }));
  });
  const regions = regionsOf(made);
  return { nodes, regions, dot: dotOf(sorted, nodes, regions, arrows) };
}

/** Boxes in boxes: components, and in one with several regions a box for each of them. */
function dotOf(
  resources: readonly RecordedResource[],
  nodes: readonly Node[],
  regions: readonly string[],
  arrows: readonly Arrow[],
): string {
  const byUrn = new Map(nodes.map((node) => [node.resource.urn, node]));
  const known = new Set(resources.map(({ urn }) => urn));
  const children = new Map<string, RecordedResource[]>();
  for (const resource of resources) {
    const parent = resource.parent !== undefined && known.has(resource.parent) ? resource.parent : "";
    children.set(parent, [...(children.get(parent) ?? []), resource]);
  }
  /** The box of a component, and a node in it that stands for it. */
  const boxOf = new Map<string, { box: string; first: string }>();
  let boxes = 0;
  const box = (label: string, kind: string, lines: string[], component?: string): string[] => {
    const name = `cluster_${boxes++}`;
    const first = lines.find((line) => /^n\d+ /.test(line))?.split(" ")[0];
    if (component !== undefined && first !== undefined) boxOf.set(component, { box: name, first });
    return [`subgraph ${name} { label=${quoted(`\u00a0${label}\u00a0`)}; class=${quoted(kind)};`, ...lines, "}"];
  };
  const nodeLine = ({ id, label, resource: { region, hooks } }: Node): string => {
    const place = region === undefined ? "global" : `region-${regions.indexOf(region) % 6}`;
    const gated = (hooks.beforeCreate ?? []).length > 0 ? " gated" : "";
    return `${id} [id=${id}, class=${quoted(`${place}${gated}`)}, label=${quoted(label).replaceAll("\n", "\\n")}];`;
  };
  const inside = (urn: string): string[] => {
    const own = children.get(urn) ?? [];
    const places = new Map<string, string[]>();
    for (const resource of own) {
      const node = byUrn.get(resource.urn);
      const place = resource.region ?? "";
      if (node) places.set(place, [...(places.get(place) ?? []), nodeLine(node)]);
    }
    const lines = [...places].flatMap(([place, found]) =>
      places.size > 1 && place !== "" ? box(place, "place", found) : found,
    );
    for (const component of own) {
      const below = inside(component.urn);
      // The children of a node (awsx) are beside it: a box cannot be a node, too.
      if (byUrn.has(component.urn)) lines.push(...below);
      else if (below.length > 0) {
        lines.push(...box(`${component.name}  ${lastPart(component.type)}`, "component", below, component.urn));
      }
    }
    return lines;
  };
  const lines = inside("");
  const edges = arrows.flatMap(({ from, to }) => {
    const node = byUrn.get(to);
    if (node) return [`${from} -> ${node.id} [id=${quoted(`${from}-${node.id}`)}];`];
    const target = boxOf.get(to);
    if (!target) return [];
    const { box: head, first } = target;
    return [`${from} -> ${first} [id=${quoted(`${from}-${first}`)}, lhead=${head}, class="wait"];`];
  });
  return [
    "digraph {",
    'graph [rankdir=LR, compound=true, ranksep=0.5, nodesep=0.12, fontname="Helvetica", fontsize=11, labeljust=l, bgcolor=transparent];',
    'node [shape=box, style=rounded, fontname="Helvetica", fontsize=10, height=0.3, margin="0.16,0.05"];',
    "edge [arrowsize=0.6];",
    ...lines,
    ...edges,
    "}",
  ].join("\n");
}
