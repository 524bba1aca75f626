import * as pulumi from "@pulumi/pulumi";
import { TAG } from "../internal/tags";

export interface ImageIdentity {
  line: string;
  version: string;
  /** Digest of the recipe. */
  digest: pulumi.Input<string>;
  /** What the image is made from. */
  source: pulumi.Input<string>;
  /** The physical name. */
  name: pulumi.Input<string>;
}

type Tags = { [key: string]: pulumi.Input<string> };

/** The caller's tags and those that say what the image is. */
export function imageTags(identity: ImageIdentity, given: pulumi.Input<Tags> | undefined): pulumi.Output<Tags> {
  return ownTags(
    identity.name,
    {
      [TAG.line]: identity.line,
      [TAG.version]: identity.version,
      [TAG.recipe]: identity.digest,
      [TAG.source]: identity.source,
    },
    given,
  );
}

/** The caller's tags, and those of this package that tell a resource apart; `name` where the caller has no `Name`. */
export function ownTags(
  name: pulumi.Input<string>,
  own: Tags,
  given: pulumi.Input<Tags> | undefined,
): pulumi.Output<Tags> {
  return pulumi.output(given).apply((tags) => ({
    Name: name,
    ...tags,
    ...own,
    [TAG.stack]: stackId(),
  })) as unknown as pulumi.Output<Tags>;
}

/** What the tag `ami-lifecycle:stack` says: `PROJECT/STACK`. */
export const stackId = (): string => `${pulumi.getProject()}/${pulumi.getStack()}`;
