import type * as pulumi from "@pulumi/pulumi";

/** A load balancer that a name may lead to. */
export interface FailoverTarget {
  /** DNS name of the load balancer: `AutoScalingFleet.dnsName`, `RecoveryRegion.dnsName`. */
  dnsName: pulumi.Input<string | undefined>;
  /** Hosted zone of that name: `zoneId` of the same. */
  zoneId: pulumi.Input<string | undefined>;
  /** The region it is in: part of the record's identifier. Plain. */
  region: string;
  /**
   * Share of the requests among the targets, for `weighted`: 0 to 255.
   * @default 100
   */
  weight?: pulumi.Input<number>;
}

export interface FailoverRecordsArgs {
  /** Id of the hosted zone that the name is in. */
  hostedZoneId: pulumi.Input<string>;
  /** The name, e.g. `www.example.com`. */
  name: pulumi.Input<string>;
  /**
   * `failover`: the first target, and the second while the first is not healthy. `weighted`: all that are healthy, by
   * their weights. Plain.
   * @default "failover"
   */
  policy?: string;
  /** Where the name leads: two for `failover`, the primary first; one to ten for `weighted`. Plain list. */
  targets: FailoverTarget[];
  /**
   * Whether Route 53 also asks the primary target itself, from several places in the world. Without it a target counts as
   * healthy while its load balancer has a healthy target. Plain.
   * @default true
   */
  healthCheck?: boolean;
  /**
   * Whether it asks by HTTPS. The certificate is not checked against the name (Route 53 developer guide). Plain.
   * @default false
   */
  https?: boolean;
  /**
   * Path that it asks.
   * @default "/"
   */
  healthPath?: pulumi.Input<string>;
  /**
   * Whether there are records for IPv6 (AAAA), too: only for load balancers with both kinds of addresses. Plain.
   * @default false
   */
  ipv6?: boolean;
  /** Tags of the health checks. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}
