/**
 * Several instance types and two ways to buy them: what a fleet's `live` record says besides the template. A change of it
 * is a rollout, because the group's policy goes along whole with each instance refresh.
 */
export interface MixedPolicy {
  /** In the order they are tried for On-Demand Instances. */
  instanceTypes: string[];
  onDemandBaseCapacity: number;
  onDemandPercentageAboveBaseCapacity: number;
  onDemandAllocationStrategy: string;
  spotAllocationStrategy: string;
}

/** Where the arguments say nothing. Auto Scaling's own default for Spot, `lowest-price`, is the one it advises against. */
export const MIXED_DEFAULTS: Omit<MixedPolicy, "instanceTypes"> = {
  onDemandBaseCapacity: 0,
  onDemandPercentageAboveBaseCapacity: 100,
  onDemandAllocationStrategy: "prioritized",
  spotAllocationStrategy: "price-capacity-optimized",
};

/** The policy as Auto Scaling's API has it, as far as it is ours. */
export interface ApiPolicy {
  LaunchTemplate?: { Overrides?: { InstanceType?: string }[] };
  InstancesDistribution?: {
    OnDemandBaseCapacity?: number;
    OnDemandPercentageAboveBaseCapacity?: number;
    OnDemandAllocationStrategy?: string;
    SpotAllocationStrategy?: string;
  };
}

/** What a group's policy says; what AWS leaves out is its own default. */
export function policyFromApi({ LaunchTemplate, InstancesDistribution: of = {} }: ApiPolicy): MixedPolicy {
  return {
    instanceTypes: (LaunchTemplate?.Overrides ?? []).flatMap(({ InstanceType: type }) => (type ? [type] : [])),
    onDemandBaseCapacity: of.OnDemandBaseCapacity ?? 0,
    onDemandPercentageAboveBaseCapacity: of.OnDemandPercentageAboveBaseCapacity ?? 100,
    onDemandAllocationStrategy: of.OnDemandAllocationStrategy ?? "prioritized",
    spotAllocationStrategy: of.SpotAllocationStrategy ?? "lowest-price",
  };
}

export function distributionToApi(policy: MixedPolicy): NonNullable<ApiPolicy["InstancesDistribution"]> {
  return {
    OnDemandBaseCapacity: policy.onDemandBaseCapacity,
    OnDemandPercentageAboveBaseCapacity: policy.onDemandPercentageAboveBaseCapacity,
    OnDemandAllocationStrategy: policy.onDemandAllocationStrategy,
    SpotAllocationStrategy: policy.spotAllocationStrategy,
  };
}

/** Whether two fleets buy alike; none is alike to none. */
export function samePolicy(a: MixedPolicy | undefined, b: MixedPolicy | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const text = (policy: MixedPolicy) => JSON.stringify([policy.instanceTypes, distributionToApi(policy)]);
  return text(a) === text(b);
}

/** A policy out of a record's text, or undefined where it is none of ours. */
export function policyOf(value: unknown): MixedPolicy | undefined {
  if (value === null || typeof value !== "object") return undefined;
  const { instanceTypes, ...rest } = value as Partial<MixedPolicy>;
  if (!Array.isArray(instanceTypes)) return undefined;
  return { ...MIXED_DEFAULTS, ...rest, instanceTypes };
}
