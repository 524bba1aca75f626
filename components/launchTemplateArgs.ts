import type * as pulumi from "@pulumi/pulumi";
import type { VolumeArgs } from "./baseInstanceSettings";

export interface LaunchTemplateArgs {
  /**
   * The image: a verified id, e.g. `MachineImage.verifiedImageId`, or any other.
   * @default with `fromInstanceId` the image that instance was launched from; else needed
   */
  imageId?: pulumi.Input<string>;
  /**
   * Id of an existing instance, running or stopped, to take the rest from: type, key pair, security groups, instance
   * profile, EBS optimisation and tags (without `aws:` and `ami-lifecycle:` ones), each unless it is given here; its subnet
   * goes into `launchCommand`. What is on its disks is not taken: give an image of it, such as a backup, for that.
   * It is looked up in each `pulumi up`. Plain: whether it is given decides what is asked.
   * @default none
   */
  fromInstanceId?: pulumi.Input<string>;
  /**
   * Whether the instance's user data is taken, too, as a secret. It may hold passwords, and everybody who may describe
   * launch templates can read it there. Only with `fromInstanceId`. Plain.
   * @default false
   */
  takeUserData?: boolean;
  /**
   * CPU architecture of the image, for the default instance type.
   * @default "x86_64"
   */
  architecture?: pulumi.Input<string>;
  /**
   * Instance type. It must suit the image's architecture.
   * @default that of `fromInstanceId`, else "t3.small", or "t4g.small" for arm64
   */
  instanceType?: pulumi.Input<string>;
  /**
   * Security groups, by their ids, all of one VPC. Plain list.
   * @default those of `fromInstanceId`, else none: the VPC's default group, unless the launch names others
   */
  securityGroupIds?: pulumi.Input<string>[];
  /**
   * Name of an instance profile.
   * @default that of `fromInstanceId`, else none
   */
  instanceProfile?: pulumi.Input<string>;
  /**
   * Name of an EC2 key pair.
   * @default that of `fromInstanceId`, else none
   */
  keyName?: pulumi.Input<string>;
  /**
   * User data, as plain text; at most 16,384 bytes. Not together with `takeUserData`.
   * @default none
   */
  userData?: pulumi.Input<string>;
  /**
   * Volumes by device name, further ones and those of the image that are to be different, such as a larger root: each
   * with `deviceName`. Encrypted, and deleted with the instance. The image's own name of its root is in
   * `aws ec2 describe-images --image-ids AMI --query 'Images[].RootDeviceName'`. Plain list.
   * @default those of the image, as they are
   */
  volumes?: VolumeArgs[];
  /**
   * Detailed monitoring: metrics each minute instead of every five, at a cost.
   * @default true
   */
  monitoring?: pulumi.Input<boolean>;
  /**
   * EBS optimisation, for old instance types; current ones always have it.
   * @default that of `fromInstanceId`, else AWS's own
   */
  ebsOptimized?: pulumi.Input<boolean>;
  /**
   * Region.
   * @default the provider's
   */
  region?: pulumi.Input<string>;
  /** Tags for the template, and for instances and volumes launched from it. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}
