import type { Image } from "@aws-sdk/client-ec2";
import { NO_IMAGE } from "../internal/names";
import { isRecord, isUnbooted, TAG } from "../internal/tags";
import { describeImage } from "./imageAvailable";
import type { Aws } from "./kit/aws";
import { GateFailure } from "./kit/failure";

export interface SourceVerifiedInput {
  /** For texts: `web 1.1.0 to eu-west-1`. */
  what: string;
  imageId: string;
  /** The account that must own it; not compared where it is not known. */
  owner?: string;
  /** Whether the copy is booted before it counts: only then may the source be of an account whose tags are not seen. */
  boot: boolean;
}

/** How often the tag is looked for: AWS may show a new tag some seconds late. */
const LOOKS = 4;

type Refuse = (why: string, next: string[]) => never;

/**
 * Whether AWS would copy it for this account: an image with a billing code (Windows, Marketplace, some Linux by AWS)
 * cannot be copied from another account. EC2 user guide, "Copy an AMI".
 */
async function requireCopyable(aws: Aws, input: SourceVerifiedInput, image: Image, refuse: Refuse): Promise<void> {
  const { imageId, owner } = input;
  if (owner !== undefined && image.OwnerId !== owner) {
    refuse(`the source image ${imageId} is owned by ${image.OwnerId ?? "nobody known"}, wanted ${owner}`, [
      "find out whose image it is before anything is made of it: names and ids can be mistaken",
    ]);
  }
  const usage = image.UsageOperation ?? "RunInstances";
  const marketplace = image.ProductCodes?.some((code) => code.ProductCodeType === "marketplace") ?? false;
  if ((usage === "RunInstances" && !marketplace) || image.OwnerId === (await aws.account())) return;
  refuse(
    `the source image ${imageId} (${marketplace ? "AWS Marketplace" : (image.PlatformDetails ?? usage)}) has a billing code: AWS copies it only within its own account`,
    ["bake this line in this account too, from the same recipe: an image with a billing code cannot be promoted"],
  );
}

/** Passes when the image to copy exists and carries the record of its proof. Nothing is copied before. */
export async function sourceVerified(aws: Aws, input: SourceVerifiedInput): Promise<void> {
  const { imageId, what } = input;
  const refuse: Refuse = (why, next) => {
    throw new GateFailure({ what: `${what}: nothing was copied: ${why}`, next });
  };
  if (!imageId || imageId === NO_IMAGE) {
    refuse("the source stack has no verified image of this version", [
      "bake and prove it there first: `pulumi up` of that stack must be green with this version",
      "where this stack's config names the images (`ami-lifecycle:images`): add this version's, as that stack's output has it",
      "or take the version out of this stack's `versions`",
    ]);
  }
  for (let look = 1; ; look++) {
    const image = await describeImage(aws, imageId);
    if (image) await requireCopyable(aws, input, image, refuse);
    const proof = image?.Tags?.find((tag) => isRecord(tag.Key))?.Value;
    if (isUnbooted(proof)) {
      refuse(`the source image ${imageId} was never booted: its boot proof is turned off`, ["turn it on there"]);
    }
    if (proof !== undefined) return;
    // A shared image's tags are not seen: its own stack named it as verified, and the copy is booted all the same.
    if (image && input.boot && image.OwnerId !== (await aws.account())) {
      if (input.owner !== undefined) return;
      refuse(
        `the source image ${imageId} is another account's (${image.OwnerId ?? "?"}), and nobody says whose it must be`,
        [
          "name its owner (`sourceOwner`, or `owner` of the promoted image): a look-alike of somebody else's is refused then",
        ],
      );
    }
    if (look < LOOKS) {
      await aws.pause();
      continue;
    }
    const show = `aws ec2 describe-images --region ${aws.region} --image-ids ${imageId}`;
    if (!image) refuse(`the source image ${imageId} does not exist in ${aws.region}, or is not shared`, [show]);
    refuse(`the source image ${imageId} in ${aws.region} is not verified (no tag ${TAG.verified})`, [
      "prove it first: `pulumi up` of the stack that made it must be green",
      show,
    ]);
  }
}
