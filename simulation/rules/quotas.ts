import { instanceTypeOf } from "../../components/internal/instanceTypes";
import type { Asker } from "../askers";
import { natStrategyOf, zonesOfVpc } from "../awsxVpc";
import { number, object } from "../inputs";
import { TYPES } from "../resourceTypes";
import type { RecordedResource } from "../types";

/** What an account has by default of something; an account's own figure is known to AWS only. */
interface Quota {
  what: string;
  /** Service Quotas' name and code. */
  name: string;
  code: string;
  usual: number;
  /** How many a resource takes. */
  of: (resource: RecordedResource) => number;
}

const byType =
  (...types: string[]) =>
  ({ type }: RecordedResource): number =>
    types.includes(type) ? 1 : 0;

const balancer = (kind: string, component: string) => (resource: RecordedResource) => {
  if (resource.kind === "remote") return byType(component)(resource);
  const { loadBalancerType = "application" } = resource.inputs;
  return resource.type === TYPES.balancer && loadBalancerType === kind ? 1 : 0;
};

/** awsx makes an address for each of its NAT gateways. */
function addresses({ type, inputs }: RecordedResource): number {
  if (type !== TYPES.vpc) return type === TYPES.address ? 1 : 0;
  const strategy = natStrategyOf(inputs);
  if (strategy === "None") return 0;
  return strategy === "Single" ? 1 : (zonesOfVpc(inputs) ?? 3);
}

/** Defaults and codes: Service Quotas, and the services' pages on quotas. */
const QUOTAS: Quota[] = [
  {
    what: "Elastic IP addresses",
    name: "EC2-VPC Elastic IPs",
    code: "L-0263D0A3",
    usual: 5,
    of: addresses,
  },
  {
    what: "VPCs",
    name: "VPCs per Region",
    code: "L-F678F1CE",
    usual: 5,
    of: byType("aws:ec2/vpc:Vpc", TYPES.vpc),
  },
  {
    what: "Application Load Balancers",
    name: "Application Load Balancers per Region",
    code: "L-53DA6B97",
    usual: 50,
    of: balancer("application", TYPES.applicationBalancer),
  },
  {
    what: "Network Load Balancers",
    name: "Network Load Balancers per Region",
    code: "L-69A177A2",
    usual: 50,
    of: balancer("network", TYPES.networkBalancer),
  },
  {
    what: "Auto Scaling groups",
    name: "Auto Scaling groups per region",
    code: "L-CDE20ADC",
    usual: 500,
    of: byType(TYPES.group),
  },
  {
    what: "health checks",
    name: "Health checks",
    code: "L-ACB674F3",
    usual: 200,
    of: byType(TYPES.healthCheck),
  },
];

/** Families by the quota that their vCPUs count towards: EC2 user guide, "On-Demand instance quotas". */
const VCPUS: { family: RegExp; name: string; code: string; usual: number }[] = [
  { family: /^(dl|trn|inf|vt|g)\d/, name: "Running On-Demand G and VT instances", code: "L-DB2E81BA", usual: 0 },
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

/** The On-Demand Instances that a group can come to. */
function mostOnDemand(group: RecordedResource): number {
  const most = number(group.inputs.maxSize) ?? 0;
  const { instancesDistribution } = object(group.inputs.mixedInstancesPolicy);
  if (instancesDistribution === undefined) return most;
  const { onDemandBaseCapacity, onDemandPercentageAboveBaseCapacity } = object(instancesDistribution);
  const base = Math.min(most, number(onDemandBaseCapacity) ?? 0);
  return base + Math.ceil(((most - base) * (number(onDemandPercentageAboveBaseCapacity) ?? 100)) / 100);
}

/** Adds up per account and region. */
class Uses {
  private readonly found = new Map<string, { region: string; count: number }>();

  add({ provider = "", region = "" }: RecordedResource, count: number): void {
    const key = `${provider} ${region}`;
    this.found.set(key, { region, count: (this.found.get(key)?.count ?? 0) + count });
  }

  notes(what: string, { name, code, usual }: Pick<Quota, "name" | "code" | "usual">): string[] {
    return [...this.found.values()]
      .filter(({ count }) => count > usual)
      .map(
        ({ region, count }) =>
          `${region === "" ? "" : `${region}: `}up to ${count} ${what}, and AWS's default for "${name}" (quota ${code}) is ${usual}. Ask Service Quotas for more before \`pulumi up\`, unless the account has more.`,
      );
  }
}

/** Quotas that the stack alone passes when the account has AWS's defaults. */
export function quotaNotes(resources: readonly RecordedResource[], askers: readonly Asker[]): string[] {
  const counted = QUOTAS.flatMap((quota) => {
    const uses = new Uses();
    for (const resource of resources) uses.add(resource, quota.of(resource));
    return uses.notes(quota.what, quota);
  });
  const vcpus = VCPUS.map((quota) => ({ quota, uses: new Uses() }));
  for (const { kind, resource, types = [] } of askers) {
    const sizes = types.map((type) => ({ type, vcpus: instanceTypeOf(type)?.vcpus ?? 0 }));
    const [largest] = sizes.sort((a, b) => b.vcpus - a.vcpus);
    if (largest === undefined || kind === "throwaway") continue;
    const count = largest.vcpus * (kind === "group" ? mostOnDemand(resource) : 1);
    vcpus.find(({ quota }) => quota.family.test(largest.type))?.uses.add(resource, count);
  }
  return [...counted, ...vcpus.flatMap(({ quota, uses }) => uses.notes("vCPUs of On-Demand Instances", quota))];
}
