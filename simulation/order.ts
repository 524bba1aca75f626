import type { RecordedResource } from "./types";

/** Resources that can be made at the same time, once all steps before are done. */
export type Step = RecordedResource[];

function compareUrns(a: RecordedResource, b: RecordedResource): number {
  return a.urn < b.urn ? -1 : a.urn > b.urn ? 1 : 0;
}

/** Components and reads make nothing in AWS: they are part of no step. */
export function isMade({ kind }: RecordedResource): boolean {
  return kind === "custom" || kind === "remote";
}

/** What must be there before a resource can be asked for: the engine's dependencies of all kinds. */
export function needsOf({ dependsOn, parent, provider, options }: RecordedResource): string[] {
  const single = [parent, provider, options.deletedWith];
  return [...dependsOn, ...single.filter((urn) => typeof urn === "string")];
}

/** The step of each resource, from 1; a component's is that of what must be there before its children. */
export function stepNumbers(resources: readonly RecordedResource[]): Map<string, number> {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const numbers = new Map<string, number>();
  const number = (urn: string): number => {
    const known = numbers.get(urn);
    const resource = byUrn.get(urn);
    if (known !== undefined || resource === undefined) return known ?? 0;
    // Guards against a circle, which the engine could not make either.
    numbers.set(urn, 0);
    const latest = Math.max(0, ...needsOf(resource).map(number));
    const own = latest + (isMade(resource) ? 1 : 0);
    numbers.set(urn, own);
    return own;
  };
  resources.forEach(({ urn }) => number(urn));
  return numbers;
}

/** What is made when: each step needs only the steps before it. */
export function stepsOf(resources: readonly RecordedResource[]): Step[] {
  const numbers = stepNumbers(resources);
  const steps: Step[] = [];
  for (const resource of resources) {
    if (!isMade(resource)) continue;
    const step = (numbers.get(resource.urn) ?? 1) - 1;
    (steps[step] ??= []).push(resource);
  }
  return steps.filter((step) => step !== undefined).map((step) => step.sort(compareUrns));
}

/** The gates of a resource: hooks that must pass before it is made or changed. */
export function gatesOf({ hooks }: RecordedResource): string[] {
  return [...new Set([...(hooks.beforeCreate ?? []), ...(hooks.beforeUpdate ?? [])])];
}
