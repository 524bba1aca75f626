import assert from "node:assert/strict";
import type { Recipe } from "../../components";
import type { Recorded, Run } from "./mocks";

/** A small valid recipe. */
export const RECIPE: Recipe = {
  os: "ubuntu-24.04",
  steps: [{ packages: ["nginx"] }],
  checks: [{ http: { url: "http://127.0.0.1/" } }],
};

/** `aws:ec2/instance:Instance` as `aws:ec2:Instance`; a component by its class alone. */
function shortType(type: string): string {
  const [provider = "", module = "", name = ""] = type.split(":");
  if (provider === "pulumi-ami-lifecycle") return name;
  return `${provider}:${module.split("/")[0]}:${name}`;
}

/** What the program registered: a line a resource (type and name), under its parent, sorted. */
export function tree(run: Run, parent = "", depth = 0): string[] {
  return run.resources
    .filter((resource) => resource.parent === parent)
    .map((resource) => ({ line: `${shortType(resource.type)} ${resource.name}`, urn: resource.urn }))
    .sort((a, b) => (a.line < b.line ? -1 : 1))
    .flatMap(({ line, urn }) => [`${"  ".repeat(depth)}${line}`, ...tree(run, urn, depth + 1)]);
}

/** The one resource of that short type (and name). */
export function only(run: Run, type: string, name?: string): Recorded {
  const found = all(run, type).filter((resource) => name === undefined || resource.name === name);
  assert.equal(found.length, 1, `resources ${type} ${name ?? ""}: ${found.map((r) => r.urn).join(", ") || "none"}`);
  return found[0] as Recorded;
}

export const all = (run: Run, type: string): Recorded[] =>
  run.resources.filter((resource) => shortType(resource.type) === type);

/** Fails unless the program ran without an error. */
export function assertFine(run: Run): void {
  assert.deepEqual(
    [...run.thrown.map((error) => error.message), ...run.errors],
    [],
    run.thrown.map((error) => error.stack).join("\n"),
  );
}

/** The one error a program ended with. */
export function onlyError(run: Run): Error {
  assert.equal(run.thrown.length, 1, `errors: ${run.thrown.map((error) => error.message).join("; ") || "none"}`);
  return run.thrown[0] as Error;
}

/** `tags` of a resource without those the caller did not ask about. */
export const tagsOf = (resource: Recorded): { [key: string]: string } =>
  (resource.inputs.tags ?? {}) as { [key: string]: string };

/** The paths that the one error of a component names, in their order; each line says what is allowed and what to do. */
export function problemPaths(run: Run): (string | undefined)[] {
  const [first = "", ...lines] = onlyError(run).message.split("\n");
  assert.match(first, /^\w+ ".*": \d+ problems?$/);
  return lines.map((line) => /^ {2}- (.+?): (?:got .+, )?allowed is .+\. .+\.$/.exec(line)?.[1]);
}
