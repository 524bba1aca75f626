import { TYPES } from "../resourceTypes";
import type { RecordedResource, Wire, WireObject } from "../types";
import { knownText } from "../wire";
import { type Count, type Lines, type More } from "./lines";
import type { Machine } from "./machine";
import { type RateName } from "./rates";
import { entries, figure, isLater, isSaid, LATER, part, textOr } from "../values";

/** What images call their root device: `/dev/sda1` or `/dev/xvda`. */
const ROOTS = ["/dev/sda1", "/dev/xvda"];

const TYPES_OF_VOLUME = ["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"] as const satisfies RateName[];

/** What gp3 includes. */
const GP3 = { iops: 3000, throughput: 125 };

/** Up to here an IOPS of io2 has one price; the tiers beyond have others. */
const IO2_TIER = 32_000;

interface Volume {
  what: string;
  isRoot: boolean;
  /** As EC2 names its properties: volumeSize, volumeType, iops, throughput. */
  ebs: WireObject;
}

/** What is beyond the included: nothing, so many, or open. */
function beyond(lines: Lines, what: string, rate: RateName, count: Count, said: Wire | undefined, included: number) {
  if (!isSaid(said)) return;
  const given = figure(said);
  const more: More = { notes: [given === undefined ? LATER : undefined, `over ${included} that are included`] };
  if (given === undefined) lines.units(what, rate, count, undefined, more);
  else if (given > included) lines.units(what, rate, count, given - included, more);
}

function performance(lines: Lines, { what, ebs }: Volume, type: string, count: Count): void {
  const { iops, throughput } = ebs;
  if (type === "gp3") {
    beyond(lines, `IOPS of the ${what}`, "gp3Iops", count, iops, GP3.iops);
    beyond(lines, `throughput of the ${what}`, "gp3Throughput", count, throughput, GP3.throughput);
  }
  const given = figure(iops);
  const notes = [given === undefined ? LATER : undefined];
  if (type === "io1") lines.units(`IOPS of the ${what}`, "io1Iops", count, given, { notes });
  if (type === "io2") {
    const first = given === undefined ? undefined : Math.min(given, IO2_TIER);
    lines.units(`IOPS of the ${what}`, "io2Iops", count, first, { notes });
    if (given !== undefined && given > IO2_TIER)
      lines.unpriced(`IOPS of the ${what} over ${IO2_TIER}`, "IOPS-month", count, "the price has tiers");
  }
}

function volumeLines(lines: Lines, volume: Volume, count: Count, notes: readonly (string | undefined)[]): void {
  const { what, isRoot, ebs } = volume;
  const { volumeSize, volumeType } = ebs;
  // AWS makes gp2 where nobody says; images of today have a root of gp3.
  const type = textOr(volumeType, isRoot ? "gp3" : "gp2");
  const known = TYPES_OF_VOLUME.find((one) => one === type);
  const size = figure(volumeSize);
  if (known === undefined) {
    const named = type === undefined ? what : `${what}, ${type}`;
    return lines.unpriced(named, "GB-month", count, type === undefined ? `its type is ${LATER}` : undefined, ...notes);
  }
  const requests = known === "standard" ? "without $0.05 a million I/O requests" : undefined;
  const more = { notes: [...(known === "gp3" ? [] : [known]), requests, ...notes] };
  if (size !== undefined) lines.units(what, known, count, size, more);
  else lines.used(what, known, isRoot ? "rootGiB" : "dataGiB", count, more);
  performance(lines, volume, known, count);
}

interface Mapping {
  device?: string;
  /** Undefined: there is no volume. */
  ebs?: WireObject;
}

/** The entries of an instance's or a template's own list. */
function mapped(mappings: Wire | undefined): Mapping[] {
  return entries(mappings).map((one) => {
    const { deviceName, ebs, noDevice, virtualName, ...own } = part(one);
    const device = knownText(deviceName);
    // An instance store is in the instance's price.
    const none = isSaid(virtualName) || (isSaid(noDevice) && noDevice !== false && noDevice !== "");
    return { ...(device !== undefined && { device }), ...(!none && { ebs: isSaid(ebs) ? part(ebs) : own }) };
  });
}

/** The disks that a machine gets: those of the instance its image was taken of, unless it says others. */
function volumesOf({ layers, origin }: Machine): Volume[] {
  let root: WireObject = {};
  const data = new Map<string, WireObject | undefined>();
  for (const one of [...(origin ? [origin] : []), ...layers.toReversed()]) {
    const { rootBlockDevice, ebsBlockDevices, blockDeviceMappings } = one.inputs;
    root = { ...root, ...part(rootBlockDevice) };
    const isTemplate = one.type === TYPES.template;
    for (const { device, ebs } of mapped(isTemplate ? blockDeviceMappings : ebsBlockDevices)) {
      if (device !== undefined && ROOTS.includes(device)) root = { ...root, ...ebs };
      else data.set(device ?? `number ${data.size + 1}`, ebs);
    }
  }
  return [
    { what: "root volume", isRoot: true, ebs: root },
    ...[...data].flatMap(([device, ebs]) => (ebs ? [{ what: `data volume ${device}`, isRoot: false, ebs }] : [])),
  ];
}

/** The volumes of so many machines that are alike. */
export function diskLines(
  lines: Lines,
  machine: Machine,
  count: Count,
  { prefix = "", notes = [] }: { prefix?: string; notes?: readonly (string | undefined)[] } = {},
): void {
  for (const volume of volumesOf(machine)) {
    volumeLines(lines, { ...volume, what: prefix + volume.what }, count, notes);
  }
  const isOpen = machine.layers.some(
    ({ inputs: { ebsBlockDevices, blockDeviceMappings } }) => isLater(ebsBlockDevices) || isLater(blockDeviceMappings),
  );
  const why = isOpen ? `their list is ${LATER}` : machine.outside;
  if (why !== undefined) lines.unpriced(`${prefix}data volumes`, "GB-month", undefined, why);
}

/** A volume of its own. */
export function volume({ inputs }: RecordedResource, lines: Lines): void {
  const { size, type, iops, throughput } = inputs;
  const given = { volumeSize: size, volumeType: type, iops, throughput };
  const ebs = Object.fromEntries(Object.entries(given).filter(([, one]) => one !== undefined)) as WireObject;
  volumeLines(lines, { what: "volume", isRoot: false, ebs }, 1, []);
}
