import { isIPv4, isIPv6 } from "node:net";
import type { Problem } from "./problems";

/** The address as a number. */
function numberOf(address: string): bigint {
  if (isIPv4(address)) return address.split(".").reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
  const [head = "", tail] = address.split("::");
  const words = (text: string | undefined) => (text ? text.split(":") : []);
  const [before, after] = [words(head), words(tail)];
  const zeros = Array<string>(tail === undefined ? 0 : 8 - before.length - after.length).fill("0");
  return [...before, ...zeros, ...after].reduce((sum, word) => (sum << 16n) + BigInt(`0x${word}`), 0n);
}

export const isIPv6Cidr = (cidr: string): boolean => cidr.includes(":");

/**
 * Ranges that may come in: AWS takes what has no bits behind the prefix. For a port that nobody should open to all, which is
 * then named, the whole internet is refused.
 */
export function cidrProblems(path: string, given: readonly unknown[], port?: string): Problem[] {
  return given.flatMap((cidr, i): Problem[] => {
    const problem = (allowed: string, fix: string) => [{ path: `${path}[${i}]`, given: cidr, allowed, fix }];
    const [, address = "", length = ""] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(String(cidr)) ?? [];
    const bits = isIPv4(address) ? 32 : isIPv6(address) && !address.includes(".") ? 128 : 0;
    if (typeof cidr !== "string" || bits === 0 || Number(length) > bits) {
      return problem(
        "a range such as 203.0.113.0/24 or 2001:db8::/48",
        "Give address and prefix; one address is ADDRESS/32",
      );
    }
    if (Number(length) === 0 && port !== undefined) {
      return problem(
        `ranges that you know, not the whole internet: ${port} open to all is found and attacked within minutes`,
        "Name your own ranges, or use Session Manager, which needs no open port",
      );
    }
    const behind = (1n << BigInt(bits - Number(length))) - 1n;
    if ((numberOf(address) & behind) !== 0n) {
      return problem(
        `a range whose address has no bits behind the prefix /${length}`,
        "Give the range's first address",
      );
    }
    if (given.indexOf(cidr) !== i) return problem("each range once", "Remove the second mention");
    return [];
  });
}
