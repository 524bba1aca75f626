import { own } from "../../components/internal/own";
import { EC2_PRICES } from "./ec2Prices";

/** Units of a size, by which AWS applies reservations across the sizes of a family; undefined for `metal` and the like. */
export function unitsOf(size: string): number | undefined {
  const many = /^(\d+)xlarge$/.exec(size)?.[1];
  if (many !== undefined) return 8 * Number(many);
  const units: { [size: string]: number } = { nano: 0.25, micro: 0.5, small: 1, medium: 2, large: 4, xlarge: 8 };
  return own(units, size);
}

/**
 * US dollars an hour of an On-Demand Linux instance with default tenancy. Undefined, and never 0, where the data has no
 * price that can be trusted: an unknown type, a family whose prices do not go with the size, a region without the family.
 */
export function instancePrice(type: string, region: string): number | undefined {
  const [family = "", size = ""] = type.split(".");
  const price = own(own(EC2_PRICES.own, region), type);
  if (price !== undefined) return price;
  const unit = own(own(EC2_PRICES.units, region), family);
  const units = unitsOf(size);
  if (unit === undefined || units === undefined || !own(EC2_PRICES.sizes, family)?.includes(size)) return undefined;
  return Math.round(unit * units * 1e6) / 1e6;
}
