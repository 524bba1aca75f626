import { own } from "../../components/internal/own";
import { flag, isSaid } from "../values";
import { isRegional } from "../model";
import { TYPES } from "../resourceTypes";
import type { RecordedResource } from "../types";
import { knownText } from "../wire";
import type { Finding } from "./finding";

const IMAGE = { kind: "image", input: "name", error: "InvalidAMIName.Duplicate" };

interface Unique {
  kind: string;
  input: string;
  /** What AWS answers to a second one. Without it AWS takes the second for a change of the first. */
  error?: string;
  /** Where there is one of the name at most; without it, of a regional type, in an account's region. */
  in?: "account" | "world";
  /** The input that names what it is in. */
  within?: string;
}

const ALARM = "alarm";

/** What must have a name of its own. */
const UNIQUE: { [type: string]: Unique } = {
  [TYPES.image]: IMAGE,
  [TYPES.copy]: IMAGE,
  [TYPES.foreignImage]: IMAGE,
  [TYPES.template]: { kind: "template", input: "name", error: "InvalidLaunchTemplateName.AlreadyExistsException" },
  [TYPES.group]: { kind: "group", input: "name", error: "AlreadyExists" },
  [TYPES.balancer]: { kind: "balancer", input: "name", error: "DuplicateLoadBalancerName" },
  [TYPES.targetGroup]: { kind: "targets", input: "name", error: "DuplicateTargetGroupName" },
  "aws:ec2/securityGroup:SecurityGroup": {
    ...{ kind: "security group", input: "name", error: "InvalidGroup.Duplicate", within: "vpcId" },
  },
  [TYPES.parameter]: { kind: "parameter", input: "name", error: "ParameterAlreadyExists" },
  "aws:kms/alias:Alias": { kind: "alias", input: "name", error: "AlreadyExistsException" },
  "aws:iam/role:Role": { kind: "role", input: "name", error: "EntityAlreadyExists" },
  "aws:iam/instanceProfile:InstanceProfile": { kind: "profile", input: "name", error: "EntityAlreadyExists" },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { kind: ALARM, input: "name" },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": { kind: ALARM, input: "alarmName" },
  "aws:cloudwatch/dashboard:Dashboard": { kind: "dashboard", input: "dashboardName", in: "account" },
  "aws:cloudwatch/eventRule:EventRule": { kind: "event rule", input: "name", within: "eventBusName" },
  "aws:autoscaling/schedule:Schedule": {
    ...{ kind: "scheduled action", input: "scheduledActionName", within: "autoscalingGroupName" },
  },
  "aws:autoscaling/policy:Policy": { kind: "policy", input: "name", within: "autoscalingGroupName" },
  "aws:autoscaling/lifecycleHook:LifecycleHook": { kind: "hook", input: "name", within: "autoscalingGroupName" },
  "aws:s3/bucket:Bucket": { kind: "bucket", input: "bucket", error: "BucketAlreadyExists", in: "world" },
};

/** What an input names that a resource is in; undefined where that is known only later, and comes from nothing here. */
function placeIn({ inputs, inputsFrom }: RecordedResource, input: string): string | undefined {
  const said = inputs[input];
  if (!isSaid(said)) return "default";
  return knownText(said) ?? inputsFrom?.[input]?.join(" ");
}

/** A parameter that takes over the one that there is. */
const isOverwriting = ({ type, inputs }: RecordedResource): boolean =>
  type === TYPES.parameter && flag(inputs.overwrite) !== false && isSaid(inputs.overwrite);

/**
 * Names that two resources of an account and region share: a preview does not see it, and of some not even AWS says it. Two providers are taken for two
 * accounts.
 */
export function duplicateFindings(resources: readonly RecordedResource[]): Finding[] {
  const taken = new Map<string, RecordedResource>();
  return resources.flatMap((resource): Finding[] => {
    const unique = own(UNIQUE, resource.type);
    const name = unique && knownText(resource.inputs[unique.input]);
    if (unique === undefined || name === undefined || name === "" || isOverwriting(resource)) return [];
    const isInRegion = isRegional(resource.type) && unique.in === undefined;
    if (isInRegion && resource.region === undefined) return [];
    const place = isInRegion ? (resource.region ?? "") : "";
    const account = unique.in === "world" ? "" : (resource.provider ?? "");
    const inside = unique.within === undefined ? "" : placeIn(resource, unique.within);
    if (inside === undefined) return [];
    const key = JSON.stringify([unique.kind, account, place, inside, name]);
    const first = taken.get(key);
    if (first === undefined) {
      taken.set(key, resource);
      return [];
    }
    const where = place === "" ? "" : ` in ${place}`;
    const { error } = unique;
    const why = error === undefined ? `one of the two replaces the other: ${first.name}` : `${error}: ${first.name}`;
    const allowed = `a name of its own${where} (${why} has it)`;
    const problem = { path: unique.input, given: name, allowed, fix: "Choose another name" };
    return [{ resource, severity: error === undefined ? "warning" : "error", problem }];
  });
}
