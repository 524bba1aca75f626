import { natStrategyOf, zonesOfVpc } from "../awsxVpc";
import { TYPES } from "../resourceTypes";
import type { RecordedResource, Wire } from "../types";
import { knownText } from "../wire";
import { elasticOf } from "./addresses";
import { type Found, sourcesOf } from "./found";
import type { Count, Lines } from "./lines";
import { entries, isLater, isSaid, LATER, part, size, textOr } from "../values";

function gatewayLines(lines: Lines, count: Count, addresses: Count, note?: string): void {
  const notes = [note];
  lines.rate("NAT gateway", "natGateway", count, { notes });
  if (addresses !== 0) lines.rate("public IPv4 address", "address", addresses, { notes });
  lines.used("what goes through it", "natData", "natGB", count, { notes });
}

export function natGateway(resource: RecordedResource, lines: Lines, found: Found): void {
  const { connectivityType, availabilityMode, secondaryAllocationIds } = resource.inputs;
  if (knownText(connectivityType) === "private") return gatewayLines(lines, 1, 0);
  if (isSaid(availabilityMode) && knownText(availabilityMode) !== "zonal")
    return gatewayLines(lines, undefined, undefined, `in as many zones as need it, which is ${LATER}`);
  const more = size(secondaryAllocationIds);
  const own = elasticOf(resource, "allocationId", found) + elasticOf(resource, "secondaryAllocationIds", found);
  const isOpen = isLater(connectivityType) || more === undefined;
  gatewayLines(lines, 1, isOpen ? undefined : Math.max(0, 1 + more - own));
}

/** What a VPC of awsx has in it; the simulation does not see its children. */
export function vpc(resource: RecordedResource, lines: Lines, found: Found): void {
  const { inputs } = resource;
  const zones = zonesOfVpc(inputs);
  const { vpcEndpointSpecs } = inputs;
  const note = zones === undefined ? `one in each zone, whose number is ${LATER}` : undefined;
  const strategy = natStrategyOf(inputs);
  // An Elastic IP of the program is charged by itself.
  const given = elasticOf(resource, "natGateways", found);
  if (strategy === undefined) gatewayLines(lines, undefined, undefined, `how many is ${LATER}`);
  else if (strategy !== "None") {
    const count = strategy === "Single" ? Math.min(1, zones ?? 1) : zones;
    if (count !== 0)
      gatewayLines(
        lines,
        count,
        count === undefined ? undefined : Math.max(0, count - given),
        count === undefined ? note : undefined,
      );
  }
  if (isLater(vpcEndpointSpecs)) lines.rate("endpoint, in each zone", "endpoint", undefined, { notes: [LATER] });
  for (const spec of entries(vpcEndpointSpecs)) {
    const { vpcEndpointType, serviceName } = part(spec);
    const name = knownText(serviceName)?.split(".").at(-1);
    endpointLines(lines, name === undefined ? "" : ` of ${name}`, vpcEndpointType, zones, note);
  }
}

/** How many subnets an input names: a VPC of awsx has one of a kind in each zone. */
export function subnetsIn(resource: RecordedResource, input: string, found: Found): { count: Count; note?: string } {
  const said = resource.inputs[input];
  const count = size(said);
  if (count !== undefined && count > 0) return { count };
  const [one, ...others] = sourcesOf(resource, input, found, TYPES.vpc);
  const zones = isLater(said) && one && others.length === 0 ? zonesOfVpc(one.inputs) : undefined;
  // AWS picks the subnets where nobody does, or they come as resources of their own.
  return zones === undefined
    ? { count: undefined, note: `one in each subnet, whose number is ${LATER}` }
    : { count: zones, note: "one in each zone of its VPC" };
}

function endpointLines(lines: Lines, of: string, said: Wire | undefined, zones: Count, note?: string): void {
  const type = textOr(said, "Gateway");
  if (type === "Gateway" || zones === 0) return;
  const [what, data] = [`endpoint${of}, in each zone`, `what goes through the endpoint${of}`];
  if (type !== "Interface" && type !== undefined) {
    lines.unpriced(what, "hour", zones, `of type ${type}`);
    return lines.unpriced(data, "GB", 1, `of type ${type}`);
  }
  const isOpen = type === undefined;
  const why = isOpen ? "if it is an interface endpoint" : undefined;
  lines.rate(what, "endpoint", isOpen ? undefined : zones, { notes: [why, note] });
  lines.used(data, "endpointData", "endpointGB", isOpen ? undefined : 1, { notes: [why] });
}

export function endpoint(resource: RecordedResource, lines: Lines, found: Found): void {
  const { vpcEndpointType, subnetIds, subnetConfigurations } = resource.inputs;
  const input = !isSaid(subnetIds) && isSaid(subnetConfigurations) ? "subnetConfigurations" : "subnetIds";
  const { count, note } = subnetsIn(resource, input, found);
  endpointLines(lines, "", vpcEndpointType, count, note);
}

/** Charged whether or not anything has it; an address that the owner brought along is free. */
export function elasticIp({ inputs: { publicIpv4Pool } }: RecordedResource, lines: Lines): void {
  const pool = textOr(publicIpv4Pool, "amazon");
  if (pool === "amazon") lines.rate("public IPv4 address", "address", 1);
  else lines.rate("public IPv4 address", "address", undefined, { notes: ["unless it is brought to AWS"] });
}
