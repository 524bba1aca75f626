import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { VolumeArgs } from "../baseInstanceSettings";
import { defaultInstanceType } from "../internal/names";
import { regionOption } from "./component";

export interface TemplateSpec {
  imageId: pulumi.Input<string>;
  instanceType: pulumi.Input<string>;
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Name of an instance profile; undefined later is as good as now. */
  profile?: pulumi.Input<string | undefined>;
  keyName?: pulumi.Input<string | undefined>;
  /** In base64. */
  userData?: pulumi.Input<string | undefined>;
  volumes?: VolumeArgs[];
  monitoring?: pulumi.Input<boolean>;
  ebsOptimized?: pulumi.Input<boolean | undefined>;
  /** Whether each new version becomes the default one. A fleet's gate does that itself. */
  updateDefaultVersion?: boolean;
  /** Of instances and volumes. */
  instanceTags: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  tags: pulumi.Input<{ [key: string]: pulumi.Input<string> }> | undefined;
  region: pulumi.Input<string> | undefined;
}

/** The type given, else the default one of the architecture. */
export const templateType = (
  type: pulumi.Input<string> | undefined,
  architecture: pulumi.Input<string> | undefined,
): pulumi.Output<string> => pulumi.all([type, architecture]).apply(([given, of]) => given ?? defaultInstanceType(of));

/** User data as a launch template takes it. */
export const userDataOf = (text: pulumi.Input<string> | undefined): pulumi.Output<string> | undefined =>
  text === undefined ? undefined : pulumi.output(text).apply((plain) => Buffer.from(plain, "utf8").toString("base64"));

/** A launch template with the secure defaults: IMDSv2 alone, out of reach for containers. */
export function makeTemplate(
  owner: pulumi.ComponentResource,
  name: string,
  spec: TemplateSpec,
): aws.ec2.LaunchTemplate {
  const { imageId, instanceType, securityGroupIds, profile, keyName, userData, volumes, ebsOptimized } = spec;
  return new aws.ec2.LaunchTemplate(
    `${name}-template`,
    {
      description: `Instances of ${name}`,
      imageId,
      instanceType,
      vpcSecurityGroupIds: securityGroupIds,
      ...(profile !== undefined && {
        iamInstanceProfile: pulumi.output(profile).apply((known) => (known ? { name: known } : undefined)) as never,
      }),
      keyName,
      userData,
      blockDeviceMappings: volumes?.map(mapping),
      ebsOptimized:
        ebsOptimized === undefined
          ? undefined
          : pulumi.output(ebsOptimized).apply((on) => (on === undefined ? undefined : String(on))),
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: spec.monitoring ?? true },
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags: spec.instanceTags })),
      updateDefaultVersion: spec.updateDefaultVersion,
      tags: spec.tags,
      ...regionOption(spec.region),
    },
    { parent: owner },
  );
}

const mapping = (volume: VolumeArgs) => ({
  deviceName: volume.deviceName,
  ebs: {
    volumeSize: volume.sizeGiB,
    volumeType: volume.type ?? "gp3",
    iops: volume.iops,
    throughput: volume.throughput,
    encrypted: "true",
    kmsKeyId: volume.kmsKeyArn,
    deleteOnTermination: "true",
  },
});
