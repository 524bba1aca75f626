import type * as pulumi from "@pulumi/pulumi";
import { ImageVersions } from "../components";
import { fleetOutputs } from "./fleet";
import { groundwork, shareImages } from "./images";
import type { Settings } from "./settings";

/** dev bakes: the newest version from the recipe, its copies, and a small fleet that runs the current one. */
export function dev(settings: Settings): { [output: string]: pulumi.Input<unknown> } {
  const { line, region, tags } = settings;
  const { keys, options } = groundwork(settings);
  const { [region]: homeKey, ...copyKeys } = keys;
  const versions = new ImageVersions(
    line,
    {
      versions: settings.versions,
      current: settings.current,
      keep: settings.keep,
      protect: settings.protect,
      deprecateAfterDays: settings.deprecateAfterDays,
      recipe: settings.recipe,
      adopt: settings.adopt,
      baseImageId: settings.baseImageId,
      baseImage: settings.baseImage,
      instanceType: settings.instanceType,
      baseInstance: { rootVolume: { sizeGiB: settings.rootVolumeGiB, kmsKeyArn: homeKey } },
      limitMinutes: settings.limitMinutes,
      copyTo: settings.copyTo,
      copyKmsKeyArns: copyKeys,
      tags,
    },
    options,
  );
  shareImages(settings, versions, keys);
  return { ...fleetOutputs(settings, versions), images: versions.images };
}
