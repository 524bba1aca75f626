import type * as pulumi from "@pulumi/pulumi";
import type { AutoScalingFleetArgs } from "./autoScalingFleetArgs";
import type { FleetNetworkArgs } from "./fleetNetwork";

export interface RecoveryRegionArgs {
  /** The region that stands by. It needs a proven copy of the image: `fleet.imageId` is that one. Plain. */
  region: string;
  /** The region that it stands in for. Nothing here asks it, ever: it is for people. Plain. */
  home: string;
  /**
   * What stands here before it is needed. `backup-restore`: image, keys and a launch template. `pilot-light`: network, load
   * balancer, template and a group without instances. `warm-standby`: the same with a share of the instances. `active-active`:
   * all of them. Plain.
   * @default "pilot-light"
   */
  strategy?: string;
  /**
   * `warm-standby`: percentage of `fleet.minSize` that runs, at least one instance: 1 to 100.
   * @default 25
   */
  share?: pulumi.Input<number>;
  /**
   * Whether this region serves, after a failover: then the group has the full size, whatever the strategy. Plain.
   * @default false
   */
  active?: boolean;
  /**
   * Minutes within which it must serve, from the decision on: what `failover` and `drill` measure against. At least 15 with
   * `backup-restore`, 5 with `pilot-light`, 3 with `warm-standby`, 1 with `active-active`. Plain.
   * @default 60, 30, 15 or 5, by the strategy
   */
  rtoMinutes?: number;
  /**
   * Minutes that the image may be old: what was changed since is not in it. Data that the application writes is not in an
   * image at all, and not replicated here. Plain.
   * @default 43200, 30 days
   */
  rpoMinutes?: number;
  /** The fleet as it is when this region is active. Without `region` and `staged`. */
  fleet: AutoScalingFleetArgs;
  /**
   * A network of its own. Not together with `fleet.subnetIds`. Not with `backup-restore` until it is active.
   * @default the region's default network
   */
  network?: FleetNetworkArgs;
}
