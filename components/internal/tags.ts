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
  /** Written only when the image has booted and passed its checks. The value is the digest that was proven. */
  verified: "ami-lifecycle:verified",
  /** The stack that made it, as `project/stack`. */
  stack: "ami-lifecycle:stack",
  /** On a throwaway instance: the image it proves. What the sweep looks for. */
  proof: "ami-lifecycle:proof",
} as const;

/** Tags of images and copies that others write, or that tell how it was made: neither seen as drift nor ever changed. */
const TAG_IGNORE_CHANGES = [TAG.verified, TAG.recipe, TAG.source].flatMap((key) => [
  `tags["${key}"]`,
  `tagsAll["${key}"]`,
]);

/**
 * An image keeps the instance it was made from: else an edited recipe or a newer base image would replace the base
 * instance, and the engine would deregister the live image and its copies before any gate runs.
 */
export const IMAGE_IGNORE_CHANGES: string[] = ["sourceInstanceId", ...TAG_IGNORE_CHANGES];

/** A copy keeps its source: it stays whole when the stack it was promoted from retires its own image. */
export const COPY_IGNORE_CHANGES: string[] = ["sourceAmiId", "sourceAmiRegion", "description", ...TAG_IGNORE_CHANGES];
