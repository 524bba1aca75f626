import { suggest } from "../../../components/internal/nearest";
import { COPIES_AT_ONCE, MOST_TRIES, retryDelay } from "../../../components/internal/startTries";
import { type Groups, groupsOf } from "../../failure/groups";
import { stepNumbers } from "../../order";
import { regionsOf } from "../../summary";
import { lastPart } from "../../text";
import type { ByUrn } from "../../inputs";
import type { RecordedResource, Simulation } from "../../types";
import { UsageError } from "../../usageError";
import { TYPES } from "../../resourceTypes";

/** A copy of an image, and the snapshots that AWS copies for it. */
export interface Copy {
  resource: RecordedResource;
  /** One for each volume of the image. */
  snapshots: number;
  /** False where the image is not made here: then it has one volume at the least. */
  isKnown: boolean;
  /** Whether the hook of the components waits for a place. */
  retries: boolean;
}

/** Copies that can be under way at the same time: they are in one step of the order. */
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
  /** Seconds that the hook goes on trying: all its pauses at their shortest, and at their longest. */
  tries: { most: number; shortestSeconds: number; longestSeconds: number };
}

/** Volumes of the image that is copied: of its base instance, where the program makes it. */
function volumesOf(copy: RecordedResource, byUrn: ByUrn): number | undefined {
  const from = (one: RecordedResource | undefined, input: string, type: string) =>
    one?.inputsFrom?.[input]?.map((urn) => byUrn.get(urn)).find((source) => source?.type === type);
  const image = from(copy, "sourceAmiId", TYPES.image);
  const disks = from(image, "sourceInstanceId", TYPES.instance)?.inputs.ebsBlockDevices;
  return Array.isArray(disks) ? disks.length + 1 : undefined;
}

/** All pauses between the tries of one start, each at the same place between its bounds. */
const pauses = (random: number): number =>
  Array.from({ length: MOST_TRIES - 1 }, (_, at) => retryDelay(at + 1, random)).reduce((sum, one) => sum + one, 0);

/** Throws a usage error for a region to which nothing is copied. */
export function copyLimitOf({ resources }: Simulation, region: string): CopyLimit {
  const all = resources.filter(({ type }) => type === TYPES.copy);
  const own = all.filter((copy) => copy.region === region);
  if (own.length === 0) {
    const regions = regionsOf(all);
    const where = regions.length > 0 ? suggest(region, regions) : "It copies no image to any region";
    throw new UsageError(`--scenario copy-limit=${region}: the stack copies no image there. ${where}.`);
  }
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const numbers = stepNumbers(resources);
  const steps = [...new Set(own.map(({ urn }) => numbers.get(urn) ?? 0))].sort((a, b) => a - b);
  const copies = own
    .map((resource): Copy & { step: number } => {
      const volumes = volumesOf(resource, byUrn);
      const retries = (resource.hooks.onError ?? []).some((hook) => lastPart(hook) === "startRetry");
      const step = numbers.get(resource.urn) ?? 0;
      return { resource, step, snapshots: volumes ?? 1, isKnown: volumes !== undefined, retries };
    })
    .sort((a, b) => (a.resource.urn < b.resource.urn ? -1 : 1));
  const { exists, missing, either } = groupsOf(
    resources,
    own.map(({ urn }) => ({ urn, kept: false })),
  );
  return {
    region,
    steps: steps.map((step) => {
      const at = copies.filter((copy) => copy.step === step);
      const snapshots = at.reduce((sum, copy) => sum + copy.snapshots, 0);
      return {
        ...{ step, copies: at, snapshots, isKnown: at.every(({ isKnown }) => isKnown) },
        passes: snapshots > COPIES_AT_ONCE,
      };
    }),
    tries: { most: MOST_TRIES, shortestSeconds: pauses(0), longestSeconds: pauses(1) },
    ...{ exists, missing, either },
  };
}
