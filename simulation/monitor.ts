import { fileURLToPath } from "node:url";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import type * as proto from "@pulumi/pulumi/proto/resource_pb";
import { answer, isRegional } from "./model";
import type { SourceFinder } from "./program/problems";
import { UNKNOWN_ANSWER } from "./sdk";
import type { StackReferences } from "./stacks/stackReference";
import { HOOK_EVENTS, type Problem, type RecordedLookup, type RecordedResource, type WireObject } from "./types";
import { hasUnknown, knownText, secret, UNKNOWN } from "./wire";
import { pathOf } from "./inputs";
import { inputsFromOf, optionsOf } from "./registration";

type Callback = (error: Error | null, response: unknown) => void;
type Register = proto.RegisterResourceRequest;
type Read = proto.ReadResourceRequest;

/** In-process there is no need for real messages: the SDK only reads these. */
const struct = (value: unknown) => ({ toJavaScript: () => value });

const STACK = "pulumi:pulumi:Stack";

export interface MonitorContext {
  project: string;
  stack: string;
  config: { [key: string]: string };
  sources: SourceFinder;
  references: StackReferences;
  report: (problem: Problem) => void;
}

/** The engine's place: records what the program registers and answers as a preview of a new stack would. */
export class SimulationMonitor extends MockMonitor {
  readonly records = new Map<string, RecordedResource>();
  readonly lookups: RecordedLookup[] = [];
  readonly hookNames = new Set<string>();
  outputs: WireObject = {};
  private readonly states = new Map<string, WireObject>();

  constructor(private readonly context: MonitorContext) {
    const never = () => {
      throw new Error("the simulation answers everything itself");
    };
    super({ call: never, newResource: never });
  }

  /** The engine's own rule: the types of all parents but the stack, joined by `$`. */
  private urnOf(parent: string, type: string, name: string): string {
    const parentType = parent.split("::")[2] ?? "";
    const qualified = parentType === "" || parentType === STACK ? type : `${parentType}$${type}`;
    return `urn:pulumi:${this.context.stack}::${this.context.project}::${qualified}::${name}`;
  }

  private record(req: Register | Read, kind: RecordedResource["kind"], inputs: WireObject): RecordedResource {
    const [type, name, parent] = [req.getType(), req.getName(), req.getParent()];
    const urn = this.urnOf(parent, type, name);
    const frames = req.getStacktrace()?.getFramesList() ?? [];
    const source = this.context.sources.pick(
      frames.flatMap((frame) => {
        const pc = frame.getPc();
        return pc === undefined ? [] : [{ file: fileURLToPath(pc.getUri()), line: pc.getLine() }];
      }),
    );
    const record: RecordedResource = {
      urn,
      type,
      name,
      kind,
      dependsOn: req
        .getDependenciesList()
        .filter((dependency) => dependency !== urn)
        .sort(),
      inputs,
      options: {},
      hooks: {},
    };
    if (parent.split("::")[2] !== STACK && parent !== "") record.parent = parent;
    // A provider reference is `urn::id`.
    const provider = req.getProvider().replace(/::[^:]*$/, "");
    if (provider !== "") record.provider = provider;
    const region = this.regionOf(type, inputs, provider);
    if (region !== undefined) record.region = region;
    if (source !== undefined) record.source = source;
    if (this.records.has(urn)) {
      const message = `two resources have the same type, name and parent: give "${name}" another name (${urn})`;
      this.context.report({
        severity: "error",
        message,
        path: pathOf(record, this.records),
        ...(source && { source }),
      });
    }
    if (type !== STACK) this.records.set(urn, record);
    this.states.set(urn, inputs);
    return record;
  }

  /** The `region` argument, else the explicit provider's region, else the stack's. */
  private regionOf(type: string, args: WireObject, provider: string): string | undefined {
    if (args.region !== undefined) return knownText(args.region);
    if (!isRegional(type)) return undefined;
    const explicit = provider === "" ? undefined : this.records.get(provider);
    return explicit === undefined ? this.context.config["aws:region"] : knownText(explicit.inputs.region);
  }

