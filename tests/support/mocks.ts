import * as pulumi from "@pulumi/pulumi";
import type * as proto from "@pulumi/pulumi/proto/resource_pb";
import * as messages from "@pulumi/pulumi/proto/resource_pb";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import * as structs from "google-protobuf/google/protobuf/struct_pb";
import { answer } from "../../simulation/model";
import { optionsOf } from "../../simulation/registration";
import { debuggable } from "../../simulation/sdk";
import { withoutPromiseTraces } from "../../simulation/speed";
import { HOOK_EVENTS, type HookEvent, type WireObject } from "../../simulation/types";
import { hasUnknown, readable, UNKNOWN } from "../../simulation/wire";
import { ACCOUNT, madeSubnet, make } from "./mockOutputs";

// The SDK takes a stack trace for every promise, to tell of those that leak: most of a program's time.
Object.assign(debuggable, { debuggablePromise: withoutPromiseTraces(debuggable.debuggablePromise) });

type Callback = (error: unknown, response?: unknown) => void;
type Properties = { [key: string]: unknown };

/** A resource as the program registered it. Values are readable: `[unknown]`, `[secret]`, URNs for resources. */
export interface Recorded {
  type: string;
  name: string;
  urn: string;
  /** URN of the parent; empty for the stack's own. */
  parent: string;
  custom: boolean;
  inputs: Properties;
  /** Options at other than their defaults: protect, ignoreChanges, customTimeouts, deleteBeforeReplace, aliases, … */
  options: Properties;
  hooks: Partial<Record<HookEvent, string[]>>;
  /** Names of what it depends on, through inputs and `dependsOn`, without components. */
  dependsOn: string[];
  /** `urn::id` of an explicit provider. */
  provider: string;
  /** What the provider (or the component's registerOutputs) gave back. */
  outputs: Properties;
  id: string;
}

export interface Lookup {
  token: string;
  args: Properties;
  provider: string;
}

export interface ProgramOptions {
  stack?: string;
  project?: string;
  config?: { [key: string]: string };
  preview?: boolean;
  /** Answers to look-ups, before the usual ones. */
  lookups?: { [token: string]: (args: Properties) => Properties };
  /** Changes what the provider gives back: how state that differs from the program is played. */
  outputs?: (resource: Recorded) => Properties | undefined;
  /** Waited for before a registration is answered: where the engine runs the gates of the resource. */
  before?: (resource: Recorded, runHook: RunHook) => Promise<void> | void;
  /** Outputs of other stacks, by their names. */
  stacks?: { [name: string]: Properties };
}

export interface Run {
  resources: Recorded[];
  lookups: Lookup[];
  outputs: Properties;
  infos: string[];
  warnings: string[];
  errors: string[];
  /** What the program threw, at once or later in an `apply`. */
  thrown: Error[];
  hookNames: string[];
  /** Runs a hook as the engine would, and gives its error, or whether an error hook wants another try. */
  runHook: RunHook;
}

type RunHook = (name: string, args?: HookArguments) => Promise<string | boolean | undefined>;

export interface HookArguments {
  urn?: string;
  id?: string;
  newInputs?: Properties;
  oldInputs?: Properties;
  oldOutputs?: Properties;
  errors?: string[];
}

const STACK = "pulumi:pulumi:Stack";
const struct = (value: unknown): structs.Struct => structs.Struct.fromJavaScript(value as never);
const response = (value: unknown) => ({ toJavaScript: () => value });

/** Stands for the engine in `pulumi up` (or, when asked, in a preview): knows hooks, options and right URNs. */
export class RecordingMonitor extends MockMonitor {
  readonly recorded = new Map<string, Recorded>();
  readonly lookups: Lookup[] = [];
  readonly hooks = new Map<string, string>();
  outputs: Properties = {};
  private readonly called = new Map<string, Called>();

  constructor(private readonly options: ProgramOptions & { region: string; preview: boolean }) {
    const never = () => {
      throw new Error("this monitor answers everything itself");
    };
    super({ call: never, newResource: never });
  }

  private urnOf(parent: string, type: string, name: string): string {
    const parentType = parent.split("::")[2] ?? "";
    const qualified = parentType === "" || parentType === STACK ? type : `${parentType}$${type}`;
    return `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::${qualified}::${name}`;
  }

