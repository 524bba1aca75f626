import { own } from "../../components/internal/own";
import { TYPES } from "../resourceTypes";
import type { RecordedResource, Wire } from "../types";
import { knownText } from "../wire";
import { elasticOf } from "./addresses";
import type { Found } from "./found";
import type { Count, Lines } from "./lines";
import { subnetsIn } from "./network";
import type { RateName } from "./rates";
import { entries, flag, isLater, isSaid, LATER } from "../values";

/** An hour of it, and what it takes of capacity units. */
const KINDS: { [kind: string]: { hour: RateName; unit: RateName } } = {
  application: { hour: "balancer", unit: "lcu" },
  network: { hour: "balancer", unit: "nlcu" },
  gateway: { hour: "gatewayBalancer", unit: "glcu" },
};

function kindOf({ type, inputs: { loadBalancerType: said } }: RecordedResource): string | undefined {
  if (type === TYPES.networkBalancer) return "network";
  if (type === TYPES.applicationBalancer || !isSaid(said)) return "application";
  return knownText(said);
}

/** One address in each subnet, unless the program makes it itself. */
function addresses(resource: RecordedResource, lines: Lines, found: Found): void {
  const { internal, ipAddressType } = resource.inputs;
  if (flag(internal) === true || knownText(ipAddressType) === "dualstack-without-public-ipv4") return;
  const said = (["subnets", "subnetIds", "subnetMappings"] as const).find((name) => hasEntries(resource.inputs[name]));
  const { count: all, note } = subnetsIn(resource, said ?? "subnets", found);
  const own = said === undefined ? 0 : elasticOf(resource, said, found);
  const count: Count = all === undefined ? undefined : Math.max(0, all - own);
  if (count === 0) return;
  const isOpen = isLater(internal);
  const notes = [note, isOpen ? "if it is not internal" : undefined];
  // What may be internal has addresses or has none.
  lines.rate("public IPv4 address", "address", isOpen ? undefined : count, { notes });
}

const hasEntries = (value: Wire | undefined): boolean => isLater(value) || entries(value).length > 0;

export function balancer(resource: RecordedResource, lines: Lines, found: Found): void {
  const kind = kindOf(resource) ?? "";
  const rates = own(KINDS, kind);
  if (!rates) {
    const why = kind === "" ? `its type is ${LATER}` : `of type ${kind}`;
    lines.unpriced("load balancer", "hour", 1, why);
    lines.unpriced("what goes through it", "LCU-hour", 1, why);
  } else {
    lines.rate("load balancer", rates.hour, 1);
    lines.used("what goes through it", rates.unit, "balancerLcu", 1);
  }
  // The addresses of what is behind a gateway load balancer are its own.
  if (kind !== "gateway") addresses(resource, lines, found);
}
