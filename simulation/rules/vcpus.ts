import { instanceTypeOf } from "../../components/internal/instanceTypes";
import type { Asker } from "../askers";
import type { ByUrn } from "../inputs";
import { overridesOf, templateOf } from "../launchTemplates";
import type { RecordedResource } from "../types";
import { figure, figureOr, isLater, isSaid, part, textOr } from "../values";
import { knownText } from "../wire";

type Market = "On-Demand" | "Spot";

/** What an account has by default of vCPUs. */
export interface VcpuQuota {
  market: Market;
  family: RegExp;
  /** Service Quotas' name and code. */
  name: string;
  code: string;
  usual: number;
}

const STANDARD = /^(a|c|d|h|i|im|is|m|r|t|z)\d/;
const GRAPHICS = /^(vt|gr?)\d/;

const onDemand = (family: RegExp, code: string, names: string, usual = 0): VcpuQuota => ({
  ...{ market: "On-Demand", family, name: `Running On-Demand ${names} instances`, code, usual },
});

const spot = (family: RegExp, code: string, names: string, usual = 0): VcpuQuota => ({
  ...{ market: "Spot", family, name: `All ${names} Spot Instance Requests`, code, usual },
});

/**
 * Families by the quota that their vCPUs count towards: EC2 user guide, "On-Demand Instance quotas", "Spot Instance quotas". Of P6,
 * HPC and High Memory it names none for Spot.
 */
export const VCPU_QUOTAS: readonly VcpuQuota[] = [
  onDemand(/^dl\d/, "L-6E869C2A", "DL"),
  onDemand(/^f\d/, "L-74FC7D96", "F"),
  onDemand(GRAPHICS, "L-DB2E81BA", "G and VT"),
  onDemand(/^hpc\d/, "L-F7808C92", "HPC"),
  onDemand(/^u(\d|-)/, "L-43DA4232", "High Memory"),
  onDemand(/^inf\d/, "L-1945791B", "Inf"),
  onDemand(/^p\d/, "L-417A185B", "P"),
  onDemand(STANDARD, "L-1216C47A", "Standard (A, C, D, H, I, M, R, T, Z)", 5),
  onDemand(/^trn\d/, "L-2C3B7624", "Trn"),
  onDemand(/^x\d/, "L-7295265B", "X"),
  spot(/^dl\d/, "L-85EED4F7", "DL"),
  spot(/^f\d/, "L-88CF9481", "F"),
  spot(GRAPHICS, "L-3819A6DF", "G and VT"),
  spot(/^inf\d/, "L-B5D1601B", "Inf"),
  spot(/^p[2-4]/, "L-7212CCBC", "P4, P3 and P2"),
  spot(/^p5/, "L-C4BD4855", "P5"),
  spot(STANDARD, "L-34B43A08", "Standard (A, C, D, H, I, M, R, T, Z)", 5),
  spot(/^trn\d/, "L-6B0D517C", "Trn"),
  spot(/^x\d/, "L-E3A00192", "X"),
];

/** The units of a group's size that can be instances of a market, given the market that its template asks for. */
function unitsOf(group: RecordedResource, market: Market, asked: Market): number {
  const most = figure(group.inputs.maxSize) ?? 0;
  // A template that asks for Spot is for a group without a policy.
  if (asked === "Spot") return market === "Spot" ? most : 0;
  const { instancesDistribution } = part(group.inputs.mixedInstancesPolicy);
  if (isLater(instancesDistribution)) return most;
  const { onDemandBaseCapacity, onDemandPercentageAboveBaseCapacity } = part(instancesDistribution);
  const base = Math.min(most, figureOr(onDemandBaseCapacity, 0) ?? (market === "Spot" ? 0 : most));
  // Known only later, it can be anything.
  const percent = figureOr(onDemandPercentageAboveBaseCapacity, 100) ?? (market === "Spot" ? 0 : 100);
  const above = Math.ceil(((most - base) * Math.min(percent, 100)) / 100);
  return market === "Spot" ? most - base - above : base + above;
}

/** By type: how many units of a group's size one instance is. */
const weightsOf = (group: RecordedResource): Map<string | undefined, number | undefined> =>
  new Map(overridesOf(group).map((one) => [knownText(one.instanceType), figureOr(one.weightedCapacity, 1)]));

/** The most vCPUs that a group's units can come to as one type; 0 where nobody knows. */
function groupVcpus(group: RecordedResource, type: string, units: number): number {
  const unit = textOr(group.inputs.desiredCapacityType, "units");
  if (unit === "vcpu") return units;
  const weights = weightsOf(group);
  const weight = weights.has(type) ? weights.get(type) : 1;
  if (unit !== "units" || !weight) return 0;
  return Math.ceil(units / weight) * (instanceTypeOf(type)?.vcpus ?? 0);
}

/** The market that an instance, or the template that it or its group names, asks for; undefined of a block of capacity, and unknown. */
function marketOf(resource: RecordedResource, byUrn: ByUrn): Market | undefined {
  const asked = [resource, templateOf(resource, byUrn)].map((one) => one?.inputs.instanceMarketOptions).find(isSaid);
  const { marketType } = part(asked);
  if (!isSaid(marketType)) return isLater(asked) ? undefined : "On-Demand";
  return knownText(marketType) === "spot" ? "Spot" : undefined;
}

/** Whether an instance, or what the template asks for, runs on a Dedicated Host, whose quotas are the hosts'. */
const isOnHost = (resource: RecordedResource, byUrn: ByUrn): boolean =>
  [resource.inputs, part(templateOf(resource, byUrn)?.inputs.placement)].some(
    ({ tenancy, hostId, hostResourceGroupArn }) =>
      knownText(tenancy) === "host" || isSaid(hostId) || isSaid(hostResourceGroupArn),
  );

/** The vCPUs that something can come to, by the quota that counts them: of several types the largest. */
export function vcpusOf({ kind, resource, types = [] }: Asker, byUrn: ByUrn): Map<VcpuQuota, number> {
  const found = new Map<VcpuQuota, number>();
  const asked = kind === "throwaway" || isOnHost(resource, byUrn) ? undefined : marketOf(resource, byUrn);
  if (asked === undefined) return found;
  const count = (type: string, market: Market): number => {
    if (kind === "group") return groupVcpus(resource, type, unitsOf(resource, market, asked));
    return market === asked ? (instanceTypeOf(type)?.vcpus ?? 0) : 0;
  };
  for (const quota of VCPU_QUOTAS) {
    const counts = types.filter((type) => quota.family.test(type)).map((type) => count(type, quota.market));
    const most = Math.max(0, ...counts);
    if (most > 0) found.set(quota, most);
  }
  return found;
}
