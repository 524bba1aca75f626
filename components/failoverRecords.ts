import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FailoverRecordsArgs, FailoverTarget } from "./failoverRecordsArgs";
import { failoverRecordsProblems } from "./internal/failoverRules";
import { refuse } from "./parts/component";

/** A fast health check notices within half a minute: three bad answers, ten seconds apart. */
const INTERVAL = 10;
const FAILURES = 3;

/**
 * Records of Route 53 that move traffic by health alone. Failing over edits none of them: Route 53 takes changes in
 * us-east-1 only, and answers everywhere.
 */
export class FailoverRecords extends pulumi.ComponentResource {
  /** The name that leads to whatever is healthy. */
  public readonly fqdn: pulumi.Output<string>;
  /** Ids of the health checks, by region. */
  public readonly healthCheckIds: pulumi.Output<{ [region: string]: string }>;

  constructor(name: string, args: FailoverRecordsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:FailoverRecords", name, args, opts);
    refuse(this, `FailoverRecords "${name}"`, failoverRecordsProblems(name, args).problems);

    const isFailover = (args.policy ?? "failover") === "failover";
    const checked = args.healthCheck === false ? [] : isFailover ? args.targets.slice(0, 1) : args.targets;
    const checks = new Map(checked.map((target) => [target.region, this.check(name, target, args)]));
    const records = args.targets.flatMap((target, i) =>
      ["A", ...(args.ipv6 ? ["AAAA"] : [])].map((type) =>
        this.record(name, args, target, type, checks.get(target.region), isFailover ? i : undefined),
      ),
    );

    this.fqdn = (records[0] as aws.route53.Record).fqdn;
    this.healthCheckIds = pulumi.output(Object.fromEntries([...checks].map(([region, { id }]) => [region, id])));
    this.registerOutputs({ fqdn: this.fqdn, healthCheckIds: this.healthCheckIds });
  }

  private check(name: string, { dnsName, region }: FailoverTarget, args: FailoverRecordsArgs) {
    return new aws.route53.HealthCheck(
      `${name}-${region}`,
      {
        type: args.https ? "HTTPS" : "HTTP",
        fqdn: dnsName,
        port: args.https ? 443 : 80,
        resourcePath: args.healthPath ?? "/",
        requestInterval: INTERVAL,
        failureThreshold: FAILURES,
        ...(args.https && { enableSni: true }),
        tags: pulumi.output(args.tags).apply((tags) => ({ Name: `${name}-${region}`, ...tags })),
      },
      { parent: this },
    );
  }

  private record(
    name: string,
    args: FailoverRecordsArgs,
    target: FailoverTarget,
    type: string,
    check: aws.route53.HealthCheck | undefined,
    place: number | undefined,
  ): aws.route53.Record {
    const routing =
      place === undefined
        ? { weightedRoutingPolicies: [{ weight: target.weight ?? 100 }] }
        : { failoverRoutingPolicies: [{ type: place === 0 ? "PRIMARY" : "SECONDARY" }] };
    return new aws.route53.Record(
      `${name}-${target.region}${type === "A" ? "" : "-ipv6"}`,
      {
        zoneId: args.hostedZoneId,
        name: args.name,
        type,
        setIdentifier: target.region,
        ...routing,
        aliases: [
          {
            name: target.dnsName as pulumi.Input<string>,
            zoneId: target.zoneId as pulumi.Input<string>,
            // Without a healthy target behind it the load balancer counts as down.
            evaluateTargetHealth: true,
          },
        ],
        healthCheckId: check?.id,
      },
      { parent: this },
    );
  }
}
