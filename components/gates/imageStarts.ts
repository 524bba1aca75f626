import type { Image } from "@aws-sdk/client-ec2";
import { TAG } from "../internal/tags";
import { imageAvailable } from "./imageAvailable";
import type { Aws } from "./kit/aws";
import type { Ending } from "./kit/bootWatch";
import { GateFailure } from "./kit/failure";
import { tagSnapshots } from "./kit/snapshots";
import { endsItself, watchStatus } from "./kit/statusWatch";
import { NOT_VERIFIED, onThrowaway, type ThrowawayInput } from "./kit/throwaway";

export interface ImageStartsInput extends ThrowawayInput {
  /** The account that must own the image. */
  owner: string;
  /** The stack that adopts it, as `project/stack`; undefined for a copy, which is the stack's own. */
  adopter?: string;
}

/**
 * Passes when the image, which has no checks of ours in it, is of the owner named, and a throwaway instance made from it
 * passes both of EC2's status checks. The instance is terminated on every path.
 */
export async function imageStarts(
  aws: Aws,
  input: ImageStartsInput,
  say: (text: string) => void,
  warn: (text: string) => void,
): Promise<void> {
  const image = await imageAvailable(aws, { ...input, limitMinutes: 60 }, say);
  requireStranger(aws, input, image);
  if (input.adopter === undefined) await tagSnapshots(aws, image, input.snapshotTags);
  const machine = { ...input, userDataBase64: endsItself(input.limitMinutes) };
  const watched = (instanceId: string) => watchStatus(aws, { ...input, ending: ENDING }, instanceId, say);
  await onThrowaway(aws, machine, image, watched, say, warn);
  say(`${input.what}: ${input.imageId} booted and passed EC2's status checks`);
}

const ENDING: Ending = {
  next: [
    "the machine was at fault (capacity, network): run `pulumi up` again, the same image is booted once more",
    "the image is at fault: adopt another one",
  ],
  state: NOT_VERIFIED,
};

/**
 * The image must be of the owner named, and no stack may hold it: the one that made it deletes it when it retires its
 * version, and keeps a record of its own on it.
 */
function requireStranger(aws: Aws, { what, imageId, owner, adopter }: ImageStartsInput, image: Image): void {
  const look = [`aws ec2 describe-images --region ${aws.region} --image-ids ${imageId}`];
  if (image.OwnerId !== owner) {
    throw new GateFailure({
      what: `${what}: the image ${imageId} is owned by ${image.OwnerId ?? "nobody known"}, wanted ${owner}`,
      look,
      next: ["name the account that you trust as its `owner`, or another image"],
      state: NOT_VERIFIED,
    });
  }
  const maker = image.Tags?.find(({ Key }) => Key === TAG.stack)?.Value;
  if (adopter === undefined || maker === undefined) return;
  throw new GateFailure({
    what: `${what}: the image ${imageId} was made by the stack ${maker}, which deletes it when it retires its version`,
    look,
    next: [
      maker === adopter
        ? "this is that stack: keep the version in `versions` without adopting it"
        : "promote it from that stack instead: a copy of one's own, which that stack cannot take away",
      "no stack holds it any more (its state was lost): take its tags off, and run `pulumi up` again:",
      `  aws ec2 delete-tags --region ${aws.region} --resources ${imageId} --tags Key=${TAG.stack} Key=${TAG.verified}`,
    ],
    state: "Nothing was recorded.",
  });
}
