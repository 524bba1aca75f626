import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AutoScalingFleetArgs } from "../autoScalingFleetArgs";
import { defaultInstanceType } from "../internal/names";
import { TAG } from "../internal/tags";
import { regionOption } from "./component";

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
  const instanceType = pulumi
    .all([args.instanceType, args.architecture])
    .apply(([type, architecture]) => type ?? defaultInstanceType(architecture));
  const instanceTags = pulumi.all([args.tags, args.version]).apply(([given, version]) => ({
    Name: name,
    ...given,
    ...(version !== undefined && { [TAG.version]: version }),
  }));
  const userData =
    args.userData === undefined
      ? undefined
      : pulumi.output(args.userData).apply((text) => Buffer.from(text, "utf8").toString("base64"));
  return new aws.ec2.LaunchTemplate(
    `${name}-template`,
    {
      description: `Instances of ${name}`,
      imageId: args.imageId,
      instanceType,
      vpcSecurityGroupIds: [securityGroupId],
      ...(profile !== undefined && { iamInstanceProfile: { name: profile } }),
      userData,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: instanceTags })),
      tags: args.tags,
      ...regionOption(args.region),
    },
    { parent: owner },
  );
}
