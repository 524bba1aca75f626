/**
 * Inputs whose change makes the provider replace a resource, by type: for a change of anything else it is updated.
 * Source: the Terraform AWS provider that @pulumi/aws 7 bridges; arguments that its documentation marks "forces new
 * resource" or that its schema has as ForceNew. A type that is not here is unknown, not free of such inputs.
 */
export const REPLACED_BY: { [type: string]: readonly string[] } = {
  "aws:autoscaling/group:Group": ["name", "namePrefix"],
  "aws:autoscaling/policy:Policy": ["name", "autoscalingGroupName"],
  // internal/service/dlm/lifecycle_policy.go: copy_tags of a schedule is ForceNew, nothing else.
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": ["policyDetails.schedules.0.copyTags"],
  "aws:ec2/amiCopy:AmiCopy": [
    ...["name", "sourceAmiId", "sourceAmiRegion", "encrypted", "kmsKeyId"],
    ...["destinationOutpostArn", "ebsBlockDevices", "ephemeralBlockDevices"],
  ],
  "aws:ec2/amiLaunchPermission:AmiLaunchPermission": [
    ...["imageId", "accountId", "group", "organizationArn", "organizationalUnitArn"],
  ],
  "aws:ec2/amiFromInstance:AmiFromInstance": [
    ...["name", "sourceInstanceId", "snapshotWithoutReboot", "ebsBlockDevices", "ephemeralBlockDevices"],
  ],
  // Its user data only with userDataReplaceOnChange, which replacedBy() looks at. A launch template by CustomizeDiff of
  // internal/service/ec2/ec2_instance.go: another version than that of the instance.
  "aws:ec2/instance:Instance": [
    ...["ami", "availabilityZone", "keyName", "subnetId", "privateIp", "associatePublicIpAddress", "securityGroups"],
    ...["hibernation", "cpuOptions", "enclaveOptions", "ephemeralBlockDevices", "ebsBlockDevices", "networkInterfaces"],
    ...["primaryNetworkInterface", "instanceMarketOptions", "tenancy", "hostId", "placementGroup"],
    ...[
      "launchTemplate",
      "secondaryPrivateIps",
      "rootBlockDevice.deviceName",
      "rootBlockDevice.encrypted",
      "rootBlockDevice.kmsKeyId",
    ],
  ],
  "aws:ec2/launchTemplate:LaunchTemplate": ["name", "namePrefix"],
  "aws:ec2/securityGroup:SecurityGroup": ["name", "namePrefix", "description", "vpcId"],
  "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission": ["snapshotId", "accountId"],
  "aws:ec2/tag:Tag": ["resourceId", "key"],
  "aws:iam/instanceProfile:InstanceProfile": ["name", "namePrefix", "path"],
  "aws:iam/role:Role": ["name", "namePrefix", "path"],
  "aws:iam/rolePolicy:RolePolicy": ["name", "namePrefix", "role"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["role", "policyArn"],
  "aws:kms/alias:Alias": ["name", "namePrefix"],
  "aws:kms/key:Key": ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
  "aws:lb/listener:Listener": ["loadBalancerArn"],
  "aws:lb/loadBalancer:LoadBalancer": [
    ...["name", "namePrefix", "internal", "loadBalancerType", "customerOwnedIpv4Pool"],
  ],
  "aws:lb/targetGroup:TargetGroup": [
    ...["name", "namePrefix", "port", "protocol", "protocolVersion", "targetType", "vpcId", "ipAddressType"],
  ],
  "aws:rbin/rule:Rule": ["resourceType"],
  "aws:ssm/parameter:Parameter": ["name"],
};

/** Options of a registration that decide whether it is replaced, as far as they matter here. */
export interface ReplacementOptions {
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
}

/**
 * The inputs of one resource whose change replaces it; undefined for a type that the table does not have. Every
 * resource of @pulumi/aws 7 is replaced when its `region` changes.
 */
export function replacedBy(
  type: string,
  inputs: { [name: string]: unknown },
  { ignoreChanges = [], replaceOnChanges = [] }: ReplacementOptions = {},
): string[] | undefined {
  const table = REPLACED_BY[type];
  if (!table) return undefined;
  const userData = inputs.userDataReplaceOnChange === true ? ["userData", "userDataBase64"] : [];
  const all = [...table, ...userData, ...replaceOnChanges, "region"];
  return [...new Set(all)].filter((name) => !ignoreChanges.includes(name)).sort();
}
