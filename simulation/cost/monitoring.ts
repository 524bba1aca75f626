import { TYPES } from "../resourceTypes";
import type { RecordedResource, Wire } from "../types";
import { knownText } from "../wire";
import { type Found, sourcesOf } from "./found";
import type { Count, Lines } from "./lines";
import { entries, figure, flag, isLater, isSaid, LATER, part, textOr } from "../values";

/** Anomaly detection counts its two bounds as metrics too. */
const BOUNDS = 2;

interface Watched {
  metrics: Count;
  /** In seconds, of each. */
  periods: (Wire | undefined)[];
}

/** What an alarm looks at. */
function watchedBy({ metricQueries, period }: RecordedResource["inputs"]): Watched {
  if (isLater(metricQueries)) return { metrics: undefined, periods: [] };
  const queries = entries(metricQueries).map(part);
  if (queries.length === 0) return { metrics: 1, periods: [period] };
  const metrics = queries.filter(({ metric }) => isSaid(metric));
  const expressions = queries.flatMap(({ expression }) => (isSaid(expression) ? [expression] : []));
  const texts = expressions.map((one) => knownText(one));
  // A query finds its metrics when it runs.
  const isOpen = texts.some((text) => text === undefined || /^\s*(SELECT|SEARCH)\b/i.test(text));
  const bounds = texts.some((text) => text?.includes("ANOMALY_DETECTION_BAND")) ? BOUNDS : 0;
  return {
    metrics: isOpen || queries.some((one) => isLater(one.metric)) ? undefined : Math.max(1, metrics.length + bounds),
    periods: [
      ...metrics.map(({ metric }) => part(metric).period),
      ...queries.flatMap(({ period: own }) => (isSaid(own) ? [own] : [])),
    ],
  };
}

/** The alarms of a target tracking policy, which AWS makes: one to scale out, one to scale in. */
const TRACKING_ALARMS = 2;

/** A scaling policy is free of charge; the alarms that AWS makes for it are charged like any others. */
export function scalingPolicy({ inputs }: RecordedResource, lines: Lines): void {
  const { policyType: said, targetTrackingConfiguration: configuration } = inputs;
  const type = textOr(said, "SimpleScaling");
  // Those of step and simple scaling are resources of their own; predictive scaling has none.
  if (type !== undefined && type !== "TargetTrackingScaling") return;
  const { customizedMetricSpecification: custom } = part(configuration);
  const { metrics: named, period } = part(custom);
  const queries = entries(named).map(part);
  const stats = queries.filter(({ metricStat }) => isSaid(metricStat));
  const later = [configuration, custom, named, ...queries.map(({ metricStat }) => metricStat)].some(isLater);
  const metrics = later ? undefined : Math.max(1, stats.length);
  const periods = [period, ...stats.map(({ metricStat }) => part(metricStat).period)];
  const what = metrics === 1 ? "alarm that AWS makes" : "metric of the alarms that AWS makes";
  const note = type === undefined ? `if it tracks a target, which is ${LATER}` : "one to scale out, one to scale in";
  charge(lines, what, type === undefined || metrics === undefined ? undefined : TRACKING_ALARMS * metrics, periods, [
    note,
    metrics === undefined ? `the number of its metrics is ${LATER}` : undefined,
  ]);
}

/** So many metrics that alarms look at, by the shortest of their periods. */
function charge(
  lines: Lines,
  what: string,
  metrics: Count,
  periods: readonly (Wire | undefined)[],
  notes: readonly (string | undefined)[],
): void {
  const seconds = periods.map(figure);
  if (seconds.some((one) => one !== undefined && one < 60))
    return lines.rate(what, "alarmHighResolution", metrics, { notes: ["high resolution", ...notes] });
  if (periods.some(isLater)) return lines.unpriced(what, "alarm-month", metrics, `its period is ${LATER}`, ...notes);
  lines.rate(what, "alarm", metrics, { notes });
}

/** A metric alarm, charged by the metrics it looks at. */
export function alarm({ inputs }: RecordedResource, lines: Lines): void {
  const { metrics, periods } = watchedBy(inputs);
  const what = metrics === 1 ? "alarm" : "metric of the alarm";
  charge(lines, what, metrics, periods, [metrics === undefined ? `the number of its metrics is ${LATER}` : undefined]);
}

const BALANCERS = [TYPES.balancer, TYPES.applicationBalancer, TYPES.networkBalancer];

/** Where AWS's own names and addresses come from. */
function isInAws(resource: RecordedResource, found: Found): boolean {
  const { fqdn } = resource.inputs;
  if (/\.(amazonaws\.com|cloudfront\.net|awsglobalaccelerator\.com)$/i.test(knownText(fqdn) ?? "")) return true;
  const made = ["fqdn", "ipAddress"].flatMap((input) =>
    sourcesOf(resource, input, found, ...BALANCERS, TYPES.instance, TYPES.address),
  );
  return made.length > 0;
}

/** The types of checks that look at other checks or at an alarm: charged as one of an endpoint in AWS. */
const WITHOUT_ENDPOINT = ["CALCULATED", "CLOUDWATCH_METRIC"];

/** A health check, and what it does beyond the basic. */
export function healthCheck(resource: RecordedResource, lines: Lines, found: Found): void {
  const { type: said, requestInterval, measureLatency } = resource.inputs;
  const type = knownText(said);
  if (type === undefined) return lines.unpriced("health check", "check-month", 1, `its type is ${LATER}`);
  if (WITHOUT_ENDPOINT.includes(type)) return lines.rate("health check without an endpoint", "healthCheck", 1);
  if (!/^(HTTP|HTTPS|TCP)(_STR_MATCH)?$/.test(type))
    return lines.unpriced("health check", "check-month", 1, `of type ${type}`);
  const isAws = isInAws(resource, found);
  if (isAws) lines.rate("health check of an AWS endpoint", "healthCheck", 1);
  else {
    const notes = ["nothing tells that its endpoint is in AWS, where it is $0.5"];
    lines.rate("health check", "healthCheckOutside", 1, { notes });
  }
  const features: { what: string; isOn: boolean; isOpen?: boolean }[] = [
    { what: "HTTPS", isOn: type.startsWith("HTTPS") },
    { what: "string matching", isOn: type.endsWith("_STR_MATCH") },
    { what: "fast interval", isOn: figure(requestInterval) === 10, isOpen: isLater(requestInterval) },
    { what: "latency", isOn: flag(measureLatency) === true, isOpen: isLater(measureLatency) },
  ];
  for (const { what, isOn, isOpen = false } of features) {
    const notes = [isOpen ? `whether it is on is ${LATER}` : undefined];
    const rate = isAws ? "healthCheckFeature" : "healthCheckFeatureOutside";
    if (isOn || isOpen) lines.rate(what, rate, isOpen ? undefined : 1, { notes });
  }
}
