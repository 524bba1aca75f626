import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { Aws } from "../kit/aws";
import { GateFailure } from "../kit/failure";
import type { Wanted } from "./equalTemplates";
import type { TemplateVersion } from "./group";
import { describeGroup } from "./group";

export interface RolloutInput {
  /** Who waits, for texts: `fleet web`. */
  what: string;
  groupName: string;
  account?: string;
  /** The template version every instance must run. */
  target: TemplateVersion;
  /** What `live` says the fleet was proven to run, if anything: a failure goes back to it. */
  proven?: TemplateVersion;
  minHealthyPercentage: number;
  maxHealthyPercentage: number;
  /** Seconds a new instance needs before it counts. */
  instanceWarmup: number;
  autoRollback: boolean;
  /** Percentages of replaced instances at which the rollout pauses, and for how many seconds. */
  checkpointPercentages?: number[];
  checkpointDelay?: number;
  /** Seconds all new instances must have lasted before the rollout counts. */
  bakeTime?: number;
  /** CloudWatch alarms that fail the rollout. */
  alarmNames?: string[];
  /** Whether the fleet's instances are protected from scale-in: a rollout replaces them all the same. */
  protectFromScaleIn?: boolean;
  /** How many of the newest template versions are kept after success. */
  keepTemplateVersions: number;
  /** How long the rollout may take, in minutes. */
  limitMinutes: number;
}

/** A rollout, and the way back of a failed one. */
export interface Goal extends RolloutInput {
  wanted: Wanted;
}

export type Say = (text: string) => void;

export async function requireGroup(aws: Aws, input: RolloutInput): Promise<AutoScalingGroup> {
  const group = await describeGroup(aws, input.groupName);
  if (group) return group;
  throw new GateFailure({
    what: `${input.what}: the Auto Scaling group ${input.groupName} does not exist in ${aws.region}`,
    next: ["somebody deleted it: pulumi refresh, then pulumi up"],
  });
}

const command = (aws: Aws, verb: string, { groupName }: RolloutInput): string =>
  `aws autoscaling ${verb} --region ${aws.region} --auto-scaling-group-name ${groupName}`;

export const refreshCommand = (aws: Aws, input: RolloutInput): string =>
  command(aws, "describe-instance-refreshes", input);
export const activitiesCommand = (aws: Aws, input: RolloutInput): string =>
  command(aws, "describe-scaling-activities", input);
export const cancelCommand = (aws: Aws, input: RolloutInput): string => command(aws, "cancel-instance-refresh", input);
export const undoCommand = (aws: Aws, input: RolloutInput): string => command(aws, "rollback-instance-refresh", input);
