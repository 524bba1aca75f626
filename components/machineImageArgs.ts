import type * as pulumi from "@pulumi/pulumi";
import type { BaseImageArgs } from "./baseImageArgs";
import type { BaseInstanceSettings } from "./baseInstanceSettings";
import type { BootProofArgs } from "./bootProofArgs";
import type { GateArgs } from "./gates/gateArgs";
import type { Recipe } from "./recipe";

export interface MachineImageArgs {
  /** Version, e.g. `1.4.0`. One immutable image: a changed recipe needs a new version. Plain: it names resources. */
  version: string;
  /**
   * What goes into the image. Plain: it is rendered when the program runs. Not needed with `fromInstanceId`: then the
   * image is the server as it is.
   */
  recipe?: Recipe;
  /**
   * An existing server, in this region, to make the image of. Alone: of the server as it is, proven by EC2's status
   * checks. With `recipe`: a raw image of it is what the base instance starts from; recipe and clean-up run there, with
   * every login user removed but the system's own and `keepUsers`, and the server is not touched. The base instance
   * then starts the server's services once: keep it from what they must not reach (`baseInstance.securityGroupIds`).
   * @default none
   */
  fromInstanceId?: pulumi.Input<string>;
  /**
   * Whether the server is rebooted while its image is taken, as the console does: only then are its file systems sure
   * to be whole. Plain.
   * @default true without `recipe`, false with one
   */
  reboot?: boolean;
  /**
   * Whether the raw image of the server is kept. It holds what the clean-up removes: set this to false when the version
   * is verified, and the next `up` deletes it with the base instance, as it does when a newer version is appended.
   * Leave it out again when you append one: no version can be made without its raw image. Plain.
   * @default true
   */
  keepRawImage?: boolean;
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
