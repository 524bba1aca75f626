import type { Problem } from "./problems";
import { Checks } from "./rules";

/** The rules for images from outside: each a version that is kept, an id, and an owner to compare. */
export function adoptProblems(
  path: string,
  adopt: { [version: string]: unknown } | undefined,
  versions: unknown,
): Problem[] {
  const checks = new Checks();
  for (const [version, image] of Object.entries(adopt ?? {})) {
    const at = `${path}["${version}"]`;
    if (!Array.isArray(versions) || !versions.includes(version)) {
      checks.add({ path: at, allowed: "versions kept", fix: `Add ${version} to \`versions\`, or remove it here` });
    }
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
  }
  return checks.problems;
}
