import * as aws from "@pulumi/aws";
import type * as awsxModule from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { LoadBalancerArgs, TargetHealthCheckArgs, TargetRuleArgs } from "../loadBalancerArgs";
import { regionOption } from "./component";
import { accessLogs } from "./accessLogs";
import { type BalancerSpec, type FleetBalancer, HEALTH_CHECK, TLS_POLICY } from "./balancer";
import { networkBalancer } from "./networkBalancer";

export const fleetBalancer = (spec: BalancerSpec): FleetBalancer =>
  spec.balancer.type === "network" ? networkBalancer(spec) : applicationBalancer(spec);

function healthCheckOf(path: pulumi.Input<string> | undefined, given: TargetHealthCheckArgs = {}) {
  const { interval, healthyThreshold, unhealthyThreshold, matcher } = { ...HEALTH_CHECK, ...dropUndefined(given) };
  return {
    path: path ?? "/",
    matcher,
    interval,
    ...(given.timeout !== undefined && { timeout: given.timeout }),
    healthyThreshold,
    unhealthyThreshold,
  };
}

const dropUndefined = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;

/** What a target group of HTTP is, besides its port and health check. */
const targetsOf = ({ network, balancer, tags, region }: BalancerSpec) => ({
  vpcId: network.vpcId,
  protocol: "HTTP",
  targetType: "instance",
  deregistrationDelay: balancer.deregistrationDelay ?? 60,
  slowStart: balancer.slowStart,
  tags,
  ...regionOption(region),
});

/** An Application Load Balancer of awsx in front of the group. awsx is loaded only here. */
function applicationBalancer(spec: BalancerSpec): FleetBalancer {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- programs without a load balancer do not pay for it
  const awsx = require("@pulumi/awsx") as typeof awsxModule;
  const { balancer: args, port } = spec;
  const region = regionOption(spec.region);
  const logs = accessLogs(spec);
  const balancer = new awsx.lb.ApplicationLoadBalancer(
    `${spec.name}-lb`,
    {
      subnetIds: spec.loadBalancerSubnetIds ?? spec.network.publicSubnetIds,
      securityGroups: [spec.securityGroup.id],
      defaultSecurityGroup: { skip: true },
      dropInvalidHeaderFields: true,
      internal: args.internal,
      enableDeletionProtection: args.deletionProtection,
      idleTimeout: args.idleTimeout,
      desyncMitigationMode: "defensive",
      accessLogs: logs && { bucket: logs.bucket, prefix: logs.prefix, enabled: true },
      ...listeners(args, region),
      defaultTargetGroup: {
        ...targetsOf(spec),
        port,
        healthCheck: healthCheckOf(spec.healthPath, args.healthCheck),
      },
      tags: spec.tags,
      ...region,
    },
    { parent: spec.owner, ...(logs && { dependsOn: logs.dependsOn }) },
  );
  const listenerArn = balancer.listeners.apply((made) => made?.[0]?.arn ?? pulumi.output(""));
  const rules = (args.rules ?? []).map((rule) => targetRule(spec, rule, listenerArn));
  return {
    targetGroupArns: [balancer.defaultTargetGroup.arn, ...rules.map(({ group }) => group.arn)],
    balancerArn: balancer.loadBalancer.arn,
    dnsName: balancer.loadBalancer.dnsName,
    zoneId: balancer.loadBalancer.zoneId,
    url: pulumi.interpolate`${args.certificateArn === undefined ? "http" : "https"}://${balancer.loadBalancer.dnsName}`,
    http: true,
    resources: [balancer, ...rules.map(({ rule }) => rule)],
  };
}

/** The listener that carries the traffic comes first: the rules are its own. */
function listeners({ certificateArn, sslPolicy }: LoadBalancerArgs, region: ReturnType<typeof regionOption>) {
  if (certificateArn === undefined) return { listener: { port: 80, protocol: "HTTP", ...region } };
  return {
    listeners: [
      { port: 443, protocol: "HTTPS", certificateArn, sslPolicy: sslPolicy ?? TLS_POLICY, ...region },
      {
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } }],
        ...region,
      },
    ],
  };
}

function targetRule(
  spec: BalancerSpec,
  args: TargetRuleArgs,
  listenerArn: pulumi.Output<string>,
): { group: aws.lb.TargetGroup; rule: aws.lb.ListenerRule } {
  const name = `${spec.name}-${args.name}`;
  const group = new aws.lb.TargetGroup(
    name,
    {
      ...targetsOf(spec),
      port: args.port ?? spec.port,
      healthCheck: healthCheckOf(args.healthPath ?? spec.healthPath, spec.balancer.healthCheck),
    },
    { parent: spec.owner },
  );
  const rule = new aws.lb.ListenerRule(
    name,
    {
      listenerArn,
      priority: args.priority,
      conditions: [
        ...(args.paths?.length ? [{ pathPattern: { values: args.paths } }] : []),
        ...(args.hosts?.length ? [{ hostHeader: { values: args.hosts } }] : []),
      ],
      actions: [{ type: "forward", targetGroupArn: group.arn }],
      tags: spec.tags,
      ...regionOption(spec.region),
    },
    { parent: spec.owner },
  );
  return { group, rule };
}
