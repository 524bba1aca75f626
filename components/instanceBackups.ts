import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { InstanceBackupsArgs } from "./instanceBackupsArgs";
import type { Copy } from "./internal/backupRules";
import {
  copyProblems,
  DEFAULT_COUNT,
  DEFAULT_UNIT,
  retentionProblems,
  scheduleProblems,
  targetProblems,
} from "./internal/backupRules";
import type { Problem } from "./internal/problems";
import { Checks } from "./internal/rules";
import { TAG } from "./internal/tags";
import { homeRegion, refuse, regionOption } from "./parts/component";
import { ownTags } from "./parts/imageTags";
import { keyOf } from "./parts/keys";

const EVERY_HOURS = 24;
const START_TIME = "03:00";
const POLICY = "AWSDataLifecycleManagerServiceRoleForAMIManagement";

/**
 * Images of servers on a schedule: a policy of Amazon Data Lifecycle Manager for the instances that have a tag, with its
 * role. The images carry the instance's tags and `ami-lifecycle:backup`, its id, by which `ami-lifecycle restore` finds the
 * newest one. Removing the component keeps the images that exist. AWS gives up a backup that fails, and tries again at the
 * next time: watch the metric `ImagesCreateFailed`, by policy, of CloudWatch.
 */
export class InstanceBackups extends pulumi.ComponentResource {
  /** Id of the policy. */
  public readonly policyId: pulumi.Output<string>;
  /** ARN of the policy. */
  public readonly policyArn: pulumi.Output<string>;
  /** ARN of the role that Data Lifecycle Manager works with. */
  public readonly roleArn: pulumi.Output<string>;
  /** Command that lists the backups in their own region, the oldest first. */
  public readonly listCommand: pulumi.Output<string>;

  constructor(name: string, args: InstanceBackupsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:InstanceBackups", name, args, opts);
    const what = `InstanceBackups "${name}"`;
    refuse(this, what, instanceBackupsProblems(name, args).problems);

    /** A value as it is; once it is known, judged by the same rules as plain ones. */
    const judged = <T>(value: T, problems: (known: pulumi.Unwrap<T>) => Problem[]): pulumi.Output<pulumi.Unwrap<T>> =>
      pulumi.output(value).apply((known) => {
        refuse(this, what, problems(known));
        return known;
      });
    const region = homeRegion(this, args.region);
    const { retain = { count: DEFAULT_COUNT }, deprecate } = args;
    const kept = judged({ retain, deprecate }, (known) => retentionProblems("", known.retain, known.deprecate));
    const copies = Object.entries(args.copies ?? {}).map(([target, { kmsKeyArn, ...rest }]) => {
      const check = (copy: Copy) => copyProblems({ [target]: copy }, undefined);
      const key = kmsKeyArn === undefined ? undefined : keyOf(this, what, "copies", target, kmsKeyArn);
      return copyRule(target, judged(rest, check), rest.deprecate !== undefined, key);
    });
    const role = args.roleArn === undefined ? this.role(name, args) : undefined;
    const policy = new aws.dlm.LifecyclePolicy(
      name,
      {
        description: `Backups of instances by ${name}`,
        executionRoleArn: role?.arn ?? (args.roleArn as pulumi.Input<string>),
        state: pulumi.output(args.enabled).apply((on) => (on === false ? "DISABLED" : "ENABLED")),
        policyDetails: {
          policyType: "IMAGE_MANAGEMENT",
          resourceTypes: ["INSTANCE"],
          targetTags: judged(args.targetTags, targetProblems) as pulumi.Output<{ [key: string]: string }>,
          parameters: { noReboot: pulumi.output(args.reboot).apply((reboot) => reboot !== true) },
          schedules: [
            {
              name,
              copyTags: true,
              variableTags: { [TAG.backup]: "$(instance-id)" },
              tagsToAdd: args.imageTags,
              createRule: judged(args.schedule ?? {}, scheduleProblems).apply(createRule),
              retainRule: kept.apply((known) => rule(known.retain)),
              deprecateRule: deprecate && kept.apply((known) => rule(known.deprecate ?? {})),
              crossRegionCopyRules: copies,
            },
          ],
        },
        tags: ownTags(name, {}, args.tags),
        ...regionOption(args.region),
      },
      { parent: this, dependsOn: role?.policies },
    );

    this.policyId = policy.id;
    this.policyArn = policy.arn;
    this.roleArn = policy.executionRoleArn;
    this.listCommand = pulumi.interpolate`aws ec2 describe-images --region ${region} --owners self --filters Name=tag:aws:dlm:lifecycle-policy-id,Values=${policy.id} --query 'sort_by(Images,&CreationDate)[].[CreationDate,ImageId,Name]' --output text`;
    this.registerOutputs({
      policyId: this.policyId,
      policyArn: this.policyArn,
      roleArn: this.roleArn,
      listCommand: this.listCommand,
    });
  }

