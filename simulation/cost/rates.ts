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
const S3 = "https://aws.amazon.com/s3/pricing/";

/** The regions whose list prices are those of us-east-1 for what is below. */
const asInVirginia = (price: number) => ({ "us-east-1": price, "us-east-2": price, "us-west-2": price });

export const RATES = {
  gp3: { unit: "GB-month", prices: { ...asInVirginia(0.08), "eu-west-1": 0.088 }, source: EBS },
  gp2: { unit: "GB-month", prices: { ...asInVirginia(0.1), "eu-west-1": 0.11 }, source: EBS },
  snapshot: { unit: "GB-month", prices: { ...asInVirginia(0.05), "eu-west-1": 0.05 }, source: EBS },
  transfer: { unit: "GB", prices: { ...asInVirginia(0.02), "eu-west-1": 0.02 }, source: EC2 },
  balancer: { unit: "hour", prices: { ...asInVirginia(0.0225), "eu-west-1": 0.0252 }, source: ELB },
  lcu: { unit: "LCU-hour", prices: { ...asInVirginia(0.008), "eu-west-1": 0.008 }, source: ELB },
  natGateway: { unit: "hour", prices: { ...asInVirginia(0.045), "eu-west-1": 0.048 }, source: VPC },
  natData: { unit: "GB", prices: { ...asInVirginia(0.045), "eu-west-1": 0.048 }, source: VPC },
  address: { unit: "hour", prices: { global: 0.005 }, source: VPC },
  key: { unit: "key-month", prices: { global: 1 }, source: "https://aws.amazon.com/kms/pricing/" },
  alarm: { unit: "alarm-month", prices: { ...asInVirginia(0.1), "eu-west-1": 0.1 }, source: CLOUDWATCH },
  dashboard: { unit: "dashboard-month", prices: { global: 3 }, source: CLOUDWATCH },
  hostedZone: { unit: "zone-month", prices: { global: 0.5 }, source: ROUTE_53 },
  healthCheck: { unit: "check-month", prices: { global: 0.5 }, source: ROUTE_53 },
  healthCheckFeature: { unit: "feature-month", prices: { global: 1 }, source: ROUTE_53 },
  storage: { unit: "GB-month", prices: { ...asInVirginia(0.023), "eu-west-1": 0.023 }, source: S3 },
} satisfies { [name: string]: Rate };

export type RateName = keyof typeof RATES;

/** The price of a unit in a region; undefined where none is known. */
export function rateIn(name: RateName, region: string | undefined): number | undefined {
  const prices: Rate["prices"] = RATES[name].prices;
  // The other partitions have price lists, and currencies, of their own.
  if (region !== undefined && /^(cn|us-gov|us-iso)-?/.test(region)) return undefined;
  return prices.global ?? (region === undefined ? undefined : prices[region]);
}

/** What AWS publishes as free of charge, or charges for by what is in it: no line for each of them. */
export const FREE =
  /^aws:(iam\/|autoscaling\/(?!group:)|lb\/(targetGroup|listener|listenerRule|targetGroupAttachment)|rbin\/|ssm\/parameter|ec2\/(securityGroup|launchTemplate|tag|amiLaunchPermission|snapshotCreateVolumePermission|vpc|subnet|routeTable|route|routeTableAssociation|internetGateway|keyPair|defaultVpc|defaultSubnet|vpcSecurityGroup\w+)(:|$)|s3\/bucket\w+:|kms\/(alias|keyPolicy|grant)|route53\/record|dlm\/|cloudwatch\/eventRule|cloudwatch\/eventTarget|sns\/topicPolicy|sns\/topic:)/;
