import { imageParameterName } from "./names";

/**
 * How much of a recovery region stands before it is needed: `backup-restore` (copies, keys, template), `pilot-light` (a group at 0
 * and everything around it), `warm-standby` (a share of the full size), `active-active` (all of it).
 */
export const STRATEGIES = ["backup-restore", "pilot-light", "warm-standby", "active-active"] as const;
export type RecoveryStrategy = (typeof STRATEGIES)[number];

/**
 * What a recovery region says of itself, in the SSM parameter `/ami/LINE/STACK/recovery` there: all that failing over and a
 * drill need, so that they ask nobody in another region. Facts of that region only.
 */
export interface RecoveryRecord {
  strategy: RecoveryStrategy;
  /** The region that this one stands in for. Never asked; for people. */
  home: string;
  version?: string;
  /** The region's own proven copy. */
  imageId: string;
  launchTemplateId: string;
  launchTemplateVersion: string;
  /** The Auto Scaling group's name; none with `backup-restore`. */
  groupName?: string;
  /** ARNs of the load balancer's target groups. */
  targetGroupArns?: string[];
  /** Subnets of the instances. */
  subnetIds?: string[];
  /** What the group has when this region is active. */
  active: RecoverySizes;
  /** What it has while it waits. */
  standby: RecoverySizes;
  /** Minutes within which it must serve, and minutes of changes that may be missing in its image. */
  rtoMinutes: number;
  rpoMinutes: number;
}

export interface RecoverySizes {
  minSize: number;
  maxSize: number;
}

export const recoveryRecordName = (line: string, stack: string): string => imageParameterName(line, stack, "recovery");

const TEXTS = ["home", "imageId", "launchTemplateId", "launchTemplateVersion"] as const;
const NUMBERS = ["rtoMinutes", "rpoMinutes"] as const;

const isSizes = (value: unknown): value is RecoverySizes => {
  const { minSize, maxSize } = (value ?? {}) as Partial<RecoverySizes>;
  return Number.isInteger(minSize) && Number.isInteger(maxSize);
};

/** What the record's text says; undefined where it is none of ours. */
export function recoveryRecordOf(text: string | undefined): RecoveryRecord | undefined {
  let value: Partial<RecoveryRecord> | null;
  try {
    value = JSON.parse(text ?? "") as Partial<RecoveryRecord> | null;
  } catch {
    return undefined;
  }
  if (value === null || typeof value !== "object") return undefined;
  const { strategy, active, standby } = value;
  const whole =
    STRATEGIES.some((one) => one === strategy) &&
    TEXTS.every((key) => typeof value[key] === "string") &&
    NUMBERS.every((key) => typeof value[key] === "number") &&
    isSizes(active) &&
    isSizes(standby);
  return whole ? (value as RecoveryRecord) : undefined;
}
