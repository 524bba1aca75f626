import type * as pulumi from "@pulumi/pulumi";

/** What is watched of a fleet. The alarms also stop a rollout: they go along with `rollout.alarmNames`. */
export interface MonitoringArgs {
  /**
   * Whether alarms watch the load balancer's targets: bad answers, slow ones, unhealthy hosts. A metric without data is no
   * alarm, so that a first rollout passes. Plain. Only with a load balancer.
   * @default false
   */
  alarms?: boolean;
  /**
   * Percentage of requests that targets may answer with 5xx, over three minutes: above 0 to 100.
   * @default 5
   */
  errorPercent?: pulumi.Input<number>;
  /**
   * Seconds within which 99 of 100 requests are answered, over three minutes.
   * @default 3
   */
  latencySeconds?: pulumi.Input<number>;
  /**
   * ARN of an SNS topic that is told when an alarm goes on or off, and when Auto Scaling fails to launch or to end an
   * instance. An encrypted topic needs a customer-managed key that CloudWatch and Auto Scaling may use. Plain: it decides
   * whether there are notifications.
   * @default none
   */
  topicArn?: pulumi.Input<string>;
  /**
   * Whether a CloudWatch dashboard shows version, size, answers and health. Plain.
   * @default false
   */
  dashboard?: boolean;
}
