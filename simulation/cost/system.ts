import { TYPES } from "../resourceTypes";
import type { RecordedResource, Wire, WireObject } from "../types";
import { knownText } from "../wire";
import type { Subnets } from "./addresses";
import { type Found, sourcesOf } from "./found";
import type { Machine } from "./machine";
import { isLater, isSaid, part } from "../values";

/** Systems with a licence in the price, by the words in an assumed image's id, which come from its parameter or look-up. */
const LICENSED: { [system: string]: RegExp } = {
  Windows: /[-.]windows/i,
  "Red Hat Enterprise Linux": /[-.]rhel/i,
  "SUSE Linux Enterprise": /[-.](suse|sles)/i,
  "Ubuntu Pro": /[-.]ubuntu-pro/i,
};

/** What EC2Launch runs on Windows, and nothing on Linux. */
const WINDOWS_DATA = /^\s*(<powershell>|<script>|version: *1\.\d)/i;

function isWindowsData({ inputs: { userData, userDataBase64 } }: RecordedResource): boolean {
  const texts = [knownText(userData) ?? "", ...[userDataBase64, userData].map(fromBase64)];
  return texts.some((text) => WINDOWS_DATA.test(text));
}

const fromBase64 = (value: Wire | undefined): string =>
  Buffer.from((knownText(value) ?? "").slice(0, 100), "base64").toString("utf8");

/** The licensed system of an instance; undefined where it is Linux, or nothing tells. */
function systemOf({ layers, origin }: Machine): string | undefined {
  const machines = [...layers, ...(origin ? [origin] : [])];
  const ids = machines.map(({ inputs: { ami, imageId } }) => knownText(ami ?? imageId) ?? "");
  const named = Object.keys(LICENSED).find((one) => ids.some((id) => LICENSED[one]?.test(id)));
  return named ?? (machines.some(isWindowsData) ? "Windows" : undefined);
}

/** What names a host, which makes the tenancy `host`. */
const isOnHost = ({ hostId, hostResourceGroupArn }: WireObject): boolean =>
  isSaid(hostId) || isSaid(hostResourceGroupArn);

function saidTenancy({ layers }: Machine): Wire | undefined {
  const places = layers.map(({ type, inputs }) => (type === TYPES.template ? part(inputs.placement) : inputs));
  return places.some(isOnHost) ? "host" : places.map(({ tenancy }) => tenancy).find(isSaid);
}

/** That of the VPC, which holds for all that is in it. */
function vpcTenancy({ of, input }: Subnets, found: Found): Wire | undefined {
  const subnets = sourcesOf(of, input, found, TYPES.subnet);
  const vpcs = [
    ...subnets.flatMap((subnet) => sourcesOf(subnet, "vpcId", found, "aws:ec2/vpc:Vpc", TYPES.vpc)),
    ...sourcesOf(of, input, found, TYPES.vpc),
  ];
  return vpcs.map(({ inputs: { instanceTenancy } }) => instanceTenancy).find((one) => isLater(one) || isOther(one));
}

const isOther = (tenancy: Wire | undefined): boolean => isSaid(tenancy) && knownText(tenancy) !== "default";

/** Why the price of Linux with default tenancy is not that of an instance; undefined where it is. */
export function otherPrice(machine: Machine, subnets: Subnets, found: Found): string | undefined {
  const own = saidTenancy(machine);
  const tenancy = isOther(own) ? own : vpcTenancy(subnets, found);
  if (isLater(tenancy)) return "its tenancy is known only later";
  const said = knownText(tenancy) ?? "default";
  if (said === "host") return "on a Dedicated Host, which is charged instead";
  if (said !== "default") return `tenancy ${said}: prices here are of the default one`;
  const system = systemOf(machine);
  return system === undefined ? undefined : `${system}: prices here are of Linux`;
}
