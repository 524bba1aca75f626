import * as pulumi from "@pulumi/pulumi";
import type { ImageVersions } from "../components";
import { AutoScalingFleet, FleetNetwork, RecoveryRegion } from "../components";
import { failoverRecords } from "./dns";
import { fleetArgs, inRegion } from "./fleetArgs";
import { imageParameters } from "./images";
import { living } from "./regions";
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
  for (const region of living(settings, order)) {
    const isHome = region === home;
    const name = isHome ? line : `${line}-${region}`;
    const wanted = inRegion(settings, region, "network");
    const network = wanted && new FleetNetwork(name, { ...wanted, ...(!isHome && { region }), tags: settings.tags });
    const fleet: AutoScalingFleet = new AutoScalingFleet(
      name,
      {
        ...fleetArgs(settings, region),
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

/**
 * What stands in for the home region. It comes after the home region's fleet is proven, as long as that one serves: once
 * it is lost, nothing waits for it.
 */
function recoveryOf(
  settings: Settings,
  versions: ImageVersions,
  before: AutoScalingFleet | undefined,
): RecoveryRegion | undefined {
  const { line, region: home, recovery, activeRegion, current } = settings;
  if (!recovery || living(settings, [recovery.region]).length === 0) return undefined;
  const { region } = recovery;
  const active = activeRegion === region;
  return new RecoveryRegion(
    `${line}-${region}`,
    {
      ...recovery,
      home,
      active,
      fleet: {
        ...fleetArgs(settings, region),
        imageId: versions.verifiedImageIdIn(current, region),
        architecture: versions.architecture,
      },
      network: inRegion(settings, region, "network"),
    },
    before && !active ? { dependsOn: [before] } : {},
  );
}

/** The fleets of the current version, and the outputs that dev and prod share. */
export function fleetOutputs(settings: Settings, versions: ImageVersions): { [output: string]: pulumi.Input<unknown> } {
  const { line, region, port } = settings;
  const fleets = fleetsOf(settings, versions);
  // None while the home region is lost.
  const fleet: AutoScalingFleet | undefined = fleets[region];
  const recovery = recoveryOf(settings, versions, settings.fleetOrder === "together" ? undefined : fleet);
  // The pointers move when every fleet runs the version, and the recovery region has it ready.
  const first = [...(fleet ? [fleet] : []), ...Object.values(fleets).filter((one) => one !== fleet)];
  const ready = [...first.map(({ liveImageId }) => liveImageId), ...(recovery ? [recovery.readyImageId] : [])];
  const live = pulumi.all(ready).apply(([imageId]) => imageId as string);
  const records = fleet && failoverRecords(settings, fleets, recovery);
  const parameters = imageParameters(settings, versions, live);
  return {
    line,
    region,
    current: versions.current,
    verifiedImageIds: versions.verifiedImageIds,
    groupName: (fleet ?? recovery)?.groupName,
    ...(fleet && { liveParameter: fleet.liveParameter }),
    imageParameters: parameters.names,
    ...(port !== undefined && { url: (fleet ?? recovery)?.url }),
    ...(port !== undefined &&
      first.length > 1 && { urls: Object.fromEntries(Object.entries(fleets).map(([at, one]) => [at, one.url])) }),
    ...(records && { name: records.fqdn }),
    ...(recovery && {
      activeRegion: settings.activeRegion,
      recovery: { region: settings.recovery?.region, parameter: recovery.recoveryParameter, url: recovery.url },
    }),
    ...(fleet && { connect: fleet.connect }),
  };
}
