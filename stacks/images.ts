import type * as pulumi from "@pulumi/pulumi";
import { ImageKeys, ImageParameters, ImageRetention, ImageSharing, type ImageVersions } from "../components";
import { compareVersions } from "../components/internal/versions";
import { imageRegions, living } from "./regions";
import type { Settings } from "./settings";

/** Every region whose images are made or kept now, the home region first. */
const regionsOf = (settings: Settings): string[] => living(settings, imageRegions(settings));

/** What must be there before the first image is made. */
export interface Groundwork {
  /** Keys by region, where there are any. */
  keys: { [region: string]: pulumi.Input<string> };
  /** Options of the images: they come after the rules that keep deleted ones, and go before them. */
  options: pulumi.ComponentResourceOptions;
}

/** What dev and prod say alike of the versions. */
export const versionArgs = (settings: Settings) => ({
  versions: settings.versions,
  current: settings.current,
  keep: settings.keep,
  protect: settings.protect,
  deprecateAfterDays: settings.deprecateAfterDays,
  instanceType: settings.instanceType,
  copyTo: living(settings, settings.copyTo),
  tags: settings.tags,
});

export function groundwork(settings: Settings): Groundwork {
  const { line, kmsKeyArns, recycleBinDays, tags } = settings;
  const { accounts, organizationArns, organizationalUnitArns } = settings.shareWith;
  const regions = regionsOf(settings);
  const ownKeys = Object.fromEntries(Object.entries(kmsKeyArns).filter(([region]) => regions.includes(region)));
  const made = settings.imageKeys
    ? // An image is of no use without its key: what protects the one protects the other.
      new ImageKeys(
        line,
        { regions, keyArns: ownKeys, accounts, organizationArns, organizationalUnitArns, tags },
        { protect: settings.protect },
      )
    : undefined;
  const retention =
    recycleBinDays > 0 ? new ImageRetention(line, { regions, imageDays: recycleBinDays, tags }) : undefined;
  return {
    keys: made ? Object.fromEntries(regions.map((region) => [region, made.keyArnIn(region)])) : ownKeys,
    options: retention ? { dependsOn: [retention] } : {},
  };
}

/** One version's verified ids by region: each waits for its own region only. */
const idsOf = (settings: Settings, versions: ImageVersions, version: string) =>
  Object.fromEntries(
    regionsOf(settings).map((region) => [
      region,
      versions.verifiedImageIdIn(version, region === settings.region ? undefined : region),
    ]),
  );

/** What others get of the images: permission to use them, where config says so. */
export function shareImages(settings: Settings, versions: ImageVersions, kmsKeyArns: Groundwork["keys"]): void {
  const { line } = settings;
  const { fromVersion, ...receivers } = settings.shareWith;
  if (Object.values(receivers).every((list) => !list.length)) return;
  // An image from outside is not ours to share: its copies are.
  for (const version of settings.versions) {
    if (fromVersion !== undefined && compareVersions(version, fromVersion) < 0) continue;
    const imageIds = idsOf(settings, versions, version);
    const adopted = settings.adopt[version] !== undefined;
    const own = Object.keys(imageIds).filter((region) => !adopted || region !== settings.region);
    if (own.length === 0) continue;
    const pick = <T>(byRegion: { [region: string]: T }) =>
      Object.fromEntries(own.map((region) => [region, byRegion[region] as T]));
    new ImageSharing(`${line}-${version}`, {
      imageIds: pick(imageIds),
      kmsKeyArns: pick(kmsKeyArns),
      ...receivers,
    });
  }
}

/** The names by which others find the images: one for each version, and the pointers, which move after the fleet. */
export function imageParameters(
  settings: Settings,
  versions: ImageVersions,
  live: pulumi.Output<string>,
): ImageParameters {
  const { line, current, tags } = settings;
  const imageIds = Object.fromEntries(settings.versions.map((one) => [one, idsOf(settings, versions, one)]));
  return new ImageParameters(line, { imageIds, current, live, tags });
}
