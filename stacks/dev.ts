import type * as pulumi from "@pulumi/pulumi";
import { ImageVersions } from "../components";
import { fleetOutputs } from "./fleet";
import { groundwork, shareImages, versionArgs } from "./images";
import type { Settings } from "./settings";

/** dev bakes: the newest version from the recipe, its copies, and a small fleet that runs the current one. */
export function dev(settings: Settings): { [output: string]: pulumi.Input<unknown> } {
  const { line, region } = settings;
  const { keys, options } = groundwork(settings);
  const { [region]: homeKey, ...copyKeys } = keys;
  const versions = new ImageVersions(
    line,
    {
      ...versionArgs(settings),
      recipe: settings.recipe,
      fromInstanceId: settings.fromInstanceId,
      reboot: settings.reboot,
      keepRawImage: settings.keepRawImage,
      adopt: settings.adopt,
      baseImageId: settings.baseImageId,
      baseImage: settings.baseImage,
      baseInstance: { rootVolume: { sizeGiB: settings.rootVolumeGiB, kmsKeyArn: homeKey } },
      limitMinutes: settings.limitMinutes,
      copyKmsKeyArns: copyKeys,
    },
    options,
  );
  shareImages(settings, versions, keys);
  return { ...fleetOutputs(settings, versions), images: versions.images };
}
