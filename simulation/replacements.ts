import { own } from "../components/internal/own";
import { architecturesOf } from "../components/internal/instanceTypes";

/** What a change of a type's inputs does, as property paths. The narrower path decides; of two alike the first list's. */
interface Inputs {
  /** Replaces the resource. */
  replace: readonly string[];
  /** Updates it in place. */
  update: readonly string[];
}

/**
 * What a change of inputs does, by type. An input in neither list is unknown (newer than what was read, or decided by a
 * look at AWS), and so is a type that is not here: nothing is guessed. Source: the schemas of the Terraform AWS provider
 * that @pulumi/aws 7 bridges (internal/service/…/*.go): `replace` has ForceNew there, `update` has not.
 */
const TABLE: { [type: string]: Inputs } = {
  "aws:autoscaling/group:Group": {
    replace: ["name", "namePrefix", "initialLifecycleHooks"],
    update: [
      ...["availabilityZoneDistribution", "availabilityZones", "capacityRebalance", "context", "defaultCooldown"],
      ...["capacityReservationSpecification", "defaultInstanceWarmup"],
      ...["desiredCapacity", "desiredCapacityType", "enabledMetrics", "forceDelete", "forceDeleteWarmPool"],
      ...["healthCheckGracePeriod", "healthCheckType", "ignoreFailedScalingActivities", "instanceMaintenancePolicy"],
      ...["instanceRefresh", "launchConfiguration", "launchTemplate", "loadBalancers", "maxInstanceLifetime"],
      ...["maxSize", "metricsGranularity", "minElbCapacity", "minSize", "mixedInstancesPolicy", "placementGroup"],
      ...["protectFromScaleIn", "serviceLinkedRoleArn", "suspendedProcesses", "tags", "targetGroupArns"],
      ...["terminationPolicies", "trafficSources", "vpcZoneIdentifiers", "waitForCapacityTimeout"],
      ...["waitForElbCapacity", "warmPool"],
    ],
  },
  "aws:autoscaling/lifecycleHook:LifecycleHook": {
    replace: ["name", "autoscalingGroupName"],
    update: [
      ...["defaultResult", "heartbeatTimeout", "lifecycleTransition", "notificationMetadata", "notificationTargetArn"],
      "roleArn",
    ],
  },
  "aws:autoscaling/notification:Notification": { replace: ["topicArn"], update: ["groupNames", "notifications"] },
  "aws:autoscaling/schedule:Schedule": {
    replace: ["scheduledActionName", "autoscalingGroupName"],
    update: ["desiredCapacity", "endTime", "maxSize", "minSize", "recurrence", "startTime", "timeZone"],
  },
  "aws:autoscaling/policy:Policy": {
    replace: ["name", "autoscalingGroupName"],
    update: [
      ...["adjustmentType", "cooldown", "enabled", "estimatedInstanceWarmup", "metricAggregationType"],
      ...["minAdjustmentMagnitude", "policyType", "predictiveScalingConfiguration", "scalingAdjustment"],
      ...["stepAdjustments", "targetTrackingConfiguration"],
    ],
  },
  "aws:cloudwatch/dashboard:Dashboard": { replace: ["dashboardName"], update: ["dashboardBody"] },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    replace: ["name"],
    update: [
      ...[
        "actionsEnabled",
        "alarmActions",
        "alarmDescription",
        "comparisonOperator",
        "datapointsToAlarm",
        "dimensions",
      ],
      ...["evaluateLowSampleCountPercentiles", "evaluationPeriods", "extendedStatistic", "insufficientDataActions"],
      ...["metricName", "metricQueries", "namespace", "okActions", "period", "statistic", "tags", "threshold"],
      ...["thresholdMetricId", "treatMissingData", "unit"],
    ],
  },
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": {
    replace: ["policyDetails.schedules[*].copyTags"],
    update: ["description", "executionRoleArn", "policyDetails", "state", "tags"],
  },
  "aws:ec2/amiCopy:AmiCopy": {
    replace: ["name", "sourceAmiId", "sourceAmiRegion", "encrypted", "kmsKeyId", "ephemeralBlockDevices"],
    update: ["deprecationTime", "description", "destinationOutpostArn", "ebsBlockDevices", "tags"],
  },
  "aws:ec2/amiFromInstance:AmiFromInstance": {
    replace: ["name", "sourceInstanceId", "snapshotWithoutReboot", "ephemeralBlockDevices"],
    update: ["deprecationTime", "description", "ebsBlockDevices", "tags"],
  },
  "aws:ec2/amiLaunchPermission:AmiLaunchPermission": {
    replace: ["imageId", "accountId", "group", "organizationArn", "organizationalUnitArn"],
    update: [],
  },
  // Its type is in DECIDED_BY_VALUES. A launch template by CustomizeDiff: another version than that of the instance. Its user data replaces it with userDataReplaceOnChange, see replacedBy().
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    replace: ["vpcId"],
    update: ["egress", "ingress", "revokeRulesOnDelete", "tags"],
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    replace: [
      "resourceConfigurationArn",
      "serviceName",
      "serviceNetworkArn",
      "serviceRegion",
      "vpcEndpointType",
      "vpcId",
    ],
    update: [
      ...["autoAccept", "dnsOptions", "ipAddressType", "policy", "privateDnsEnabled", "routeTableIds"],
      ...["securityGroupIds", "subnetConfigurations", "subnetIds", "tags"],
    ],
  },
  "aws:ec2/instance:Instance": {
    replace: [
      ...["ami", "availabilityZone", "keyName", "subnetId", "privateIp", "associatePublicIpAddress", "securityGroups"],
      ...["hibernation", "enclaveOptions", "ephemeralBlockDevices", "ebsBlockDevices", "networkInterfaces"],
      ...["primaryNetworkInterface", "instanceMarketOptions", "tenancy", "hostId", "placementGroup", "ebsOptimized"],
      ...["placementPartitionNumber", "ipv6Addresses", "launchTemplate"],
      ...["cpuOptions.amdSevSnp", "cpuOptions.coreCount", "cpuOptions.threadsPerCore"],
      ...["rootBlockDevice.encrypted", "rootBlockDevice.kmsKeyId"],
    ],
    update: [
      ...["capacityReservationSpecification", "creditSpecification", "disableApiStop", "disableApiTermination"],
      ...["ebsBlockDevices[*].tags", "getPasswordData", "iamInstanceProfile", "instanceInitiatedShutdownBehavior"],
      ...["ipv6AddressCount", "maintenanceOptions", "metadataOptions", "monitoring", "rootBlockDevice"],
      ...["secondaryPrivateIps", "sourceDestCheck", "tags", "userData", "userDataBase64", "userDataReplaceOnChange"],
      ...["volumeTags", "vpcSecurityGroupIds"],
    ],
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    replace: ["name", "namePrefix"],
    update: [
      ...["blockDeviceMappings", "capacityReservationSpecification", "cpuOptions", "creditSpecification"],
      ...["defaultVersion", "description", "disableApiStop", "disableApiTermination", "ebsOptimized", "enclaveOptions"],
      ...["hibernationOptions", "iamInstanceProfile", "imageId", "instanceInitiatedShutdownBehavior"],
      ...["instanceMarketOptions", "instanceRequirements", "instanceType", "kernelId", "keyName"],
      ...["licenseSpecifications", "maintenanceOptions", "metadataOptions", "monitoring", "networkInterfaces"],
      ...["placement", "privateDnsNameOptions", "ramDiskId", "securityGroupNames", "tagSpecifications", "tags"],
      ...["updateDefaultVersion", "userData", "vpcSecurityGroupIds"],
    ],
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    replace: ["name", "namePrefix", "description", "vpcId"],
    update: ["egress", "ingress", "revokeRulesOnDelete", "tags"],
  },
  "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission": {
    replace: ["snapshotId", "accountId"],
    update: [],
  },
  "aws:ec2/tag:Tag": { replace: ["resourceId", "key"], update: ["value"] },
  "aws:iam/instanceProfile:InstanceProfile": { replace: ["name", "namePrefix", "path"], update: ["role", "tags"] },
  "aws:iam/role:Role": {
    replace: ["name", "namePrefix", "path"],
    update: [
      ...["assumeRolePolicy", "description", "forceDetachPolicies", "inlinePolicies", "managedPolicyArns"],
      ...["maxSessionDuration", "permissionsBoundary", "tags"],
    ],
  },
  "aws:iam/rolePolicy:RolePolicy": { replace: ["name", "namePrefix", "role"], update: ["policy"] },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { replace: ["role", "policyArn"], update: [] },
  "aws:kms/alias:Alias": { replace: ["name", "namePrefix"], update: ["targetKeyId"] },
  "aws:kms/key:Key": {
    replace: ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
    update: [
      ...["bypassPolicyLockoutSafetyCheck", "deletionWindowInDays", "description", "enableKeyRotation", "isEnabled"],
      ...["policy", "rotationPeriodInDays", "tags"],
    ],
  },
  "aws:lb/listener:Listener": {
    replace: ["loadBalancerArn"],
    update: ["alpnPolicy", "certificateArn", "defaultActions", "port", "protocol", "sslPolicy", "tags"],
  },
  "aws:lb/listenerRule:ListenerRule": {
    replace: ["listenerArn"],
    update: ["actions", "conditions", "priority", "tags", "transforms"],
  },
  // Subnets, security groups and health checks replace a network load balancer in some cases: they are in no list.
  "aws:lb/loadBalancer:LoadBalancer": {
    replace: ["name", "namePrefix", "internal", "loadBalancerType", "customerOwnedIpv4Pool"],
    update: [
      ...["accessLogs", "clientKeepAlive", "connectionLogs", "desyncMitigationMode", "dnsRecordClientRoutingPolicy"],
      ...["dropInvalidHeaderFields", "enableCrossZoneLoadBalancing", "enableDeletionProtection", "enableHttp2"],
      ...["enableTlsVersionAndCipherSuiteHeaders", "enableWafFailOpen", "enableXffClientPort", "enableZonalShift"],
      ...["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic", "idleTimeout", "ipAddressType"],
      ...["minimumLoadBalancerCapacity", "preserveHostHeader", "tags", "xffHeaderProcessingMode"],
    ],
  },
  "aws:lb/targetGroup:TargetGroup": {
    replace: [...["name", "namePrefix", "port", "protocol", "protocolVersion", "targetType", "vpcId", "ipAddressType"]],
    update: [
      ...["connectionTermination", "deregistrationDelay", "lambdaMultiValueHeadersEnabled"],
      ...["loadBalancingAlgorithmType", "loadBalancingAnomalyMitigation", "loadBalancingCrossZoneEnabled"],
      ...["preserveClientIp", "proxyProtocolV2", "slowStart", "stickiness", "tags", "targetFailovers"],
      ...["targetGroupHealth", "targetHealthStates"],
    ],
  },
  "aws:rbin/rule:Rule": {
    replace: ["resourceType"],
    update: ["description", "lockConfiguration", "resourceTags", "retentionPeriod", "tags"],
  },
  "aws:s3/bucket:Bucket": {
    replace: ["bucket", "bucketPrefix", "objectLockEnabled"],
    update: ["forceDestroy", "tags"],
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    replace: ["bucket", "expectedBucketOwner"],
    update: ["rules", "transitionDefaultMinimumObjectSize"],
  },
  "aws:s3/bucketPolicy:BucketPolicy": { replace: ["bucket"], update: ["policy"] },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    replace: ["bucket"],
    update: ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets", "skipDestroy"],
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    replace: ["bucket", "expectedBucketOwner"],
    update: ["rules"],
  },
  // Its tier is in DECIDED_BY_VALUES.
  "aws:route53/healthCheck:HealthCheck": {
    replace: ["type", "requestInterval", "measureLatency", "referenceName", "routingControlArn"],
    update: [
      ...["childHealthThreshold", "childHealthchecks", "cloudwatchAlarmName", "cloudwatchAlarmRegion", "disabled"],
      ...["enableSni", "failureThreshold", "fqdn", "insufficientDataHealthStatus", "invertHealthcheck", "ipAddress"],
      ...["port", "regions", "resourcePath", "searchString", "tags", "triggers"],
    ],
  },
  "aws:route53/record:Record": {
    replace: ["name", "zoneId"],
    update: [
      ...["aliases", "allowOverwrite", "cidrRoutingPolicy", "failoverRoutingPolicies", "geolocationRoutingPolicies"],
      ...["geoproximityRoutingPolicy", "healthCheckId", "latencyRoutingPolicies", "multivalueAnswerRoutingPolicy"],
      ...["records", "setIdentifier", "ttl", "type", "weightedRoutingPolicies"],
    ],
  },
  "aws:ssm/parameter:Parameter": {
    replace: ["name", "dataType"],
    update: [
      ...["allowedPattern", "description", "insecureValue", "keyId", "overwrite", "tags", "type", "value", "valueWo"],
      ...["valueWoVersion"],
    ],
  },
};

