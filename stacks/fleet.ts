import type * as pulumi from "@pulumi/pulumi";
import type { ImageVersions } from "../components";
import { AutoScalingFleet } from "../components";
import { defaultInstanceType } from "../components/internal/names";
import { isWindows } from "../components/internal/recipe";
import { imageParameters } from "./images";
import type { Settings } from "./settings";

const WINDOWS_TYPE = defaultInstanceType(undefined, true);

/** The fleet that runs the current version, and the outputs that dev and prod share. */
export function fleetOutputs(settings: Settings, versions: ImageVersions): { [output: string]: pulumi.Input<unknown> } {
  const { line, region, port } = settings;
  const fleet = new AutoScalingFleet(line, {
    imageId: versions.currentImageId,
    version: settings.current,
    architecture: versions.architecture,
    // Windows needs more memory than the fleet's own default has. prod, which has no recipe, names a type.
    instanceType: settings.instanceType ?? (isWindows(settings.recipe?.os) ? WINDOWS_TYPE : undefined),
    minSize: settings.minSize,
    maxSize: settings.maxSize,
    port,
    healthPath: settings.healthPath,
    sessionManager: settings.sessionManager,
    rollout: { limitMinutes: settings.rolloutMinutes },
    tags: settings.tags,
  });
  const parameters = imageParameters(settings, versions, fleet.liveImageId);
  return {
    line,
    region,
    current: versions.current,
    verifiedImageIds: versions.verifiedImageIds,
    groupName: fleet.groupName,
    liveParameter: fleet.liveParameter,
    imageParameters: parameters.names,
    ...(port !== undefined && { url: fleet.url }),
    connect: fleet.connect,
  };
}
