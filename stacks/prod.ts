import * as pulumi from "@pulumi/pulumi";
import type { PromotedImage } from "../components";
import { ImageVersions } from "../components";
import { fleetOutputs } from "./fleet";
import { groundwork, shareImages, versionArgs } from "./images";
import { imageRegions, living } from "./regions";
import type { Settings } from "./settings";

/**
 * prod never bakes: it copies the very images that the source stack proved, at home and to the recovery region, boots
 * its own copies, and rolls a fleet behind a load balancer onto the current one.
 */
export function prod(settings: Settings): { [output: string]: pulumi.Input<unknown> } {
  const { line } = settings;
  const promote = settings.images ?? imagesOf(settings.source as string);
  const { keys, options } = groundwork(settings);
  const [region, ...copyTo] = living(settings, imageRegions(settings));
  const versions = new ImageVersions(
    line,
    {
      ...versionArgs(settings),
      promote,
      region,
      copyTo,
      copyKmsKeyArns: keys,
    },
    options,
  );
  shareImages(settings, versions, keys);
  return fleetOutputs(settings, versions);
}

/** What the source stack has proven, by version. */
const imagesOf = (source: string): pulumi.Output<{ [version: string]: PromotedImage }> =>
  new pulumi.StackReference(source).getOutput("images") as pulumi.Output<{ [version: string]: PromotedImage }>;
