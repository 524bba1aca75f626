import { own } from "../../components/internal/own";
import { typeOf } from "../../components/internal/resourceRules/typeNames";
import { TYPES } from "../resourceTypes";
import type { RecordedResource } from "../types";
import { balancer } from "./balancer";
import { group, instance } from "./fleet";
import type { Found } from "./found";
import { type CostLine, Lines } from "./lines";
import { alarm, healthCheck, scalingPolicy } from "./monitoring";
import { elasticIp, endpoint, natGateway, vpc } from "./network";
import { copy, key, parameter, recycleBin, topic, zone } from "./services";
import type { Usage } from "./usage";
import { volume } from "./volumes";

type Coster = (resource: RecordedResource, lines: Lines, found: Found) => void;

const bucket: Coster = (_, lines) => lines.used("what is in it", "storage", "bucketGB", 1);

/** What costs something, by type. */
export const COSTERS: { readonly [type: string]: Coster } = {
  [TYPES.instance]: instance,
  [TYPES.group]: group,
  [TYPES.image]: (_, lines) => lines.used("its snapshots", "snapshot", "writtenGiB", 1),
  [TYPES.copy]: copy,
  "aws:ebs/volume:Volume": volume,
  // The policy is free of charge, the snapshots that it makes are not.
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": (_, lines) => lines.used("its snapshots", "snapshot", "backupGB", 1),
  "aws:rbin/rule:Rule": recycleBin,
  [TYPES.balancer]: balancer,
  [TYPES.applicationBalancer]: balancer,
  [TYPES.networkBalancer]: balancer,
  [TYPES.natGateway]: natGateway,
  [TYPES.vpc]: vpc,
  [TYPES.address]: elasticIp,
  "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint,
  [TYPES.key]: key,
  [TYPES.parameter]: parameter,
  "aws:cloudwatch/metricAlarm:MetricAlarm": alarm,
  "aws:autoscaling/policy:Policy": scalingPolicy,
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": (_, lines) => lines.rate("composite alarm", "compositeAlarm", 1),
  "aws:cloudwatch/dashboard:Dashboard": (_, lines) => lines.rate("dashboard", "dashboard", 1),
  "aws:route53/zone:Zone": zone,
  [TYPES.healthCheck]: healthCheck,
  "aws:sns/topic:Topic": topic,
  "aws:s3/bucket:Bucket": bucket,
};

/** The lines of a resource; undefined where nothing is known of what its type costs. */
export function linesOf(resource: RecordedResource, usage: Usage, found: Found): CostLine[] | undefined {
  const coster = own(COSTERS, typeOf(resource.type));
  if (!coster) return undefined;
  const lines = new Lines(resource, usage);
  coster(resource, lines, found);
  return lines.made;
}
