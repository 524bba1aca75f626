import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AutoScalingFleetArgs } from "../autoScalingFleetArgs";
import { accountOf } from "../gates/kit/aws";
import { gateHook, gateInputs, hooked } from "../gates/kit/hooks";
import { valueOf } from "../gates/kit/settings";
import type { TemplateVersion } from "../gates/rollout/group";
import { rolloutFinished } from "../gates/rolloutFinished";
import { FLEET_DEFAULTS } from "../internal/fleetDefaults";
import { type MixedPolicy, policyOf } from "../internal/mixedPolicy";
import { fleetParameterName } from "../internal/names";
import { after, regionOption } from "./component";

export interface LiveSpec {
  owner: pulumi.ComponentResource;
  name: string;
  args: AutoScalingFleetArgs;
  region: pulumi.Output<string>;
  group: aws.autoscaling.Group;
  template: aws.ec2.LaunchTemplate;
  policy: pulumi.Output<MixedPolicy> | undefined;
  /** ARNs of the load balancer's target groups, the fleet's own first; undefined without one. */
  targetGroupArns: pulumi.Output<string>[] | undefined;
  /** Names of the alarms that were made for the fleet. */
  alarmNames: pulumi.Output<string>[];
  dependsOn: pulumi.Resource[];
}

/**
 * The record of what a fleet runs, written only when every instance runs it. A fleet that is staged runs nothing: its
 * record has another name, and says what its group would launch.
 */
export function liveRecord(spec: LiveSpec): aws.ssm.Parameter {
  const { args, group, template, name, policy } = spec;
  const { rollout = {} } = args;
  const kind = args.staged ? "staged" : "live";
  const record = `${name}-${kind}`;
  const numbers = pulumi.output({
    minHealthyPercentage: rollout.minHealthyPercentage ?? FLEET_DEFAULTS.minHealthyPercentage,
    maxHealthyPercentage: rollout.maxHealthyPercentage ?? FLEET_DEFAULTS.maxHealthyPercentage,
    instanceWarmup: rollout.instanceWarmup ?? FLEET_DEFAULTS.instanceWarmup,
    autoRollback: rollout.autoRollback ?? FLEET_DEFAULTS.autoRollback,
    checkpointPercentages: rollout.checkpointPercentages,
    checkpointDelay: rollout.checkpointDelay,
    bakeTime: rollout.bakeTime,
    alarmNames: alarmsOf(rollout.alarmNames, spec.alarmNames),
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
          target: {
            id: await valueOf(template.id),
            version: String(await valueOf(template.latestVersion)),
            ...(policy && { policy: await valueOf(policy) }),
          },
          protectFromScaleIn: await valueOf(args.protectFromScaleIn),
          proven: provenBy(old?.insecureValue),
          limitMinutes: rollout.limitMinutes ?? FLEET_DEFAULTS.limitMinutes,
        },
        say,
        warn,
      ),
  });
  const [targetGroup, ...others] = spec.targetGroupArns ?? [];
  const value = pulumi
    .all({
      version: args.version,
      imageId: args.imageId,
      launchTemplateId: template.id,
      launchTemplateVersion: template.latestVersion.apply(String),
      mixedInstances: policy,
      // The group and its health check too: another one is another fact to prove.
      group: group.arn,
      targetGroup,
      furtherTargetGroups: others.length > 0 ? others : undefined,
      healthPath: targetGroup && (args.healthPath ?? "/"),
    })
    .apply((fact) => JSON.stringify(fact));
  return new aws.ssm.Parameter(
    record,
    {
      name: fleetParameterName(args.line ?? name, pulumi.getStack(), args.staged),
      type: "String",
      description: args.staged
        ? `What the fleet ${name} would run: it has no instances. Written by pulumi-ami-lifecycle.`
        : `What the fleet ${name} is proven to run. Written by pulumi-ami-lifecycle.`,
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

/** The caller's alarms and the fleet's own; undefined where there are none. */
function alarmsOf(
  given: pulumi.Input<pulumi.Input<string>[]> | undefined,
  own: pulumi.Output<string>[],
): pulumi.Output<string[]> | undefined {
  if (given === undefined && own.length === 0) return undefined;
  return pulumi.all([given ?? [], pulumi.all(own)]).apply(([theirs, ours]) => [...theirs, ...ours]);
}

/** The template version an earlier value of the record names. */
function provenBy(value: unknown): TemplateVersion | undefined {
  if (typeof value !== "string") return undefined;
  try {
    const { launchTemplateId, launchTemplateVersion, mixedInstances } = JSON.parse(value) as {
      [field: string]: unknown;
    };
    if (typeof launchTemplateId !== "string" || typeof launchTemplateVersion !== "string") return undefined;
    const policy = policyOf(mixedInstances);
    return { id: launchTemplateId, version: launchTemplateVersion, ...(policy && { policy }) };
  } catch {
    return undefined;
  }
}
