import { cidrProblems } from "./cidr";
import { Checks } from "./rules";

/** How awsx names the ways to the internet. */
export const NAT: { [nat: string]: "Single" | "OnePerAz" | "None" } = {
  single: "Single",
  "one-per-zone": "OnePerAz",
  none: "None",
};

/** The plain values of a network's arguments. */
export interface FleetNetworkValues {
  cidrBlock?: string;
  zones?: number;
  nat?: string;
  region?: unknown;
  tags?: unknown;
}

/** Every problem of the plain values. */
export function fleetNetworkProblems(name: string, args: FleetNetworkValues): Checks {
  const { cidrBlock, zones, nat } = args;
  const checks = new Checks().rule("line", "name", name).rule("region", "region", args.region).tags("tags", args.tags);
  if (cidrBlock !== undefined) {
    const wrong = cidrProblems("cidrBlock", [cidrBlock]).map((problem) => ({ ...problem, path: "cidrBlock" }));
    const length = Number(cidrBlock.split("/")[1]);
    checks.add(...wrong);
    if (wrong.length === 0 && (cidrBlock.includes(":") || length < 16 || length > 24)) {
      checks.add({
        path: "cidrBlock",
        given: cidrBlock,
        allowed: "an IPv4 block of /16 to /24",
        fix: "Use for example 10.0.0.0/16",
      });
    }
  }
  if (zones !== undefined && !(Number.isInteger(zones) && zones >= 2 && zones <= 6)) {
    checks.add({ path: "zones", given: zones, allowed: "2 to 6", fix: "Give a number of zones that the region has" });
  }
  if (nat !== undefined && !Object.hasOwn(NAT, nat)) {
    checks.add({ path: "nat", given: nat, allowed: Object.keys(NAT).join(", "), fix: "Use one of them" });
  }
  return checks;
}
