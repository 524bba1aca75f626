import type { Image } from "@aws-sdk/client-ec2";
import type { Aws } from "./kit/aws";
import { isNotFound } from "./kit/errors";
import { GateFailure } from "./kit/failure";
import { patiently } from "./kit/waiting";

/** How often an image that AWS does not know is asked for before it counts as gone. */
const UNKNOWN_LOOKS = 3;

/** AWS checks a copy's key only while it copies. */
const aboutKey = (reason: string | undefined): boolean => /\bkeys?\b|KMS|CMK/i.test(reason ?? "");
const KEY_HINT =
  "mend the key first: it must be enabled, in this region, and whoever runs `pulumi up` allowed to use it (kms:DescribeKey, kms:CreateGrant, kms:GenerateDataKeyWithoutPlaintext, kms:ReEncrypt*)";

/** The image as AWS describes it, or undefined where there is none. */
export async function describeImage(aws: Aws, imageId: string): Promise<Image | undefined> {
  const { DescribeImagesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  try {
    const answer = await patiently("DescribeImages", aws.timing, () =>
      ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] })),
    );
    return answer.Images?.[0];
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

export interface ImageAvailableInput {
  what: string;
  imageId: string;
  /** How long a pending image is waited for, in minutes. */
  limitMinutes: number;
  /** The account that owns it, if known: asked with other credentials, a good image looks gone. */
  account?: string;
}

/**
 * Passes when the image is `available`, and gives it. The engine keeps an image that ended badly in its state and takes
 * it as good in the next run, as an update: this is asked before any update and before anything is built on it.
 */
export async function imageAvailable(
  aws: Aws,
  input: ImageAvailableInput,
  say: (text: string) => void,
): Promise<Image> {
  const { imageId, what } = input;
  await aws.requireAccount(input.account, `image ${imageId}`);
  const deadline = aws.deadline(input.limitMinutes);
  let looks = 0;
  for (;;) {
    const image = await describeImage(aws, imageId);
    const state = image?.State ?? "unknown";
    if (image && state === "available") return image;
    // AWS may not know a new image for some seconds.
    const notYet = state === "unknown" && looks++ < UNKNOWN_LOOKS;
    if ((state !== "pending" && !notYet) || deadline.passed) {
      const reason = image?.StateReason?.Message ?? image?.StateReason?.Code;
      const said = image ? `is ${state}` : "does not exist any more";
      throw new GateFailure({
        what: `${what}: the image ${imageId} in ${aws.region} ${said}${reason ? ` (${reason})` : ""}, wanted available`,
        look: [`aws ec2 describe-images --region ${aws.region} --image-ids ${imageId}`],
        next: image
          ? [
              ...(aboutKey(reason) ? [KEY_HINT] : []),
              state === "pending"
                ? "it may only be slow: run `pulumi up` again, it goes on waiting. Or clear it away, then make it anew:"
                : "it cannot become usable: clear it away, then make it anew:",
              `  aws ec2 deregister-image --region ${aws.region} --image-id ${imageId} --delete-associated-snapshots`,
              "  pulumi refresh && pulumi up",
            ]
          : [
              "somebody deregistered it: bring it back from the Recycle Bin, or let `pulumi refresh` forget it;",
              "  only the newest version can be made anew by `pulumi up`",
            ],
      });
    }
    say(`${what}: image ${imageId} is ${state} (${deadline.elapsed})`);
    await aws.pause();
  }
}
