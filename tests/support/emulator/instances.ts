/** Instances: what they print to their console, and how they stop or end, as scripted by the test. */
import { gunzipSync } from "node:zlib";
import { now } from "./clock";
import { inOwnAccount } from "./borrowed";
import { AwsError, takeFilter, tagSpecification, xmlAnswer, values } from "./protocol";
import type { Answer, Call } from "./protocol";
import { edit } from "./moto";
import { requireLaunchable } from "./images";
import { glob } from "./world";
import type { Handlers, World } from "./world";
import { element, everywhere, find, list, put, textOf } from "./xml";
import type { Element } from "./xml";

const CONSOLE_LIMIT = 65_536;
const CODES: Record<string, number> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export interface MachineInfo {
  id: string;
  region: string;
  imageId: string;
  tags: Record<string, string>;
}

export interface MachineMatch {
  /** A tag and a glob for its value. */
  tag?: [key: string, value: string];
  /** Glob for the `Name` tag. */
  name?: string;
  imageId?: string;
  region?: string;
}

export interface MachineBehaviour {
  /** What is printed, and how long after the launch. The user data is decoded and unpacked. */
  console?: { atMs?: number; text: string | ((machine: MachineInfo, userData: string) => string) }[];
  /** `stopped`: it powers itself off (terminated instead when launched so). `terminated`: someone else ends it. */
  then?: "running" | "stopped" | "terminated";
  /** When, after the launch. */
  afterMs?: number;
  /** How long it is `pending`, and `stopping` or `shutting-down`. */
  pendingMs?: number;
  stoppingMs?: number;
  /** The delay of console output that is not asked for as the latest. */
  consoleDelayMs?: number;
  /** The console is gone this long after the end. */
  expiresMs?: number;
  /** `unsupported`: not a Nitro instance, so the latest output is refused. */
  latest?: "supported" | "unsupported";
  reason?: { code: string; message: string };
  /** What EC2's status checks say of it while it runs, from `statusAfterMs` on; `initializing` before. */
  status?: "ok" | "impaired";
  statusAfterMs?: number;
  /** For how many launches; without it for all. */
  times?: number;
}

export interface MachineRule {
  match: MachineMatch;
  behaviour: MachineBehaviour;
  used: number;
}

export interface Machine extends MachineInfo {
  account: string;
  userData: string;
  launchedAt: number;
  behaviour: MachineBehaviour;
  shutdown: "stop" | "terminate";
  /** Set when it began to stop or to end. */
  endedAt?: number;
  endState?: "stopped" | "terminated";
  reason?: { code: string; message: string };
}

function choose(rules: MachineRule[], machine: MachineInfo): MachineBehaviour {
  const rule = rules.find(({ match, behaviour, used }) => {
    if (used >= (behaviour.times ?? Infinity)) return false;
    if (match.region !== undefined && match.region !== machine.region) return false;
    if (match.imageId !== undefined && match.imageId !== machine.imageId) return false;
    if (match.name !== undefined && !glob(match.name, machine.tags.Name)) return false;
    return !match.tag || glob(match.tag[1], machine.tags[match.tag[0]]);
  });
  if (!rule) return {};
  rule.used++;
  return rule.behaviour;
}

/** Carries out in moto what scripted machines have done by now. */
export async function settleMachines(world: World): Promise<void> {
  for (const machine of world.memory.machines.values()) {
    const { then = "running", afterMs = 0 } = machine.behaviour;
    const due = machine.launchedAt + afterMs;
    if (machine.endedAt !== undefined || then === "running" || now() < due) continue;
    const ends = then === "terminated" || machine.shutdown === "terminate";
    machine.endedAt = due;
    machine.endState = ends ? "terminated" : "stopped";
    const itself = {
      code: "Client.InstanceInitiatedShutdown",
      message: "Client.InstanceInitiatedShutdown: Instance initiated shutdown",
    };
    machine.reason = machine.behaviour.reason ?? (then === "stopped" ? itself : undefined);
    await world.moto.ask("ec2", machine, ends ? "TerminateInstances" : "StopInstances", { "InstanceId.1": machine.id });
  }
}

