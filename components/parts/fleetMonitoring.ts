import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AutoScalingFleetArgs } from "../autoScalingFleetArgs";
import { dashboardBody } from "../internal/dashboard";
import { fleetParameterName } from "../internal/names";
import type { FleetBalancer } from "./balancer";
import { regionOption } from "./component";

export interface FleetMonitoringSpec {
  owner: pulumi.ComponentResource;
  name: string;
  args: AutoScalingFleetArgs;
  region: pulumi.Output<string>;
  group: aws.autoscaling.Group;
  front: FleetBalancer | undefined;
}

/**
 * CloudWatch names a load balancer by what follows `loadbalancer/` in its ARN, a target group by the ARN's last part. A
 * preview may have neither yet.
 */
const balancerDimension = (arn: string | undefined) => arn?.split(":loadbalancer/")[1] ?? "";
const targetDimension = (arn: string | undefined) => arn?.split(":").pop() ?? "";

/** `app/NAME/ID/targetgroup/NAME/ID`, as Auto Scaling wants it for requests per target. */
export const resourceLabelOf = (front: FleetBalancer): pulumi.Output<string> | undefined => {
  const [group] = front.targetGroupArns;
  if (!front.http || !group) return undefined;
  return pulumi
    .all([front.balancerArn, group])
    .apply(([balancer, target]) => `${balancerDimension(balancer)}/${targetDimension(target)}`);
};

/** The alarms that watch a fleet's load balancer. They stop a rollout, too. */
export function fleetAlarms({ owner, name, args, front }: FleetMonitoringSpec): aws.cloudwatch.MetricAlarm[] {
  const { monitoring = {} } = args;
  const [target] = front?.targetGroupArns ?? [];
  if (!monitoring.alarms || !front || !target) return [];
  const namespace = front.http ? "AWS/ApplicationELB" : "AWS/NetworkELB";
  const dimensions = {
    LoadBalancer: front.balancerArn.apply(balancerDimension),
    TargetGroup: target.apply(targetDimension),
  };
  const actions = monitoring.topicArn === undefined ? [] : [monitoring.topicArn];
  const alarm = (what: string, alarmDescription: string, more: Partial<aws.cloudwatch.MetricAlarmArgs>) =>
    new aws.cloudwatch.MetricAlarm(
      `${name}-${what}`,
      {
        alarmDescription,
        comparisonOperator: "GreaterThanThreshold",
        evaluationPeriods: 3,
        // A fleet that nobody asks yet is no alarm: one that is on fails a rollout before it begins.
        treatMissingData: "notBreaching",
        alarmActions: actions,
        okActions: actions,
        tags: args.tags,
        ...regionOption(args.region),
        ...more,
      },
      { parent: owner },
    );
  const unhealthy = alarm("unhealthy", `Targets of ${name} are unhealthy`, {
    ...{ namespace, metricName: "UnHealthyHostCount", dimensions, statistic: "Maximum", period: 60, threshold: 0 },
  });
  if (!front.http) return [unhealthy];
  const sum = (id: string, metricName: string) => ({
    id,
    metric: { namespace, metricName, dimensions, stat: "Sum", period: 60 },
  });
  const errors = alarm("errors", `Targets of ${name} answer with 5xx`, {
    threshold: monitoring.errorPercent ?? 5,
    metricQueries: [
      { id: "share", expression: "100 * FILL(bad, 0) / all", label: "5xx, percent", returnData: true },
      sum("bad", "HTTPCode_Target_5XX_Count"),
      sum("all", "RequestCount"),
    ],
  });
  const latency = alarm("latency", `Targets of ${name} answer late`, {
    ...{ namespace, metricName: "TargetResponseTime", dimensions, extendedStatistic: "p99", period: 60 },
    threshold: monitoring.latencySeconds ?? 3,
  });
  return [errors, latency, unhealthy];
}

/** Notifications of the group and the dashboard: nothing waits for them. */
export function fleetWatch(spec: FleetMonitoringSpec, alarms: aws.cloudwatch.MetricAlarm[]): void {
  const { owner, name, args, group, front, region } = spec;
  const { monitoring = {} } = args;
  if (monitoring.topicArn !== undefined) {
    new aws.autoscaling.Notification(
      `${name}-notification`,
      {
        groupNames: [group.name],
        topicArn: monitoring.topicArn,
        notifications: ["autoscaling:EC2_INSTANCE_LAUNCH_ERROR", "autoscaling:EC2_INSTANCE_TERMINATE_ERROR"],
        ...regionOption(args.region),
      },
      { parent: owner },
    );
  }
  if (!monitoring.dashboard) return;
  new aws.cloudwatch.Dashboard(
    `${name}-dashboard`,
    {
      dashboardName: `${name}-${pulumi.getStack()}`.replaceAll(/[^A-Za-z0-9_-]/g, "-"),
      dashboardBody: pulumi
        .all([
          pulumi.all([region, args.version, args.imageId, group.name]),
          pulumi.all([front?.balancerArn.apply(balancerDimension)]),
          pulumi.all((front?.targetGroupArns ?? []).map((arn) => arn.apply(targetDimension))),
          pulumi.all(alarms.map(({ arn }) => arn)),
        ])
        .apply(([[at, version, imageId, groupName], [loadBalancer], targetGroups, alarmArns]) =>
          dashboardBody({
            ...{ name, region: at, version, imageId, groupName, loadBalancer, targetGroups, alarmArns },
            record: fleetParameterName(args.line ?? name, pulumi.getStack(), args.staged),
            staged: args.staged ?? false,
            http: front?.http ?? false,
          }),
        ),
      ...regionOption(args.region),
    },
    { parent: owner },
  );
}
