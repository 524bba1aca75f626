/** The tags that tell what an image is, in every region, on the image and on its snapshots. */
export const TAG = {
  /** The line, e.g. `web`. */
  line: "ami-lifecycle:line",
  /** The version, e.g. `1.4.0`. */
  version: "ami-lifecycle:version",
  /** The digest of the recipe the image was made from. */
  recipe: "ami-lifecycle:recipe",
  /** What the image was made from: an instance id, or `region/ami-id` for a copy. */
  source: "ami-lifecycle:source",
  /** Written only when the image is proven. The value is the digest that was booted; see `unbooted`. */
  verified: "ami-lifecycle:verified",
  /** Bytes that the image's file systems use, as the bake said. Written by the gate, when it could be known. */
  size: "ami-lifecycle:size",
  /** The stack that made it, as `project/stack`. */
  stack: "ami-lifecycle:stack",
  /** On the raw image of a server, in place of `version`: it has in it what the clean-up removes, and is none. */
  raw: "ami-lifecycle:raw",
  /** On a base instance: the component it belongs to. What finds one that a killed run has left. */
  base: "ami-lifecycle:base",
  /** On a throwaway instance: the image it proves. What the sweep looks for. */
  proof: "ami-lifecycle:proof",
  /** On the backup of a server: the instance it was made of. */
  backup: "ami-lifecycle:backup",
} as const;

/** Stands for the digest of an image from outside: there was no recipe, and it has no checks of ours in it. */
export const ADOPTED = "adopted";

/** The record of one that is adopted: of each stack by itself, because several may adopt the same image. */
export const adoptedRecord = (stack: string): string => `${TAG.verified}/${stack}`;

/** Whether a tag is the record of a proof, the stack's own or an adopter's. */
export const isRecord = (key: string | undefined): boolean =>
  key === TAG.verified || (key?.startsWith(`${TAG.verified}/`) ?? false);

/** Value of the verified tag where the boot proof is turned off: only the image's state was asked. Never promoted. */
export const unbooted = (digest: string): string => `unbooted ${digest}`;
export const isUnbooted = (value: string | undefined): boolean => value?.startsWith("unbooted") ?? false;

/** Tags of images and copies that others write, or that tell how it was made: neither seen as drift nor ever changed. */
const TAG_IGNORE_CHANGES = [TAG.verified, TAG.recipe, TAG.source, TAG.size].flatMap((key) => [
  `tags["${key}"]`,
  `tagsAll["${key}"]`,
]);

/**
 * An image keeps the instance it was made from, and how it was taken: else an edited recipe or a newer base image would
 * replace the base instance, and the engine would deregister the live image and its copies before any gate runs.
 */
export const IMAGE_IGNORE_CHANGES: string[] = [
  "sourceInstanceId",
  "snapshotWithoutReboot",
  "description",
  "deprecationTime",
  ...TAG_IGNORE_CHANGES,
];

/**
 * A copy keeps its source: it stays whole when the stack it was promoted from retires its own image. It keeps its key,
 * too: another one would make the provider delete the live copy first, because its name is fixed.
 */
export const COPY_IGNORE_CHANGES: string[] = [
  "sourceAmiId",
  "sourceAmiRegion",
  "encrypted",
  "kmsKeyId",
  "description",
  "deprecationTime",
  ...TAG_IGNORE_CHANGES,
];
