import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import { accountOf, type Aws } from "../../components/gates/kit/aws";
import { isNotFound } from "../../components/gates/kit/errors";
import { GateFailure } from "../../components/gates/kit/failure";
import { patiently } from "../../components/gates/kit/waiting";
import { describeGroup } from "../../components/gates/rollout/group";
import { type RecoveryRecord, recoveryRecordName } from "../../components/internal/recoveryRecord";
import { recordOf } from "./record";
import type { Request } from "./request";

/** A recovery region as it stands: its record, and its group. */
export interface Standing {
  record: RecoveryRecord;
  group: AutoScalingGroup;
}

async function valueOf(aws: Aws, name: string): Promise<string | undefined> {
  const { GetParameterCommand } = await import("@aws-sdk/client-ssm");
  const ssm = await aws.ssm();
  try {
    const { Parameter } = await patiently("GetParameter", aws.timing, () =>
      ssm.send(new GetParameterCommand({ Name: name })),
    );
    return Parameter?.Value;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The record with its group; a strategy without one is a `pulumi up`'s work. */
export async function standingIn(aws: Aws, { line, stack }: Request, option: string): Promise<Standing> {
  const { region } = aws;
  const text = await valueOf(aws, recoveryRecordName(line, stack));
  const record = recordOf({ region, line, stack, text, option, state: "Nothing was changed." });
  if (record.groupName === undefined) {
    throw new GateFailure({
      what: `${region} has a launch template and an image, and no group (${record.strategy}): there is nothing to raise`,
      next: [
        `set \`ami-lifecycle:activeRegion: ${region}\` in Pulumi.${stack}.yaml and run \`pulumi up\`: it makes network, load balancer and group`,
        `or launch from the template: aws ec2 run-instances --region ${region} --launch-template LaunchTemplateId=${record.launchTemplateId},Version=${record.launchTemplateVersion}`,
      ],
      state: "Nothing was changed.",
    });
  }
  const group = await describeGroup(aws, record.groupName);
  if (!group) {
    throw new GateFailure({
      what: `the Auto Scaling group ${record.groupName} of the record does not exist in ${region}`,
      look: [
        `aws autoscaling describe-auto-scaling-groups --region ${region} --query 'AutoScalingGroups[].AutoScalingGroupName'`,
      ],
      next: ["somebody deleted it: `pulumi up --refresh` makes it again"],
      state: "Nothing was changed.",
    });
  }
  await aws.requireAccount(accountOf(group.AutoScalingGroupARN), `the Auto Scaling group ${record.groupName}`);
  return { record, group };
}
