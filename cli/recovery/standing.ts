import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import { accountOf, type Aws } from "../../components/gates/kit/aws";
import { isNotFound } from "../../components/gates/kit/errors";
import { GateFailure } from "../../components/gates/kit/failure";
import { patiently } from "../../components/gates/kit/waiting";
import { describeGroup } from "../../components/gates/rollout/group";
import { type RecoveryRecord, recoveryRecordName, recoveryRecordOf } from "../../components/internal/recoveryRecord";

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

/** The record of a recovery region: all that is needed there, so that no other region is asked. */
export async function recordIn(aws: Aws, line: string, stack: string): Promise<RecoveryRecord> {
  const name = recoveryRecordName(line, stack);
  const text = await valueOf(aws, name);
  const record = recoveryRecordOf(text);
  if (record) return record;
  throw new GateFailure({
    what:
      text === undefined
        ? `${aws.region} has no parameter ${name}: it is no recovery region of this line and stack`
        : `the parameter ${name} of ${aws.region} cannot be read as the record of a recovery region`,
    ...(text !== undefined && { evidence: [text.slice(0, 200)] }),
    look: [`aws ssm get-parameters-by-path --region ${aws.region} --path /ami/${line}/${stack}`],
    next: ["check --line, --stack and the region: `ami-lifecycle:recovery` of the stack's config makes the record"],
    state: "Nothing was changed.",
  });
}

/** The record with its group; a strategy without one is a `pulumi up`'s work. */
export async function standingIn(aws: Aws, line: string, stack: string): Promise<Standing> {
  const record = await recordIn(aws, line, stack);
  const { region } = aws;
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
