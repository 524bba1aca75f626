import type * as pulumi from "@pulumi/pulumi";
import { AutoScalingFleet, ImageVersions } from "../components";
import type { Settings } from "./settings";

/** dev bakes: the newest version from the recipe, its copies, and a small fleet that runs the current one. */
export function dev(settings: Settings): { [output: string]: pulumi.Input<unknown> } {
  const { line, tags } = settings;
  const versions = new ImageVersions(line, {
    versions: settings.versions,
    current: settings.current,
    recipe: settings.recipe,
    baseImageId: settings.baseImageId,
    instanceType: settings.instanceType,
    baseInstance: { rootVolume: { sizeGiB: settings.rootVolumeGiB } },
    limitMinutes: settings.limitMinutes,
    copyTo: settings.copyTo,
    copyKmsKeyArns: settings.kmsKeyArns,
    tags,
  });
  const fleet = new AutoScalingFleet(line, {
    imageId: versions.currentImageId,
    version: settings.current,
    architecture: versions.architecture,
    instanceType: settings.instanceType,
    minSize: settings.minSize,
    maxSize: settings.maxSize,
    port: settings.port,
    healthPath: settings.healthPath,
    sessionManager: settings.sessionManager,
    rollout: { limitMinutes: settings.rolloutMinutes },
    tags,
  });
  return {
    line,
    region: settings.region,
    current: versions.current,
    images: versions.images,
    verifiedImageIds: versions.verifiedImageIds,
    groupName: fleet.groupName,
    liveParameter: fleet.liveParameter,
    ...(settings.port !== undefined && { url: fleet.url }),
    connect: fleet.connect,
  };
}
