import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Checks } from "./internal/rules";
import { volumeListProblems } from "./internal/volumeRules";
import type { LaunchTemplateArgs } from "./launchTemplateArgs";
import { homeRegion, refuse, regionOption } from "./parts/component";
import { makeTemplate, templateType, userDataOf } from "./parts/template";

/**
 * A launch template alone, for what else launches instances: IMDSv2 is required with a hop limit of 1, volumes that it
 * names are encrypted. It has no subnet, so that a launch can choose any. Each change makes a new version, which
 * becomes the default one: those who use it in a program name a number, `latestVersion`, never `$Latest`.
 */
export class LaunchTemplate extends pulumi.ComponentResource {
  /** Id of the template. */
  public readonly launchTemplateId: pulumi.Output<string>;
  /** ARN of the template. */
  public readonly arn: pulumi.Output<string>;
  /** Name of the template. */
  public readonly launchTemplateName: pulumi.Output<string>;
  /** Number of the newest version: what this program says. */
  public readonly latestVersion: pulumi.Output<number>;
  /** Image of the newest version. */
  public readonly imageId: pulumi.Output<string>;
  /** Command that launches one instance from that version, with `fromInstanceId` in that instance's subnet. */
  public readonly launchCommand: pulumi.Output<string>;

  constructor(name: string, args: LaunchTemplateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:LaunchTemplate", name, args, opts);
    refuse(this, `LaunchTemplate "${name}"`, launchTemplateProblems(name, args).problems);

    const region = homeRegion(this, args.region);
    const from = args.fromInstanceId === undefined ? undefined : this.instance(args.fromInstanceId, args);
    /** What is given, else what the instance has; an empty text of it is none. */
    const own = <T>(given: pulumi.Input<T> | undefined, of: pulumi.Output<T> | undefined) =>
      given ?? of?.apply((found) => (found === "" ? undefined : found) as T);
    const imageId = own(args.imageId, from?.ami) as pulumi.Input<string>;
    const template = makeTemplate(this, name, {
      imageId,
      instanceType: own(args.instanceType, from?.instanceType) ?? templateType(undefined, args.architecture),
      securityGroupIds: args.securityGroupIds ?? from?.vpcSecurityGroupIds,
      profile: own(args.instanceProfile, from?.iamInstanceProfile),
      keyName: own(args.keyName, from?.keyName),
      userData: args.takeUserData
        ? from && pulumi.secret(own(undefined, from.userDataBase64) as pulumi.Output<string>)
        : userDataOf(args.userData),
      volumes: args.volumes,
      monitoring: args.monitoring,
      ebsOptimized: own(args.ebsOptimized, from?.ebsOptimized),
      updateDefaultVersion: true,
      instanceTags: pulumi
        .all([from?.tags, args.tags])
        .apply(([taken, given]) => ({ Name: name, ...withoutRecords(taken), ...given })),
      tags: args.tags,
      region: args.region,
    });

    this.launchTemplateId = template.id;
    this.arn = template.arn;
    this.launchTemplateName = template.name;
    this.latestVersion = template.latestVersion;
    this.imageId = pulumi.output(imageId);
    const subnet = from ? pulumi.interpolate` --subnet-id ${from.subnetId}` : "";
    this.launchCommand = pulumi.interpolate`aws ec2 run-instances --region ${region} --launch-template LaunchTemplateId=${template.id},Version=${template.latestVersion}${subnet}`;
    this.registerOutputs({
      launchTemplateId: this.launchTemplateId,
      arn: this.arn,
      launchTemplateName: this.launchTemplateName,
      latestVersion: this.latestVersion,
      imageId: this.imageId,
      launchCommand: this.launchCommand,
    });
  }

  private instance(instanceId: pulumi.Input<string>, args: LaunchTemplateArgs) {
    return aws.ec2.getInstanceOutput(
      { instanceId, ...(args.takeUserData && { getUserData: true }), ...regionOption(args.region) },
      { parent: this },
    );
  }
}

/** `aws:` tags are AWS's own; `ami-lifecycle:` ones say what that instance alone is: a proof would be terminated. */
const withoutRecords = (tags: { [key: string]: string } | undefined): { [key: string]: string } =>
  Object.fromEntries(Object.entries(tags ?? {}).filter(([key]) => !/^(aws|ami-lifecycle):/i.test(key)));

/** Every problem of the plain values. */
function launchTemplateProblems(name: string, args: LaunchTemplateArgs): Checks {
  const { fromInstanceId, takeUserData, userData } = args;
  const checks = new Checks()
    .rule("line", "name", name)
    .rule("imageId", "imageId", args.imageId)
    .rule("instanceId", "fromInstanceId", fromInstanceId)
    .rule("architecture", "architecture", args.architecture)
    .rule("instanceType", "instanceType", args.instanceType)
    .fits("instanceType", args.architecture === undefined ? undefined : args.instanceType, args.architecture)
    .rule("instanceProfile", "instanceProfile", args.instanceProfile)
    .rule("keyName", "keyName", args.keyName)
    .rule("region", "region", args.region)
    .userData("userData", userData)
    .add(...volumeListProblems("volumes", args.volumes ?? []))
    .tags("tags", args.tags);
  args.securityGroupIds?.forEach((id, i) => checks.rule("securityGroupId", `securityGroupIds[${i}]`, id));
  if (args.imageId === undefined && fromInstanceId === undefined) {
    checks.add({ path: "imageId", allowed: "an image, or fromInstanceId", fix: "Give a verified id" });
  }
  if (takeUserData && fromInstanceId === undefined) {
    checks.add({ path: "takeUserData", given: true, allowed: "only with fromInstanceId", fix: "Remove it" });
  }
  if (takeUserData && userData !== undefined) {
    checks.add({ path: "userData", allowed: "either userData or takeUserData", fix: "Remove one" });
  }
  return checks;
}
