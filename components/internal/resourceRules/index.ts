import { own } from "../own";
import type { Problem } from "../problems";
import { BALANCING_RULES } from "./balancing";
import { INSTANCE_ID } from "./ids";
import { byRules, type Inputs, type ResourceRule, saidInputs } from "./inputs";
import { groupProblems, instanceProblems, templateProblems } from "./launching";
import { NAME_RULES } from "./names";
import { SCHEDULE_RULES } from "./schedules";
import { SECURITY_GROUP_RULES } from "./securityGroups";
import { tagProblems } from "./tags";
import { typeOf } from "./typeNames";
import { copyProblems, kmsKeyProblems, launchPermissionProblems, volumePermissionProblems } from "./sharing";
import { imageVolumes, separateVolume } from "./volumes";

export type { Inputs } from "./inputs";

const RULES_BY_TYPE: { [type: string]: ResourceRule } = {
  ...SCHEDULE_RULES,
  ...SECURITY_GROUP_RULES,
  ...BALANCING_RULES,
  "aws:ec2/instance:Instance": instanceProblems,
  "aws:ec2/launchTemplate:LaunchTemplate": templateProblems,
  "aws:autoscaling/group:Group": groupProblems,
  "aws:ec2/ami:Ami": imageVolumes,
  "aws:ebs/volume:Volume": separateVolume,
  "aws:ec2/amiCopy:AmiCopy": copyProblems,
  "aws:ec2/amiFromInstance:AmiFromInstance": (inputs) => byRules(inputs, { sourceInstanceId: INSTANCE_ID }),
  "aws:ec2/amiLaunchPermission:AmiLaunchPermission": launchPermissionProblems,
  "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission": volumePermissionProblems,
  "aws:kms/key:Key": kmsKeyProblems,
};

/**
 * What AWS would refuse of one resource, whoever makes it: by the rules that the components' constructors have too. What
 * is known only later, an instance of a class as an output is, is passed over.
 */
export function resourceProblems(type: string, inputs: Inputs, region?: string): Problem[] {
  const given = saidInputs(inputs);
  const known = typeOf(type);
  return [
    ...(type.startsWith("aws:") ? tagProblems(type, given) : []),
    ...byRules(given, own(NAME_RULES, known) ?? {}),
    ...(own(RULES_BY_TYPE, known)?.(given, region) ?? []),
  ];
}
