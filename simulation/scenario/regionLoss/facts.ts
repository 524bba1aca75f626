import { RECOVERY, RECOVERY_DEFAULTS, fullSizes, standbySizes } from "../../../components/internal/recoveryTable";
import type { RecoverySizes, RecoveryStrategy } from "../../../components/internal/recoveryRecord";
import { below, number, object } from "../../inputs";
import { type HealthCheck, healthOf } from "../../time/healthChecks";
import type { RecordedResource } from "../../types";
import { TYPES } from "../../resourceTypes";
import { knownText } from "../../wire";

/** A region that stands in for the lost one, and all that a prediction of it needs. */
export interface StandIn {
  name: string;
  line: string;
  region: string;
  strategy: RecoveryStrategy;
  /** Whether it serves already: its `active` is on. */
  active: boolean;
  full: RecoverySizes;
  /** The group's fewest instances while it waits, by strategy. */
  waiting: { [strategy in RecoveryStrategy]: number };
  rtoMinutes: number;
  /** The slowest health check of its load balancer; undefined without one. */
  health?: HealthCheck;
  /** Whether its network, which backup-restore is yet to make, has a NAT gateway. */
  nat: boolean;
}

/** The name that leads clients to what is healthy. */
export interface Dns {
  /** By which the lost region counts as down; undefined where Route 53 asks its load balancer only. */
  down?: HealthCheck;
  /** By which the region that stands in counts as up. */
  up?: HealthCheck;
}

/** Route 53's own. */
const ROUTE_53: HealthCheck = { threshold: 3, intervalSeconds: 30 };

/** The recovery regions of what is lost with a region. */
export function standInsFor(lost: string, resources: readonly RecordedResource[]): StandIn[] {
  return resources
    .filter(({ type, inputs }) => type === TYPES.recovery && inputs.home === lost)
    .map((recovery) => {
      const { inputs, name } = recovery;
      const fleet = object(inputs.fleet);
      const own = below(recovery, resources);
      const strategy = (knownText(inputs.strategy) ?? RECOVERY_DEFAULTS.strategy) as RecoveryStrategy;
      const full = fullSizes(fleet);
      const share = number(inputs.share) ?? RECOVERY_DEFAULTS.share;
      const waits = (one: RecoveryStrategy) => standbySizes(one, full, share).minSize;
      // backup-restore has no load balancer yet: the fleet that it stands in for shows what it is going to have.
      const home = resources.filter(({ region }) => region === lost);
      const port = fleet.port !== undefined;
      const health = port ? (healthOf(own) ?? healthOf(home)) : undefined;
      return {
        name,
        line: knownText(fleet.line) ?? name,
        region: knownText(inputs.region) ?? recovery.region ?? "",
        strategy,
        active: inputs.active === true,
        full,
        waiting: {
          "backup-restore": waits("backup-restore"),
          "pilot-light": waits("pilot-light"),
          "warm-standby": waits("warm-standby"),
          "active-active": waits("active-active"),
        },
        rtoMinutes: number(inputs.rtoMinutes) ?? RECOVERY[strategy].rtoMinutes,
        ...(health && { health }),
        nat: inputs.network !== undefined && object(inputs.network).nat !== "none",
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a name's records say of the two regions; undefined without one that leads to the region that stands in. */
export function dnsOf(lost: string, region: string, resources: readonly RecordedResource[]): Dns | undefined {
  const records = resources.filter(({ type }) => type === TYPES.record);
  const of = (place: string) => records.find(({ inputs }) => inputs.setIdentifier === place);
  if (!of(region)) return undefined;
  const checkOf = (place: string): HealthCheck | undefined => {
    const urns = of(place)?.inputsFrom?.healthCheckId ?? [];
    const check = resources.find(({ type, urn }) => type === TYPES.healthCheck && urns.includes(urn));
    return (
      check && {
        threshold: number(check.inputs.failureThreshold) ?? ROUTE_53.threshold,
        intervalSeconds: number(check.inputs.requestInterval) ?? ROUTE_53.intervalSeconds,
      }
    );
  };
  const [down, up] = [checkOf(lost), checkOf(region)];
  return { ...(down && { down }), ...(up && { up }) };
}