  private record(req: proto.RegisterResourceRequest | proto.ReadResourceRequest, raw: WireObject): Recorded {
    const [type, name] = [req.getType(), req.getName()];
    const urn = this.urnOf(req.getParent(), type, name);
    if (this.recorded.has(urn)) throw new Error(`Duplicate resource URN ${urn}`);
    const recorded: Recorded = {
      type,
      name,
      urn,
      parent: req.getParent().includes(STACK) ? "" : req.getParent(),
      custom: true,
      inputs: readable(raw) as Properties,
      options: {},
      hooks: {},
      dependsOn: req
        .getDependenciesList()
        .filter((dependency) => dependency !== urn)
        .map((dependency) => dependency.split("::")[3] ?? "")
        .sort(),
      provider: req.getProvider(),
      outputs: {},
      id: "",
    };
    if (type !== STACK) this.recorded.set(urn, recorded);
    return recorded;
  }

  override async registerResource(req: proto.RegisterResourceRequest, callback: Callback): Promise<void> {
    try {
      const raw = req.getObject()?.toJavaScript() ?? {};
      const recorded = this.record(req, raw);
      recorded.custom = req.getCustom();
      recorded.options = optionsOf(req);
      const hooks = req.getHooks()?.toObject();
      for (const event of HOOK_EVENTS) {
        const names = hooks?.[`${event}List`] ?? [];
        if (names.length > 0) recorded.hooks[event] = names;
      }
      await this.options.before?.(recorded, (name, args) => this.runHook(name, args));
      const region = typeof raw.region === "string" ? raw.region : this.options.region;
      // A preview knows the inputs, and no more; where some are unknown, so is what the provider makes of them.
      const made = this.options.preview
        ? { id: "", state: raw as Properties }
        : make(recorded.type, raw, region, recorded.urn, recorded.custom);
      const state = { ...made.state, ...this.options.outputs?.(recorded) };
      recorded.outputs = readable(state as WireObject) as Properties;
      recorded.id = made.id;
      callback(null, {
        getUrn: () => recorded.urn,
        getId: () => made.id,
        getObject: () => response(state),
        getPropertydependenciesMap: () => undefined,
        getResult: () => 0,
      });
    } catch (error) {
      callback(error);
    }
  }

  override async readResource(req: proto.ReadResourceRequest, callback: Callback): Promise<void> {
    const raw = req.getProperties()?.toJavaScript() ?? {};
    const recorded = this.record(req, raw);
    await this.options.before?.(recorded, (name, args) => this.runHook(name, args));
    const outputs = this.options.stacks?.[req.getId()];
    const state = { ...raw, name: req.getId(), ...(outputs && { outputs, secretOutputNames: [] }) };
    callback(null, { getUrn: () => recorded.urn, getProperties: () => response(state) });
  }

  override registerResourceOutputs(req: proto.RegisterResourceOutputsRequest, callback: Callback): void {
    const outputs = readable(req.getOutputs()?.toJavaScript() ?? {}) as Properties;
    const recorded = this.recorded.get(req.getUrn());
    if (recorded) recorded.outputs = outputs;
    else this.outputs = outputs;
    callback(null, {});
  }

  override invoke(req: proto.ResourceInvokeRequest, callback: Callback): Promise<void> {
    const [token, args] = [req.getTok(), req.getArgs()?.toJavaScript() ?? {}];
    this.lookups.push({ token, args: readable(args) as Properties, provider: req.getProvider() });
    const region = typeof args.region === "string" ? args.region : this.options.region;
    const config = { "aws:allowedAccountIds": JSON.stringify([ACCOUNT]) };
    const own = this.options.lookups?.[token]?.(args);
    const known = () => answer(token, args, { region, config })?.result ?? madeSubnet(token, args);
    const result = own ?? (hasUnknown(args) ? {} : known());
    if (result) callback(null, { getFailuresList: () => [], getReturn: () => response(result) });
    else callback(new Error(`no answer to ${token} ${JSON.stringify(args)}`));
    return Promise.resolve();
  }

  registerResourceHook(req: proto.RegisterResourceHookRequest, callback: Callback): void {
    this.addHook(req.getName(), req.getCallback()?.getToken() ?? "", callback);
  }

  registerErrorHook(req: proto.RegisterErrorHookRequest, callback: Callback): void {
    this.addHook(req.getName(), req.getCallback()?.getToken() ?? "", callback);
  }

  /** The server that the engine would call is gone when a program has ended, its callbacks are not. */
  runHook(name: string, args: HookArguments = {}): Promise<string | boolean | undefined> {
    const token = this.hooks.get(name) ?? "";
    const now = callbacksNow().get(token);
    if (now) this.called.set(token, now);
    return callHook(this.called.get(token), name, args);
  }

  /** Keeps the callbacks for when the program has ended. */
  keepHooks(): void {
    for (const [token, called] of callbacksNow()) this.called.set(token, called);
  }

