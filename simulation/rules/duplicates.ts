import { own } from "../../components/internal/own";
import { type ByUrn, sourcesOf } from "../inputs";
import { flag, isSaid } from "../values";
import { isRegional } from "../model";
import { TYPES } from "../resourceTypes";
import type { RecordedResource } from "../types";
import { knownText } from "../wire";
import type { Finding } from "./finding";

const IMAGE = { kind: "image", input: "name", error: "InvalidAMIName.Duplicate" };

/** What a name is in, beside its account and region. */
interface Place {
  /** The input that names it. */
  input: string;
  what: string;
  /** Types of resources that are such a place. */
  types: string[];
}

const IN_VPC: Place = { input: "vpcId", what: "VPC", types: ["aws:ec2/vpc:Vpc", TYPES.vpc] };
const IN_GROUP: Place = { input: "autoscalingGroupName", what: "Auto Scaling group", types: [TYPES.group] };
const ON_BUS: Place = { input: "eventBusName", what: "event bus", types: ["aws:cloudwatch/eventBus:EventBus"] };

interface Unique {
  kind: string;
  input: string;
  /** What AWS answers to a second one. Without it AWS takes the second for a change of the first. */
  error?: string;
  /** Where there is one of the name at most; without it, of a regional type, in an account's region. */
  in?: "account" | "world";
  within?: Place;
}

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
    ...{ kind: "security group", input: "name", error: "InvalidGroup.Duplicate", within: IN_VPC },
  },
  [TYPES.parameter]: { kind: "parameter", input: "name", error: "ParameterAlreadyExists" },
  "aws:kms/alias:Alias": { kind: "alias", input: "name", error: "AlreadyExistsException" },
  "aws:iam/role:Role": { kind: "role", input: "name", error: "EntityAlreadyExists" },
  "aws:iam/instanceProfile:InstanceProfile": { kind: "profile", input: "name", error: "EntityAlreadyExists" },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { kind: "metric alarm", input: "name" },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": { kind: "composite alarm", input: "alarmName" },
  // CloudWatch shows a dashboard in every region.
  "aws:cloudwatch/dashboard:Dashboard": { kind: "dashboard", input: "dashboardName", in: "account" },
  "aws:cloudwatch/eventRule:EventRule": { kind: "event rule", input: "name", within: ON_BUS },
  "aws:autoscaling/schedule:Schedule": { kind: "scheduled action", input: "scheduledActionName", within: IN_GROUP },
  "aws:autoscaling/policy:Policy": { kind: "policy", input: "name", within: IN_GROUP },
  "aws:autoscaling/lifecycleHook:LifecycleHook": { kind: "hook", input: "name", within: IN_GROUP },
  "aws:s3/bucket:Bucket": { kind: "bucket", input: "bucket", error: "BucketAlreadyExists", in: "world" },
};

/** What a resource is in; undefined where nobody knows: a value of another stack, or of a component, can be any of its. */
function placeIn(resource: RecordedResource, { input, types }: Place, byUrn: ByUrn): string | undefined {
  const said = resource.inputs[input];
  if (!isSaid(said)) return "default";
  const [source, ...others] = sourcesOf(resource, input, byUrn);
  const own = source && others.length === 0 && types.includes(source.type) ? source.urn : undefined;
  return knownText(said) ?? own;
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
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return resources.flatMap((resource): Finding[] => {
    const unique = own(UNIQUE, resource.type);
    const name = unique && knownText(resource.inputs[unique.input]);
    if (unique === undefined || name === undefined || name === "" || isOverwriting(resource)) return [];
    const isInRegion = isRegional(resource.type) && unique.in === undefined;
    if (isInRegion && resource.region === undefined) return [];
    const place = isInRegion ? (resource.region ?? "") : "";
    const account = unique.in === "world" ? "" : (resource.provider ?? "");
    const inside = unique.within === undefined ? "" : placeIn(resource, unique.within, byUrn);
    if (inside === undefined) return [];
    const key = JSON.stringify([unique.kind, account, place, inside, name]);
    const first = taken.get(key);
    if (first === undefined) {
      taken.set(key, resource);
      return [];
    }
    const { error, within } = unique;
    const where = within
      ? ` in its ${within.what}`
      : place === ""
        ? ` in the ${unique.in ?? "account"}`
        : ` in ${place}`;
    const why = error === undefined ? `one of the two replaces the other: ${first.name}` : `${error}: ${first.name}`;
    const allowed = `a name of its own${where} (${why} has it)`;
    const problem = { path: unique.input, given: name, allowed, fix: "Choose another name" };
    return [{ resource, severity: error === undefined ? "warning" : "error", problem }];
  });
}
