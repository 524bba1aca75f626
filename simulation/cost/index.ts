import { typeOf } from "../../components/internal/resourceRules/typeNames";
import { isMade } from "../order";
import type { Simulation } from "../types";
import { linesOf } from "./costers";
import { foundIn } from "./found";
import type { CostLine } from "./lines";
import { FREE } from "./rates";
import type { Usage } from "./usage";

/** What a simulated stack costs, in US dollars at list prices. */
export interface Cost {
  /** By region and name. */
  lines: CostLine[];
  /** Of the lines whose cost is known. */
  monthly: number;
  once: number;
  /** Lines whose unit has no price, and types that nothing is known of: they are not 0. */
  unpriced: CostLine[];
  unknownTypes: { type: string; resources: number }[];
  /** Lines that depend on a usage that nobody has given, or on what is known only later. */
  open: CostLine[];
  usage: Usage;
}

const sum = (lines: readonly CostLine[]): number =>
  Math.round(lines.reduce((all, { cost = 0 }) => all + cost, 0) * 100) / 100;

export function costOf({ resources }: Pick<Simulation, "resources">, usage: Usage): Cost {
  const made = resources.filter(isMade);
  const found = foundIn(made);
  const unknown = new Map<string, number>();
  const lines: CostLine[] = [];
  for (const resource of made) {
    const own = linesOf(resource, usage, found);
    if (own) lines.push(...own);
    else if (!FREE.test(typeOf(resource.type))) unknown.set(resource.type, (unknown.get(resource.type) ?? 0) + 1);
  }
  const key = ({ region = "", urn }: CostLine) => `${region} ${urn}`;
  // A sort is stable: the lines of one resource stay in their order.
  lines.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  return {
    lines,
    monthly: sum(lines.filter(({ isOnce }) => !isOnce)),
    once: sum(lines.filter(({ isOnce }) => isOnce)),
    unpriced: lines.filter(({ unitPrice }) => unitPrice === undefined),
    unknownTypes: [...unknown]
      .map(([type, count]) => ({ type, resources: count }))
      .sort((a, b) => (a.type < b.type ? -1 : 1)),
    open: lines.filter(({ quantity, unitPrice }) => quantity === undefined && unitPrice !== undefined),
    usage,
  };
}
