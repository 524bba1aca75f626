import type * as pulumi from "@pulumi/pulumi";
import { Checks } from "./internal/rules";

/** The throwaway instance that proves an image in one region. It lives for minutes and is terminated on every path. */
export interface BootProofArgs {
  /**
   * Instance type. It must suit the image's architecture.
   * @default the base instance's, else "t3.small", "t4g.small" or, for Windows, "t3.medium"
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

/** Problems of boot proofs by region: each must be of a region that gets a copy. */
export function proofProblems(
  path: string,
  proofs: { [region: string]: BootProofArgs } | undefined,
  regions: string[],
): Checks {
  const checks = new Checks();
  for (const [region, proof] of Object.entries(proofs ?? {})) {
    const at = `${path}["${region}"]`;
    if (!regions.includes(region)) {
      checks.add({
        path: at,
        allowed: `regions copied to (${regions.join(", ") || "none"})`,
        fix: "Remove it, or add the region",
      });
    }
    checks.rule("instanceType", `${at}.instanceType`, proof.instanceType);
    checks.rule("subnetId", `${at}.subnetId`, proof.subnetId);
    checks.rule("minutes", `${at}.limitMinutes`, proof.limitMinutes);
  }
  return checks;
}
