import { problemSection, type Report, type Section, WIDTH } from "../report";
import type { Outcome } from "../scenario/outcome";
import { count } from "../summary";
import type { Table } from "../table";
import { lastPart, type Style, wrap } from "../text";
import type { Simulation } from "../types";
import { EC2_PRICES } from "./ec2Prices";
import type { Cost } from "./index";
import type { CostLine } from "./lines";
import { RATES, RATES_DATE } from "./rates";
import { USAGE, type UsageName, usualOf } from "./usage";

export const dollars = (amount: number): string => (amount > 0 && amount < 0.005 ? "<$0.01" : `$${amount.toFixed(2)}`);

/** A unit's price has more digits than a sum. */
const unitDollars = (price: number): string => `$${String(price)}`;

/** `$0.0225 an hour`, `$0.08 a GB-month`. */
export const perUnit = (price: number, unit: string): string =>
  `${unitDollars(price)} ${/^(hour|alarm|IOPS|LCU|NLCU)/.test(unit) ? "an" : "a"} ${unit}`;

/** Where the figures come from, and of when: with every report. */
export const SOURCES = [
  `Instances: On-Demand, Linux, default tenancy, ${EC2_PRICES.date}, from ${EC2_PRICES.source}, by the size's units.`,
  `All else: AWS's price pages, ${RATES_DATE}; regions that are not in the table have no price. A month has 730 hours. Without taxes, discounts, free tiers, Spot, fees of AWS Marketplace, requests to buckets, the minutes of a bake and its checks, unlimited CPU credits, and data to the internet and between zones.`,
];

/** `$152.40 a month, 3 parts without a price, 1 part by usage, 1 part known only later`. */
export function costSentence({ monthly, once, unpriced, unknownTypes, open }: Cost): string {
  const without = unpriced.length + unknownTypes.reduce((all, { resources }) => all + resources, 0);
  const used = open.filter(isByUsage).length;
  return [
    `${dollars(monthly)} a month`,
    ...(once > 0 ? [`${dollars(once)} once`] : []),
    ...(without > 0 ? [`${count(without, "part")} without a price`] : []),
    ...(used > 0 ? [`${count(used, "part")} by usage`] : []),
    ...(open.length > used ? [`${count(open.length - used, "part")} known only later`] : []),
  ].join(", ");
}

/** Whether a figure of usage is all that an open line lacks. */
export const isByUsage = ({ usage, count: many }: CostLine): boolean => usage !== undefined && many !== undefined;

/** `2 × t3.small`; `? × t3.small` where it is known only later how many. */
export const partText = ({ what, count: many }: Pick<CostLine, "what" | "count">): string =>
  many === 1 ? what : `${many ?? "?"} × ${what}`;

function amount({ cost, unitPrice, unit, quantity }: CostLine): string {
  if (unitPrice === undefined) return "no price";
  return cost === undefined || quantity === undefined ? perUnit(unitPrice, unit) : dollars(cost);
}

function lineText(line: CostLine, width: number): string[] {
  const { name, type, note, usage, isOnce } = line;
  const head = `  ${amount(line).padStart(width)}  `;
  const more = [
    ...(isOnce ? ["once"] : []),
    ...(note === undefined ? [] : [note]),
    ...(usage !== undefined && line.quantity !== undefined ? [`usage ${usage}`] : []),
  ];
  const said = `${name} ${lastPart(type)}: ${partText(line)}${more.length > 0 ? ` (${more.join("; ")})` : ""}`;
  return wrap(said, WIDTH - head.length).map((text, at) => (at === 0 ? head : " ".repeat(head.length)) + text);
}

function byRegion(lines: readonly CostLine[]): Section[] {
  const regions = [...new Set(lines.map(({ region }) => region ?? ""))];
  const width = Math.max(0, ...lines.map((line) => amount(line).length));
  return regions.map((region): Section => {
    const own = lines.filter((line) => (line.region ?? "") === region);
    const monthly = own.reduce((all, { cost = 0, isOnce }) => all + (isOnce ? 0 : cost), 0);
    return [
      `${region === "" ? "Of no region" : region}: ${dollars(monthly)} a month`,
      own.flatMap((line) => lineText(line, width)),
    ];
  });
}

const indented = (texts: readonly string[]): string[] =>
  texts.flatMap((text) => wrap(text, WIDTH - 2).map((line) => `  ${line}`));

function usageLines({ lines, usage }: Cost): string[] {
  const used = new Set(lines.flatMap((line) => line.usage ?? []));
  const idle = (Object.keys(usage) as UsageName[]).filter((name) => !used.has(name) && usage[name] !== usualOf(name));
  const names = [...used, ...idle].sort();
  const width = Math.max(11, ...names.map(({ length }) => length));
  return names.map((name: UsageName) => {
    const figure = usage[name];
    const what = used.has(name) ? USAGE[name].what : "nothing in this stack goes by it";
    return `  ${name.padEnd(width)}  ${(figure === undefined ? "not given" : String(figure)).padEnd(9)}  ${what}`;
  });
}