  private addHook(name: string, token: string, callback: Callback): void {
    // The engine's own words.
    if (this.hooks.has(name)) return callback(new Error(`resource hook already registered for name "${name}"`));
    this.hooks.set(name, token);
    callback(null, {});
  }
}

type Called = (bytes: Uint8Array) => Promise<proto.ResourceHookResponse | proto.ErrorHookResponse>;

/** The SDK's own list of hooks, by the token that the engine would call them with. */
function callbacksNow(): Map<string, Called> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the SDK does not declare its state
  const { getStore } = require("@pulumi/pulumi/runtime/state") as { getStore: () => { callbacks?: unknown } };
  return (
    (getStore().callbacks as { _callbacks?: Map<string, Called> } | undefined)?._callbacks ?? new Map<string, Called>()
  );
}

async function callHook(called: Called | undefined, name: string, args: HookArguments) {
  if (!called) throw new Error(`no hook "${name}"`);
  const request = args.errors ? new messages.ErrorHookRequest() : new messages.ResourceHookRequest();
  if (request instanceof messages.ErrorHookRequest) request.setErrorsList(args.errors ?? []);
  request.setUrn(args.urn ?? "");
  request.setId(args.id ?? "");
  if (args.newInputs) request.setNewInputs(struct(args.newInputs));
  if (args.oldInputs) request.setOldInputs(struct(args.oldInputs));
  if (args.oldOutputs) request.setOldOutputs(struct(args.oldOutputs));
  const { restore } = captureLog();
  const answered = await called(request.serializeBinary()).finally(restore);
  if (answered.getError() !== "") return answered.getError();
  return "getRetry" in answered ? answered.getRetry() : undefined;
}

/** Takes what the program logs away from the console until `restore`. */
function captureLog() {
  const log = pulumi.log as unknown as { [level: string]: unknown };
  const original = { ...log };
  const said: { info: string[]; warn: string[]; error: string[] } = { info: [], warn: [], error: [] };
  for (const [level, list] of Object.entries(said)) {
    log[level] = (message: string) => Promise.resolve(void list.push(message));
  }
  return { said, restore: () => void Object.assign(log, original) };
}

/** Sets unhandled rejections aside: an `apply` that throws is a result here, not a crash of the test runner. */
function setAside(receive: (error: Error) => void): () => void {
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  const own = (reason: unknown) => receive(reason as Error);
  process.on("unhandledRejection", own);
  return () => {
    process.off("unhandledRejection", own);
    for (const listener of listeners) process.on("unhandledRejection", listener);
  };
}

/** Runs a program from a clean start to its end, and tells all it did. */
export async function runProgram(
  program: () => Properties | void | Promise<Properties | void>,
  options: ProgramOptions = {},
): Promise<Run> {
  const { stack = "dev", project = "pulumi-ami-lifecycle", preview = false } = options;
  const config = { "aws:region": "us-east-1", ...options.config };
  const monitor = new RecordingMonitor({ ...options, preview, region: config["aws:region"] });
  pulumi.runtime.setMockOptions(monitor, project, stack, preview, "organization");
  pulumi.runtime.setAllConfig(config);

  const thrown = new Set<Error>();
  const { said, restore: restoreLog } = captureLog();
  // As under the engine, an error that nobody handles ends the program: values that it was to give never come.
  let giveUp = () => {};
  const gaveUp = new Promise<void>((resolve) => (giveUp = resolve));
  const restore = setAside((error) => {
    thrown.add(error);
    giveUp();
  });
  const run = async () => {
    await pulumi.runtime
      .runInPulumiStack(async () => (await program()) ?? {})
      .catch((error: unknown) => thrown.add(error as Error));
    // What is registered late is waited for too; the server of the hooks is closed by `disconnect`.
    monitor.keepHooks();
    await pulumi.runtime.disconnect();
  };
  try {
    await Promise.race([run(), gaveUp]);
    // Rejections that nobody handles are told after the current turn.
    await new Promise((resolve) => setTimeout(resolve, thrown.size > 0 ? 50 : 0));
    if (thrown.size > 0) pulumi.runtime.disconnectSync();
  } finally {
    restore();
    restoreLog();
  }
  return {
    resources: [...monitor.recorded.values()],
    lookups: monitor.lookups,
    outputs: monitor.outputs,
    infos: said.info,
    warnings: said.warn,
    errors: said.error,
    thrown: [...thrown],
    hookNames: [...monitor.hooks.keys()],
    runHook: (name, args) => monitor.runHook(name, args),
  };
}

/** An unknown value on the wire, for look-ups that a preview cannot answer. */
export { UNKNOWN };
