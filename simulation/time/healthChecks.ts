import { number, object } from "../inputs";
import type { RecordedResource, WireObject } from "../types";
import { TYPES } from "../resourceTypes";

/** Answers in a row, an interval apart, until somebody believes them. */
export interface HealthCheck {
  threshold: number;
  intervalSeconds: number;
}

export const secondsOf = ({ threshold, intervalSeconds }: HealthCheck): number => threshold * intervalSeconds;

/** Elastic Load Balancing's own. */
const DEFAULT: HealthCheck = { threshold: 5, intervalSeconds: 30 };

/** The health check of a target group that the program shows or that awsx makes. */
const checkOf = ({ type, inputs }: RecordedResource): WireObject =>
  type === TYPES.applicationBalancer
    ? object(object(inputs.defaultTargetGroup).healthCheck)
    : object(inputs.healthCheck);

/** The slowest health check of the load balancers among resources; undefined without one. */
export function healthOf(resources: readonly RecordedResource[]): HealthCheck | undefined {
  return resources
    .filter(({ type }) => type === TYPES.targetGroup || type === TYPES.applicationBalancer)
    .map(checkOf)
    .map(({ healthyThreshold, interval }) => ({
      threshold: number(healthyThreshold) ?? DEFAULT.threshold,
      intervalSeconds: number(interval) ?? DEFAULT.intervalSeconds,
    }))
    .sort((a, b) => secondsOf(b) - secondsOf(a))[0];
}
