import { cidrProblems } from "./cidr";
import type { Problem } from "./problems";
import { matches, type Rule, within } from "./rule";
import { isKnown } from "./known";
import { HEALTH_CHECK } from "./resourceRules/balancing";
import { Checks } from "./rules";

/** The plain values of a load balancer's arguments, as far as they are known. */
export interface LoadBalancerValues {
  type?: unknown;
  certificateArn?: unknown;
  sslPolicy?: unknown;
  accessLogs?: unknown;
  accessLogsBucket?: unknown;
  accessLogsPrefix?: unknown;
  idleTimeout?: unknown;
  slowStart?: unknown;
  healthCheck?: { interval?: unknown; timeout?: unknown; matcher?: unknown };
  ingressCidrs?: unknown[];
  rules?: { name: string; priority?: unknown; paths?: unknown[]; hosts?: unknown[] }[];
}

/** Limits: Elastic Load Balancing API 2015-12-01, and its user guides. */
const FIELDS: { [field: string]: Rule } = {
  certificateArn: {
    test: matches(
      /^arn:aws[a-z-]*:(acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-zA-Z-]+|iam::\d{12}:server-certificate\/.+)$/,
    ),
    allowed: "a certificate's ARN, arn:aws:acm:REGION:ACCOUNT:certificate/ID",
    fix: "Give the ARN that `aws acm list-certificates` shows in the fleet's region",
  },
  sslPolicy: {
    test: matches(/^ELBSecurityPolicy-[A-Za-z0-9-]+$/),
    allowed: "the name of a policy such as ELBSecurityPolicy-TLS13-1-2-2021-06",
    fix: "Use one that `aws elbv2 describe-ssl-policies` lists",
  },
  accessLogsBucket: {
    test: matches(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
    allowed: "the name of an S3 bucket",
    fix: "Give the bucket's name, not its ARN",
  },
  idleTimeout: { test: within(1, 4000), allowed: "1 to 4000 (seconds)", fix: "Give a time in seconds" },
  deregistrationDelay: { test: within(0, 3600), allowed: "0 to 3600 (seconds)", fix: "Give a time in seconds" },
  slowStart: {
    test: (value) => value === 0 || within(30, 900)(value),
    allowed: "0 (off), or 30 to 900 (seconds)",
    fix: "Give a time in seconds",
  },
};

const HEALTH: { [field: string]: Rule } = {
  ...HEALTH_CHECK,
  matcher: {
    test: matches(/^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$/),
    allowed: "codes from 200 to 499, such as 200, 200-299 or 200,301",
    fix: "Write the codes that mean health",
  },
};

const RULE: { [field: string]: Rule } = {
  name: {
    test: matches(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,14}[a-zA-Z0-9])?$/),
    allowed: "1 to 16 letters, digits and hyphens",
    fix: "Choose a shorter or simpler name",
  },
  priority: { test: within(1, 50_000), allowed: "1 to 50000", fix: "Give a number, each once" },
  port: { test: within(1, 65_535), allowed: "a TCP port, 1 to 65535", fix: "Give the port the instances listen on" },
  healthPath: { test: matches(/^\//), allowed: "a path that starts with /", fix: "Add the /" },
};

/** What only an Application Load Balancer has. */
const HTTP_ONLY = ["idleTimeout", "slowStart", "rules"] as const;

/** Every problem of a load balancer's plain values. */
export function loadBalancerProblems(given: LoadBalancerValues, port: unknown, path = "loadBalancer"): Problem[] {
  const checks = new Checks();
  const at = (field: string) => `${path}.${field}`;
  if (port === undefined) {
    checks.add({ path, allowed: "only together with port", fix: "Give the port the instances listen on" });
  }
  if (given.type !== undefined && given.type !== "application" && given.type !== "network") {
    checks.add({ path: at("type"), given: given.type, allowed: "application or network", fix: "Use one of the two" });
  }
  checks.fields(FIELDS, given, at);
  checks.fields(HEALTH, given.healthCheck ?? {}, (field) => at(`healthCheck.${field}`));
  // What is known later cannot be judged.
  if (given.ingressCidrs?.every((cidr) => typeof cidr === "string")) {
    checks.add(...cidrProblems(at("ingressCidrs"), given.ingressCidrs));
  }
  if (given.accessLogsPrefix !== undefined && given.accessLogsBucket === undefined) {
    checks.add({
      path: at("accessLogsPrefix"),
      allowed: "only together with accessLogsBucket",
      fix: "Give the bucket",
    });
  }
  if (given.accessLogs === true && given.accessLogsBucket !== undefined) {
    checks.add({
      path: at("accessLogs"),
      given: true,
      allowed: "either accessLogs, which makes a bucket, or accessLogsBucket",
      fix: "Remove one",
    });
  }
  if (given.sslPolicy !== undefined && given.certificateArn === undefined) {
    checks.add({ path: at("sslPolicy"), allowed: "only together with certificateArn", fix: "Give the certificate" });
  }
  if (given.type === "network") checks.add(...httpOnly(given, at));
  return checks.add(...timeProblems(given.healthCheck, at), ...ruleProblems(given.rules, at)).problems;
}

function httpOnly(given: LoadBalancerValues, at: (field: string) => string): Problem[] {
  const fields = HTTP_ONLY.filter((field) => given[field] !== undefined).map((field) => at(field));
  if (given.healthCheck?.matcher !== undefined) fields.push(at("healthCheck.matcher"));
  return fields.map((path) => ({
    path,
    allowed: "only with an Application Load Balancer: a Network Load Balancer does not look into requests",
    fix: "Remove it, or set type to application",
  }));
}

/** A check that has not ended when the next one begins is refused by AWS. */
function timeProblems(health: LoadBalancerValues["healthCheck"], at: (field: string) => string): Problem[] {
  const { interval = 15, timeout = 5 } = health ?? {};
  if (typeof interval !== "number" || typeof timeout !== "number" || timeout < interval) return [];
  return [
    {
      path: at("healthCheck.timeout"),
      given: timeout,
      allowed: `less than the interval (${interval})`,
      fix: "Shorten it, or ask less often",
    },
  ];
}

function ruleProblems(rules: LoadBalancerValues["rules"] = [], at: (field: string) => string): Problem[] {
  const checks = new Checks();
  if (rules.length > 99) {
    checks.add({ path: at("rules"), given: rules.length, allowed: "at most 99", fix: "Join some" });
  }
  const seen = { name: new Set<unknown>(), priority: new Set<unknown>() };
  rules.forEach((rule, i) => {
    const path = `${at("rules")}[${i}]`;
    checks.fields(RULE, rule, (field) => `${path}.${field}`);
    for (const field of ["name", "priority"] as const) {
      const value = rule[field];
      if (isKnown(value) && seen[field].has(value)) {
        checks.add({
          path: `${path}.${field}`,
          given: value,
          allowed: `each ${field} once`,
          fix: "Change one of them",
        });
      }
      seen[field].add(value);
    }
    const count = [rule.paths, rule.hosts].reduce<number>((sum, list) => sum + (list?.length ?? 0), 0);
    if (count < 1 || count > 5) {
      checks.add({
        path: `${path}.paths`,
        given: count,
        allowed: "1 to 5 values, together with hosts (Elastic Load Balancing quotas)",
        fix: "Say which requests it takes, in further rules where five do not do",
      });
    }
  });
  return checks.problems;
}