  override registerResource(req: Register, callback: Callback): Promise<void> {
    const inputs: WireObject = req.getObject()?.toJavaScript() ?? {};
    const kind = req.getRemote() ? "remote" : req.getCustom() ? "custom" : "component";
    const record = this.record(req, kind, inputs);
    record.options = optionsOf(req);
    // A component's inputs go nowhere but into its children's.
    const inputsFrom = kind === "component" ? undefined : inputsFromOf(req);
    if (inputsFrom !== undefined) record.inputsFrom = inputsFrom;
    const hooks = req.getHooks()?.toObject();
    for (const event of HOOK_EVENTS) {
      const names = hooks?.[`${event}List`] ?? [];
      if (names.length > 0) record.hooks[event] = names;
    }
    // A resource's inputs come back as outputs; all else is unknown until AWS has made it. What a component of another
    // package gives out is its own affair: an output with an input's name is another thing.
    const outputs = kind === "remote" ? {} : { ...inputs };
    for (const name of req.getAdditionalsecretoutputsList()) {
      if (outputs[name] !== undefined) outputs[name] = secret(outputs[name]);
    }
    callback(null, {
      getUrn: () => record.urn,
      getId: () => req.getImportid(),
      getObject: () => struct(outputs),
      getPropertydependenciesMap: () => undefined,
      getResult: () => 0,
    });
    return Promise.resolve();
  }

  override async readResource(req: Read, callback: Callback): Promise<void> {
    const inputs: WireObject = req.getProperties()?.toJavaScript() ?? {};
    const record = this.record(req, "read", inputs);
    let outputs = inputs;
    if (req.getType() === "pulumi:pulumi:StackReference") {
      const name = knownText(inputs.name) ?? req.getId();
      outputs = { ...inputs, name, ...(await this.context.references.read(name, this.context.report, record.source)) };
    }
    callback(null, { getUrn: () => record.urn, getProperties: () => struct(outputs) });
  }

  override registerResourceOutputs(req: proto.RegisterResourceOutputsRequest, callback: Callback): void {
    const outputs: WireObject = req.getOutputs()?.toJavaScript() ?? {};
    if (req.getUrn().split("::")[2] === STACK) this.outputs = outputs;
    else this.states.set(req.getUrn(), outputs);
    callback(null, {});
  }

  override invoke(req: proto.ResourceInvokeRequest, callback: (error: unknown, response: unknown) => void) {
    const token = req.getTok();
    const args: WireObject = req.getArgs()?.toJavaScript() ?? {};
    if (token === "pulumi:pulumi:getResource") {
      this.getResource(knownText(args.urn) ?? "", callback);
      return Promise.resolve();
    }
    const region = this.regionOf(
      /^awsx?:/.test(token) ? "aws:" : token,
      args,
      req.getProvider().replace(/::[^:]*$/, ""),
    );
    const found = hasUnknown(args) ? undefined : answer(token, args, { region, config: this.context.config });
    this.lookups.push({ token, args, certainty: found?.certainty ?? "unknown", ...(region && { region }) });
    const result = found?.result ?? { [UNKNOWN_ANSWER]: UNKNOWN };
    callback(null, { getFailuresList: () => [], getReturn: () => struct(result) });
    return Promise.resolve();
  }

  /** How the SDK turns a reference to a resource back into the resource. */
  private getResource(urn: string, callback: (error: unknown, response: unknown) => void): void {
    const state = this.states.get(urn);
    if (state === undefined) {
      callback({ details: `unknown resource ${urn}` }, undefined);
      return;
    }
    const fields = new Map<string, unknown>([
      ["urn", struct(urn)],
      ["id", struct(null)],
      ["state", { getStructValue: () => struct(state) }],
    ]);
    callback(null, { getFailuresList: () => [], getReturn: () => ({ getFieldsMap: () => fields }) });
  }

  /** A method of a resource (not of the provider): nothing is known about its result. */
  call(req: proto.ResourceCallRequest, callback: Callback): void {
    this.lookups.push({ token: req.getTok(), args: {}, certainty: "unknown" });
    const response = { getFailuresList: () => [], getReturn: () => struct({ result: UNKNOWN }) };
    callback(null, { ...response, getReturndependenciesMap: () => undefined });
  }

  /** A preview runs no gate: it is enough to know that the hook is there. */
  registerResourceHook(req: proto.RegisterResourceHookRequest, callback: Callback): void {
    this.addHook(req.getName());
    callback(null, {});
  }

  registerErrorHook(req: proto.RegisterErrorHookRequest, callback: Callback): void {
    this.addHook(req.getName());
    callback(null, {});
  }

  private addHook(name: string): void {
    if (this.hookNames.has(name)) {
      const message = `the hook name "${name}" is registered twice: derive it from the resource's full name`;
      this.context.report({ severity: "error", message });
    }
    this.hookNames.add(name);
  }

  /** Transforms would need a real server on the other side; output values only matter to remote components. */
  override supportsFeature(req: proto.SupportsFeatureRequest, callback: Callback): void {
    const unsupported = ["outputValues", "transforms", "invokeTransforms"];
    callback(null, { getHassupport: () => !unsupported.includes(req.getId()) });
  }
}
