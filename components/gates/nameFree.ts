import type { Image } from "@aws-sdk/client-ec2";
import { TAG } from "../internal/tags";
import { instancesOf, removeImage } from "./kit/abandoned";
import type { Aws } from "./kit/aws";
import { describeError } from "./kit/errors";
import { GateFailure } from "./kit/failure";
import { tagSnapshots } from "./kit/snapshots";
import type { Deadline } from "./kit/waiting";
import { patiently } from "./kit/waiting";

export interface NameFreeInput {
  /** Who waits, for texts: `web 1.1.0`. */
  what: string;
  /** The physical name about to be used. */
  name: string;
  /** The account the image will be in. Where it is not known, nothing is ever removed. */
  account?: string;
  /** The tags the image is about to get: what has the same stack, line, version (or `raw`) and source is the stack's own. */
  tags: { [key: string]: string };
  /** How long a pending image in the way is waited for, in minutes. */
  limitMinutes: number;
}

type Say = (text: string) => void;

/**
 * How often an image is looked at before it is removed: a run that is alive (somebody else's, with the same stack name)
 * starts to prove its image within seconds.
 */
const QUIET_LOOKS = 6;

/**
 * Passes when no image of this account has the name. A run that was killed between request and state leaves an image
 * that no state knows: AWS would only say that the name is taken. It is removed when its tags say that this stack made
 * it from the same source, nothing was proven of it, and nothing runs from it nor is about to; anything else is told,
 * and left alone.
 */
export async function nameFree(aws: Aws, input: NameFreeInput, say: Say, warn: Say): Promise<void> {
  await aws.requireAccount(input.account, `image ${input.name}`);
  const deadline = aws.deadline(input.limitMinutes);
  for (let quiet = 0; ;) {
    const image = await imageNamed(aws, input.name);
    if (!image) return;
    const id = image.ImageId ?? "?";
    if (input.account === undefined || !isOwn(image, input.tags) || tagOf(image, TAG.verified) !== undefined) {
      throw taken(aws, input, image);
    }
    const users = await instancesOf(aws, id);
    if (users.length > 0) throw taken(aws, input, image, [`instances run from it: ${users.join(", ")}`]);
    if (image.State === "pending") {
      // Its snapshots are not known yet: deregistered now, they would be left behind.
      if (deadline.passed) throw taken(aws, input, image, [`still pending after ${deadline.elapsed}`]);
      say(`${input.what}: an interrupted run left ${id}; it is removed as soon as it is no longer pending`);
    } else if (++quiet >= QUIET_LOOKS) {
      return remove(aws, input, image, deadline, warn);
    }
    await aws.pause();
  }
}

async function remove(aws: Aws, input: NameFreeInput, image: Image, deadline: Deadline, warn: Say): Promise<void> {
  const id = image.ImageId ?? "?";
  let kept: string[];
  try {
    await tagSnapshots(aws, image, input.tags);
    kept = await removeImage(aws, id);
  } catch (error) {
    if (error instanceof GateFailure) throw error;
    throw taken(aws, input, image, [`it could not be removed: ${describeError(error)}`]);
  }
  warn(
    `${input.what}: removed ${id} in ${aws.region} ${kept.length > 0 ? "but not all of its snapshots" : "with its snapshots"}: ` +
      `an interrupted run of this stack had left it under the name ${input.name}, and nothing was proven of it` +
      kept.map((one) => `; ${one}`).join(""),
  );
  // AWS may show it for some seconds more.
  while (await imageNamed(aws, input.name)) {
    if (deadline.passed) {
      const state = `Nothing was made. ${id} was deregistered.`;
      throw taken(aws, input, image, ["it was deregistered, and AWS still shows it"], state);
    }
    await aws.pause();
  }
}

async function imageNamed(aws: Aws, name: string): Promise<Image | undefined> {
  const { DescribeImagesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const answer = await patiently("DescribeImages", aws.timing, () =>
    ec2.send(new DescribeImagesCommand({ Owners: ["self"], Filters: [{ Name: "name", Values: [name] }] })),
  );
  return answer.Images?.find((one) => one.State !== "deregistered");
}

const tagOf = (image: Image, key: string): string | undefined => image.Tags?.find(({ Key }) => Key === key)?.Value;

const isOwn = (image: Image, tags: NameFreeInput["tags"]): boolean =>
  [TAG.stack, TAG.line, TAG.raw in tags ? TAG.raw : TAG.version, TAG.source].every(
    (key) => tags[key] !== undefined && tagOf(image, key) === tags[key],
  );

function taken(
  aws: Aws,
  { what, name }: NameFreeInput,
  image: Image,
  more: string[] = [],
  state = "Nothing was made, and nothing was removed.",
): GateFailure {
  const id = image.ImageId ?? "?";
  const tags = (image.Tags ?? []).map(({ Key, Value }) => `${Key}=${Value}`);
  return new GateFailure({
    what: `${what}: the name ${name} is taken in ${aws.region} by ${id} (${image.State}), which this stack's state does not know`,
    evidence: [`made ${image.CreationDate ?? "?"} by ${tagOf(image, TAG.stack) ?? "somebody else"}`, ...more, ...tags],
    look: [`aws ec2 describe-images --region ${aws.region} --image-ids ${id}`],
    next: tagOf(image, TAG.verified) === undefined ? unproven(aws.region, id) : PROVEN,
    state,
  });
}

const unproven = (region: string, id: string): string[] => [
  "nothing was proven of it: if nobody needs it, remove it and run `pulumi up` again:",
  `  aws ec2 deregister-image --region ${region} --image-id ${id} --delete-associated-snapshots`,
  "somebody else's: choose another line name or version",
];

/** Deleting it could take away what a fleet runs. The provider can import neither images of instances nor copies. */
const PROVEN = [
  "it was proven, and a fleet may run it: do not remove it. Bring it back into the state: restore an earlier state,",
  "  pulumi stack export --version N | pulumi stack import",
  "or take the version out of `versions` and append a new one",
];
