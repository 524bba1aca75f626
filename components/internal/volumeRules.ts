import { isKnown } from "./known";
import type { Problem } from "./problems";

interface VolumeType {
  /** GiB. */
  size: [number, number];
  /** Provisioned IOPS, where the type takes them. */
  iops?: [number, number];
  /** At most this many IOPS a GiB. */
  iopsPerGiB?: number;
  /** MiB/s, where the type takes it. */
  throughput?: [number, number];
  boots: boolean;
}

/** EBS volume types with their limits: Amazon EBS user guide, "EBS volume types", and the EC2 API's error texts. */
const VOLUME_TYPES: { [type: string]: VolumeType } = {
  gp3: { size: [1, 65536], iops: [3000, 80000], iopsPerGiB: 500, throughput: [125, 2000], boots: true },
  gp2: { size: [1, 16384], boots: true },
  io1: { size: [4, 16384], iops: [100, 64000], iopsPerGiB: 50, boots: true },
  io2: { size: [4, 65536], iops: [100, 256000], iopsPerGiB: 1000, boots: true },
  st1: { size: [125, 16384], boots: false },
  sc1: { size: [125, 16384], boots: false },
  standard: { size: [1, 1024], boots: true },
};

/** EC2 user guide, "Device names for volumes". */
const DEVICE = /^(\/dev\/)?[a-z][a-z0-9]{1,31}$/;

export const bootableTypes = Object.keys(VOLUME_TYPES).filter((type) => VOLUME_TYPES[type]?.boots);

const outside = (value: unknown, [low, high]: [number, number]): boolean =>
  typeof value === "number" && !(Number.isInteger(value) && value >= low && value <= high);

/** How a volume's fields are called where it stands: the provider's resources have other names. */
export type VolumeFields = { [field in "type" | "sizeGiB" | "iops" | "throughput"]?: string };

/** What is wrong with a volume's plain values. `types` narrows the types allowed. */
export function volumeRules(
  path: string,
  volume: { [field: string]: unknown },
  types?: string[],
  called: VolumeFields = {},
): Problem[] {
  const problems: Problem[] = [];
  const add = (field: keyof VolumeFields, allowed: string, fix: string) =>
    problems.push({ path: joined(path, called[field] ?? field), given: volume[field], allowed, fix });
  const { type = "gp3", sizeGiB, iops, throughput } = volume;
  if (typeof type !== "string") return problems;
  const names = types ?? Object.keys(VOLUME_TYPES);
  const rule = names.includes(type) ? VOLUME_TYPES[type] : undefined;
  if (!rule) {
    add("type", names.join(", "), "Choose one of these volume types");
    return problems;
  }
  if (outside(sizeGiB, rule.size))
    add("sizeGiB", `${rule.size[0]} to ${rule.size[1]} GiB for ${type}`, "Change size or type");
  if (isKnown(iops) && !rule.iops) add("iops", `no IOPS for ${type}`, "Remove it, or use gp3, io1 or io2");
  if (rule.iops && outside(iops, rule.iops)) add("iops", `${rule.iops[0]} to ${rule.iops[1]} for ${type}`, "Change it");
  if (isKnown(throughput) && !rule.throughput) add("throughput", "throughput only for gp3", "Remove it, or use gp3");
  if (rule.throughput && outside(throughput, rule.throughput)) {
    add("throughput", `${rule.throughput[0]} to ${rule.throughput[1]} MiB/s`, "Change it");
  }
  const most = mostIops(rule, sizeGiB);
  if (typeof iops === "number" && most !== undefined && iops > most) {
    const small = most === rule.iops?.[0] ? `, and ${most} at any size` : "";
    const allowed = `at most ${rule.iopsPerGiB} IOPS a GiB for ${type}${small} (${most} here)`;
    add("iops", allowed, "Lower it, or make the volume larger");
  }
  const given = iops === undefined ? 3000 : iops;
  if (type === "gp3" && typeof throughput === "number" && typeof given === "number" && throughput > 0.25 * given) {
    add("throughput", "at most 0.25 MiB/s an IOPS (750 at 3000 IOPS)", "Lower it, or raise iops");
  }
  return problems;
}

/** What comes with a volume has no ratio: 3,000 of gp3, however small it is. */
function mostIops({ iops, iopsPerGiB = Infinity }: VolumeType, sizeGiB: unknown): number | undefined {
  return iops && typeof sizeGiB === "number" ? Math.max(iops[0], sizeGiB * iopsPerGiB) : undefined;
}

const joined = (path: string, field: string): string => (path === "" ? field : `${path}.${field}`);

/** Volumes of which each must say its device: there is no root among them by position. */
export function volumeListProblems(path: string, volumes: readonly object[]): Problem[] {
  const seen = new Set<unknown>();
  return volumes.flatMap((given, i) => {
    const volume = given as { [field: string]: unknown };
    const { deviceName } = volume;
    const at = `${path}[${i}]`;
    const problems = volumeRules(at, volume);
    const add = (allowed: string, fix: string) =>
      problems.push({ path: `${at}.deviceName`, given: deviceName, allowed, fix });
    if (deviceName === undefined) add("a device's name such as /dev/sdf", "Set it");
    else if (typeof deviceName === "string" && !DEVICE.test(deviceName))
      add("a device's name such as /dev/sdf", "Change it");
    else if (typeof deviceName === "string" && seen.has(deviceName))
      add("each device once", "Remove the second mention");
    seen.add(deviceName);
    return problems;
  });
}
