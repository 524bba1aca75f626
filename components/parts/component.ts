import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../internal/problems";
import { formatProblems } from "../internal/problems";

/** Throws one error that names every problem, at the component. */
export function refuse(component: pulumi.ComponentResource, what: string, problems: Problem[]): void {
  if (problems.length === 0) return;
  const text = formatProblems(what, problems);
  const error = new pulumi.ResourceError(text, component, true);
  // The SDK puts `error serializing property …` in front for every property that waits for the value: once a receiver.
  Object.defineProperty(error, "message", { get: () => text, set: () => undefined });
  throw error;
}

/** The region a component works in: the one given, else that of its provider. */
export function homeRegion(component: pulumi.Resource, given: pulumi.Input<string> | undefined): pulumi.Output<string> {
  if (given !== undefined) return pulumi.output(given);
  return aws.getRegionOutput({}, { parent: component }).region;
}

/** `value`, known only when the others are too: a hook that needs them never waits for what comes later. */
export function after<T>(value: pulumi.Input<T>, ...others: unknown[]): pulumi.Output<T> {
  return pulumi.all([value, others]).apply(([v]) => v) as pulumi.Output<T>;
}

/** `{ region }` for resources and look-ups, only when the caller gave one: else the provider's own holds. */
export const regionOption = (given: pulumi.Input<string> | undefined): { region?: pulumi.Input<string> } =>
  given === undefined ? {} : { region: given };
