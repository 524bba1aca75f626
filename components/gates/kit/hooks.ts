import * as pulumi from "@pulumi/pulumi";
import type { GateArgs } from "../gateArgs";
import { isHalfMade, isRetryableStart, MOST_TRIES, retryDelay, stillBusy } from "./startRetry";
import { Aws } from "./aws";
import { describeError } from "./errors";
import { GateFailure } from "./failure";
import { gateSettings, valueOf } from "./settings";
import { defaultTiming, POLL_SECONDS, sleep } from "./waiting";

let said = false;

function sayOnce(): void {
  if (said) return;
  said = true;
  void pulumi.log.info("A preview runs no gate: what it shows happens only when the gates pass in `pulumi up`.");
}

/** What a gate gets: AWS in the resource's region, and two ways to speak. */
export interface GateRun {
  aws: Aws;
  /** Id of the record itself: its outputs are not known while its gate runs. Empty before it exists. */
  id: string;
  /** The account that owns the image of an update: what the record's outputs said so far. */
  account?: string;
  /** The record's inputs as the engine is about to write them. */
  inputs: Record<string, unknown>;
  /** What the record said before; undefined when it is new. */
  old?: Record<string, unknown>;
  /** A progress line that the next one overwrites. */
  say: (text: string) => void;
  warn: (text: string) => void;
}

export interface GateSpec {
  /** The component that owns the record. */
  owner: pulumi.Resource;
  /** The record's own name, and the gate's: with the owner's chain they make the hook's name unique. */
  record: string;
  gate: string;
  region: pulumi.Input<string>;
  gates?: GateArgs;
  run: (run: GateRun) => Promise<unknown>;
}

/** Plain `setMocks` claims to support hooks, and crashes when one is registered. */
function hooksWork(): boolean {
  const monitor = pulumi.runtime.getMonitor() as { registerResourceHook?: unknown } | undefined;
  return typeof monitor?.registerResourceHook === "function";
}

interface Named {
  __pulumiType?: string;
  __name?: string;
  __parentResource?: Named;
}

/** The owner's chain of parents as text: `MachineImage(web)/ImageCopies(web-1.0.0)`. */
export function fullName(owner: pulumi.Resource): string {
  const parts: string[] = [];
  for (let at: Named | undefined = owner as unknown as Named; at; at = at.__parentResource) {
    const type = at.__pulumiType?.split(":").pop();
    if (type !== "Stack") parts.unshift(`${type ?? "?"}(${at.__name ?? "?"})`);
  }
  return parts.join("/");
}

const hookName = (owner: pulumi.Resource, record: string, gate: string): string =>
  `${fullName(owner)}/${record}:${gate}`;

/** An error of AWS that no gate knows an ending for, most often a missing permission. */
function refusedByAws(what: string, error: unknown): GateFailure {
  return new GateFailure({
    what: `${what}: AWS refused what the gate asked: ${describeError(error)}`,
    next: [
      "a missing permission: allow it to whoever runs `pulumi up`, then run it again",
      "anything else: the error names it; nothing was recorded",
    ],
  });
}

/** The tags a record is about to get. */
export function tagsIn(inputs: GateRun["inputs"]): { [key: string]: string } {
  const tags = (inputs.tags ?? {}) as { [key: string]: unknown };
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
}

/** What of a component's `gates` argument may be known late: the record's inputs must wait for it, or its gate would. */
export const gateInputs = (gates: GateArgs | undefined): unknown[] =>
  gates ? [gates.profile, gates.roleArn, gates.endpoint] : [];

/** A hook that throws when the fact is not so, or undefined where hooks do not work. A preview runs none. */
export function gateHook(spec: GateSpec): pulumi.ResourceHook | undefined {
  if (!hooksWork()) return undefined;
  if (pulumi.runtime.isDryRun()) sayOnce();
  const { owner, record, gate } = spec;
  return new pulumi.ResourceHook(hookName(owner, record, gate), async (args) => {
    const aws = new Aws(await gateSettings(await valueOf(spec.region), spec.gates));
    try {
      await spec.run({
        aws,
        id: args.id,
        account: typeof args.oldOutputs?.ownerId === "string" ? args.oldOutputs.ownerId : undefined,
        inputs: args.newInputs ?? {},
        old: args.oldInputs,
        say: (text) => void pulumi.log.info(text, owner, undefined, true),
        warn: (text) => void pulumi.log.warn(text, owner),
      });
    } catch (error) {
      throw error instanceof GateFailure ? error : refusedByAws(`${record} (gate ${gate}, ${aws.region})`, error);
    }
  });
}

/** An error hook that waits out throttling and the limit of copies under way, for the starting call only. */
export function startRetryHook(owner: pulumi.Resource, record: string): pulumi.ErrorHook | undefined {
  if (!hooksWork()) return undefined;
  return new pulumi.ErrorHook(hookName(owner, record, "startRetry"), async ({ errors }) => {
    const error = errors[0] ?? "";
    if (isHalfMade(error)) {
      void pulumi.log.warn(
        `${record}: it was begun and did not become usable. The state keeps it, and nothing takes it as good: run ` +
          "`pulumi up` again, which goes on waiting for a slow one, and says how to clear a failed one away.",
        owner,
      );
    }
    if (!isRetryableStart(error)) return false;
    if (errors.length >= MOST_TRIES) throw stillBusy(record, errors.length, error);
    const seconds = retryDelay(errors.length) * Math.min(1, defaultTiming().pollSeconds / POLL_SECONDS);
    await pulumi.log.info(
      `${record}: AWS is busy, try ${errors.length + 1} in ${Math.round(seconds)} s`,
      owner,
      undefined,
      true,
    );
    await sleep(seconds);
    return true;
  });
}

/** The `hooks` option of a record, or nothing where hooks do not work. */
export function hooked(binding: {
  beforeCreate?: (pulumi.ResourceHook | undefined)[];
  beforeUpdate?: (pulumi.ResourceHook | undefined)[];
  onError?: (pulumi.ErrorHook | undefined)[];
}): pulumi.CustomResourceOptions {
  const set = <T>(list: (T | undefined)[] | undefined): T[] => (list ?? []).filter((h): h is T => h !== undefined);
  const hooks: pulumi.ResourceHookBinding = {
    ...(set(binding.beforeCreate).length > 0 && { beforeCreate: set(binding.beforeCreate) }),
    ...(set(binding.beforeUpdate).length > 0 && { beforeUpdate: set(binding.beforeUpdate) }),
    ...(set(binding.onError).length > 0 && { onError: set(binding.onError) }),
  };
  return Object.keys(hooks).length > 0 ? { hooks } : {};
}
