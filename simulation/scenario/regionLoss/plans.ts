import { type RecoveryStrategy, STRATEGIES } from "../../../components/internal/recoveryRecord";
import type { AssumptionName, Seconds } from "../../time/assumptions";
import { count } from "../../summary";
import { type HealthCheck, secondsOf } from "../../time/healthChecks";
import type { Dns, StandIn } from "./facts";

/** What happens in a recovery, and when, counted from the decision. */
export interface Step {
  start: number;
  end: number;
  what: string;
  /** What its seconds come from: names of assumptions, or the program's own inputs. */
  from: string;
}

/** How a strategy recovers. Its times are seconds from the decision. */
export interface Plan {
  strategy: RecoveryStrategy;
  steps: Step[];
  /** When clients get an answer again. */
  first: number;
  /** When it has its full size. */
  full: number;
}

/** Steps one after the other, and what they assume. */
class Course {
  readonly steps: Step[] = [];

  constructor(private readonly seconds: Seconds) {}

  /** A step that assumptions give the length of; the end of it. */
  assumed(start: number, what: string, ...names: AssumptionName[]): number {
    const length = names.reduce((sum, name) => sum + this.seconds[name], 0);
    return this.step(start, length, what, names.join(" + "));
  }

  /** A step that a health check of the program gives the length of. */
  checked(start: number, what: string, check: HealthCheck): number {
    return this.step(start, secondsOf(check), what, `${check.threshold} × ${check.intervalSeconds} s`);
  }

  private step(start: number, length: number, what: string, from: string): number {
    this.steps.push({ start, end: start + length, what, from });
    return start + length;
  }
}

function balancerAndNetwork(course: Course, { region, nat, health }: StandIn): number {
  const begun = course.assumed(0, `\`pulumi up\` with ami-lifecycle:activeRegion: ${region}`, "upSeconds");
  const ends = [
    ...(nat ? [course.assumed(begun, "network with a NAT gateway", "callSeconds", "natGatewaySeconds")] : []),
    ...(health
      ? [course.assumed(begun, "security groups and load balancer", "callSeconds", "loadBalancerSeconds")]
      : []),
  ];
  return course.assumed(Math.max(begun, ...ends), "Auto Scaling group", "callSeconds");
}

/** From the decision until all instances are healthy. */
function instances(course: Course, strategy: RecoveryStrategy, standIn: StandIn): number {
  const { waiting, full, region, health } = standIn;
  const raise = `\`ami-lifecycle failover --to ${region}\`: ${count(waiting[strategy], "instance")} become${waiting[strategy] === 1 ? "s" : ""} ${full.minSize}`;
  const raised =
    strategy === "backup-restore" ? balancerAndNetwork(course, standIn) : course.assumed(0, raise, "callSeconds");
  const running = course.assumed(raised, "instances launch, all at once", "launchSeconds");
  const booted = course.assumed(running, "they boot and answer", "bootSeconds");
  return health ? course.checked(booted, "the load balancer finds them healthy", health) : booted;
}

/** From when on clients are led there, when it answers from `serves` on. */
function clients(course: Course, dns: Dns | undefined, lost: string, region: string, serves: number): number {
  if (!dns) return serves;
  const noticed = (start: number, what: string, check: HealthCheck | undefined) =>
    check ? course.checked(start, what, check) : course.assumed(start, what, "targetHealthSeconds");
  const down = noticed(0, `Route 53 finds ${lost} down`, dns.down);
  const up = serves > 0 ? noticed(serves, `Route 53 finds ${region} up`, dns.up) : 0;
  return course.assumed(Math.max(down, up), "resolvers forget the old answer", "dnsTtlSeconds");
}

/** The steps of a strategy for a region that stands in for `lost`. */
export function planOf(
  strategy: RecoveryStrategy,
  standIn: StandIn,
  dns: Dns | undefined,
  lost: string,
  seconds: Seconds,
): Plan {
  const course = new Course(seconds);
  const { waiting, full } = standIn;
  const grows = waiting[strategy] < full.minSize;
  const whole = grows ? instances(course, strategy, standIn) : 0;
  // No record can name a load balancer that is yet to be made.
  const name = strategy === "backup-restore" ? undefined : dns;
  const first = clients(course, name, lost, standIn.region, waiting[strategy] === 0 ? whole : 0);
  const steps = course.steps.sort((a, b) => a.start - b.start || a.end - b.end);
  return { strategy, steps, first, full: Math.max(first, whole) };
}

export const plansOf = (standIn: StandIn, dns: Dns | undefined, lost: string, seconds: Seconds): Plan[] =>
  STRATEGIES.map((strategy) => planOf(strategy, standIn, dns, lost, seconds));
