import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AutoScalingFleetArgs } from "../autoScalingFleetArgs";
import { TAG } from "../internal/tags";
import { makeTemplate, templateType, userDataOf } from "./template";

/**
 * The fleet's launch template. It changes at once; a change of tags alone makes a version that the gate takes as equal,
 * so that it rolls nothing.
 */
export function fleetTemplate(
  owner: pulumi.ComponentResource,
  name: string,
  args: AutoScalingFleetArgs,
  securityGroupId: pulumi.Output<string>,
  profile: pulumi.Input<string> | undefined,
): aws.ec2.LaunchTemplate {
  const instanceTags = pulumi.all([args.tags, args.version]).apply(([given, version]) => ({
    Name: name,
    ...given,
    ...(version !== undefined && { [TAG.version]: version }),
  }));
  return makeTemplate(owner, name, {
    imageId: args.imageId,
    instanceType: templateType(args.instanceType, args.architecture),
    securityGroupIds: [securityGroupId],
    profile,
    userData: userDataOf(args.userData),
    instanceTags,
    tags: args.tags,
    region: args.region,
  });
}
