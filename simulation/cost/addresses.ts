import { TYPES } from "../resourceTypes";
import type { RecordedResource, Wire } from "../types";
import { knownText } from "../wire";
import { type Found, sourcesOf } from "./found";
import { type Count, type Lines } from "./lines";
import type { Machine } from "./machine";
import { entries, flag, isLater, isSaid, part } from "../values";

const ADDRESS = "public IPv4 address";

/** Which input says the subnets, of which resource. */
export interface Subnets {
  of: RecordedResource;
  input: string;
}

/** What a subnet does with an instance that says nothing of a public address. */
type Habit = "gives" | "does not" | "nobody knows";

function habitOf({ of, input }: Subnets, found: Found): Habit {
  const said: Wire | undefined = of.inputs[input];
  const subnets = Array.isArray(said) ? said : isSaid(said) ? [said as Wire] : [];
  // Without a subnet it is in the default VPC.
  if (subnets.length === 0 && !isLater(said)) return "gives";
  if (subnets.every((one) => knownText(one)?.startsWith("subnet-assumed-"))) return "gives";
  const made = sourcesOf(of, input, found, TYPES.subnet);
  const flags = made.map(({ inputs: { mapPublicIpOnLaunch: map } }) => (isSaid(map) ? flag(map) : false));
  if (made.length < subnets.length || flags.includes(undefined)) return "nobody knows";
  return flags.every((one) => one === true) ? "gives" : flags.includes(true) ? "nobody knows" : "does not";
}

/** How many addresses an instance says it has; undefined where it says nothing, "later" where that is not known yet. */
function saidAddresses({ type, inputs }: RecordedResource): number | "later" | undefined {
  const { networkInterfaces, associatePublicIpAddress: own } = inputs;
  const isTemplate = type === TYPES.template;
  // An interface that is brought along has the addresses that it was given.
  const brings = isLater(networkInterfaces) || entries(networkInterfaces).length > 0;
  if (!isTemplate && (brings || isSaid(inputs.primaryNetworkInterface))) return 0;
  if (isTemplate && isLater(networkInterfaces)) return "later";
  const said = isTemplate ? entries(networkInterfaces).map((one) => part(one).associatePublicIpAddress) : [own];
  if (said.some(isLater)) return "later";
  const flags = said.map(flag).filter((one) => one !== undefined);
  // With several interfaces none is given an address.
  if (flags.length === 0) return said.length > 1 ? 0 : undefined;
  return flags.filter((one) => one).length;
}

/** The public addresses of so many instances that are alike; those of Elastic IPs are charged there. */
export function addressLines(
  lines: Lines,
  { layers, outside }: Machine,
  subnets: Subnets,
  found: Found,
  count: Count,
): void {
  if (found.addressed.has(subnets.of.urn)) return;
  const said = layers.map(saidAddresses).find((one) => one !== undefined);
  if (typeof said === "number") {
    if (said > 0) lines.units(ADDRESS, "address", count, said);
    return;
  }
  const isOpen = said === "later" || outside !== undefined;
  const habit = isOpen ? "nobody knows" : habitOf(subnets, found);
  if (habit === "does not") return;
  const isDefault = habit === "gives" && !sourcesOf(subnets.of, subnets.input, found, TYPES.subnet).length;
  if (habit === "gives") {
    const notes = [isDefault ? "the default VPC gives one" : "its subnet gives one"];
    return lines.rate(ADDRESS, "address", count, { notes });
  }
  const notes = [said === "later" ? "whether it has one is known only later" : (outside ?? "if its subnet gives one")];
  lines.used(ADDRESS, "address", "instanceAddresses", count, { notes });
}

/** The addresses that come of Elastic IPs of this program, by the input that names them: those are charged there. */
export const elasticOf = (resource: RecordedResource, input: string, found: Found): number =>
  sourcesOf(resource, input, found, TYPES.address).length;
