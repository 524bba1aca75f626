import type { Image } from "@aws-sdk/client-ec2";
import { readConsole, usedBytes } from "../../internal/markers";
import { TAG } from "../../internal/tags";
import type { Aws } from "./aws";
import { describeError } from "./errors";
import { consoleOutput } from "./instances";
import { tagResources } from "./snapshots";

export interface ImageSizeInput {
  /** Who waits, for texts: `web 1.1.0`. */
  what: string;
  image: Image;
  /** Digest of the recipe the image was made from: the token of the bake. */
  digest: string;
}

/**
 * Writes how many bytes the image's file systems use, as the bake said on its console, to the image and its snapshots.
 * The console is kept for about an hour: later nothing is written. It is a figure, not a fact that anything rests on, so
 * nothing fails for want of it.
 */
export async function tagSize(
  aws: Aws,
  { what, image, digest }: ImageSizeInput,
  say: (text: string) => void,
  warn: (text: string) => void,
): Promise<void> {
  const tag = (key: string) => image.Tags?.find(({ Key }) => Key === key)?.Value;
  const base = tag(TAG.source);
  // A copy's source is an image.
  if (!base?.startsWith("i-") || tag(TAG.size) !== undefined) return;
  try {
    const bytes = usedBytes(readConsole(await consoleOutput(aws, base, false), digest));
    if (bytes === undefined) return say(`${what}: the console of ${base} no longer says how large the image is`);
    const snapshots = (image.BlockDeviceMappings ?? []).flatMap((m) => (m.Ebs?.SnapshotId ? [m.Ebs.SnapshotId] : []));
    const stack = tag(TAG.stack);
    await tagResources(aws, [image.ImageId as string, ...snapshots], {
      // Named anew so that a policy can see whose it is.
      ...(stack !== undefined && { [TAG.stack]: stack }),
      [TAG.size]: String(bytes),
    });
    say(`${what}: ${(bytes / 2 ** 20).toFixed(0)} MiB in use`);
  } catch (error) {
    warn(`${what}: the image's size was not written to its tag ${TAG.size}: ${describeError(error)}`);
  }
}
