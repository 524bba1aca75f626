import { own } from "../../components/internal/own";

/** A published price for one unit of something. */
export interface Rate {
  /** What a unit is: `GB-month`, `hour`. */
  unit: string;
  /** US dollars by region; `global` is the same in every region of the partition `aws`. A region that is missing has no price. */
  prices: { [region: string]: number };
  source: string;
}

/** When the figures below were looked up: the date of the instances' prices, so that all are of one time. */
export const RATES_DATE = "2025-03";

const EBS = "https://aws.amazon.com/ebs/pricing/";
const ELB = "https://aws.amazon.com/elasticloadbalancing/pricing/";
const VPC = "https://aws.amazon.com/vpc/pricing/";
const EC2 = "https://aws.amazon.com/ec2/pricing/on-demand/";
const CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/";
const ROUTE_53 = "https://aws.amazon.com/route53/pricing/";
const KMS = "https://aws.amazon.com/kms/pricing/";
const PRIVATE_LINK = "https://aws.amazon.com/privatelink/pricing/";
const SYSTEMS_MANAGER = "https://aws.amazon.com/systems-manager/pricing/";
const SNS = "https://aws.amazon.com/sns/pricing/";
const S3 = "https://aws.amazon.com/s3/pricing/";

/** The regions whose list prices are those of us-east-1 for what is below. */
const asInVirginia = (price: number) => ({ "us-east-1": price, "us-east-2": price, "us-west-2": price });

export const RATES = {
  gp3: { unit: "GB-month", prices: { ...asInVirginia(0.08), "eu-west-1": 0.088 }, source: EBS },
  gp2: { unit: "GB-month", prices: { ...asInVirginia(0.1), "eu-west-1": 0.11 }, source: EBS },
  gp3Iops: { unit: "IOPS-month", prices: { ...asInVirginia(0.005), "eu-west-1": 0.0055 }, source: EBS },
  gp3Throughput: { unit: "MiB/s-month", prices: { ...asInVirginia(0.04), "eu-west-1": 0.044 }, source: EBS },
  io1: { unit: "GB-month", prices: asInVirginia(0.125), source: EBS },
  io1Iops: { unit: "IOPS-month", prices: asInVirginia(0.065), source: EBS },
  io2: { unit: "GB-month", prices: asInVirginia(0.125), source: EBS },
  io2Iops: { unit: "IOPS-month", prices: asInVirginia(0.065), source: EBS },
  st1: { unit: "GB-month", prices: asInVirginia(0.045), source: EBS },
  sc1: { unit: "GB-month", prices: asInVirginia(0.015), source: EBS },
  standard: { unit: "GB-month", prices: asInVirginia(0.05), source: EBS },
  snapshot: { unit: "GB-month", prices: { ...asInVirginia(0.05), "eu-west-1": 0.05 }, source: EBS },
  // By the region that it leaves.
  transfer: { unit: "GB", prices: { ...asInVirginia(0.02), "eu-west-1": 0.02 }, source: EC2 },
  transferInTheEast: { unit: "GB", prices: { "us-east-1": 0.01, "us-east-2": 0.01 }, source: EC2 },
  balancer: { unit: "hour", prices: { ...asInVirginia(0.0225), "eu-west-1": 0.0252 }, source: ELB },
  lcu: { unit: "LCU-hour", prices: { ...asInVirginia(0.008), "eu-west-1": 0.008 }, source: ELB },
  nlcu: { unit: "NLCU-hour", prices: { ...asInVirginia(0.006), "eu-west-1": 0.006 }, source: ELB },
  gatewayBalancer: { unit: "hour", prices: asInVirginia(0.0125), source: ELB },
  glcu: { unit: "GLCU-hour", prices: asInVirginia(0.004), source: ELB },
  natGateway: { unit: "hour", prices: { ...asInVirginia(0.045), "eu-west-1": 0.048 }, source: VPC },
  natData: { unit: "GB", prices: { ...asInVirginia(0.045), "eu-west-1": 0.048 }, source: VPC },
  address: { unit: "hour", prices: { global: 0.005 }, source: VPC },
  endpoint: { unit: "hour", prices: asInVirginia(0.01), source: PRIVATE_LINK },
  endpointData: { unit: "GB", prices: { ...asInVirginia(0.01), "eu-west-1": 0.01 }, source: PRIVATE_LINK },
  key: { unit: "key-month", prices: { global: 1 }, source: KMS },
  // 0.03 for 10,000
  keyRequests: { unit: "million requests", prices: { ...asInVirginia(3), "eu-west-1": 3 }, source: KMS },
  parameter: {
    unit: "parameter-month",
    prices: { ...asInVirginia(0.05), "eu-west-1": 0.05 },
    source: SYSTEMS_MANAGER,
  },
  topicRequests: { unit: "million requests", prices: { ...asInVirginia(0.5), "eu-west-1": 0.5 }, source: SNS },
  metric: { unit: "metric-month", prices: { ...asInVirginia(0.3), "eu-west-1": 0.3 }, source: CLOUDWATCH },
  alarm: { unit: "alarm-month", prices: { ...asInVirginia(0.1), "eu-west-1": 0.1 }, source: CLOUDWATCH },
  alarmHighResolution: { unit: "alarm-month", prices: { ...asInVirginia(0.3), "eu-west-1": 0.3 }, source: CLOUDWATCH },
  compositeAlarm: { unit: "alarm-month", prices: { ...asInVirginia(0.5), "eu-west-1": 0.5 }, source: CLOUDWATCH },
  dashboard: { unit: "dashboard-month", prices: { global: 3 }, source: CLOUDWATCH },
  hostedZone: { unit: "zone-month", prices: { global: 0.5 }, source: ROUTE_53 },
  dnsQueries: { unit: "million queries", prices: { global: 0.4 }, source: ROUTE_53 },
  healthCheck: { unit: "check-month", prices: { global: 0.5 }, source: ROUTE_53 },
  healthCheckFeature: { unit: "feature-month", prices: { global: 1 }, source: ROUTE_53 },
  healthCheckOutside: { unit: "check-month", prices: { global: 0.75 }, source: ROUTE_53 },
  healthCheckFeatureOutside: { unit: "feature-month", prices: { global: 2 }, source: ROUTE_53 },
  storage: { unit: "GB-month", prices: { ...asInVirginia(0.023), "eu-west-1": 0.023 }, source: S3 },
} satisfies { [name: string]: Rate };

