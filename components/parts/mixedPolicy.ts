import * as pulumi from "@pulumi/pulumi";
import type { MixedInstancesArgs } from "../fleetCapacityArgs";
import { MIXED_DEFAULTS, type MixedPolicy } from "../internal/mixedPolicy";

/** What the fleet's record and its gate know of several instance types; undefined for a fleet of one. */
export function mixedPolicy(args: MixedInstancesArgs | undefined): pulumi.Output<MixedPolicy> | undefined {
  if (!args) return undefined;
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
  return pulumi.output({ ...MIXED_DEFAULTS, ...given } as MixedInstancesArgs) as pulumi.Output<MixedPolicy>;
}
