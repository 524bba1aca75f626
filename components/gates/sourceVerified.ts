import { NO_IMAGE } from "../internal/names";
import { TAG } from "../internal/tags";
import { describeImage } from "./imageAvailable";
import type { Aws } from "./kit/aws";
import { GateFailure } from "./kit/failure";
import { sleep } from "./kit/waiting";

export interface SourceVerifiedInput {
  /** For texts: `web 1.1.0 to eu-west-1`. */
  what: string;
  imageId: string;
  /** Account that the copy will be in. */
  account?: string;
}

/** How often the tag is looked for: AWS may show a new tag some seconds late. */
const LOOKS = 4;

/** Passes when the image to copy exists and carries the record of its proof. Nothing is copied before. */
export async function sourceVerified(aws: Aws, input: SourceVerifiedInput): Promise<void> {
  const { imageId, what } = input;
  const refuse = (why: string, next: string[]): never => {
    throw new GateFailure({ what: `${what}: nothing was copied: ${why}`, next });
  };
  if (!imageId || imageId === NO_IMAGE) {
    refuse("the source stack has no verified image of this version", [
      "bake and prove it there first: `pulumi up` of that stack must be green with this version",
      "or take the version out of this stack's `versions`",
    ]);
  }
  for (let look = 1; ; look++) {
    const image = await describeImage(aws, imageId);
    if (image?.Tags?.some((tag) => tag.Key === TAG.verified)) return;
    if (look < LOOKS) {
      await sleep(aws.timing.pollSeconds);
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
