import { typeOf } from "../components/internal/resourceRules/typeNames";
import type { RecordedResource, Wire, WireObject } from "./types";

/** Resources by their URNs. */
export type ByUrn = ReadonlyMap<string, RecordedResource>;

/** A value that is an object; else an empty one. */
export const object = (value: Wire | undefined): WireObject =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};

export const list = (value: Wire | undefined): Wire[] => (Array.isArray(value) ? value : []);

export const number = (value: Wire | undefined): number | undefined => (typeof value === "number" ? value : undefined);

/** A resource's children and theirs, itself too. */
export function below(root: RecordedResource, resources: readonly RecordedResource[]): RecordedResource[] {
  const urns = new Set([root.urn]);
  // Parents come before their children: the engine registers nothing under an unknown one.
  for (const { urn, parent } of resources) if (parent !== undefined && urns.has(parent)) urns.add(urn);
  return resources.filter(({ urn }) => urns.has(urn));
}

/** The resources that an input's value comes from: of any type, or of these. */
export function sourcesOf(
  { inputsFrom }: RecordedResource,
  input: string,
  byUrn: ByUrn,
  ...types: readonly string[]
): RecordedResource[] {
  const found = (inputsFrom?.[input] ?? []).flatMap((urn) => byUrn.get(urn) ?? []);
  return types.length === 0 ? found : found.filter(({ type }) => types.includes(typeOf(type)));
}

/** The names from the stack down to a resource. */
export const pathOf = (resource: RecordedResource, byUrn: ByUrn): string =>
  [resource, ...above(resource, byUrn)]
    .map(({ name }) => name)
    .reverse()
    .join("/");

/** The components above a resource, the nearest first. */
export function above({ parent }: RecordedResource, byUrn: ByUrn): RecordedResource[] {
  const all: RecordedResource[] = [];
  for (let found = byUrn.get(parent ?? ""); found; found = byUrn.get(found.parent ?? "")) all.push(found);
  return all;
}
