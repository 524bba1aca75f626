import { ImageParameters, type ImageVersions } from "../components";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./settings";

/** Every region that gets images, the home region first. */
export const regionsOf = ({ region, copyTo }: Settings): string[] => [region, ...copyTo];

/** One version's verified ids by region: each waits for its own region only. */
export const idsOf = (settings: Settings, versions: ImageVersions, version: string) =>
  Object.fromEntries(
    regionsOf(settings).map((region) => [
      region,
      versions.verifiedImageIdIn(version, region === settings.region ? undefined : region),
    ]),
  );

/** The names by which others find the images: one for each version, and the pointers, which move after the fleet. */
export function imageParameters(
  settings: Settings,
  versions: ImageVersions,
  live: pulumi.Output<string>,
): ImageParameters {
  const { line, current, tags } = settings;
  const imageIds = Object.fromEntries(
    settings.versions.map((version) => [version, idsOf(settings, versions, version)]),
  );
  return new ImageParameters(line, { imageIds, current, live, tags });
}
