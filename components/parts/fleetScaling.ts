import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AutoScalingFleetArgs } from "../autoScalingFleetArgs";
import type { ScheduledScalingArgs, StepScalingArgs } from "../scalingArgs";
import { regionOption } from "./component";

interface FleetScalingSpec {
  owner: pulumi.ComponentResource;
  name: string;
  args: AutoScalingFleetArgs;
  group: aws.autoscaling.Group;
  /** `app/NAME/ID/targetgroup/NAME/ID`: whose requests are counted. */
  resourceLabel: pulumi.Output<string> | undefined;
}

/** Everything that changes the group's size of its own accord. */
export function fleetScaling(spec: FleetScalingSpec): pulumi.Resource[] {
  const { args, name, resourceLabel } = spec;
  const { scaling = {} } = args;
  const policies: pulumi.Resource[] = [
    tracking(spec, `${name}-cpu`, { predefinedMetricType: "ASGAverageCPUUtilization" }, args.targetCpu ?? 50),
  ];
  if (scaling.requestsPerTarget !== undefined && resourceLabel) {
    const metric = { predefinedMetricType: "ALBRequestCountPerTarget", resourceLabel };
    policies.push(tracking(spec, `${name}-requests`, metric, scaling.requestsPerTarget));
  }
  for (const step of scaling.steps ?? []) policies.push(...stepped(spec, step));
  for (const schedule of scaling.schedules ?? []) policies.push(scheduled(spec, schedule));
  return policies;
}

function tracking(
  { owner, args, group }: FleetScalingSpec,
  name: string,
  predefinedMetricSpecification: aws.types.input.autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecification,
  targetValue: pulumi.Input<number>,
): aws.autoscaling.Policy {
  return new aws.autoscaling.Policy(
    name,
    {
      autoscalingGroupName: group.name,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: { predefinedMetricSpecification, targetValue },
      ...regionOption(args.region),
    },
    { parent: owner },
  );
}

/** A step policy, and the alarm that sets it off. */
function stepped({ owner, name, args, group }: FleetScalingSpec, step: StepScalingArgs): pulumi.Resource[] {
  const edge = (value: number | undefined) => (value === undefined ? undefined : String(value));
  const above = step.above ?? true;
  const policy = new aws.autoscaling.Policy(
    `${name}-${step.name}`,
    {
      autoscalingGroupName: group.name,
      policyType: "StepScaling",
      adjustmentType: "ChangeInCapacity",
      stepAdjustments: step.adjustments.map(({ from, to, change }) => ({
        metricIntervalLowerBound: edge(from),
        metricIntervalUpperBound: edge(to),
        scalingAdjustment: change,
      })),
      ...regionOption(args.region),
    },
    { parent: owner },
  );
  const alarm = new aws.cloudwatch.MetricAlarm(
    `${name}-${step.name}`,
    {
      alarmDescription: `Step scaling of the fleet ${name}`,
      namespace: step.namespace ?? "AWS/EC2",
      metricName: step.metricName,
      dimensions: step.dimensions ?? { AutoScalingGroupName: group.name },
      statistic: step.statistic ?? "Average",
      comparisonOperator: above ? "GreaterThanOrEqualToThreshold" : "LessThanOrEqualToThreshold",
      threshold: step.threshold,
      period: step.periodSeconds ?? 60,
      evaluationPeriods: step.evaluationPeriods ?? 3,
      alarmActions: [policy.arn],
      tags: args.tags,
      ...regionOption(args.region),
    },
    { parent: owner },
  );
  return [policy, alarm];
}

function scheduled({ owner, name, args, group }: FleetScalingSpec, schedule: ScheduledScalingArgs): pulumi.Resource {
  return new aws.autoscaling.Schedule(
    `${name}-${schedule.name}`,
    {
      scheduledActionName: schedule.name,
      autoscalingGroupName: group.name,
      recurrence: schedule.recurrence,
      timeZone: schedule.timeZone,
      // -1 leaves a size as it is; the provider takes 0 for a size where none is given.
      minSize: schedule.minSize ?? -1,
      maxSize: schedule.maxSize ?? -1,
      desiredCapacity: schedule.desiredCapacity ?? -1,
      ...regionOption(args.region),
    },
    { parent: owner },
  );
}
