import type { Asker } from "../askers";
import { natStrategyOf, zonesOfVpc } from "../awsxVpc";
import { isSaid } from "../values";
import { type ByUrn, object } from "../inputs";
import { isRegional } from "../model";
import { TYPES } from "../resourceTypes";
import type { RecordedResource } from "../types";
import { VCPU_QUOTAS, vcpusOf } from "./vcpus";

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
  const { loadBalancerType: said } = resource.inputs;
  const loadBalancerType = isSaid(said) ? said : "application";
  return resource.type === TYPES.balancer && loadBalancerType === kind ? 1 : 0;
};

/** awsx makes an address for each of its NAT gateways. */
function addresses({ type, inputs }: RecordedResource): number {
  if (type !== TYPES.vpc) return type === TYPES.address ? 1 : 0;
  const strategy = natStrategyOf(inputs);
  const own = object(inputs.natGateways).elasticIpAllocationIds;
  // Addresses that are brought along are counted where they are made.
  if (strategy === "None" || isSaid(own)) return 0;
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

/** Adds up per account and region. */
class Uses {
  private readonly found = new Map<string, { region: string; count: number }>();

  add({ provider = "", type, region: own = "" }: RecordedResource, count: number): void {
    const region = isRegional(type) ? own : "";
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
export function quotaNotes(resources: readonly RecordedResource[], askers: readonly Asker[], byUrn: ByUrn): string[] {
  const counted = QUOTAS.flatMap((quota) => {
    const uses = new Uses();
    for (const resource of resources) uses.add(resource, quota.of(resource));
    return uses.notes(quota.what, quota);
  });
  const found = askers.map((asker) => ({ resource: asker.resource, counts: vcpusOf(asker, byUrn) }));
  const vcpus = VCPU_QUOTAS.flatMap((quota) => {
    const uses = new Uses();
    for (const { resource, counts } of found) uses.add(resource, counts.get(quota) ?? 0);
    return uses.notes(`vCPUs of ${quota.market} Instances`, quota);
  });
  return [...counted, ...vcpus];
}
