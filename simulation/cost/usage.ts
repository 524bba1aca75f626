import { figuresOf } from "../figures";

interface Figure {
  /** Undefined: nobody can say, so only the unit's price is told until it is given. */
  usual?: number;
  what: string;
}

/** What decides the cost beside what the program says. `--usage NAME=NUMBER` gives one. */
export const USAGE = {
  writtenGiB: { usual: 4, what: "GiB written on an image's disks: what its snapshots hold" },
  rootGiB: { usual: 8, what: "GiB of a root volume whose size the program does not say" },
  dataGiB: { what: "GiB of any other volume whose size the program does not say" },
  backupGB: { what: "GB that the snapshots of a backup policy hold" },
  binGB: { what: "GB of deleted snapshots that each rule of the Recycle Bin keeps" },
  instanceAddresses: { what: "public IPv4 addresses of an instance that does not say, 0 or 1" },
  balancerLcu: { what: "LCU (NLCU, GLCU) that each load balancer uses, all month" },
  natGB: { what: "GB a month through each NAT gateway" },
  endpointGB: { what: "GB a month through each interface endpoint" },
  bucketGB: { what: "GB in each bucket" },
  kmsMillions: { what: "millions of requests a month to each KMS key" },
  dnsMillions: { what: "millions of queries a month to each hosted zone" },
  snsMillions: { what: "millions of requests a month to each SNS topic" },
} satisfies { [name: string]: Figure };

export type UsageName = keyof typeof USAGE;
export type Usage = { [name in UsageName]?: number };

const NAMES = Object.keys(USAGE) as UsageName[];

/** What is taken where nobody gives a figure. */
export const usualOf = (name: UsageName): number | undefined => (USAGE[name] as Figure).usual;

export function usageOf(given: readonly string[]): Usage {
  const usual = NAMES.flatMap((name): [UsageName, number][] => {
    const figure = usualOf(name);
    return figure === undefined ? [] : [[name, figure]];
  });
  const figures = figuresOf("--usage", given, NAMES, 1_000_000, ", as NAME=NUMBER");
  return Object.fromEntries([...usual, ...figures]);
}
