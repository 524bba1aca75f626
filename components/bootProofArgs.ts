import type * as pulumi from "@pulumi/pulumi";

/** The throwaway instance that proves an image in one region. It lives for minutes and is terminated on every path. */
export interface BootProofArgs {
  /**
   * Instance type. It must suit the image's architecture.
   * @default the base instance's, else "t3.small" or "t4g.small"
   */
  instanceType?: pulumi.Input<string>;
  /**
   * Subnet.
   * @default the base instance's where there is one, else the region's default subnets, one zone after the other
   */
  subnetId?: pulumi.Input<string>;
  /**
   * Security groups. It needs no ingress.
   * @default the base instance's where there is one, else the network's default group
   */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Name of an instance profile, if the checks need one.
   * @default the base instance's
   */
  instanceProfile?: pulumi.Input<string>;
  /**
   * Minutes that boot and checks may take: 1 to 1,440.
   * @default 20
   */
  limitMinutes?: number;
}
