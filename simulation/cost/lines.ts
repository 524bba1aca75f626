import { list, number, object } from "../inputs";
import type { RecordedResource } from "../types";
import { hasUnknown, knownText } from "../wire";
import { instancePrice } from "./ec2";
import { rateIn, type RateName, RATES } from "./rates";
import type { Usage, UsageName } from "./usage";
import { TYPES } from "../resourceTypes";

/** What a part of a resource costs. */
export interface CostLine {
  urn: string;
  name: string;
  type: string;
  region?: string;
  /** `t3.small`, `root volume`. */
  what: string;
  /** Of how many alike. */
  count: number;
  /** How many units a month, or once; undefined: it depends on `usage`, which nobody has given. */
  quantity?: number;
  unit: string;
  /** US dollars a unit; undefined: no price is known. */
  unitPrice?: number;
  /** US dollars a month, or once; undefined where quantity or price is. */
  cost?: number;
  isOnce: boolean;
  /** The figure of usage that it rests on. */
  usage?: UsageName;
  note?: string;
}

/** AWS's own month. */
const HOURS = 730;

const cents = (dollars: number): number => Math.round(dollars * 1e4) / 1e4;

/** What is said of a line beside its price. */
interface More {
  count?: number;
  isOnce?: boolean;
  usage?: UsageName;
  note?: string;
}

/** Makes the lines of one resource. */
class Lines {
  readonly made: CostLine[] = [];

  constructor(
    private readonly resource: RecordedResource,
    private readonly usage: Usage,
  ) {}

  add(what: string, unit: string, unitPrice: number | undefined, quantity: number | undefined, more: More = {}): void {
    const { urn, name, type, region } = this.resource;
    const cost = quantity === undefined || unitPrice === undefined ? undefined : cents(quantity * unitPrice);
    this.made.push({
      ...{ urn, name, type },
      ...(region !== undefined && { region }),
      what,
      count: more.count ?? 1,
      ...(quantity !== undefined && { quantity }),
      unit,
      ...(unitPrice !== undefined && { unitPrice }),
      ...(cost !== undefined && { cost }),
      isOnce: more.isOnce ?? false,
      ...(more.usage !== undefined && { usage: more.usage }),
      ...(more.note !== undefined && { note: more.note }),
    });
  }

  rate(what: string, name: RateName, quantity: number | undefined, more: More = {}): void {
    this.add(what, RATES[name].unit, rateIn(name, this.resource.region), quantity, more);
  }

  /** What is charged by a figure of usage, for `count` of them. */
  used(what: string, name: RateName, usage: UsageName, more: More = {}): void {
    const count = more.count ?? 1;
    const figure = this.usage[usage];
    const factor = RATES[name].unit.endsWith("-hour") ? HOURS : 1;
    this.rate(what, name, figure === undefined ? undefined : figure * count * factor, { ...more, usage });
  }

  instances(type: string | undefined, count: number, note?: string): void {
    const price = type === undefined ? undefined : instancePrice(type, this.resource.region ?? "");
    const what = type ?? "a type that is known only later";
    this.add(what, "hour", price, count * HOURS, { count, ...(note !== undefined && { note }) });
  }

  volumes(count: number, given: number | undefined, type = "gp3"): void {
    if (type !== "gp2" && type !== "gp3") {
      return this.add(`root volume, ${type}`, "GB-month", undefined, count * (given ?? 0), { count });
    }
    if (given === undefined) this.used("root volume", type, "rootGiB", { count });
    else this.rate("root volume", type, count * given, { count });
  }
}

/** What the lines of a resource are looked up in. */
export interface Found {
  byUrn: ReadonlyMap<string, RecordedResource>;
  /** URNs of instances that an image is made of: they stop, and only their volume costs. */
  bases: ReadonlySet<string>;
}

function templateOf({ dependsOn }: RecordedResource, { byUrn }: Found): RecordedResource | undefined {
  return dependsOn.map((urn) => byUrn.get(urn)).find((one) => one?.type === TYPES.template);
}

/** A group's first type, and how many others it may have. */
function typesOf(group: RecordedResource, template: RecordedResource | undefined): { type?: string; others: number } {
  const policy = object(object(group.inputs.mixedInstancesPolicy).launchTemplate);
  const types = list(policy.overrides).flatMap((one) => knownText(object(one).instanceType) ?? []);
  const type = types[0] ?? knownText(template?.inputs.instanceType);
  return { ...(type !== undefined && { type }), others: Math.max(0, types.length - 1) };
}

