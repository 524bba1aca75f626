/** What the tests of backup and restore share: a server in the emulator, and the command run from the sources. */
import { type ChildProcess, spawn } from "node:child_process";
import * as path from "node:path";
import { CreateKeyPairCommand, CreateSecurityGroupCommand, type EC2Client, type Instance } from "@aws-sdk/client-ec2";
import type { Emulator } from "../support/emulator/emulator";
import { ROOT } from "../simulation/command";
import { instances, launch } from "../components/gates/scene";

export interface Server {
  id: string;
  subnetId: string;
  groupId: string;
  instance: Instance;
}

/** A running server with a group, a key pair and tags of its own. */
export async function server(aws: Emulator, ec2: EC2Client, name = "shop"): Promise<Server> {
  const SubnetId = await aws.subnet();
  const groups = { GroupName: name, Description: "web" };
  const { GroupId: groupId = "" } = await ec2.send(new CreateSecurityGroupCommand(groups));
  await ec2.send(new CreateKeyPairCommand({ KeyName: `${name}-key` }));
  const id = await launch(ec2, await aws.baseImage("us-east-1", `base of ${name}`), {
    InstanceType: "t3.large",
    SubnetId,
    SecurityGroupIds: [groupId],
    KeyName: `${name}-key`,
    TagSpecifications: [
      {
        ResourceType: "instance",
        Tags: [
          { Key: "Name", Value: name },
          { Key: "team", Value: "web" },
        ],
      },
    ],
  });
  const [instance] = await instances(ec2, id);
  return { id, subnetId: SubnetId, groupId, instance: instance! };
}

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** The command from the sources, without a terminal. */
export function started(
  aws: Emulator,
  args: string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [path.join(ROOT, "cli/fromSources.cjs"), ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, AMI_LIFECYCLE_POLL_SECONDS: "0.05", ...aws.env(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (data: Buffer) => (said.out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (said.err += data.toString()));
  const ended = new Promise<Ended>((resolve) => child.once("close", (code) => resolve({ code, ...said })));
  return { child, ended };
}

export const command = (aws: Emulator, args: string[], env?: NodeJS.ProcessEnv): Promise<Ended> =>
  started(aws, args, env).ended;

/** Waits until the emulator was asked for this. */
export async function asked(aws: Emulator, action: string, times = 1): Promise<void> {
  while (aws.requests(action).filter(({ status }) => status !== 0).length < times)
    await new Promise((resolve) => setTimeout(resolve, 20));
}

/** The command in this process, for what needs no process of its own: faster. */
export async function captured(
  aws: Emulator,
  run: (argv: string[]) => Promise<number>,
  argv: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const before = { ...process.env };
  const writers = { out: process.stdout.write.bind(process.stdout), err: process.stderr.write.bind(process.stderr) };
  const said = { out: "", err: "" };
  const into = (key: keyof typeof said) =>
    ((text: string, done?: () => void) => {
      said[key] += text;
      done?.();
      return true;
    }) as typeof process.stdout.write;
  Object.assign(process.env, { AMI_LIFECYCLE_POLL_SECONDS: "0.05", ...aws.env(), ...env });
  process.stdout.write = into("out");
  process.stderr.write = into("err");
  try {
    const code = await run(argv);
    return { code, ...said };
  } finally {
    process.stdout.write = writers.out;
    process.stderr.write = writers.err;
    process.env = before;
  }
}
