import type * as pulumi from "@pulumi/pulumi";
import type { BootProofArgs } from "./bootProofArgs";
import type { GateArgs } from "./gates/gateArgs";

export interface ImageCopiesArgs {
  /** The image to copy: a verified id, e.g. `MachineImage.verifiedImageId`. Checked again before each copy. */
  sourceImageId: pulumi.Input<string>;
  /** Region the source image is in. It may be one of the regions copied to: an own copy under an own key. */
  sourceRegion: pulumi.Input<string>;
  /** Physical name of the copies: unique in each region and account. */
  imageName: pulumi.Input<string>;
  /** Line and version the image belongs to: for tags and texts. */
  line: string;
  /** Version, e.g. `1.4.0`. */
  version: string;
  /** Digest of the recipe the image was made from: what the boot proof's console must say. */
  recipeDigest: pulumi.Input<string>;
  /** Regions to copy to, at most one copy each. Plain: it decides which resources exist. */
  regions: string[];
  /**
   * KMS key ARN by region; each must be of its region.
   * @default the AWS-managed key aws/ebs of the region; a copy under it cannot be shared
   */
  kmsKeyArns?: { [region: string]: pulumi.Input<string> };
  /**
   * CPU architecture, for the boot proof's instance type.
   * @default "x86_64"
   */
  architecture?: pulumi.Input<string>;
  /**
   * Instance type of the boot proofs, where `proofs` gives none.
   * @default "t3.small", or "t4g.small" for arm64
   */
  instanceType?: pulumi.Input<string>;
  /**
   * Whether each copy is booted in its region before it counts as verified. Without it only its state is checked.
   * @default true
   */
  bootProof?: boolean;
  /** Where and how the throwaway instances run, by region. */
  proofs?: { [region: string]: BootProofArgs };
  /**
   * Minutes a copy may take. AWS gives no promise; large images take hours.
   * @default 240
   */
  copyTimeoutMinutes?: number;
  /**
   * Account that owns the source: compared before each copy.
   * @default not compared
   */
  sourceOwner?: pulumi.Input<string>;
  /**
   * Protects the copies: the engine refuses to delete them. Plain.
   * @default false
   */
  protect?: boolean;
  /**
   * Days after which a copy counts as deprecated, from when it is made: 1 to 3,650.
   * @default none: never
   */
  deprecateAfterDays?: number;
  /** Tags for copies and their snapshots. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /** How the gates reach AWS. */
  gates?: GateArgs;
}