function group(resource: RecordedResource, lines: Lines, found: Found): void {
  const count = number(resource.inputs.minSize) ?? 0;
  if (count === 0) return;
  const template = templateOf(resource, found);
  const { type, others } = typesOf(resource, template);
  const notes = ["On-Demand, as many as minSize", ...(others > 0 ? [`the first of ${others + 1} types`] : [])];
  lines.instances(type, count, notes.join("; "));
  const [root] = list(template?.inputs.blockDeviceMappings).map((one) => object(object(one).ebs));
  lines.volumes(count, number(root?.volumeSize), knownText(root?.volumeType));
}

function instance(resource: RecordedResource, lines: Lines, { bases }: Found): void {
  const root = object(resource.inputs.rootBlockDevice);
  if (!bases.has(resource.urn)) lines.instances(knownText(resource.inputs.instanceType), 1);
  lines.volumes(1, number(root.volumeSize), knownText(root.volumeType));
}

function balancer(resource: RecordedResource, lines: Lines): void {
  const { inputs } = resource;
  lines.rate("load balancer", "balancer", HOURS);
  lines.used("what goes through it", "lcu", "balancerLcu");
  const subnets = list(inputs.subnets ?? inputs.subnetIds).length || list(inputs.subnetMappings).length;
  if (inputs.internal !== true && subnets > 0)
    lines.rate("public IPv4 address", "address", subnets * HOURS, { count: subnets });
}

function gateways(lines: Lines, count: number): void {
  lines.rate("NAT gateway", "natGateway", count * HOURS, { count });
  lines.rate("public IPv4 address", "address", count * HOURS, { count });
  lines.used("what goes through", "natData", "natGB");
}

function healthCheck({ inputs }: RecordedResource, lines: Lines): void {
  lines.rate("health check of an AWS endpoint", "healthCheck", 1);
  const features = [inputs.requestInterval === 10 && "fast interval", inputs.type === "HTTPS" && "HTTPS"].filter(
    (one) => one !== false,
  );
  if (features.length > 0) lines.rate(features.join(", "), "healthCheckFeature", features.length);
}

type Coster = (resource: RecordedResource, lines: Lines, found: Found) => void;

/** What costs something, by type. */
const COSTERS: { [type: string]: Coster } = {
  [TYPES.instance]: instance,
  [TYPES.group]: group,
  [TYPES.image]: (_, lines) => lines.used("its snapshots", "snapshot", "writtenGiB"),
  [TYPES.copy]: ({ inputs, region }, lines) => {
    lines.used("its snapshots", "snapshot", "writtenGiB");
    const { sourceAmiRegion: from = null } = inputs;
    if (from === region) return;
    const note = hasUnknown(from) ? "if its source is in one" : undefined;
    const more = { isOnce: true, ...(note !== undefined && { note }) };
    lines.used("copying from another region", "transfer", "writtenGiB", more);
  },
  [TYPES.balancer]: balancer,
  [TYPES.applicationBalancer]: balancer,
  [TYPES.networkBalancer]: balancer,
  [TYPES.natGateway]: (_, lines) => gateways(lines, 1),
  [TYPES.vpc]: ({ inputs }, lines) => {
    const strategy = knownText(object(inputs.natGateways).strategy) ?? "OnePerAz";
    const zones = number(inputs.numberOfAvailabilityZones) ?? (list(inputs.availabilityZoneNames).length || 3);
    if (strategy !== "None") gateways(lines, strategy === "Single" ? 1 : zones);
  },
  [TYPES.key]: (_, lines) => lines.rate("key", "key", 1),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (_, lines) => lines.rate("alarm", "alarm", 1),
  "aws:cloudwatch/dashboard:Dashboard": (_, lines) => lines.rate("dashboard", "dashboard", 1),
  "aws:route53/zone:Zone": (_, lines) => lines.rate("hosted zone", "hostedZone", 1),
  [TYPES.healthCheck]: healthCheck,
  "aws:s3/bucket:Bucket": (_, lines) => lines.used("what is in it", "storage", "bucketGB"),
};

/** The lines of a resource; undefined where nothing is known of what its type costs. */
export function linesOf(resource: RecordedResource, usage: Usage, found: Found): CostLine[] | undefined {
  const coster = Object.hasOwn(COSTERS, resource.type) ? COSTERS[resource.type] : undefined;
  if (!coster) return undefined;
  const lines = new Lines(resource, usage);
  coster(resource, lines, found);
  return lines.made;
}
