import type { AutoScalingGroup, DesiredConfiguration, Instance } from "@aws-sdk/client-auto-scaling";
import type { Aws } from "../kit/aws";
import { distributionToApi, type MixedPolicy, policyFromApi } from "../../internal/mixedPolicy";
import { patiently } from "../kit/waiting";

/** A launch template at a numeric version: what a group, or one of its instances, runs. */
export interface TemplateVersion {
  id: string;
  version: string;
  /** Of a group of several instance types: which, and how they are bought. */
  policy?: MixedPolicy;
}

export const sameTemplate = (a: TemplateVersion | undefined, b: TemplateVersion | undefined): boolean =>
  a !== undefined && a.id === b?.id && a.version === b.version;

export const templateText = (t: TemplateVersion | undefined): string => (t ? `${t.id} version ${t.version}` : "none");

export async function describeGroup(aws: Aws, groupName: string): Promise<AutoScalingGroup | undefined> {
  const { DescribeAutoScalingGroupsCommand } = await import("@aws-sdk/client-auto-scaling");
  const autoScaling = await aws.autoScaling();
  const answer = await patiently("DescribeAutoScalingGroups", aws.timing, () =>
    autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [groupName] })),
  );
  return answer.AutoScalingGroups?.[0];
}

/** The template a group, an instance or a desired configuration names; a mixed-instances group names it in its policy. */
export function templateOf(
  of: AutoScalingGroup | Instance | DesiredConfiguration | undefined,
): TemplateVersion | undefined {
  const mixed = of && "MixedInstancesPolicy" in of ? of.MixedInstancesPolicy : undefined;
  const t = of?.LaunchTemplate ?? mixed?.LaunchTemplate?.LaunchTemplateSpecification;
  if (!t?.LaunchTemplateId) return undefined;
  return { id: t.LaunchTemplateId, version: t.Version ?? "", ...(mixed && { policy: policyFromApi(mixed) }) };
}

/** The configuration that a template version makes: its policy goes along whole, or AWS drops it. */
export function configurationOf({ id, version, policy }: TemplateVersion): DesiredConfiguration {
  const specification = { LaunchTemplateId: id, Version: version };
  if (!policy) return { LaunchTemplate: specification };
  return {
    MixedInstancesPolicy: {
      InstancesDistribution: distributionToApi(policy),
      LaunchTemplate: {
        LaunchTemplateSpecification: specification,
        Overrides: policy.instanceTypes.map((InstanceType) => ({ InstanceType })),
      },
    },
  };
}

export interface FleetState {
  /** Instances in service, by the template version they report. */
  inService: Instance[];
  /** In service but of another template version than wanted. */
  wrong: Instance[];
  /** In service, of the right version, and reported unhealthy. */
  unhealthy: Instance[];
  /** How many the group wants. */
  desired: number;
}

export function fleetState(group: AutoScalingGroup, isWanted: (instance: Instance) => boolean): FleetState {
  const inService = (group.Instances ?? []).filter((i) => i.LifecycleState === "InService");
  return {
    inService,
    wrong: inService.filter((i) => !isWanted(i)),
    unhealthy: inService.filter((i) => i.HealthStatus !== "Healthy"),
    desired: group.DesiredCapacity ?? 0,
  };
}

/** Target groups' members that are not healthy, as `i-… unhealthy (Target.Timeout)`; empty without a load balancer. */
export async function unhealthyTargets(aws: Aws, group: AutoScalingGroup): Promise<string[]> {
  const arns = group.TargetGroupARNs ?? [];
  if (arns.length === 0) return [];
  const { DescribeTargetHealthCommand } = await import("@aws-sdk/client-elastic-load-balancing-v2");
  const elb = await aws.loadBalancing();
  const wanted = new Set(
    (group.Instances ?? []).filter((i) => i.LifecycleState === "InService").map((i) => i.InstanceId ?? "?"),
  );
  const bad: string[] = [];
  for (const arn of arns) {
    const answer = await patiently("DescribeTargetHealth", aws.timing, () =>
      elb.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn })),
    );
    const healthy = new Set<string>();
    for (const { Target, TargetHealth } of answer.TargetHealthDescriptions ?? []) {
      if (!Target?.Id || !wanted.has(Target.Id)) continue;
      if (TargetHealth?.State === "healthy") healthy.add(Target.Id);
      else
        bad.push(
          `${Target.Id} ${TargetHealth?.State ?? "unknown"}${TargetHealth?.Reason ? ` (${TargetHealth.Reason})` : ""}`,
        );
    }
    for (const id of wanted) {
      if (!healthy.has(id) && !bad.some((b) => b.startsWith(id))) bad.push(`${id} not registered`);
    }
  }
  return bad;
}

/** The newest scaling activities that went wrong, in AWS's words. */
export async function failedActivities(aws: Aws, groupName: string): Promise<string[]> {
  const { DescribeScalingActivitiesCommand } = await import("@aws-sdk/client-auto-scaling");
  const autoScaling = await aws.autoScaling();
  const answer = await patiently("DescribeScalingActivities", aws.timing, () =>
    autoScaling.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: groupName, MaxRecords: 20 })),
  );
  return (answer.Activities ?? [])
    .filter((a) => a.StatusCode === "Failed" || a.StatusCode === "Cancelled")
    .slice(0, 3)
    .map((a) => `${a.Description ?? "activity"}: ${a.StatusMessage ?? a.StatusCode ?? ""}`);
}
