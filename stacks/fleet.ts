import * as pulumi from "@pulumi/pulumi";
import type { ImageVersions } from "../components";
import { AutoScalingFleet, FleetNetwork } from "../components";
import { fleetArgs } from "./fleetArgs";
import { imageParameters } from "./images";
import type { Settings } from "./settings";

/**
 * The fleets that run the current version: at home, and in the other regions that config names. Each waits for the one
 * before it to be proven, so that a bad version stops at the first region and the others stay as they were.
 */
function fleetsOf(settings: Settings, versions: ImageVersions): { [region: string]: AutoScalingFleet } {
  const { line, region: home, fleetRegions, fleetOrder } = settings;
  const order = fleetOrder === "home-last" ? [...fleetRegions, home] : [home, ...fleetRegions];
  const fleets: { [region: string]: AutoScalingFleet } = {};
  let before: AutoScalingFleet | undefined;
  for (const region of order) {
    const isHome = region === home;
    const name = isHome ? line : `${line}-${region}`;
    const network =
      settings.network &&
      new FleetNetwork(name, { ...settings.network, ...(!isHome && { region }), tags: settings.tags });
    const fleet: AutoScalingFleet = new AutoScalingFleet(
      name,
      {
        ...fleetArgs(settings),
        ...(!isHome && { region }),
        imageId: versions.verifiedImageIdIn(settings.current, isHome ? undefined : region),
        architecture: versions.architecture,
        subnetIds: network?.privateSubnetIds,
        loadBalancerSubnetIds: network?.publicSubnetIds,
      },
      before && fleetOrder !== "together" ? { dependsOn: [before] } : {},
    );
    fleets[region] = fleet;
    before = fleet;
  }
  return fleets;
}

/** The fleets of the current version, and the outputs that dev and prod share. */
export function fleetOutputs(settings: Settings, versions: ImageVersions): { [output: string]: pulumi.Input<unknown> } {
  const { line, region, port } = settings;
  const fleets = fleetsOf(settings, versions);
  const fleet = fleets[region] as AutoScalingFleet;
  const others = Object.entries(fleets).filter(([at]) => at !== region);
  // The pointers move when every fleet runs the version.
  const live = pulumi
    .all([fleet.liveImageId, ...others.map(([, other]) => other.liveImageId)])
    .apply(([imageId]) => imageId as string);
  const parameters = imageParameters(settings, versions, live);
  return {
    line,
    region,
    current: versions.current,
    verifiedImageIds: versions.verifiedImageIds,
    groupName: fleet.groupName,
    liveParameter: fleet.liveParameter,
    imageParameters: parameters.names,
    ...(port !== undefined && { url: fleet.url }),
    ...(port !== undefined &&
      others.length > 0 && { urls: Object.fromEntries(Object.entries(fleets).map(([at, one]) => [at, one.url])) }),
    connect: fleet.connect,
  };
}
