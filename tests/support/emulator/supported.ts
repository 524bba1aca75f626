/**
 * The actions and parameters that are modelled, by moto or here. Anything else is answered with 501 and its name: moto
 * drops unknown parameters silently, and a test that passes because of that proves nothing.
 *
 * `n` stands for any number, a final `*` for anything below.
 */
import type { Call } from "./protocol";

const FILTERS = ["Filter.n.Name", "Filter.n.Value.n"];
const PAGES = ["MaxResults", "NextToken"];
const TAGS = ["TagSpecification.n.*"];
const TEMPLATE = ["LaunchTemplateId", "LaunchTemplateName"];
const GROUP = ["AutoScalingGroupName"];
const CONFIGURATION = ["LaunchTemplate.*", "MixedInstancesPolicy.*"];
const SIZES = ["MinSize", "MaxSize", "DesiredCapacity", "VPCZoneIdentifier", "AvailabilityZones.member.n"];
const HEALTH = ["HealthCheckType", "HealthCheckGracePeriod", "DefaultCooldown", "NewInstancesProtectedFromScaleIn"];

const PREFERENCES = [
  "ScaleInProtectedInstances",
  ...["MinHealthyPercentage", "MaxHealthyPercentage", "InstanceWarmup", "SkipMatching", "AutoRollback"],
  ...["CheckpointPercentages.member.n", "CheckpointDelay", "BakeTime", "AlarmSpecification.Alarms.member.n"],
].map((name) => `Preferences.${name}`);

const EC2: Record<string, string[]> = {
  RunInstances: [
    ...[
      "ImageId",
      "InstanceType",
      "MinCount",
      "MaxCount",
      "SubnetId",
      "SecurityGroupId.n",
      "UserData",
      "ClientToken",
      "KeyName",
    ],
    ...["InstanceInitiatedShutdownBehavior", "MetadataOptions.*", "IamInstanceProfile.*", "BlockDeviceMapping.n.*"],
    ...["NetworkInterface.n.*", "Placement.AvailabilityZone", "DryRun", ...TAGS],
    "LaunchTemplate.*",
  ],
  DescribeInstances: ["InstanceId.n", ...FILTERS, ...PAGES],
  DescribeInstanceStatus: ["InstanceId.n", "IncludeAllInstances", ...FILTERS, ...PAGES],
  StartInstances: ["InstanceId.n"],
  StopInstances: ["InstanceId.n", "Force"],
  TerminateInstances: ["InstanceId.n"],
  GetConsoleOutput: ["InstanceId", "Latest"],
  CreateTags: ["ResourceId.n", "Tag.n.*"],
  DeleteTags: ["ResourceId.n", "Tag.n.*"],
  DescribeTags: [...FILTERS, ...PAGES],
  CreateImage: ["InstanceId", "Name", "Description", "NoReboot", ...TAGS],
  RegisterImage: ["Name", "Description", "Architecture", "RootDeviceName", "VirtualizationType", ...TAGS],
  CopyImage: [
    ...[
      "SourceImageId",
      "SourceRegion",
      "Name",
      "Description",
      "Encrypted",
      "KmsKeyId",
      "CopyImageTags",
      "ClientToken",
    ],
    ...TAGS,
  ],
  DescribeImages: [
    "ImageId.n",
    "Owner.n",
    "ExecutableBy.n",
    "IncludeDeprecated",
    "IncludeDisabled",
    ...FILTERS,
    ...PAGES,
  ],
  DescribeImageAttribute: ["ImageId", "Attribute"],
  ModifyImageAttribute: [
    "ImageId",
    "Attribute",
    "OperationType",
    "UserId.n",
    "LaunchPermission.*",
    "OrganizationArn.n",
  ],
  ModifySnapshotAttribute: ["SnapshotId", "Attribute", "OperationType", "UserId.n", "CreateVolumePermission.*"],
  DeregisterImage: ["ImageId", "DeleteAssociatedSnapshots"],
  DescribeSnapshots: ["SnapshotId.n", "Owner.n", ...FILTERS, ...PAGES],
  DeleteSnapshot: ["SnapshotId"],
  DescribeVpcs: ["VpcId.n", ...FILTERS, ...PAGES],
  DescribeSubnets: ["SubnetId.n", ...FILTERS, ...PAGES],
  DeleteSubnet: ["SubnetId"],
  DescribeSecurityGroups: ["GroupId.n", "GroupName.n", ...FILTERS, ...PAGES],
  DeleteSecurityGroup: ["GroupId"],
  CreateKeyPair: ["KeyName"],
  DeleteKeyPair: ["KeyName"],
  DescribeKeyPairs: ["KeyName.n", ...FILTERS],
  CreateSecurityGroup: ["GroupName", "GroupDescription", "VpcId", ...TAGS],
  DescribeInstanceTypeOfferings: ["LocationType", ...FILTERS, ...PAGES],
  CreateLaunchTemplate: ["LaunchTemplateName", "VersionDescription", "LaunchTemplateData.*", "ClientToken", ...TAGS],
  CreateLaunchTemplateVersion: [...TEMPLATE, "VersionDescription", "LaunchTemplateData.*", "ClientToken"],
  DescribeLaunchTemplates: ["LaunchTemplateId.n", "LaunchTemplateName.n", ...FILTERS, ...PAGES],
  DescribeLaunchTemplateVersions: [...TEMPLATE, "LaunchTemplateVersion.n", "MinVersion", "MaxVersion", ...PAGES],
  ModifyLaunchTemplate: [...TEMPLATE, "SetDefaultVersion", "ClientToken"],
  DeleteLaunchTemplate: TEMPLATE,
  DeleteLaunchTemplateVersions: [...TEMPLATE, "LaunchTemplateVersion.n"],
};

