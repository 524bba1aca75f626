import type { RecordedResource } from "../types";
import { rateIn, type RateName, RATES } from "./rates";
import type { Usage, UsageName } from "./usage";

/** What a part of a resource costs. */
export interface CostLine {
  urn: string;
  name: string;
  type: string;
  region?: string;
  /** `t3.small`, `root volume`. */
  what: string;
  /** Of how many alike; undefined: that is known only later. */
  count?: number;
  /** How many units a month, or once; undefined: it depends on `usage`, which nobody has given, or on what is known only later. */
  quantity?: number;
  unit: string;
  /** US dollars a unit; undefined: no price is known. */
  unitPrice?: number;
  /** US dollars a month, or once; undefined where quantity or price is. */
  cost?: number;
  isOnce: boolean;
  /** The figure of usage that it rests on. */
  usage?: UsageName;
  note?: string;
}

/** AWS's own month. */
export const HOURS = 730;

/** How many there are; undefined: that is known only later. */
export type Count = number | undefined;

export const times = (count: Count, quantity: Count): Count =>
  count === undefined || quantity === undefined ? undefined : count * quantity;

/** Without the noise of binary fractions; what costs ever so little is not rounded to nothing. */
const rounded = (dollars: number): number => Math.round(dollars * 1e4) / 1e4 || Number(dollars.toPrecision(4));

/** What is said of a line beside its price. */
export interface More {
  isOnce?: boolean;
  usage?: UsageName;
  /** The region whose price it is, where that is another one than the resource's. */
  priceOf?: { region: string | undefined };
  /** What is undefined is left out. */
  notes?: readonly (string | undefined)[];
}

const monthly = (unit: string): number => (/(^|-)hour$/.test(unit) ? HOURS : 1);

/** Makes the lines of one resource. */
export class Lines {
  readonly made: CostLine[] = [];

  constructor(
    readonly resource: RecordedResource,
    private readonly usage: Usage,
  ) {}

  /** `count` of something, each with `quantity` units. */
  add(what: string, unit: string, unitPrice: Count, count: Count, quantity: Count, more: More = {}): void {
    const { urn, name, type, region } = this.resource;
    const all = times(count, quantity);
    const cost = all === undefined || unitPrice === undefined ? undefined : rounded(all * unitPrice);
    const note = [...new Set((more.notes ?? []).filter((one) => one !== undefined))].join("; ");
    this.made.push({
      ...{ urn, name, type },
      ...(region !== undefined && { region }),
      what,
      ...(count !== undefined && { count }),
      ...(all !== undefined && { quantity: all }),
      unit,
      ...(unitPrice !== undefined && { unitPrice }),
      ...(cost !== undefined && { cost }),
      isOnce: more.isOnce ?? false,
      ...(more.usage !== undefined && { usage: more.usage }),
      ...(note !== "" && { note }),
    });
  }

  /** `count` of something, each of which is one unit: all month where that is an hour. */
  rate(what: string, name: RateName, count: Count, more: More = {}): void {
    this.units(what, name, count, 1, more);
  }

  /** `count` of something, each with so many units: undefined where that is not known. */
  units(what: string, name: RateName, count: Count, units: Count, more: More = {}): void {
    const { unit } = RATES[name];
    const { region } = more.priceOf ?? this.resource;
    this.add(what, unit, rateIn(name, region), count, times(units, monthly(unit)), more);
  }

  /** `count` of something, each of which is charged by a figure of usage. */
  used(what: string, name: RateName, usage: UsageName, count: Count, more: More = {}): void {
    this.units(what, name, count, this.usage[usage], { ...more, usage });
  }

  /** What nothing here knows the price of, and why. */
  unpriced(what: string, unit: string, count: Count, ...notes: (string | undefined)[]): void {
    this.add(what, unit, undefined, count, undefined, { notes });
  }
}
