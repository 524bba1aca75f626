import { imageAvailable } from "./imageAvailable";
import type { Aws } from "./kit/aws";
import { type Ending, watchBoot } from "./kit/bootWatch";
import { tagSize } from "./kit/imageSize";
import { tagSnapshots } from "./kit/snapshots";
import { isOfWindows, NOT_VERIFIED, onThrowaway, type ThrowawayInput } from "./kit/throwaway";

export interface ImageBootsInput extends ThrowawayInput {
  /** The digest of the recipe the image was made from: its boot token. */
  digest: string;
  /** User data of the throwaway instance, base64: runs the check script that is baked into the image. */
  userDataBase64: string;
  /** The same for an image of Windows. */
  windowsUserDataBase64?: string;
}

const ENDING: Ending = {
  next: [
    "the machine was at fault (capacity, network): run `pulumi up` again, the same image is booted once more",
    "the image is at fault: bake a new version; a version that was never verified may be removed from the list",
  ],
  state: NOT_VERIFIED,
};

/**
 * Passes when a throwaway instance made from the image, in this region and under its key, has booted and run the checks
 * baked into it. The instance is terminated on every path.
 */
export async function imageBoots(
  aws: Aws,
  input: ImageBootsInput,
  say: (text: string) => void,
  warn: (text: string) => void,
): Promise<void> {
  const { imageId, what } = input;
  const image = await imageAvailable(aws, { ...input, limitMinutes: 60 }, say);
  await tagSnapshots(aws, image, input.snapshotTags);
  await tagSize(aws, { what, image, digest: input.digest }, say, warn);
  const { windowsUserDataBase64 = input.userDataBase64 } = input;
  const userDataBase64 = isOfWindows(image) ? windowsUserDataBase64 : input.userDataBase64;
  await onThrowaway(
    aws,
    { ...input, userDataBase64 },
    image,
    (instanceId) => watchBoot(aws, { ...input, ending: ENDING }, instanceId, say),
    say,
    warn,
  );
  say(`${what}: ${imageId} booted and passed its checks`);
}
