import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { regionOption } from "./component";
import { accessLogs } from "./accessLogs";
import { type BalancerSpec, type FleetBalancer, HEALTH_CHECK, TLS_POLICY } from "./balancer";

/** A Network Load Balancer in front of the group: TCP, or TLS that it ends itself. */
export function networkBalancer(spec: BalancerSpec): FleetBalancer {
  const { balancer: args, name, healthPath } = spec;
  const options = { parent: spec.owner };
  const region = regionOption(spec.region);
  const logs = accessLogs(spec);
  const balancer = new aws.lb.LoadBalancer(
    `${name}-lb`,
    {
      loadBalancerType: "network",
      subnets: spec.loadBalancerSubnetIds ?? spec.network.publicSubnetIds,
      securityGroups: [spec.securityGroup.id],
      internal: args.internal,
      enableDeletionProtection: args.deletionProtection,
      // Else a zone without healthy instances answers nobody.
      enableCrossZoneLoadBalancing: true,
      accessLogs: logs && { bucket: logs.bucket, prefix: logs.prefix, enabled: true },
      tags: spec.tags,
      ...region,
    },
    { ...options, ...(logs && { dependsOn: logs.dependsOn }) },
  );
  const { interval, timeout, healthyThreshold, unhealthyThreshold } = args.healthCheck ?? {};
  const group = new aws.lb.TargetGroup(
    `${name}-lb`,
    {
      vpcId: spec.network.vpcId,
      port: spec.port,
      protocol: "TCP",
      targetType: "instance",
      deregistrationDelay: args.deregistrationDelay ?? 60,
      healthCheck: {
        ...(healthPath === undefined ? { protocol: "TCP" } : { protocol: "HTTP", path: healthPath }),
        interval: interval ?? HEALTH_CHECK.interval,
        timeout: timeout ?? HEALTH_CHECK.timeout,
        healthyThreshold: healthyThreshold ?? HEALTH_CHECK.healthyThreshold,
        unhealthyThreshold: unhealthyThreshold ?? HEALTH_CHECK.unhealthyThreshold,
      },
      tags: spec.tags,
      ...region,
    },
    options,
  );
  const tls = args.certificateArn !== undefined;
  const listener = new aws.lb.Listener(
    `${name}-lb`,
    {
      loadBalancerArn: balancer.arn,
      ...(tls
        ? { port: 443, protocol: "TLS", certificateArn: args.certificateArn, sslPolicy: args.sslPolicy ?? TLS_POLICY }
        : { port: 80, protocol: "TCP" }),
      defaultActions: [{ type: "forward", targetGroupArn: group.arn }],
      tags: spec.tags,
      ...region,
    },
    options,
  );
  return {
    targetGroupArns: [group.arn],
    balancerArn: balancer.arn,
    dnsName: balancer.dnsName,
    zoneId: balancer.zoneId,
    url: pulumi.interpolate`${tls ? "tls" : "tcp"}://${balancer.dnsName}:${tls ? 443 : 80}`,
    http: false,
    resources: [listener],
  };
}
