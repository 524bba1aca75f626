import * as pulumi from "@pulumi/pulumi";
import * as debuggableModule from "@pulumi/pulumi/runtime/debuggable";
import * as rpcModule from "@pulumi/pulumi/runtime/rpc";

/** The SDK's marks for secrets, unknowns and resources on the wire. */
export const rpc = rpcModule;

/** A part of the SDK that it does not declare. */
export const debuggable = debuggableModule as unknown as {
  debuggablePromise: (promise: Promise<unknown>, context: unknown) => Promise<unknown>;
};

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

function newOutput(from: FullOutput<unknown>, value: Promise<unknown>, isSecret = from.isSecret) {
  const constructor = pulumi.Output as unknown as OutputConstructor;
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
export function teachUnknownLookups(): void {
  const runtime = pulumi.runtime as unknown as Record<string, Invoke>;
  for (const name of ["invokeOutput", "invokeSingleOutput"]) {
    const original = runtime[name];
    if (original === undefined) continue;
    // The single form takes the first value of the answer, which is the mark's own value: unknown already.
    runtime[name] = (...args) => {
      const raw = original(...args) as FullOutput<unknown>;
      const value = raw.promise(true).then((answer) => (isUnknownAnswer(answer) ? pulumi.unknown : answer));
      return newOutput(raw, value);
    };
  }
  for (const name of ["invoke", "invokeSingle"]) {
    const original = runtime[name];
    if (original === undefined) continue;
    runtime[name] = async (token, ...rest) => {
      const answer = await original(token, ...rest);
      if (isUnknownAnswer(answer) || pulumi.isUnknown(answer)) {
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
export function teachPartlyKnownStacks(): void {
  const read = (reference: pulumi.StackReference, name: pulumi.Input<string>, required: boolean) => {
    const all = pulumi.all([reference.name, name, reference.outputs]) as unknown as FullOutput<
      [string, string, Record<string, unknown>]
    >;
    const value = all.apply((values) => {
      // The outputs are unknown as a whole when the other stack could not be simulated.
      if (pulumi.isUnknown(values) || pulumi.isUnknown(values[2])) return pulumi.unknown;
      const [stack, output, outputs] = values;
      if (required && !Object.hasOwn(outputs, output)) {
        throw new Error(`Required output '${output}' does not exist on stack '${stack}'.`);
      }
      return outputs[output];
    }, true);
    const secrets = pulumi.all([reference.secretOutputNames, name]).apply(([names, output]) => names.includes(output));
    const isSecret = (secrets as unknown as FullOutput<boolean>).promise().then((secret) => secret === true);
    return newOutput(value, value.promise(true), isSecret);
  };
  pulumi.StackReference.prototype.getOutput = function (name) {
    return read(this, name, false);
  };
  pulumi.StackReference.prototype.requireOutput = function (name) {
    return read(this, name, true);
  };
}

/** What the program logs goes to `receive` instead of the console; `error` is made where the program made the call. */
export function captureLog(
  receive: (severity: "info" | "warning" | "error", message: string, at: Error, resource?: pulumi.Resource) => void,
): void {
  const capture =
    (severity: "info" | "warning" | "error") =>
    (message: string, resource?: pulumi.Resource, _stream?: number, ephemeral?: boolean) => {
      if (!ephemeral) receive(severity, message, new Error("logged"), resource);
      return Promise.resolve();
    };
  Object.assign(pulumi.log, { info: capture("info"), warn: capture("warning"), error: capture("error") });
}