/** The state in between, which moto does not know. */
function passingState(machine: Machine): string | undefined {
  const { pendingMs = 0, stoppingMs = 0 } = machine.behaviour;
  if (machine.endedAt !== undefined) {
    if (now() >= machine.endedAt + stoppingMs) return undefined;
    return machine.endState === "stopped" ? "stopping" : "shutting-down";
  }
  return now() < machine.launchedAt + pendingMs ? "pending" : undefined;
}

function consoleText(machine: Machine, latest: boolean): string {
  const { behaviour, endedAt } = machine;
  if (endedAt !== undefined && now() >= endedAt + (behaviour.expiresMs ?? Infinity)) return "";
  if (latest && behaviour.latest === "unsupported") {
    throw new AwsError(
      "UnsupportedOperation",
      "This instance type does not support retrieving the latest console logs.",
    );
  }
  // The latest output can be had only while the instance runs; after that it is what was posted.
  const shownUntil = latest && endedAt === undefined ? now() : now() - (behaviour.consoleDelayMs ?? 0);
  const until = Math.min(shownUntil, endedAt ?? Infinity) - machine.launchedAt;
  const printed = (behaviour.console ?? []).filter(({ atMs = 0 }) => atMs <= until);
  const text = printed.map(({ text }) => (typeof text === "string" ? text : text(machine, machine.userData))).join("");
  return Buffer.from(text).subarray(-CONSOLE_LIMIT).toString();
}

function readUserData(encoded: string | undefined): string {
  const data = Buffer.from(encoded ?? "", "base64");
  return (data[0] === 0x1f && data[1] === 0x8b ? gunzipSync(data) : data).toString();
}

async function runInstances(call: Call, world: World): Promise<Answer> {
  const { params } = call;
  const asked = JSON.stringify(params);
  const tokenKey = params.ClientToken && `${call.account}/${call.region}/${params.ClientToken}`;
  const before = tokenKey ? world.memory.tokens.get(tokenKey) : undefined;
  if (before && before.params !== asked) {
    throw new AwsError("IdempotentParameterMismatch", "The same client token was used with other parameters.");
  }
  if (before) return before.answer;
  const { ImageId: image = "" } = params;
  requireLaunchable(image, world);
  const sent = image ? { ...params, ImageId: await inOwnAccount(image, call, world) } : params;
  const answer = edit(await world.moto.forward(call, sent), (root) => {
    for (const item of list(root, "instancesSet")) {
      remember(call, world, textOf(item, "instanceId")!);
      put(item, "instanceState", [element("code", 0), element("name", "pending")]);
    }
  });
  if (tokenKey && answer.status < 400) world.memory.tokens.set(tokenKey, { params: asked, answer });
  return answer;
}

function remember(call: Call, world: World, id: string): void {
  const { params } = call;
  const info = { id, region: call.region, imageId: params.ImageId ?? "", tags: tagSpecification(params, "instance") };
  world.memory.machines.set(id, {
    ...info,
    account: call.account,
    userData: readUserData(params.UserData),
    launchedAt: now(),
    behaviour: choose(world.memory.machineRules, info),
    shutdown: params.InstanceInitiatedShutdownBehavior === "terminate" ? "terminate" : "stop",
  });
}

async function describeInstances(call: Call, world: World): Promise<Answer> {
  const { params, accepted } = takeFilter(call.params, "instance-state-name");
  return edit(await world.moto.forward(call, params), (root) => {
    const reservations = find(root, "reservationSet");
    for (const reservation of reservations?.children ?? []) {
      const set = find(reservation, "instancesSet");
      if (!set) continue;
      set.children.forEach((item) => correct(item, world));
      if (accepted)
        set.children = set.children.filter((item) => accepted.includes(textOf(item, "instanceState", "name") ?? ""));
    }
    if (reservations)
      reservations.children = reservations.children.filter((one) => list(one, "instancesSet").length > 0);
  });
}

