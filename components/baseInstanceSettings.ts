import type * as pulumi from "@pulumi/pulumi";

/** An EBS volume of a base instance; it becomes part of the image. Always encrypted, always deleted with the instance. */
export interface VolumeArgs {
  /**
   * Name the instance sees the volume under, e.g. `/dev/sdf`. Needed for every volume but the root.
   * @default the base image's root device
   */
  deviceName?: pulumi.Input<string>;
  /**
   * Size in GiB. gp3 takes 1 to 65,536; not smaller than the base image's snapshot.
   * @default the base image's own size for the root volume; needed for others
   */
  sizeGiB?: pulumi.Input<number>;
  /**
   * Volume type: `gp3`, `gp2`, `io1`, `io2`, `standard`, and for others than the root also `st1`, `sc1`.
   * @default "gp3"
   */
  type?: pulumi.Input<string>;
  /**
   * Provisioned IOPS: gp3 3,000 to 80,000 and at most 500 a GiB, io1 and io2 up to 64,000 and 256,000.
   * @default AWS's own (3,000 for gp3)
   */
  iops?: pulumi.Input<number>;
  /**
   * Throughput of a gp3 volume in MiB/s: 125 to 2,000, at most a quarter of its IOPS.
   * @default AWS's own (125)
   */
  throughput?: pulumi.Input<number>;
  /**
   * ARN of the KMS key it is encrypted with, of the base instance's region.
   * @default the AWS-managed key aws/ebs; an image under it cannot be shared with other accounts
   */
  kmsKeyArn?: pulumi.Input<string>;
}

/** How a base instance runs: everything but what the recipe says. */
export interface BaseInstanceSettings {
  /**
   * Instance type. It must suit the recipe's architecture. Nitro types show their console while they run.
   * @default "t3.small" for x86_64, "t4g.small" for arm64, "t3.medium" for Windows
   */
  instanceType?: pulumi.Input<string>;
  /**
   * Subnet. It must reach the package mirrors.
   * @default a default subnet of the region's default VPC
   */
  subnetId?: pulumi.Input<string>;
  /**
   * Whether it gets a public IPv4 address.
   * @default what the subnet says
   */
  associatePublicIpAddress?: pulumi.Input<boolean>;
  /**
   * Security groups. Plain: whether they are given decides if one is made.
   * @default one of its own, without ingress
   */
  securityGroupIds?: pulumi.Input<string>[];
  /** The root volume. */
  rootVolume?: VolumeArgs;
  /** Further volumes; each becomes part of the image. */
  volumes?: VolumeArgs[];
  /**
   * Name of an EC2 key pair. No port is opened for it: Session Manager is the easier way in.
   * @default none
   */
  keyName?: pulumi.Input<string>;
  /**
   * Name of an instance profile, e.g. to fetch artefacts during the recipe.
   * @default none
   */
  instanceProfile?: pulumi.Input<string>;
  /**
   * Makes a role and an instance profile that let Session Manager in. Plain: it decides which resources exist. Not
   * together with `instanceProfile`.
   * @default false
   */
  sessionManager?: boolean;
}
