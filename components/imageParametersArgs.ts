import type * as pulumi from "@pulumi/pulumi";
import type { GateArgs } from "./gates/gateArgs";

export interface ImageParametersArgs {
  /**
   * Name of the line: part of the parameters' names, `/ami/LINE/STACK/…`.
   * @default the component's name
   */
  line?: string;
  /**
   * Verified ids by version and by region: each becomes a parameter. Plain, but for the ids: versions and
   * regions decide which resources exist.
   */
  imageIds: { [version: string]: { [region: string]: pulumi.Input<string> } };
  /** The version in use: one of those in `imageIds`. Plain. */
  current: string;
  /**
   * What the fleet is proven to run, e.g. `AutoScalingFleet.liveImageId`: `current` and `previous` move only after it.
   * @default none: they move when the image is verified
   */
  live?: pulumi.Input<string>;
  /** Tags for the parameters. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /** How the gates reach AWS. */
  gates?: GateArgs;
}
