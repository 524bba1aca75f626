import type { Problem } from "./problems";
import { Checks } from "./rules";

/** An entry must be of a version that is kept. */
function checkKept(checks: Checks, at: string, version: string, versions: unknown): void {
  if (Array.isArray(versions) && versions.includes(version)) return;
  checks.add({ path: at, allowed: "versions kept", fix: `Add ${version} to \`versions\`, or remove it here` });
}

/** The rules for images from outside: each of one version that is kept, an id, and an owner to compare. */
export function adoptProblems(
  path: string,
  adopt: { [version: string]: unknown } | undefined,
  versions: unknown,
): Problem[] {
  const checks = new Checks();
  const seen = new Map<unknown, string>();
  for (const [version, image] of Object.entries(adopt ?? {})) {
    const at = `${path}["${version}"]`;
    checkKept(checks, at, version, versions);
    if (image === null || typeof image !== "object") {
      checks.add({
        path: at,
        given: image,
        allowed: "an image with `imageId`",
        fix: "Give `imageId`, and `owner` for another account's",
      });
      continue;
    }
    const { imageId, owner } = image as { imageId?: unknown; owner?: unknown };
    if (imageId === undefined) checks.add({ path: `${at}.imageId`, allowed: "an image id", fix: "Set it" });
    checks.rule("imageId", `${at}.imageId`, imageId).rule("account", `${at}.owner`, owner);
    const other = typeof imageId === "string" ? seen.get(imageId) : undefined;
    if (other !== undefined) {
      checks.add({
        path: `${at}.imageId`,
        given: imageId,
        allowed: `an image of one version (${other} has this one)`,
        fix: "Remove one of the two",
      });
    }
    seen.set(imageId, version);
  }
  return checks.problems;
}

/** The rules for images to promote that are named one by one: what another stack's `images` output would say. */
export function promotedProblems(path: string, images: { [version: string]: unknown }, versions: unknown): Problem[] {
  const checks = new Checks();
  for (const [version, image] of Object.entries(images)) {
    const at = `${path}["${version}"]`;
    checkKept(checks, at, version, versions);
    if (image === null || typeof image !== "object") {
      checks.add({ path: at, given: image, allowed: `an image with ${PROMOTED.join(", ")}`, fix: COPY_OUTPUT });
      continue;
    }
    const given = image as { [field: string]: unknown };
    for (const field of PROMOTED) {
      if (given[field] === undefined) checks.add({ path: `${at}.${field}`, allowed: "a value", fix: COPY_OUTPUT });
    }
    checks
      .rule("imageId", `${at}.imageId`, given.imageId)
      .rule("region", `${at}.region`, given.region)
      .rule("account", `${at}.owner`, given.owner)
      .rule("architecture", `${at}.architecture`, given.architecture)
      .rule("recipeDigest", `${at}.recipeDigest`, given.recipeDigest);
  }
  return checks.problems;
}

/** All of them: an owner that nobody compares is the way in for a look-alike. */
const PROMOTED = ["imageId", "region", "owner", "recipeDigest", "architecture"];
const COPY_OUTPUT = "Take it over from the source stack: pulumi stack output images --json";
