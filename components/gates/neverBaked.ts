import { GateFailure } from "./kit/failure";

/** An older version that this stack's state does not hold: it has no base instance to be made from any more. */
export function neverBaked(what: string, version: string): GateFailure {
  return new GateFailure({
    what: `${what} was never baked by this stack, and it is not the newest version: only the last of \`versions\` is baked`,
    next: [
      "the state was lost: restore it (pulumi stack import), its image may well exist",
      `an image from elsewhere is to be it: \`adopt: { ${version}: ami-… }\` (dev's config, ImageVersions)`,
      "or take it out of `versions`",
      "or, to bake what it stood for, append it under a new number as the last version",
    ],
    state: "Nothing was made.",
  });
}

/** A version to be made of a server, and `keepRawImage: false` retires what it would be made from. */
export function rawImageRetired(what: string): GateFailure {
  return new GateFailure({
    what: `${what} is not made yet, and \`keepRawImage: false\` retires the raw image it would be made from`,
    next: [
      "leave `keepRawImage` out until the version is verified, and run `pulumi up` again",
      "the version was made and the state was lost: restore it (pulumi stack import)",
    ],
    state: "Nothing was made.",
  });
}
