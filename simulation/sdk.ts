import { createRequire } from "node:module";
import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import * as debuggableModule from "@pulumi/pulumi/runtime/debuggable";
import * as rpcModule from "@pulumi/pulumi/runtime/rpc";
import { SECRET_PLACEHOLDER } from "./project/config";
import type { Sdk, SdkCopy } from "./program/sdkCopies";
import { withoutPromiseTraces } from "./speed";
import { framesOfStack } from "./program/stackFrames";

/** The SDK's marks for secrets, unknowns and resources on the wire. */
export const rpc = rpcModule;

/** A part of the SDK that it does not declare. */
interface Debuggable {
  debuggablePromise: (promise: Promise<unknown>, context: unknown) => Promise<unknown>;
}

export const debuggable = debuggableModule as unknown as Debuggable;

/** A look-up's answer with this key is unknown as a whole. */
export const UNKNOWN_ANSWER = "__simulationUnknown";

/** Parts of outputs that the SDK has, but does not declare. */
interface FullOutput<T> {
  resources(): Set<pulumi.Resource>;
  allResources(): Promise<Set<pulumi.Resource>>;
  promise(withUnknowns?: boolean): Promise<T>;
  isKnown: Promise<boolean>;
  isSecret: Promise<boolean>;
  apply<U>(callback: (value: T) => U, runWithUnknowns: boolean): FullOutput<U>;
}

type OutputConstructor = new (
  resources: Set<pulumi.Resource>,
  value: Promise<unknown>,
  isKnown: Promise<boolean>,
  isSecret: Promise<boolean>,
  allResources: Promise<Set<pulumi.Resource>>,
) => pulumi.Output<unknown>;

function newOutput(sdk: Sdk, from: FullOutput<unknown>, value: Promise<unknown>, isSecret = from.isSecret) {
  const constructor = sdk.Output as unknown as OutputConstructor;
  return new constructor(from.resources(), value, from.isKnown, isSecret, from.allResources());
}

function isUnknownAnswer(answer: unknown): boolean {
  return typeof answer === "object" && answer !== null && UNKNOWN_ANSWER in answer;
}

type Invoke = (token: string, ...rest: unknown[]) => unknown;

/**
 * An engine's look-up always has an answer, so the SDK cannot carry "unknown as a whole": a property that is missing
 * from the answer would be a *known* undefined. The output forms turn such an answer into an unknown output; the forms
 * that give a plain promise cannot, and fail with what to do.
 */
function teachUnknownLookups(sdk: Sdk): void {
  const runtime = sdk.runtime as unknown as Record<string, Invoke>;
  for (const name of ["invokeOutput", "invokeSingleOutput"]) {
    const original = runtime[name];
    if (original === undefined) continue;
    // The single form takes the first value of the answer, which is the mark's own value: unknown already.
    runtime[name] = (...args) => {
      const raw = original(...args) as FullOutput<unknown>;
      const value = raw.promise(true).then((answer) => (isUnknownAnswer(answer) ? sdk.unknown : answer));
      return newOutput(sdk, raw, value);
    };
  }
  for (const name of ["invoke", "invokeSingle"]) {
    const original = runtime[name];
    if (original === undefined) continue;
    runtime[name] = async (token, ...rest) => {
      const answer = await original(token, ...rest);
      if (isUnknownAnswer(answer) || sdk.isUnknown(answer)) {
        throw new Error(
          `${token}: only an account can answer this look-up, and a plain promise cannot be unknown. ` +
            "Use the Output form of the function, or pass the value by config",
        );
      }
      return answer;
    };
  }
}

/**
 * With a real engine another stack's outputs are all known. Here some are not, and the SDK would call every one of them
 * unknown: read them one by one instead.
 */
