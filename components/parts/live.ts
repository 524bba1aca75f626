import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AutoScalingFleetArgs } from "../autoScalingFleetArgs";
import { accountOf } from "../gates/kit/aws";
import { gateHook, gateInputs, hooked } from "../gates/kit/hooks";
import { valueOf } from "../gates/kit/settings";
import { rolloutFinished } from "../gates/rolloutFinished";
import { FLEET_DEFAULTS } from "../internal/fleetDefaults";
import { liveParameterName } from "../internal/names";
import { after, regionOption } from "./component";

export interface LiveSpec {
  owner: pulumi.ComponentResource;
  name: string;
  args: AutoScalingFleetArgs;
  region: pulumi.Output<string>;
  group: aws.autoscaling.Group;
  template: aws.ec2.LaunchTemplate;
  /** ARN of the load balancer's target group, if there is one. */
  front: pulumi.Output<string> | undefined;
  dependsOn: pulumi.Resource[];
}

/** The record of what a fleet runs, written only when every instance runs it. */
export function liveRecord(spec: LiveSpec): aws.ssm.Parameter {
  const { args, group, template, name } = spec;
  const { rollout = {} } = args;
  const record = `${name}-live`;
  const numbers = pulumi.output({
    minHealthyPercentage: rollout.minHealthyPercentage ?? FLEET_DEFAULTS.minHealthyPercentage,
    maxHealthyPercentage: rollout.maxHealthyPercentage ?? FLEET_DEFAULTS.maxHealthyPercentage,
    instanceWarmup: rollout.instanceWarmup ?? FLEET_DEFAULTS.instanceWarmup,
    autoRollback: rollout.autoRollback ?? FLEET_DEFAULTS.autoRollback,
    checkpointPercentages: rollout.checkpointPercentages,
    checkpointDelay: rollout.checkpointDelay,
    bakeTime: rollout.bakeTime,
    alarmNames: rollout.alarmNames,
    keepTemplateVersions: rollout.keepTemplateVersions ?? FLEET_DEFAULTS.keepTemplateVersions,
  });
  const gate = gateHook({
    owner: spec.owner,
    record,
    gate: "rolloutFinished",
    region: spec.region,
    gates: args.gates,
    run: async ({ aws: sdk, old, say, warn }) =>
      rolloutFinished(
        sdk,
        {
          ...(await valueOf(numbers)),
          what: `fleet ${name}`,
          groupName: await valueOf(group.name),
          account: accountOf(await valueOf(group.arn)),
          target: { id: await valueOf(template.id), version: String(await valueOf(template.latestVersion)) },
          proven: provenBy(old?.insecureValue),
          limitMinutes: rollout.limitMinutes ?? FLEET_DEFAULTS.limitMinutes,
        },
        say,
        warn,
      ),
  });
  const healthPath = spec.front && (args.healthPath ?? "/");
  const value = pulumi
    .all([args.imageId, args.version, template.id, template.latestVersion, group.arn, spec.front, healthPath])
    .apply(([imageId, version, launchTemplateId, latest, groupArn, targetGroupArn, path]) =>
      // The group and its health check too: another one is another fact to prove.
      JSON.stringify({
        version,
        imageId,
        launchTemplateId,
        launchTemplateVersion: String(latest),
        group: groupArn,
        targetGroup: targetGroupArn,
        healthPath: path,
      }),
    );
  return new aws.ssm.Parameter(
    record,
    {
      name: liveParameterName(name, pulumi.getStack()),
      type: "String",
      description: `What the fleet ${name} is proven to run. Written by pulumi-ami-lifecycle.`,
      // Not `value`: the SDK takes that for a secret, and neither previews nor gates could read it.
      insecureValue: after(value, numbers, ...gateInputs(args.gates)),
      tags: args.tags,
      ...regionOption(args.region),
    },
    {
      parent: spec.owner,
      dependsOn: [group, ...spec.dependsOn],
      ...hooked({ beforeCreate: [gate], beforeUpdate: [gate] }),
    },
  );
}

/** The template version an earlier value of the record names. */
function provenBy(value: unknown): { id: string; version: string } | undefined {
  if (typeof value !== "string") return undefined;
  try {
    const { launchTemplateId, launchTemplateVersion } = JSON.parse(value) as { [field: string]: unknown };
    if (typeof launchTemplateId !== "string" || typeof launchTemplateVersion !== "string") return undefined;
    return { id: launchTemplateId, version: launchTemplateVersion };
  } catch {
    return undefined;
  }
}
