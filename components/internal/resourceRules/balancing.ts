import type { Problem } from "../problems";
import { type Rule, within } from "../rule";
import { byRules, flag, type Inputs, number, record, type ResourceRule, text } from "./inputs";

const SECONDS = "Give a time in seconds";
const CHECKS: Rule = { test: within(2, 10), allowed: "2 to 10 (checks)", fix: "Give a number of checks" };

/** CreateTargetGroup, Elastic Load Balancing API 2015-12-01: the same for all protocols. */
export const HEALTH_CHECK: { [field: string]: Rule } = {
  interval: { test: within(5, 300), allowed: "5 to 300 (seconds)", fix: SECONDS },
  timeout: { test: within(2, 120), allowed: "2 to 120 (seconds)", fix: SECONDS },
  healthyThreshold: CHECKS,
  unhealthyThreshold: CHECKS,
};

const HEALTH = Object.fromEntries(Object.entries(HEALTH_CHECK).map(([field, rule]) => [`healthCheck.${field}`, rule]));

const isHttp = (protocol: unknown): boolean => protocol === "HTTP" || protocol === "HTTPS";

/**
 * `ValidationError: Health check interval must be greater than the timeout.` Of the groups of a Network Load Balancer the
 * two may be the same (aws/aws-cdk#16446). Without an interval the provider gives 30 seconds; the time limit is then AWS's.
 */
function timeoutProblems({ protocol, healthCheck }: Inputs): Problem[] {
  const { interval = 30, timeout, enabled = true } = record(healthCheck);
  const [pause, wait] = [number(interval), number(timeout)];
  if (pause === undefined || wait === undefined || flag(enabled) !== true) return [];
  const most = isHttp(protocol) ? "less than" : "at most";
  if (wait < pause || (wait === pause && !isHttp(protocol))) return [];
  const fix = "Shorten it, or ask less often";
  return [{ path: "healthCheck.timeout", given: wait, allowed: `${most} the interval (${pause})`, fix }];
}

/** Codes by what asks: CreateTargetGroup and Matcher. Undefined where that is not known. */
function codesOf({ protocol, protocolVersion, targetType = "instance" }: Inputs): [number, number] | undefined {
  if (targetType === "lambda") return [200, 499];
  if (text(targetType) === undefined) return undefined;
  if (protocol === "GENEVE") return [200, 399];
  if (/^(TCP|TLS|UDP|TCP_UDP|QUIC|TCP_QUIC)$/.test(text(protocol) ?? "")) return [200, 599];
  if (!isHttp(protocol) || (protocolVersion !== undefined && text(protocolVersion) === undefined)) return undefined;
  return text(protocolVersion)?.toUpperCase() === "GRPC" ? [0, 99] : [200, 499];
}

function matcherProblems(inputs: Inputs): Problem[] {
  const codes = codesOf(inputs);
  if (codes === undefined) return [];
  const [low, high] = codes;
  const areCodes = (value: unknown) => {
    const ranges = (text(value) ?? "").split(",").map((part) => /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part));
    return ranges.every((found) => {
      const [, from, to = from] = found ?? [];
      return isCode(Number(from)) && isCode(Number(to)) && Number(from) <= Number(to);
    });
  };
  const isCode = (code: number) => code >= low && code <= high;
  const allowed = `codes from ${low} to ${high}, such as ${low}, ${low}-${high} or ${low},${low + 1}`;
  return byRules(inputs, {
    "healthCheck.matcher": { test: areCodes, allowed, fix: "Write the codes that mean health" },
  });
}

const targetGroupProblems: ResourceRule = (inputs) => [
  ...byRules(inputs, HEALTH),
  ...timeoutProblems(inputs),
  ...matcherProblems(inputs),
];

/** A default subnet that the simulation assumes, in no Local Zone. */
const IN_A_ZONE = /^subnet-assumed-([a-z]+-){2,3}\d+[a-z]$/;

/**
 * CreateLoadBalancer: `At least two subnets in two different Availability Zones must be specified`. One is enough in a Local
 * Zone or on an Outpost, so one alone is judged only where its zone is known.
 */
function subnetProblems({ loadBalancerType = "application", subnets, subnetMappings }: Inputs): Problem[] {
  const path = subnets === undefined ? "subnetMappings" : "subnets";
  const listed = subnets ?? subnetMappings;
  if (loadBalancerType !== "application" || !Array.isArray(listed)) return [];
  const ids = new Set(listed.map((one) => (subnets === undefined ? record(one).subnetId : one) as unknown));
  const [first] = ids;
  if (ids.size > 1 || (ids.size === 1 && !IN_A_ZONE.test(text(first) ?? ""))) return [];
  const fix = "Give a subnet in each of two zones or more";
  return [{ path, ...(ids.size > 0 && { given: first }), allowed: "subnets of at least two zones", fix }];
}

export const BALANCING_RULES: { [type: string]: ResourceRule } = {
  "aws:lb/targetGroup:TargetGroup": targetGroupProblems,
  "aws:lb/loadBalancer:LoadBalancer": subnetProblems,
};
