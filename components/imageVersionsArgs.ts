import type * as pulumi from "@pulumi/pulumi";
import type { BaseImageArgs } from "./baseImageArgs";
import type { BaseInstanceSettings } from "./baseInstanceSettings";
import type { BootProofArgs } from "./bootProofArgs";
import type { GateArgs } from "./gates/gateArgs";
import type { Recipe } from "./recipe";

/** An image from outside, used as a version and never deleted. */
export interface AdoptedImage {
  /** Id in the home region. */
  imageId: string;
  /**
   * Account that owns it: compared before it is used, so that a stranger's look-alike never is.
   * @default the stack's own account
   */
  owner?: string;
}

/** Who else may use images. */
export interface ShareWith {
  /** Account ids. */
  accounts?: string[];
  /** ARNs of organisations. */
  organizationArns?: string[];
  /** ARNs of organisational units. */
  organizationalUnitArns?: string[];
  /**
   * Oldest version that is shared: those before may be under a key that nobody else can use.
   * @default every version kept
   */
  fromVersion?: string;
}

/** A verified image of another stack, as that stack's `images` output names it. */
export interface PromotedImage {
  /** Id in the source region. */
  imageId: string;
  /** Region of that id. */
  region: string;
  /** Digest of the recipe it was made from. */
  recipeDigest: string;
  /** CPU architecture. */
  architecture: string;
  /**
   * Account that owns it: compared before it is copied.
   * @default not compared
   */
  owner?: string;
}

export interface ImageVersionsArgs {
  /** Versions kept, oldest first. Append to bake; only the last may be new. Plain: it decides which resources exist. */
  versions: string[];
  /** The version in use: one of `versions`. Set it back to roll back. */
  current: string;
  /**
   * Most versions kept: 2 or more. A longer list is an error that names the oldest; nothing is retired by itself.
   * @default no limit
   */
  keep?: number;
  /**
   * Protects the images and copies of the current version, and of the one before, which the fleet may still be leaving:
   * the engine refuses to delete them. Retiring such a version later takes two `up`s: one with `current` moved, one
   * without the version. Plain.
   * @default false
   */
  protect?: boolean;
  /**
   * Days after which an image made from now on counts as deprecated: 1 to 3,650. It still launches.
   * @default none: never
   */
  deprecateAfterDays?: number;
  /**
   * What the newest version is baked from. Plain. Not together with `promote`; not needed when every version is adopted.
   */
  recipe?: Recipe;
  /**
   * An existing server, in the home region, that the newest version is made of: as it is, or, with `recipe`, cleaned. See
   * `MachineImage`. Not together with `promote`.
   * @default none
   */
  fromInstanceId?: pulumi.Input<string>;
  /**
   * Whether that server is rebooted while its image is taken. Plain.
   * @default true without `recipe`, false with one
   */
  reboot?: boolean;
  /**
   * Whether the raw image of a server that is cleaned is kept. Set it to false when the version is verified, and leave it
   * out again when you append one. Plain.
   * @default true
   */
  keepRawImage?: boolean;
  /**
   * Images from outside by version: the owner is compared, they are booted and checked by EC2's status checks, copied
   * and used like any other, and never deleted. Plain. Not together with `promote`.
   * @default none
   */
  adopt?: { [version: string]: AdoptedImage };
  /**
   * Verified images of another stack by version: nothing is baked, each version is copied, the home region's too, so
   * that nothing done to the source can take it away. Not together with `recipe`.
   */
  promote?: pulumi.Input<{ [version: string]: PromotedImage }>;
  /**
   * Name of the line.
   * @default the component's name
   */
  line?: string;
  /**
   * Image to start from, in the home region. Not together with `baseImage`.
   * @default the newest image of the recipe's system, from its publisher
   */
  baseImageId?: pulumi.Input<string>;
  /**
   * Where the image to start from is looked up: an SSM parameter, an owner's images by name, or an AWS Marketplace
   * product. Plain.
   * @default the newest image of the recipe's system, from its publisher
   */
  baseImage?: BaseImageArgs;
  /** How base instances run. */
  baseInstance?: BaseInstanceSettings;
  /**
   * Minutes a recipe may take.
   * @default 30
   */
  limitMinutes?: number;
  /**
   * Instance type of boot proofs, and of base instances whose settings name none.
   * @default "t3.small", or "t4g.small" for arm64
   */
  instanceType?: pulumi.Input<string>;
  /**
   * Further regions that get a copy of every version. Plain.
   * @default none
   */
  copyTo?: string[];
  /** KMS key ARN by region, for the copies. With `promote` the home region's too. */
  copyKmsKeyArns?: { [region: string]: pulumi.Input<string> };
  /** Boot proofs by region. */
  proofs?: { [region: string]: BootProofArgs };
  /**
   * Home region. Plain: with `promote` it names the copy.
   * @default the provider's; needed with `promote`
   */
  region?: string;
  /** Tags for everything made. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /** How the gates reach AWS. */
  gates?: GateArgs;
}