/** Whether it replaces, from both values; undefined when they do not say. */
type Decide = (before: unknown, now: unknown) => boolean | undefined;

/** Text that stands for a value which nobody knows yet. */
const isOpen = (value: unknown): boolean => typeof value === "string" && value.startsWith("[");

/** Inputs whose values decide: ForceNewIf and ForceNewIfChange in the provider's sources. */
const DECIDED_BY_VALUES: { [type: string]: { [input: string]: Decide } } = {
  "aws:ec2/instance:Instance": {
    // Replaced when the two types have no architecture in common.
    instanceType: (before, now) => {
      const [old, wanted] = [before, now].map((type) => (typeof type === "string" ? architecturesOf(type) : undefined));
      return old && wanted && !old.some((architecture) => wanted.includes(architecture));
    },
  },
  "aws:ssm/parameter:Parameter": {
    // AWS has no way back from the advanced tier.
    tier: (before, now) => (isOpen(before) || isOpen(now) ? undefined : before === "Advanced" && now === "Standard"),
  },
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
  const table = own(TABLE, type);
  if (!table) return undefined;
  const userData = inputs.userDataReplaceOnChange === true ? ["userData", "userDataBase64"] : [];
  const all = [...table.replace, ...userData, ...replaceOnChanges, "region"];
  return [...new Set(all)].filter((name) => !ignoreChanges.includes(name)).sort();
}

/** The inputs whose change updates a resource of this type in place. */
export const updatedBy = (type: string): readonly string[] => own(TABLE, type)?.update ?? [];

/** What decides over one input by its values. */
export const decidedByValues = (type: string, input: string): Decide | undefined => DECIDED_BY_VALUES[type]?.[input];
