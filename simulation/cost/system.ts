import { TYPES } from "../resourceTypes";
import type { RecordedResource, Wire } from "../types";
import { knownText } from "../wire";
import { type Found, originOf } from "./found";
import { isLater, isSaid, part } from "./values";

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

/** The licensed system of an instance or a template; undefined where it is Linux, or nothing tells. */
function systemOf(machine: RecordedResource, found: Found): string | undefined {
  const origin = originOf(machine, found);
  const machines = [machine, ...(origin ? [origin] : [])];
  const ids = machines.map(({ inputs: { ami, imageId } }) => knownText(ami ?? imageId) ?? "");
  const named = Object.keys(LICENSED).find((one) => ids.some((id) => LICENSED[one]?.test(id)));
  return named ?? (machines.some(isWindowsData) ? "Windows" : undefined);
}

function tenancyOf({ type, inputs }: RecordedResource): Wire | undefined {
  return type === TYPES.template ? part(inputs.placement).tenancy : inputs.tenancy;
}

/** Why the price of Linux with default tenancy is not that of an instance or a template; undefined where it is. */
export function otherPrice(machine: RecordedResource, found: Found): string | undefined {
  const tenancy = tenancyOf(machine);
  if (isLater(tenancy)) return "its tenancy is known only later";
  const said = knownText(tenancy) ?? "default";
  if (isSaid(tenancy) && said === "host") return "on a Dedicated Host, which is charged instead";
  if (said !== "default") return `tenancy ${said}: prices here are of the default one`;
  const system = systemOf(machine, found);
  return system === undefined ? undefined : `${system}: prices here are of Linux`;
}