function correct(item: Element, world: World): void {
  const id = textOf(item, "instanceId") ?? "";
  const machine = world.memory.machines.get(id);
  const state = machine && passingState(machine);
  if (machine?.imageId) put(item, "imageId", machine.imageId);
  if (state) put(item, "instanceState", [element("code", CODES[state]), element("name", state)]);
  if (machine?.reason && state !== "pending") {
    put(item, "stateReason", [element("code", machine.reason.code), element("message", machine.reason.message)]);
    put(item, "reason", machine.reason.message);
  }
  // moto tags a group's instance with the template's default version, whatever it was launched from.
  for (const group of world.memory.groups.values()) {
    const version = group.instances.get(id)?.version;
    const tag = version && list(item, "tagSet").find((one) => textOf(one, "key") === "aws:ec2launchtemplate:version");
    if (tag) put(tag, "value", version);
  }
}

/** Only of instances that run, as AWS does unless asked for all. */
async function describeInstanceStatus(call: Call, world: World): Promise<Answer> {
  return edit(await world.moto.forward(call), (root) => {
    const set = find(root, "instanceStatusSet");
    if (!set) return;
    set.children = set.children.filter((item) => {
      const machine = world.memory.machines.get(textOf(item, "instanceId") ?? "");
      if (!machine) return true;
      const { status = "ok", statusAfterMs = 0 } = machine.behaviour;
      const said = now() < machine.launchedAt + statusAfterMs ? "initializing" : status;
      for (const check of ["systemStatus", "instanceStatus"]) put(item, check, [element("status", said)]);
      return passingState(machine) === undefined && machine.endedAt === undefined;
    });
  });
}

async function getConsoleOutput(call: Call, world: World): Promise<Answer> {
  const answer = await world.moto.forward(call);
  if (answer.status >= 400) return answer;
  const id = call.params.InstanceId!;
  const machine = world.memory.machines.get(id);
  const text = machine ? consoleText(machine, call.params.Latest === "true") : "";
  const content = [element("instanceId", id), element("timestamp", new Date().toISOString())];
  if (text) content.push(element("output", Buffer.from(text).toString("base64")));
  return xmlAnswer(call, content);
}

/** Stop and terminate asked for by a caller. */
async function end(call: Call, world: World): Promise<Answer> {
  const ids = values(call.params, "InstanceId");
  if (call.action === "StopInstances") ids.forEach((id) => requireStoppable(id, world));
  const answer = await world.moto.forward(call);
  if (answer.status >= 400) return answer;
  const state = call.action === "StopInstances" ? "stopped" : "terminated";
  for (const id of ids) {
    const machine = world.memory.machines.get(id);
    if (!machine || machine.endState === state || machine.endState === "terminated") continue;
    Object.assign(machine, { endedAt: now(), endState: state, reason: undefined });
  }
  const passing = state === "stopped" ? "stopping" : "shutting-down";
  return edit(answer, (root) => {
    for (const current of everywhere(root, "currentState")) {
      put(current, "code", CODES[passing]!);
      put(current, "name", passing);
    }
  });
}

/** Neither a pending instance nor one that has ended can be stopped. */
function requireStoppable(id: string, world: World): void {
  const machine = world.memory.machines.get(id);
  if (!machine || (passingState(machine) !== "pending" && machine.endState !== "terminated")) return;
  throw new AwsError("IncorrectInstanceState", `This instance '${id}' is not in a state from which it can be stopped.`);
}

export const instanceHandlers: Handlers = {
  "ec2.RunInstances": runInstances,
  "ec2.DescribeInstances": describeInstances,
  "ec2.DescribeInstanceStatus": describeInstanceStatus,
  "ec2.GetConsoleOutput": getConsoleOutput,
  "ec2.StopInstances": end,
  "ec2.TerminateInstances": end,
};