  /** The role, and what must be attached to it before the policy works. */
  private role(name: string, args: InstanceBackupsArgs): { arn: pulumi.Output<string>; policies: pulumi.Resource[] } {
    const parent = { parent: this };
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: "Amazon Data Lifecycle Manager: images of instances",
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "dlm.amazonaws.com" }, Action: "sts:AssumeRole" }],
        }),
        tags: ownTags(`${name}-role`, {}, args.tags),
      },
      parent,
    );
    const { partition } = aws.getPartitionOutput({}, parent);
    const policyArn = pulumi.interpolate`arn:${partition}:iam::aws:policy/service-role/${POLICY}`;
    const policies: pulumi.Resource[] = [
      new aws.iam.RolePolicyAttachment(`${name}-images`, { role: role.name, policyArn }, parent),
    ];
    const keys = keysOf(args);
    if (keys.length > 0) {
      const policy = pulumi.output(keys).apply((arns) => keyPolicy([...new Set(arns)]));
      policies.push(new aws.iam.RolePolicy(`${name}-keys`, { role: role.name, policy }, parent));
    }
    return { arn: role.arn, policies };
  }
}

/** Keys that the role must be let to use: the managed policy has nothing of KMS. */
const keysOf = ({ copies = {}, volumeKmsKeyArns = [] }: InstanceBackupsArgs): pulumi.Input<string>[] => [
  ...volumeKmsKeyArns,
  ...Object.values(copies).flatMap(({ kmsKeyArn }) => (kmsKeyArn === undefined ? [] : [kmsKeyArn])),
];

/** What the user guide of Data Lifecycle Manager asks for, "IAM service roles". */
const keyPolicy = (arns: string[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
        Resource: arns,
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
      {
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        Resource: arns,
      },
    ],
  });

interface KnownPeriod {
  count?: number;
  interval?: number;
  unit?: string;
}

const rule = ({ count, interval, unit }: KnownPeriod) =>
  count !== undefined ? { count } : { interval, intervalUnit: unit ?? DEFAULT_UNIT };

const createRule = ({ everyHours, startTime, cron }: { everyHours?: number; startTime?: string; cron?: string }) =>
  cron !== undefined
    ? { cronExpression: cron }
    : { interval: everyHours ?? EVERY_HOURS, intervalUnit: "HOURS", times: startTime ?? START_TIME };

interface KnownCopy {
  retain: KnownPeriod;
  deprecate?: KnownPeriod;
  encrypted?: boolean;
}

function copyRule(
  targetRegion: string,
  copy: pulumi.Output<KnownCopy>,
  deprecates: boolean,
  cmkArn: pulumi.Output<string> | undefined,
) {
  const age = (of: KnownPeriod | undefined) => ({
    interval: of?.interval as number,
    intervalUnit: of?.unit ?? DEFAULT_UNIT,
  });
  return {
    targetRegion,
    encrypted: copy.apply(({ encrypted }) => encrypted ?? true),
    cmkArn,
    copyTags: true,
    retainRule: copy.apply(({ retain }) => age(retain)),
    deprecateRule: deprecates ? copy.apply(({ deprecate }) => age(deprecate)) : undefined,
  };
}

/** Every problem of the plain values. */
function instanceBackupsProblems(name: string, args: InstanceBackupsArgs): Checks {
  const { schedule = {}, retain = { count: DEFAULT_COUNT }, copies = {}, volumeKmsKeyArns = [] } = args;
  const checks = new Checks()
    .rule("line", "name", name)
    .rule("region", "region", args.region)
    .add(...targetProblems(args.targetTags), ...scheduleProblems({ ...schedule }))
    .add(...retentionProblems("", { ...retain }, args.deprecate), ...copyProblems(copies, args.region))
    .tags("imageTags", args.imageTags)
    .tags("tags", args.tags)
    .rule("roleArn", "roleArn", args.roleArn);
  volumeKmsKeyArns.forEach((arn, i) => checks.rule("keyArn", `volumeKmsKeyArns[${i}]`, arn));
  // The role is named NAME-role-1234567: 64 characters at most (IAM API).
  if (name.length > 51) {
    checks.add({ path: "name", given: name, allowed: "at most 51 characters", fix: "Choose a shorter name" });
  }
  if (args.roleArn !== undefined && volumeKmsKeyArns.length > 0) {
    checks.add({
      path: "volumeKmsKeyArns",
      allowed: "keys for the role that is made",
      fix: "Let the given role use them in its own policy, and remove them here",
    });
  }
  return checks;
}
