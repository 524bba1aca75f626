import type { Instance } from "@aws-sdk/client-ec2";
import type { Aws } from "./aws";
import { describeError, errorCode, isNotFound } from "./errors";
import { patiently } from "./waiting";

/** The instance as AWS describes it, or undefined while (or after) AWS does not know it. */
export async function describeInstance(aws: Aws, instanceId: string): Promise<Instance | undefined> {
  const { DescribeInstancesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  try {
    const answer = await patiently("DescribeInstances", aws.timing, () =>
      ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] })),
    );
    return answer.Reservations?.[0]?.Instances?.[0];
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Ids of the instances that all filters find and that are not terminated. */
export async function instancesWith(aws: Aws, ...filters: { Name: string; Values: string[] }[]): Promise<string[]> {
  const { DescribeInstancesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const Filters = [...filters, { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] }];
  const ids: string[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await patiently("DescribeInstances", aws.timing, () =>
      ec2.send(new DescribeInstancesCommand({ Filters, NextToken })),
    );
    ids.push(...(answer.Reservations ?? []).flatMap((r) => r.Instances ?? []).map((i) => i.InstanceId as string));
    NextToken = answer.NextToken;
  } while (NextToken);
  return ids;
}

/**
 * The console as of now. `Latest` gives what is current while a Nitro instance runs; other types refuse it, and after
 * the stop only the stored text is left.
 */
export async function consoleOutput(aws: Aws, instanceId: string, running: boolean): Promise<string> {
  const { GetConsoleOutputCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const read = (latest: boolean) =>
    patiently("GetConsoleOutput", aws.timing, () =>
      ec2.send(new GetConsoleOutputCommand({ InstanceId: instanceId, ...(latest && { Latest: true }) })),
    );
  try {
    const answer = await read(running).catch((error: unknown) => {
      if (running && /Unsupported|InvalidParameter|IncorrectInstanceState/.test(errorCode(error))) return read(false);
      throw error;
    });
    return Buffer.from(answer.Output ?? "", "base64").toString("utf8");
  } catch (error) {
    if (isNotFound(error)) return "";
    throw error;
  }
}

/** The state's name, `unknown` when AWS does not know the instance. */
export function stateOf(instance: Instance | undefined): string {
  return instance?.State?.Name ?? "unknown";
}

/** Whether an instance in that state runs no more, or is about to. */
export const hasEnded = (state: string): boolean => /^(terminated|shutting-down|stopped|stopping)$/.test(state);

export async function terminate(aws: Aws, instanceIds: string[]): Promise<void> {
  if (instanceIds.length === 0) return;
  const { TerminateInstancesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  try {
    await patiently("TerminateInstances", aws.timing, () =>
      ec2.send(new TerminateInstancesCommand({ InstanceIds: instanceIds })),
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/**
 * Stops an instance so that it costs no more, and says in words what came of it. Never throws: why it is stopped
 * matters more than that it could not be.
 */
export async function stop(aws: Aws, instanceId: string): Promise<string> {
  const { StopInstancesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  try {
    await patiently("StopInstances", aws.timing, () =>
      ec2.send(new StopInstancesCommand({ InstanceIds: [instanceId] })),
    );
    return "it has been stopped, so that it costs no more than its volumes";
  } catch (error) {
    if (isNotFound(error)) return "it is gone";
    const command = `aws ec2 stop-instances --region ${aws.region} --instance-ids ${instanceId}`;
    return `it could NOT be stopped (${describeError(error)}) and goes on costing until it powers off by its own limit: ${command}`;
  }
}

export function consoleCommand(instanceId: string, region: string): string {
  return `aws ec2 get-console-output --region ${region} --instance-id ${instanceId} --output text`;
}

/** What EC2's two status checks say of a running instance; `unknown` before they say anything. */
export async function statusChecks(
  aws: Aws,
  instanceId: string,
  state: string,
): Promise<{ system: string; own: string }> {
  if (state !== "running") return { system: "unknown", own: "unknown" };
  const { DescribeInstanceStatusCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const found = await patiently("DescribeInstanceStatus", aws.timing, () =>
    ec2.send(new DescribeInstanceStatusCommand({ InstanceIds: [instanceId] })),
  ).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  const status = found?.InstanceStatuses?.[0];
  return { system: status?.SystemStatus?.Status ?? "unknown", own: status?.InstanceStatus?.Status ?? "unknown" };
}
