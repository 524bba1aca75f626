/** What the gates' tests share: a gate's way to AWS with a test's patience, and how to judge its failure. */
import assert from "node:assert/strict";
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import type { Instance, RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { Aws } from "../../../components/gates/kit/aws";
import { GateFailure } from "../../../components/gates/kit/failure";
import type { Clock, Timing } from "../../../components/gates/kit/waiting";
import { sleep } from "../../../components/gates/kit/waiting";
import type { Emulator } from "../../support/emulator/emulator";

export const ACCOUNT = "111122223333";
export const STRANGER = "444455556666";
export const MINUTES = 1 / 60_000;

/** The access key of the gates: what they may do can end while the test's own calls go on. */
const GATES = "gates";

/** A limit is a number of looks for tests: this time passes only between two of them, also on a busy computer. For one that waits. */
export class LookClock implements Clock {
  private slept = 0;
  now(): number {
    return this.slept;
  }
  async sleep(seconds: number): Promise<void> {
    await sleep(seconds);
    this.slept += seconds * 1000;
  }
}

export function gateAws(aws: Emulator, timing: Partial<Timing> = {}, region = "us-east-1", account = GATES): Aws {
  const { endpoint, credentials } = aws.client(region, account);
  const usual = { pollSeconds: 0.02, patienceSeconds: 10, consoleGraceSeconds: 0.1, clock: new LookClock() };
  return new Aws({ region, endpoint, ...credentials, timing: { ...usual, ...timing } });
}

export function ec2Client(aws: Emulator, region?: string): EC2Client {
  return new EC2Client(aws.client(region));
}

/** What a gate says, as it says it. */
export class Voice {
  readonly said: string[] = [];
  readonly warned: string[] = [];
  /** `heard` may put the emulator's clock forward: then a script's minutes pass with every look. */
  constructor(private readonly heard: () => void = () => undefined) {}
  readonly say = (text: string): void => {
    this.said.push(text);
    this.heard();
  };
  readonly warn = (text: string): void => void this.warned.push(text);
}

/** The failure that the gate must end in. */
export async function failure(gate: Promise<unknown>): Promise<string> {
  try {
    await gate;
  } catch (error) {
    if (!(error instanceof GateFailure)) throw error;
    return error.message;
  }
  return assert.fail("the gate passed");
}

export async function launch(
  ec2: EC2Client,
  ImageId: string,
  more: Partial<RunInstancesCommandInput> = {},
): Promise<string> {
  const request = { ImageId, InstanceType: "t3.micro" as const, MinCount: 1, MaxCount: 1, ...more };
  return (await ec2.send(new RunInstancesCommand(request))).Instances![0]!.InstanceId!;
}

export async function instances(ec2: EC2Client, ...ids: string[]): Promise<Instance[]> {
  const answer = await ec2.send(new DescribeInstancesCommand(ids.length ? { InstanceIds: ids } : {}));
  return answer.Reservations!.flatMap((reservation) => reservation.Instances!);
}

export const stateOf = async (ec2: EC2Client, id: string): Promise<string> =>
  (await instances(ec2, id))[0]!.State!.Name!;

/** The actions asked for, without the ones that only look. */
export function deeds(aws: Emulator): string[] {
  return aws.requests().flatMap(({ action }) => (/^(Describe|Get)/.test(action) ? [] : [action]));
}

/** Instances that cost something: not terminated, nor about to be. */
export async function alive(ec2: EC2Client): Promise<string[]> {
  const ended = /^(terminated|shutting-down)$/;
  return (await instances(ec2)).flatMap((one) => (ended.test(one.State!.Name!) ? [] : [one.InstanceId!]));
}

/** From now on AWS refuses the gates' credentials, as when a session ends in the middle of a run. */
export const expire = (aws: Emulator): void => aws.fault({ action: "*", accessKey: GATES, error: "ExpiredToken" });

/** A failure's parts: its first line, and the lines of each section. */
export function parts(said: string) {
  const [first, ...rest] = said.split("\n");
  const sections: { [title: string]: string[] } = { "It said:": [], "Where to look:": [], "How to go on:": [] };
  let section: string[] | undefined;
  let state: string | undefined;
  for (const line of rest) {
    if (line.startsWith("    ")) section?.push(line.slice(4));
    else if (sections[line.trim()]) section = sections[line.trim()];
    else state = line.trim();
  }
  const { "It said:": evidence, "Where to look:": look, "How to go on:": next } = sections;
  return { first: first!, evidence: evidence!, look: look!, next: next!, state };
}