export type RateName = keyof typeof RATES;

/** The price of a unit in a region; undefined where none is known. */
export function rateIn(name: RateName, region: string | undefined): number | undefined {
  const prices: Rate["prices"] = RATES[name].prices;
  // The other partitions have price lists, and currencies, of their own.
  if (region !== undefined && /^(cn-|us-gov-|(us|eu)-iso|eusc-)/.test(region)) return undefined;
  return prices.global ?? (region === undefined ? undefined : own(prices, region));
}

/**
 * What AWS charges nothing for, however it is used: no line for each of them. What it is about (requests through a listener,
 * objects of a bucket, queries of a record) is charged, and has its line, where that goes: balancer, bucket, zone.
 */
export const FREE =
  /^pulumi:providers:|^aws:(iam\/|autoscaling\/(?!group:|policy:)|lb\/(targetGroup|listener|listenerCertificate|listenerRule|targetGroupAttachment)(:|$)|vpc\/securityGroup\w+:|ec2\/(securityGroup|securityGroupRule|eipAssociation|volumeAttachment|launchConfiguration|launchTemplate|tag|amiLaunchPermission|snapshotCreateVolumePermission|vpc|subnet|routeTable|route|routeTableAssociation|internetGateway|keyPair|defaultVpc|defaultSubnet|defaultSecurityGroup|vpcSecurityGroup\w+)(:|$)|s3\/bucket(Policy|PublicAccessBlock|OwnershipControls|Versioning\w*|LifecycleConfiguration\w*|ServerSideEncryptionConfiguration\w*|Acl\w*|CorsConfiguration\w*|Logging\w*|Notification|WebsiteConfiguration\w*):|kms\/(alias|keyPolicy|grant)|route53\/record:|cloudwatch\/eventRule:|cloudwatch\/eventTarget:|sns\/topicPolicy:)/;
