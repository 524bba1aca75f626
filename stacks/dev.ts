import type * as pulumi from "@pulumi/pulumi";
import { ImageVersions } from "../components";
import { fleetOutputs } from "./fleet";
import type { Settings } from "./settings";

/** dev bakes: the newest version from the recipe, its copies, and a small fleet that runs the current one. */
export function dev(settings: Settings): { [output: string]: pulumi.Input<unknown> } {
  const { line, tags } = settings;
  const versions = new ImageVersions(line, {
    versions: settings.versions,
    current: settings.current,
    keep: settings.keep,
    protect: settings.protect,
    deprecateAfterDays: settings.deprecateAfterDays,
    recipe: settings.recipe,
    adopt: settings.adopt,
    baseImageId: settings.baseImageId,
    instanceType: settings.instanceType,
    baseInstance: { rootVolume: { sizeGiB: settings.rootVolumeGiB } },
    limitMinutes: settings.limitMinutes,
    copyTo: settings.copyTo,
    copyKmsKeyArns: settings.kmsKeyArns,
    tags,
  });
  return { ...fleetOutputs(settings, versions), images: versions.images };
}