function teachPartlyKnownStacks(sdk: Sdk): void {
  const read = (reference: pulumi.StackReference, name: pulumi.Input<string>, required: boolean) => {
    const all = sdk.all([reference.name, name, reference.outputs]) as unknown as FullOutput<
      [string, string, Record<string, unknown>]
    >;
    const value = all.apply((values) => {
      // The outputs are unknown as a whole when the other stack could not be simulated.
      if (sdk.isUnknown(values) || sdk.isUnknown(values[2])) return sdk.unknown;
      const [stack, output, outputs] = values;
      if (required && !Object.hasOwn(outputs, output)) {
        throw new Error(`Required output '${output}' does not exist on stack '${stack}'.`);
      }
      return outputs[output];
    }, true);
    const secrets = sdk.all([reference.secretOutputNames, name]).apply(([names, output]) => names.includes(output));
    const isSecret = (secrets as unknown as FullOutput<boolean>).promise().then((secret) => secret === true);
    return newOutput(sdk, value, value.promise(true), isSecret);
  };
  sdk.StackReference.prototype.getOutput = function (name) {
    return read(this, name, false);
  };
  sdk.StackReference.prototype.requireOutput = function (name) {
    return read(this, name, true);
  };
}

/**
 * An encrypted value is not known, so it is no number, no boolean and no object: such secrets are unknown. Plain values
 * cannot be, and fail with what to do.
 */
function teachEncryptedConfig(sdk: Sdk): void {
  type Method = (this: pulumi.Config, key: string, ...rest: unknown[]) => unknown;
  const methods = sdk.Config.prototype as unknown as Record<string, Method>;
  const teach = (name: string, encrypted: (fullKey: string) => unknown) => {
    const original = methods[name];
    if (original === undefined) return;
    methods[name] = function (key, ...rest) {
      const fullKey = `${this.name}:${key}`;
      const isEncrypted = sdk.runtime.getConfig(fullKey) === SECRET_PLACEHOLDER;
      return isEncrypted ? encrypted(fullKey) : original.call(this, key, ...rest);
    };
  };
  for (const [verb, kind] of ["get", "require"].flatMap((v) => ["Boolean", "Number", "Object"].map((k) => [v, k]))) {
    teach(`${verb}Secret${kind}`, () =>
      newOutput(sdk, sdk.secret(null) as unknown as FullOutput<unknown>, Promise.resolve(sdk.unknown)),
    );
    teach(`${verb}${kind}`, (key) => {
      throw new Error(
        `${key} is encrypted, and a plain value cannot be unknown. ` +
          `Use ${verb}Secret${kind}, or give it a value by --config ${key}=VALUE`,
      );
    });
  }
}

/** The SDK's own reading of stack traces knows neither ES modules' addresses nor frames without a function's name. */
function teachStackFrames(sdk: Sdk): void {
  const resource = sdk.Resource as unknown as { callsites?: () => unknown[] };
  if (resource.callsites === undefined) return;
  resource.callsites = () => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = Infinity;
    const { stack } = new Error();
    Error.stackTraceLimit = limit;
    return framesOfStack(stack).map((frame) => frame ?? {});
  };
}

type Severity = "info" | "warning" | "error";

/** Receives what the program logs; `at` is made where the program made the call. */
export type LogReceiver = (severity: Severity, message: string, at: Error, resource?: pulumi.Resource) => void;

/** What the program logs goes to `receive` instead of the console. */
function captureLog(sdk: Sdk, receive: LogReceiver): void {
  const capture =
    (severity: Severity) => (message: string, resource?: pulumi.Resource, _stream?: number, ephemeral?: boolean) => {
      if (!ephemeral) receive(severity, message, new Error("logged"), resource);
      return Promise.resolve();
    };
  Object.assign(sdk.log, { info: capture("info"), warn: capture("warning"), error: capture("error") });
}

/** Prepares a copy of the SDK for an engine that does not know everything. */
export function teachSdk({ sdk, directory }: SdkCopy, receive: LogReceiver): void {
  const own = createRequire(path.join(directory, "index.js"))("./runtime/debuggable") as Debuggable;
  Object.assign(own, { debuggablePromise: withoutPromiseTraces(own.debuggablePromise) });
  teachUnknownLookups(sdk);
  teachPartlyKnownStacks(sdk);
  teachEncryptedConfig(sdk);
  teachStackFrames(sdk);
  captureLog(sdk, receive);
}
