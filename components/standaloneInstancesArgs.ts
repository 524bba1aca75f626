import type * as pulumi from "@pulumi/pulumi";
import type { VolumeArgs } from "./baseInstanceSettings";

export interface StandaloneInstancesArgs {
  /** How many instances: 0 to 1,000. One more adds one, one less terminates the newest. Plain. */
  count: number;
  /**
   * Zones the instances are spread over, one after the other, e.g. `["us-east-1a", "us-east-1b"]`; all of one VPC. Add new
   * ones at the end. A zone more takes over its share: with the same `count`, as many are terminated in the others, the
   * newest of each, as are made there. Plain.
   */
  zones: string[];
  /**
   * The subnet in each zone. Plain keys: the zones.
   * @default the default subnet of each zone
   */
  subnetIds?: { [zone: string]: pulumi.Input<string> };
  /** The image: a verified id, e.g. `MachineImage.verifiedImageId`. Either this or `launchTemplateId`. */
  imageId?: pulumi.Input<string>;
  /**
   * Id of a launch template without network interfaces, e.g. `LaunchTemplate.launchTemplateId`, in place of `imageId` and
   * all that belongs to it: type, volumes, access and security groups are the template's. Repeat its instance tags in
   * `tags`: others are seen as drift, and removed by the next `pulumi up`. Plain: whether it is given decides what is made.
   */
  launchTemplateId?: pulumi.Input<string>;
  /** Number of the template's version, e.g. `LaunchTemplate.latestVersion`. Needed with `launchTemplateId`. */
  launchTemplateVersion?: pulumi.Input<number>;
  /**
   * Whether instances that exist stay as they were launched when image, user data, type or anything else of the template
   * changes: then only new ones are of the new kind. With false all are replaced at once, and what is on their disks is
   * lost: set it so for one `pulumi up` to renew them. Plain.
   * @default true
   */
  keep?: boolean;
  /**
   * CPU architecture of the image, for the default instance type.
   * @default "x86_64"
   */
  architecture?: pulumi.Input<string>;
  /**
   * Instance type. It must suit the image's architecture.
   * @default "t3.small", or "t4g.small" for arm64
   */
  instanceType?: pulumi.Input<string>;
  /**
   * The root volume. Always encrypted, always deleted with the instance.
   * @default the image's own, encrypted
   */
  rootVolume?: VolumeArgs;
  /**
   * Further volumes, each with `deviceName`. Encrypted, and deleted with the instance. Plain list.
   * @default those of the image
   */
  volumes?: VolumeArgs[];
  /**
   * User data, as plain text; at most 16,384 bytes. It runs once, at the first start.
   * @default none
   */
  userData?: pulumi.Input<string>;
  /**
   * Name of an EC2 key pair: for `ssh`, and for a Windows password.
   * @default none
   */
  keyName?: pulumi.Input<string>;
  /**
   * Name of an instance profile. Not together with `sessionManager`.
   * @default one for Session Manager
   */
  instanceProfile?: pulumi.Input<string>;
  /**
   * Makes a role and an instance profile that let Session Manager in. Plain: it decides which resources exist.
   * @default true, unless an instance profile is given
   */
  sessionManager?: boolean;
  /**
   * Detailed monitoring: metrics each minute instead of every five, at a cost.
   * @default true
   */
  monitoring?: pulumi.Input<boolean>;
  /**
   * Security groups. Plain: whether they are given decides if one is made. Not together with what opens ports.
   * @default one of their own, without ingress but what is asked for below
   */
  securityGroupIds?: pulumi.Input<string>[];
  /**
   * Opens port 80 to the internet. Plain.
   * @default false
   */
  http?: boolean;
  /**
   * Opens port 443 to the internet. Plain.
   * @default false
   */
  https?: boolean;
  /**
   * Ranges that may use SSH, e.g. `["203.0.113.0/24"]`; the whole internet is refused. Session Manager needs none. Plain.
   * @default none
   */
  sshCidrs?: string[];
  /**
   * Ranges that may use Remote Desktop; the whole internet is refused. Session Manager needs none. Plain.
   * @default none
   */
  rdpCidrs?: string[];
  /**
   * Whether instances get a public IPv4 address at their launch. A change has no effect on those that exist.
   * @default what their subnet says
   */
  publicIp?: pulumi.Input<boolean>;
  /**
   * Login name of the image for `ssh`: `ec2-user` on Amazon Linux, `ubuntu`, `admin` on Debian.
   * @default "ec2-user"
   */
  sshUser?: pulumi.Input<string>;
  /**
   * Region.
   * @default the provider's
   */
  region?: pulumi.Input<string>;
  /** Tags for everything made, instances and volumes too. `Name` is the instance's name here unless it is given. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}
