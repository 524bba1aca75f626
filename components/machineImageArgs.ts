import type * as pulumi from "@pulumi/pulumi";
import type { BaseImageArgs } from "./baseImageArgs";
import type { BaseInstanceSettings } from "./baseInstanceSettings";
import type { BootProofArgs } from "./bootProofArgs";
import type { GateArgs } from "./gates/gateArgs";
import type { Recipe } from "./recipe";

export interface MachineImageArgs {
  /** Version, e.g. `1.4.0`. One immutable image: a changed recipe needs a new version. Plain: it names resources. */
  version: string;
  /** What goes into the image. Plain: it is rendered when the program runs. */
  recipe: Recipe;
  /**
   * Name of the line the version belongs to: part of the image's name, `LINE/STACK/VERSION`.
   * @default the component's name
   */
  line?: string;
  /**
   * Whether this version may be baked. `false` for older versions: they keep their image and have no base instance.
   * @default true
   */
  bake?: boolean;
  /**
   * Image to start from, in this region. Not together with `baseImage`.
   * @default the newest image of the recipe's system, from its publisher
   */
  baseImageId?: pulumi.Input<string>;
  /**
   * Where the image to start from is looked up: an SSM parameter, an owner's images by name, or an AWS Marketplace
   * product. Plain.
   * @default the newest image of the recipe's system, from its publisher
   */
  baseImage?: BaseImageArgs;
  /** How the base instance runs. */
  baseInstance?: BaseInstanceSettings;
  /**
   * Minutes the recipe may take: 1 to 1,440. Then the base instance is stopped.
   * @default 30
   */
  limitMinutes?: number;
  /** How the image's own boot proof runs. */
  proof?: BootProofArgs;
  /**
   * Regions to copy the verified image to. Plain: it decides which resources exist.
   * @default none
   */
  copyTo?: string[];
  /**
   * KMS key ARN by region, for the copies.
   * @default the AWS-managed key of each region
   */
  copyKmsKeyArns?: { [region: string]: pulumi.Input<string> };
  /** Boot proofs of the copies, by region. */
  copyProofs?: { [region: string]: BootProofArgs };
  /**
   * Region the image is baked in.
   * @default the provider's
   */
  region?: pulumi.Input<string>;
  /**
   * Protects the image and its copies: the engine refuses to delete them. Taken back by an `up` of its own before they
   * can be retired. Plain.
   * @default false
   */
  protect?: boolean;
  /**
   * Days after which the image and its copies count as deprecated, from when they are made: 1 to 3,650. A deprecated
   * image still launches; it is only listed no longer. Images that exist keep what they have.
   * @default none: never
   */
  deprecateAfterDays?: number;
  /** Tags for everything made: at most 40, keys up to 127 characters. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /** How the gates reach AWS. */
  gates?: GateArgs;
}