const AUTO_SCALING: Record<string, string[]> = {
  CreateAutoScalingGroup: [
    ...GROUP,
    ...CONFIGURATION,
    ...SIZES,
    ...HEALTH,
    "TargetGroupARNs.member.n",
    "Tags.member.n.*",
  ],
  UpdateAutoScalingGroup: [...GROUP, ...CONFIGURATION, ...SIZES, ...HEALTH],
  DeleteAutoScalingGroup: [...GROUP, "ForceDelete"],
  SetDesiredCapacity: [...GROUP, "DesiredCapacity", "HonorCooldown"],
  SetInstanceHealth: ["InstanceId", "HealthStatus", "ShouldRespectGracePeriod"],
  TerminateInstanceInAutoScalingGroup: ["InstanceId", "ShouldDecrementDesiredCapacity"],
  DescribeAutoScalingGroups: ["AutoScalingGroupNames.member.n", "MaxRecords", "NextToken"],
  DescribeScalingActivities: [...GROUP, "MaxRecords", "NextToken"],
  DescribeWarmPool: [...GROUP, "MaxRecords", "NextToken"],
  StartInstanceRefresh: [...GROUP, "Strategy", "DesiredConfiguration.*", ...PREFERENCES],
  DescribeInstanceRefreshes: [...GROUP, "InstanceRefreshIds.member.n", "MaxRecords", "NextToken"],
  CancelInstanceRefresh: GROUP,
  RollbackInstanceRefresh: GROUP,
};

const IAM: Record<string, string[]> = {
  CreateRole: ["RoleName", "AssumeRolePolicyDocument", "Path"],
  GetRole: ["RoleName"],
  CreateServiceLinkedRole: ["AWSServiceName"],
  CreateInstanceProfile: ["InstanceProfileName", "Path"],
  AddRoleToInstanceProfile: ["InstanceProfileName", "RoleName"],
  GetInstanceProfile: ["InstanceProfileName"],
};

const SSM: Record<string, string[]> = {
  GetParameter: ["Name", "WithDecryption"],
  GetParameters: ["Names", "WithDecryption"],
  GetParametersByPath: ["Path", "Recursive", "MaxResults", "NextToken"],
  PutParameter: ["Name", "Value", "Type", "Overwrite", "Description", "DataType", "Tags"],
  DeleteParameter: ["Name"],
};

const KMS: Record<string, string[]> = {
  CreateKey: ["Description", "Policy", "KeyUsage", "KeySpec"],
  DescribeKey: ["KeyId"],
};

const STS: Record<string, string[]> = { GetCallerIdentity: [] };

const ELB: Record<string, string[]> = {
  CreateTargetGroup: [
    "Name",
    "Protocol",
    "Port",
    "VpcId",
    "TargetType",
    "HealthCheckIntervalSeconds",
    "HealthyThresholdCount",
  ],
  DescribeTargetGroups: ["TargetGroupArns.member.n"],
  RegisterTargets: ["TargetGroupArn", "Targets.member.n.*"],
  DescribeTargetHealth: ["TargetGroupArn", "Targets.member.n.*"],
};

const SERVICES: Record<string, Record<string, string[]>> = {
  ec2: EC2,
  autoscaling: AUTO_SCALING,
  elasticloadbalancing: ELB,
  iam: IAM,
  ssm: SSM,
  kms: KMS,
  sts: STS,
};

/** What of the call is not modelled, as a sentence; undefined when all is. */
export function unsupported(call: Call): string | undefined {
  const allowed = SERVICES[call.service]?.[call.action];
  if (!allowed)
    return `The emulator does not model ${call.service} ${call.action}. Add it to supported.ts when it does.`;
  const unknown = Object.keys(call.params).filter((name) => !allowed.some((pattern) => covers(pattern, name)));
  if (!unknown.length) return undefined;
  return `The emulator does not model ${unknown.join(", ")} of ${call.service} ${call.action}. Add it to supported.ts when it does.`;
}

function covers(pattern: string, name: string): boolean {
  const wanted = pattern.split(".");
  const given = name.split(".");
  const below = wanted[wanted.length - 1] === "*";
  if (below ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((part, at) => part === "*" || part === given[at] || (part === "n" && /^\d+$/.test(given[at]!)));
}