function unpricedLines({ unpriced, unknownTypes }: Cost): string[] {
  return indented([
    ...unpriced.map(
      (line) =>
        `${line.name}: ${partText(line)}${line.region === undefined ? "" : ` in ${line.region}`}${line.note === undefined ? "" : ` (${line.note})`}`,
    ),
    ...unknownTypes.map(
      ({ type, resources }) => `${type}: ${count(resources, "resource")} of a type whose price nothing here knows`,
    ),
  ]);
}

/** A part whose cost is another one than before. */
export interface CostChange {
  urn: string;
  name: string;
  what: string;
  before?: number;
  now?: number;
}

/** A part before and now. */
interface Pair {
  line: CostLine;
  was?: CostLine;
  is?: CostLine;
}

/** Lines by resource and name; those of the same name by their order. */
function byKey(lines: readonly CostLine[]): Map<string, CostLine> {
  const found = new Map<string, CostLine>();
  for (const line of lines) {
    let key = `${line.urn} ${line.what}`;
    while (found.has(key)) key += " ";
    found.set(key, line);
  }
  return found;
}

const openText = (line: CostLine): string => `${amount(line)} ${partText(line)}`;

function changed(before: Cost, now: Cost): Pair[] {
  const [old, own] = [byKey(before.lines), byKey(now.lines)];
  return [...new Set([...old.keys(), ...own.keys()])].sort().flatMap((key): Pair[] => {
    const [was, is] = [old.get(key), own.get(key)];
    const line = is ?? was;
    // What has no sum on either side changes with its price, or with how many there are.
    const same = was && is && was.cost === is.cost && (was.cost !== undefined || openText(was) === openText(is));
    return !line || same ? [] : [{ line, ...(was && { was }), ...(is && { is }) }];
  });
}

/** The parts that cost more or less than in an earlier simulation, or whose price or quantity is another one. */
export function costChanges(before: Cost, now: Cost): CostChange[] {
  return changed(before, now).map(({ line: { urn, name, what }, was, is }) => ({
    urn,
    name,
    what,
    ...(was?.cost !== undefined && { before: was.cost }),
    ...(is?.cost !== undefined && { now: is.cost }),
  }));
}

/** A part that is not there has a dash. */
const amountOf = (line: CostLine | undefined): string => (line === undefined ? "–" : amount(line));

function changeLines(before: Cost, now: Cost): string[] {
  const pairs = changed(before, now);
  const changes = pairs.map(
    ({ line: { name, what }, was, is }) => `${amountOf(was)} → ${amountOf(is)}  ${name}: ${what}`,
  );
  const without = pairs.filter(({ was, is }) => [was, is].some((line) => line && line.cost === undefined)).length;
  // A part that has a sum on one side only is no saving.
  const beside = without > 0 ? `, beside ${count(without, "part")} without a sum before or now` : "";
  const off = now.monthly - before.monthly;
  const sign = off < 0 ? "−" : "+";
  return indented([
    `${dollars(before.monthly)} → ${dollars(now.monthly)} a month: ${sign}${dollars(Math.abs(off))}${beside}`,
    ...changes,
  ]);
}

function costReport(cost: Cost, before: Cost | undefined, simulation: Simulation, paint: Style): Report {
  const sections: Section[] = [
    problemSection(simulation.problems, paint),
    ["Against the earlier simulation", before ? changeLines(before, cost) : []],
    ...byRegion(cost.lines),
    ["Without a price, which is not 0", unpricedLines(cost)],
    ["Usage (--usage NAME=NUMBER gives one)", usageLines(cost)],
    ["Prices", indented(SOURCES)],
  ];
  return {
    headline: `${simulation.stack}: ${costSentence(cost)}`,
    tone: "green",
    sections,
  };
}

/** The cost as data; the names of the fields are documented. */
function costData(cost: Cost, before: Cost | undefined): object {
  const { lines, monthly, once, unknownTypes, usage } = cost;
  return {
    currency: "USD",
    ...{ monthly, once, lines, unknownTypes, usage },
    ...(before && { against: { monthly: before.monthly, once: before.once, changes: costChanges(before, cost) } }),
    prices: {
      instances: { date: EC2_PRICES.date, source: EC2_PRICES.source },
      others: { date: RATES_DATE, sources: [...new Set(Object.values(RATES).map(({ source }) => source))].sort() },
    },
  };
}

/** What changes, against an earlier simulation; else each part. */
function costTable(cost: Cost, before: Cost | undefined): Table {
  if (before) {
    const rows = changed(before, cost).map(({ line: { name, what }, was, is }) => [
      name,
      what,
      amountOf(was),
      amountOf(is),
    ]);
    return {
      head: ["resource", "part", "before", "now"],
      rows: [...rows, ["all, a month", "", dollars(before.monthly), dollars(cost.monthly)]],
    };
  }
  const rows = cost.lines.map((line) => [line.name, partText(line), line.region ?? "", amount(line)]);
  return { head: ["resource", "part", "region", "cost"], rows };
}

export const costOutcome = (cost: Cost, before: Cost | undefined, simulation: Simulation): Outcome => ({
  report: (paint) => costReport(cost, before, simulation, paint),
  data: () => costData(cost, before),
  table: () => costTable(cost, before),
});
