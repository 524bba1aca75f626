import * as aws from "@pulumi/aws";
import type * as awsxModule from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { LoadBalancerArgs, TargetHealthCheckArgs, TargetRuleArgs } from "../loadBalancerArgs";
import { regionOption } from "./component";
import { accessLogs, type AccessLogs } from "./accessLogs";
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

/** What both ways of making the load balancer have in common. */
const balancerArgs = ({ securityGroup, balancer: args, tags, region }: BalancerSpec, logs: AccessLogs | undefined) => ({
  securityGroups: [securityGroup.id],
  dropInvalidHeaderFields: true,
  internal: args.internal,
  enableDeletionProtection: args.deletionProtection,
  idleTimeout: args.idleTimeout,
  desyncMitigationMode: "defensive",
  accessLogs: logs && { bucket: logs.bucket, prefix: logs.prefix, enabled: true },
  tags,
  ...regionOption(region),
});

interface Listener {
  port: number;
  protocol: string;
  certificateArn?: pulumi.Input<string>;
  sslPolicy?: pulumi.Input<string>;
  /** Without them the fleet's targets get the requests. */
  defaultActions?: aws.types.input.lb.ListenerDefaultAction[];
}

/** The listener that carries the traffic comes first: the rules are its own. */
function listenersOf({ certificateArn, sslPolicy }: LoadBalancerArgs): Listener[] {
  if (certificateArn === undefined) return [{ port: 80, protocol: "HTTP" }];
  const redirect = { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" };
  return [
    { port: 443, protocol: "HTTPS", certificateArn, sslPolicy: sslPolicy ?? TLS_POLICY },
    { port: 80, protocol: "HTTP", defaultActions: [{ type: "redirect", redirect }] },
  ];
}

interface Made {
  balancer: aws.lb.LoadBalancer | pulumi.Output<aws.lb.LoadBalancer>;
  targetGroupArn: pulumi.Output<string>;
  listenerArn: pulumi.Output<string>;
  resources: pulumi.Resource[];
}

/** An Application Load Balancer in front of the group. */
function applicationBalancer(spec: BalancerSpec): FleetBalancer {
  const { balancer: args } = spec;
  // awsx looks its subnets up in the provider's region, whatever region it is given.
  const made = spec.region === undefined ? balancerOfAwsx(spec) : balancerInRegion(spec);
  const { arn, dnsName, zoneId } = made.balancer;
  const rules = (args.rules ?? []).map((rule) => targetRule(spec, rule, made.listenerArn));
  return {
    targetGroupArns: [made.targetGroupArn, ...rules.map(({ group }) => group.arn)],
    balancerArn: arn,
    dnsName,
    zoneId,
    url: pulumi.interpolate`${args.certificateArn === undefined ? "http" : "https"}://${dnsName}`,
    http: true,
    resources: [...made.resources, ...rules.map(({ rule }) => rule)],
  };
}

/** awsx is loaded only here. */
function balancerOfAwsx(spec: BalancerSpec): Made {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- programs without a load balancer do not pay for it
  const awsx = require("@pulumi/awsx") as typeof awsxModule;
  const logs = accessLogs(spec);
  const [first, ...others] = listenersOf(spec.balancer);
  const balancer = new awsx.lb.ApplicationLoadBalancer(
    `${spec.name}-lb`,
    {
      ...balancerArgs(spec, logs),
      subnetIds: spec.loadBalancerSubnetIds ?? spec.network.publicSubnetIds,
      defaultSecurityGroup: { skip: true },
      ...(others.length === 0 ? { listener: first } : { listeners: [first as Listener, ...others] }),
      defaultTargetGroup: {
        ...targetsOf(spec),
        port: spec.port,
        healthCheck: healthCheckOf(spec.healthPath, spec.balancer.healthCheck),
      },
    },
    { parent: spec.owner, ...(logs && { dependsOn: logs.dependsOn }) },
  );
  return {
    balancer: balancer.loadBalancer,
    targetGroupArn: balancer.defaultTargetGroup.arn,
    listenerArn: balancer.listeners.apply((made) => made?.[0]?.arn ?? pulumi.output("")),
    resources: [balancer],
  };
}

/** The same of our own, where a region is given. */
function balancerInRegion(spec: BalancerSpec): Made {
  const { owner: parent, name, tags } = spec;
  // In the provider's own region awsx could make them: they stay what they are.
  const awsx = pulumi.createUrn(`${name}-lb`, "awsx:lb:ApplicationLoadBalancer", parent.urn);
  const was = (type: string, named = `${name}-lb`) => ({ aliases: [pulumi.createUrn(named, type, awsx)] });
  const logs = accessLogs(spec);
  const balancer = new aws.lb.LoadBalancer(
    `${name}-lb`,
    { ...balancerArgs(spec, logs), subnets: spec.loadBalancerSubnetIds ?? spec.network.publicSubnetIds },
    { parent, ...(logs && { dependsOn: logs.dependsOn }), ...was("aws:lb/loadBalancer:LoadBalancer") },
  );
  const group = new aws.lb.TargetGroup(
    `${name}-lb`,
    {
      ...targetsOf(spec),
      port: spec.port,
      healthCheck: healthCheckOf(spec.healthPath, spec.balancer.healthCheck),
    },
    { parent, ...was("aws:lb/targetGroup:TargetGroup") },
  );
  const forward = [{ type: "forward", targetGroupArn: group.arn }];
  const listeners = listenersOf(spec.balancer).map(
    (listener, at) =>
      new aws.lb.Listener(
        `${name}-lb-${listener.port}`,
        { loadBalancerArn: balancer.arn, defaultActions: forward, ...listener, tags, ...regionOption(spec.region) },
        { parent, ...was("aws:lb/listener:Listener", `${name}-lb-${at}`) },
      ),
  );
  return {
    balancer,
    targetGroupArn: group.arn,
    listenerArn: (listeners[0] as aws.lb.Listener).arn,
    resources: listeners,
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
