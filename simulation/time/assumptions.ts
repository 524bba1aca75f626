import { figuresOf } from "../figures";

/** A figure that no program and no config says, and that every prediction of time rests on. */
interface Assumption {
  seconds: number;
  what: string;
  /** Who says so. `assumed`: nobody publishes it; a drill or `up` of your own tells better. */
  source: string;
}

/** Every figure that predictions of time assume. `--assume NAME=SECONDS` changes one for a run. */
export const ASSUMPTIONS = {
  callSeconds: {
    seconds: 5,
    what: "a call to AWS until the change is seen",
    source: "assumed: creations without a wait take seconds",
  },
  upSeconds: {
    seconds: 60,
    what: "`pulumi up` until its first call",
    source: "assumed: the program, its packages, reading the state",
  },
  launchSeconds: {
    seconds: 30,
    what: "launching an instance until it is `running`",
    source: "assumed: AWS publishes no figure",
  },
  bootSeconds: {
    seconds: 60,
    what: "`running` until the application answers",
    source: "assumed: your own is in the report of `ami-lifecycle drill`",
  },
  recipeSeconds: {
    seconds: 300,
    what: "a base instance's recipe, from its launch to the stop",
    source: "assumed: your own is the bake that you have seen",
  },
  proofSeconds: {
    seconds: 60,
    what: "the checks of an image in a throwaway instance, and its end",
    source: "assumed: your own is in the report of `ami-lifecycle drill`",
  },
  imageSeconds: {
    seconds: 300,
    what: "CreateImage until the image is `available`",
    source: "assumed: it grows with what is written on its disks",
  },
  copySeconds: {
    seconds: 600,
    what: "CopyImage to another region until the copy is `available`",
    source:
      "assumed: it grows with what is written on its disks; EBS promises no time without a paid completion duration",
  },
  loadBalancerSeconds: {
    seconds: 180,
    what: "making a load balancer until it is `active`",
    source: "kubernetes/kubernetes issue 44695: over 2 min; hashicorp/terraform issue 24799: up to 5 min",
  },
  natGatewaySeconds: {
    seconds: 120,
    what: "making a NAT gateway until it is `available`",
    source: "assumed: AWS says minutes",
  },
  recordSeconds: {
    seconds: 60,
    what: "a change of Route 53 until it is everywhere",
    source: "Route 53 Developer Guide: generally within 60 s",
  },
  targetHealthSeconds: {
    seconds: 60,
    what: "Route 53 follows the health of a load balancer",
    source: "assumed: AWS publishes no figure",
  },
  dnsTtlSeconds: {
    seconds: 60,
    what: "a resolver keeps the old answer",
    source: "Route 53 Developer Guide: an alias of a load balancer has a TTL of 60 s",
  },
} satisfies { [name: string]: Assumption };

export type AssumptionName = keyof typeof ASSUMPTIONS;

/** The seconds of each, after `--assume`. */
export type Seconds = { [name in AssumptionName]: number };

const NAMES = Object.keys(ASSUMPTIONS) as AssumptionName[];

/** A day: what takes longer is no step of ours. */
const MOST = 86_400;

/** The table with what `--assume NAME=SECONDS` says; throws a usage error that names every wrong one. */
export function assumed(given: readonly string[]): Seconds {
  const usual = NAMES.map((name) => [name, ASSUMPTIONS[name].seconds] as const);
  const figures = figuresOf("--assume", given, NAMES, MOST, " seconds, as NAME=SECONDS");
  return Object.fromEntries([...usual, ...figures]) as Seconds;
}
