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
  return pulumi.output(given).apply((tags) => ({
    Name: identity.name,
    ...tags,
    [TAG.line]: identity.line,
    [TAG.version]: identity.version,
    [TAG.recipe]: identity.digest,
    [TAG.source]: identity.source,
    [TAG.stack]: `${pulumi.getProject()}/${pulumi.getStack()}`,
  })) as unknown as pulumi.Output<Tags>;
}
