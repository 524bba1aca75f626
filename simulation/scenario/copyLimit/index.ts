import { suggest } from "../../../components/internal/nearest";
import { COPIES_AT_ONCE, MOST_TRIES, retryDelay } from "../../../components/internal/startTries";
import { type Groups, groupsOf } from "../../failure/groups";
import type { ByUrn } from "../../inputs";
import { needsOf, stepNumbers } from "../../order";
import { regionsOf } from "../../summary";
import { lastPart } from "../../text";
import type { RecordedResource, Simulation } from "../../types";
import { UsageError } from "../../usageError";
import { TYPES } from "../../resourceTypes";
import { volumesOf } from "./volumes";

/** The error hook of the components' copies. */
const HOOK = "startRetry";

/** A copy of an image, and the snapshots that AWS copies for it. */
export interface Copy {
  resource: RecordedResource;
  /** One for each volume of the image. */
  snapshots: number;
  /** False where the image is not made here, or can have more: then these are the fewest. */
  isKnown: boolean;
  /** Whether the hook of the components waits for a place. */
  retries: boolean;
  /** Other error hooks, of the program itself: they decide. */
  otherHooks: string[];
}

/** Copies that can be under way at the same time: those of one step of the order, for the least. */
export interface AtOnce {
  step: number;
  copies: Copy[];
  snapshots: number;
  isKnown: boolean;
  /** Whether they are more than AWS takes, whatever else is under way. */
  passes: boolean;
}

/** A region to which AWS takes no more copies for a while. */
export interface CopyLimit extends Omit<Groups, "unreached"> {
  region: string;
  steps: AtOnce[];
  /** The most of them: of one step, or of several, which overlap, for a copy takes minutes. */
  most: Omit<AtOnce, "step">;
  /** Seconds that the hook goes on trying: all its pauses at their shortest, and at their longest. One try without it. */
  tries: { most: number; shortestSeconds: number; longestSeconds: number };
}

/** All pauses between the tries of one start, each at the same place between its bounds. */
const pauses = (random: number): number =>
  Array.from({ length: MOST_TRIES - 1 }, (_, at) => retryDelay(at + 1, random)).reduce((sum, one) => sum + one, 0);

const atOnce = (copies: Copy[]): Omit<AtOnce, "step"> => {
  const snapshots = copies.reduce((sum, copy) => sum + copy.snapshots, 0);
  return { copies, snapshots, isKnown: copies.every(({ isKnown }) => isKnown), passes: snapshots > COPIES_AT_ONCE };
};

/** Copies that need none of the others, directly or not: nothing keeps them from being under way together. */
function firstOf(copies: readonly Copy[], byUrn: ByUrn): Copy[] {
  const urns = new Set(copies.map(({ resource: { urn } }) => urn));
  return copies.filter(({ resource }) => {
    const needs = new Set(needsOf(resource));
    for (const urn of needs) {
      const one = byUrn.get(urn);
      if (one) for (const next of needsOf(one)) needs.add(next);
    }
    return ![...needs].some((urn) => urns.has(urn));
  });
}

/** Throws a usage error for a region to which nothing is copied. */
export function copyLimitOf({ resources }: Simulation, region: string): CopyLimit {
  const copying = resources.filter(({ type }) => type === TYPES.copy);
  const own = copying.filter((copy) => copy.region === region);
  if (own.length === 0) {
    const regions = regionsOf(copying);
    const where = regions.length > 0 ? suggest(region, regions) : "It copies no image to any region";
    throw new UsageError(`--scenario copy-limit=${region}: the stack copies no image there. ${where}.`);
  }
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const numbers = stepNumbers(resources);
  const steps = [...new Set(own.map(({ urn }) => numbers.get(urn) ?? 0))].sort((a, b) => a - b);
  const copies = own
    .map((resource): Copy & { step: number } => {
      const volumes = volumesOf(resource, byUrn);
      const hooks = (resource.hooks.onError ?? []).map(lastPart);
      const otherHooks = hooks.filter((hook) => hook !== HOOK);
      return {
        ...{ resource, step: numbers.get(resource.urn) ?? 0 },
        ...{ snapshots: volumes?.number ?? 1, isKnown: volumes !== undefined && !volumes.isOpen },
        ...{ retries: hooks.includes(HOOK), otherHooks },
      };
    })
    .sort((a, b) => (a.resource.urn < b.resource.urn ? -1 : 1));
  const { exists, missing, either } = groupsOf(
    resources,
    own.map(({ urn }) => ({ urn, kept: false })),
  );
  const each = steps.map((step) => ({ step, ...atOnce(copies.filter((copy) => copy.step === step)) }));
  const all = [...each, atOnce(firstOf(copies, byUrn))];
  return {
    region,
    steps: each,
    most: all.reduce((a, b) => (b.snapshots > a.snapshots ? b : a)),
    tries: copies.some(({ retries }) => retries)
      ? { most: MOST_TRIES, shortestSeconds: pauses(0), longestSeconds: pauses(1) }
      : { most: 1, shortestSeconds: 0, longestSeconds: 0 },
    ...{ exists, missing, either },
  };
}
