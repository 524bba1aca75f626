import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { LoadBalancerArgs } from "../loadBalancerArgs";
import type { FleetNetwork, FleetNetworkSpec } from "./fleetNetwork";

export interface BalancerSpec extends FleetNetworkSpec {
  network: FleetNetwork;
  securityGroup: aws.ec2.SecurityGroup;
  port: number;
  /** Path of the health check; undefined where nobody gave one. */
  healthPath: pulumi.Input<string> | undefined;
  balancer: LoadBalancerArgs;
}

/** What a fleet knows of its load balancer, whichever kind it is. */
export interface FleetBalancer {
  /** The target groups, the fleet's own first. */
  targetGroupArns: pulumi.Output<string>[];
  balancerArn: pulumi.Output<string>;
  dnsName: pulumi.Output<string>;
  zoneId: pulumi.Output<string>;
  url: pulumi.Output<string>;
  /** Whether it counts requests and answers. */
  http: boolean;
  resources: pulumi.Resource[];
}

/** TLS 1.3 and 1.2, as Elastic Load Balancing recommends for new listeners. */
export const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

export const HEALTH_CHECK = {
  interval: 15,
  timeout: 5,
  healthyThreshold: 2,
  unhealthyThreshold: 3,
  matcher: "200-399",
};
