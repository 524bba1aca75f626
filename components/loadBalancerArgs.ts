import type * as pulumi from "@pulumi/pulumi";

/** What stands in front of the fleet's instances. Limits: Elastic Load Balancing API (version 2015-12-01). */
export interface LoadBalancerArgs {
  /**
   * `application` (HTTP and HTTPS) or `network` (TCP and TLS, one fixed address a zone). Plain: they are other resources.
   * @default "application"
   */
  type?: string;
  /**
   * ARN of the certificate, in AWS Certificate Manager of the fleet's region. With it the load balancer listens on 443, and
   * 80 redirects there (`network`: nothing listens on 80). Plain: it decides which listeners there are.
   * @default none: HTTP, or TCP, on port 80
   */
  certificateArn?: pulumi.Input<string>;
  /**
   * What TLS is spoken, by the name of Elastic Load Balancing's policy.
   * @default "ELBSecurityPolicy-TLS13-1-2-2021-06": TLS 1.3 and 1.2
   */
  sslPolicy?: pulumi.Input<string>;
  /**
   * Whether it has private addresses only, in its subnets.
   * @default false
   */
  internal?: pulumi.Input<boolean>;
  /**
   * CIDR blocks, IPv4 or IPv6, that reach it. Plain list.
   * @default ["0.0.0.0/0", "::/0"]
   */
  ingressCidrs?: pulumi.Input<string>[];
  /**
   * Whether a bucket for the access logs is made: private, under SSE-S3, which forgets after 90 days. Plain. Not together with
   * `accessLogsBucket`.
   * @default false
   */
  accessLogs?: boolean;
  /**
   * Name of the S3 bucket, in the fleet's region, that takes the access logs. Its policy must let Elastic Load Balancing
   * write (Elastic Load Balancing user guide, "Enable access logs"); under SSE-S3, not SSE-KMS.
   * @default no access logs
   */
  accessLogsBucket?: pulumi.Input<string>;
  /**
   * Folder in the bucket. Only with `accessLogsBucket`.
   * @default none
   */
  accessLogsPrefix?: pulumi.Input<string>;
  /**
   * Whether AWS refuses to delete it. Removing it then takes two `up`s: `false` first.
   * @default false
   */
  deletionProtection?: pulumi.Input<boolean>;
  /**
   * Seconds an idle connection is kept: 1 to 4,000. Not for `network`.
   * @default 60
   */
  idleTimeout?: pulumi.Input<number>;
  /**
   * Seconds that requests under way get before a target is gone: 0 to 3,600.
   * @default 60
   */
  deregistrationDelay?: pulumi.Input<number>;
  /**
   * Seconds in which a new target's share of requests grows: 0 for off, else 30 to 900. Not for `network`.
   * @default 0
   */
  slowStart?: pulumi.Input<number>;
  /** How a target is judged, besides `healthPath`. */
  healthCheck?: TargetHealthCheckArgs;
  /**
   * Further target groups, each with the requests it takes. Not for `network`. At most 99, of the 100 target groups a load
   * balancer has (Elastic Load Balancing quotas). Plain list.
   */
  rules?: TargetRuleArgs[];
}

export interface TargetHealthCheckArgs {
  /**
   * Seconds between two checks: 5 to 300.
   * @default 15
   */
  interval?: pulumi.Input<number>;
  /**
   * Seconds without an answer after which a check has failed: 2 to 120, less than the interval.
   * @default 5
   */
  timeout?: pulumi.Input<number>;
  /**
   * Good checks in a row until a target is healthy: 2 to 10.
   * @default 2
   */
  healthyThreshold?: pulumi.Input<number>;
  /**
   * Bad checks in a row until it is unhealthy: 2 to 10.
   * @default 3
   */
  unhealthyThreshold?: pulumi.Input<number>;
  /**
   * Answers that count as good, e.g. `200` or `200-299`: within 200 to 499. Not for `network`.
   * @default "200-399"
   */
  matcher?: pulumi.Input<string>;
}

/** Requests that go to another port of the fleet's instances. */
export interface TargetRuleArgs {
  /** Name, once a fleet: letters, digits and hyphens. Plain: the target group is named after it. */
  name: string;
  /** Place among the rules, each once, the smallest first: 1 to 50,000. */
  priority: pulumi.Input<number>;
  /** Paths, with `*` and `?`, of at most 128 characters, e.g. `/api/*`. Plain list; at most 5 with the hosts. */
  paths?: pulumi.Input<string>[];
  /** Host names, with `*` and `?`, e.g. `api.example.com`. Plain list. */
  hosts?: pulumi.Input<string>[];
  /**
   * Port of the instances. Plain: the instances' security group lets it in.
   * @default the fleet's port
   */
  port?: number;
  /**
   * Path of the health check.
   * @default the fleet's `healthPath`
   */
  healthPath?: pulumi.Input<string>;
}
