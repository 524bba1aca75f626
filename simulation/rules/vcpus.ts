import { instanceTypeOf } from "../../components/internal/instanceTypes";
import type { Asker } from "../askers";
import { type ByUrn, object } from "../inputs";
import { overridesOf, templateOf } from "../launchTemplates";
import type { RecordedResource } from "../types";
import { figure, figureOr, isSaid, textOr } from "../values";
import { knownText } from "../wire";

/** What an account has by default of vCPUs. */
export interface VcpuQuota {
  family: RegExp;
  /** Service Quotas' name and code. */
  name: string;
  code: string;
  usual: number;
}

/**
 * Families by the quota that their vCPUs count towards: EC2 user guide, "On-Demand instance quotas". Those of DL, Trn, Inf,
 * HPC and High Memory are not told.
 */
export const VCPU_QUOTAS: readonly VcpuQuota[] = [
  { family: /^(vt|gr?)\d/, name: "Running On-Demand G and VT instances", code: "L-DB2E81BA", usual: 0 },
  { family: /^p\d/, name: "Running On-Demand P instances", code: "L-417A185B", usual: 0 },
  { family: /^x\d/, name: "Running On-Demand X instances", code: "L-7295265B", usual: 0 },
  { family: /^f\d/, name: "Running On-Demand F instances", code: "L-74FC7D96", usual: 0 },
  {
    family: /^(a|c|d|h|i|im|is|m|r|t|z)\d/,
    name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
    code: "L-1216C47A",
    usual: 5,
  },
];

/** The units of a group's size that can be On-Demand Instances. */
function mostOnDemand(group: RecordedResource): number {
  const most = figure(group.inputs.maxSize) ?? 0;
  const { instancesDistribution } = object(group.inputs.mixedInstancesPolicy);
  if (instancesDistribution === undefined) return most;
  const { onDemandBaseCapacity, onDemandPercentageAboveBaseCapacity } = object(instancesDistribution);
  const base = Math.min(most, figure(onDemandBaseCapacity) ?? 0);
  return base + Math.ceil(((most - base) * (figure(onDemandPercentageAboveBaseCapacity) ?? 100)) / 100);
}

/** By type: how many units of a group's size one instance is. */
const weightsOf = (group: RecordedResource): Map<string | undefined, number | undefined> =>
  new Map(overridesOf(group).map((one) => [knownText(one.instanceType), figureOr(one.weightedCapacity, 1)]));

/** The most vCPUs of one type that On-Demand Instances of a group can come to; 0 where nobody knows. */
function groupVcpus(group: RecordedResource, type: string): number {
  const unit = textOr(group.inputs.desiredCapacityType, "units");
  const units = mostOnDemand(group);
  if (unit === "vcpu") return units;
  const weights = weightsOf(group);
  const weight = weights.has(type) ? weights.get(type) : 1;
  if (unit !== "units" || !weight) return 0;
  return Math.ceil(units / weight) * (instanceTypeOf(type)?.vcpus ?? 0);
}

/** Whether an instance, or the template that it or its group names, asks for Spot capacity, or for a block of it. */
const isSpot = (resource: RecordedResource, byUrn: ByUrn): boolean =>
  [resource, templateOf(resource, byUrn)].some(
    (one) => one !== undefined && isSaid(object(one.inputs.instanceMarketOptions).marketType),
  );

/** The On-Demand vCPUs that something can come to, with their quota; undefined where none counts them. */
export function onDemandVcpus(
  { kind, resource, types = [] }: Asker,
  byUrn: ByUrn,
): { quota: VcpuQuota; count: number } | undefined {
  if (kind === "throwaway" || isSpot(resource, byUrn)) return undefined;
  const counts = types.map((type) => ({
    type,
    count: kind === "group" ? groupVcpus(resource, type) : (instanceTypeOf(type)?.vcpus ?? 0),
  }));
  const [largest] = counts.sort((a, b) => b.count - a.count);
  const quota = largest && VCPU_QUOTAS.find(({ family }) => family.test(largest.type));
  return quota && { quota, count: largest.count };
}
