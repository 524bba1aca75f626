import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AutoScalingFleetArgs } from "../autoScalingFleet";
import { regionOption } from "./component";

/**
 * The fleet's launch template, and a digest of what makes instances different. Tags are in the template but not in the
 * digest: a change of tags alone makes a template version and rolls nothing.
 */
export function fleetTemplate(
  owner: pulumi.ComponentResource,
  name: string,
  args: AutoScalingFleetArgs,
  securityGroupId: pulumi.Output<string>,
  profile: pulumi.Input<string> | undefined,
): { template: aws.ec2.LaunchTemplate; configuration: pulumi.Output<string> } {
  const instanceType = args.instanceType ?? "t3.small";
  const instanceTags = pulumi.all([args.tags, args.version]).apply(([given, version]) => ({
    Name: name,
    ...given,
    ...(version !== undefined && { "ami-lifecycle:version": version }),
  }));
  const userData =
    args.userData === undefined
      ? undefined
      : pulumi.output(args.userData).apply((text) => Buffer.from(text, "utf8").toString("base64"));
  const template = new aws.ec2.LaunchTemplate(
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
  const configuration = pulumi
    .all([args.imageId, instanceType, securityGroupId, profile, userData])
    .apply((parts) => createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16));
  return { template, configuration };
}
