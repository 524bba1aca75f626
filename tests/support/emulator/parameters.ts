/** SSM parameters of the type `aws:ec2:image`: AWS answers with success, and looks at the image afterwards. */
import { now } from "./clock";
import type { Answer, Call } from "./protocol";
import type { Handlers, World } from "./world";

export interface ParameterRule {
  /** How long after it was written the value can be read. */
  acceptMs?: number;
  /** The value never arrives. */
  refuse?: boolean;
}

/** A write that AWS has answered and not carried out yet. */
export interface PendingWrite {
  call: Call;
  dueAt: number;
}

const keyOf = (call: Call): string => `${call.account}/${call.region}/${call.params.Name}`;

async function putParameter(call: Call, world: World): Promise<Answer> {
  const rule = world.memory.parameterRules.get(call.params.Name ?? "");
  // An update does not repeat the type: the provider sends it only where it changed.
  if (!rule) return world.moto.forward(call);
  if (!rule.refuse) world.memory.pendingWrites.set(keyOf(call), { call, dueAt: now() + (rule.acceptMs ?? 0) });
  return {
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.1" },
    body: JSON.stringify({ Version: 1, Tier: "Standard" }),
  };
}

async function getParameter(call: Call, world: World): Promise<Answer> {
  const pending = world.memory.pendingWrites.get(keyOf(call));
  if (pending && now() >= pending.dueAt) {
    world.memory.pendingWrites.delete(keyOf(call));
    await world.moto.forward(pending.call);
  }
  return world.moto.forward(call);
}

export const parameterHandlers: Handlers = { "ssm.PutParameter": putParameter, "ssm.GetParameter": getParameter };
