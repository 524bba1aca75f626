import { suggest } from "../../../components/internal/nearest";
import { isEmpty } from "../../fleets";
import { regionsOf } from "../../summary";
import type { Seconds } from "../../time/assumptions";
import type { RecordedResource, Simulation } from "../../types";
import { UsageError } from "../../usageError";
import { type Copies, copiesOf } from "./images";
import { dnsOf, type StandIn, standInsFor } from "./facts";
import { type Plan, plansOf } from "./plans";
import { holdingData, type Split, splitBy } from "./resources";
import { TYPES } from "../../resourceTypes";

/** A region that stands in for the lost one, with a plan for each strategy; none where it serves already. */
export interface Recovery extends StandIn {
  hasName: boolean;
  plans: Plan[];
}

/** What the loss of a region does to a stack that is whole until then. */
export interface RegionLoss extends Split {
  region: string;
  recoveries: Recovery[];
  /** Regions whose fleets serve all the time. */
  serving: string[];
  /** The regions that the lost one stood in for. */
  stoodInFor: string[];
  /** Of the images that the lost region has. */
  copies: Copies[];
  /** What is lost with what is in it. */
  data: RecordedResource[];
  seconds: Seconds;
}

/** Groups that run instances outside of recovery regions. */
function servingIn({ resources }: Simulation): Set<string> {
  const inRecovery = new Set(
    resources.filter(({ type }) => type === TYPES.recovery).map(({ region, inputs }) => inputs.region ?? region),
  );
  const groups = resources.filter(({ type, inputs }) => type === TYPES.group && !isEmpty(inputs));
  return new Set(
    groups.flatMap(({ region }) => (region !== undefined && !inRecovery.has(region) ? [region] : [])).sort(),
  );
}

/** Throws a usage error for a region in which the stack has nothing. */
export function regionLossOf(simulation: Simulation, region: string, seconds: Seconds): RegionLoss {
  const { resources } = simulation;
  const split = splitBy(region, resources);
  const regions = regionsOf([...split.lost, ...split.stays]);
  if (!regions.includes(region)) {
    const where = regions.length > 0 ? suggest(region, regions) : "It has nothing in any region";
    throw new UsageError(`--scenario region-loss=${region}: the stack has nothing there. ${where}.`);
  }
  const recoveries = standInsFor(region, resources).map((standIn) => {
    const dns = dnsOf(region, standIn.region, resources);
    const plans = standIn.active ? [] : plansOf(standIn, dns, region, seconds);
    return { ...standIn, hasName: dns !== undefined, plans };
  });
  const stoodInFor = resources
    .filter(({ type, inputs }) => type === TYPES.recovery && inputs.region === region)
    .flatMap(({ inputs: { home } }) => (typeof home === "string" ? [home] : []));
  return {
    region,
    ...split,
    recoveries,
    serving: [...servingIn(simulation)].filter((other) => other !== region),
    stoodInFor: [...new Set(stoodInFor)].sort(),
    copies: copiesOf(region, resources),
    data: holdingData(split.lost),
    seconds,
  };
}
