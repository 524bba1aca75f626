/**
 * What users' stacks hold: type, name, parent and every input that forces a replacement, for each component. A change
 * that would replace or drop something at a user's fails here until the resource has an alias, or docs/upgrading.md
 * names its URN. Then: UPDATE_GOLDEN=1 npx mocha tests/compatibility/golden.test.ts
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parsePath } from "../../simulation/difference/paths";
import { replacedBy } from "../../simulation/replacements";
import { runProgram } from "../support/mocks";
import type { Recorded } from "../support/mocks";
import { PROGRAMS } from "./programs";

interface Held {
  urn: string;
  type: string;
  name: string;
  parent: string;
  /** Inputs whose change replaces it, as they are. */
  replacedBy: { [input: string]: unknown };
  ignoreChanges?: string[];
}

const UPGRADING = "docs/upgrading.md";

function held(resource: Recorded): Held {
  const { urn, type, name, parent, inputs, options } = resource;
  const ignoreChanges = options.ignoreChanges as string[] | undefined;
  const forcing = resource.custom ? replacedBy(type, inputs, options) : [];
  if (!forcing) throw new Error(`${type} is not in simulation/replacements.ts: add what replaces it, from its source`);
  const values = forcing
    .map((path) => [path, short(at(inputs, parsePath(path)))] as const)
    .filter(([, value]) => value !== undefined);
  return {
    urn,
    type,
    name,
    parent,
    replacedBy: Object.fromEntries(values),
    ...(ignoreChanges && { ignoreChanges: [...ignoreChanges].sort() }),
  };
}

/** User data is long: its digest tells as well. */
const short = (value: unknown): unknown =>
  typeof value === "string" && value.length > 100
    ? `sha256:${createHash("sha256").update(value).digest("hex").slice(0, 16)}`
    : value;

/** What is there; of a list's items (`[*]`) each. */
function at(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined || value === undefined) return value;
  if (name !== "*") return at((value as { [name: string]: unknown })[name], rest);
  return Array.isArray(value) ? value.map((item) => at(item, rest)) : undefined;
}

/** Problems of taking a stack made with `before` to a program that makes `now`. */
export function changesAtUsers(before: Held[], now: Held[], aliases: Set<string>, upgrading: string): string[] {
  const byUrn = new Map(now.map((one) => [one.urn, one]));
  return before.flatMap((old) => {
    if (upgrading.includes(`\`${old.urn}\``)) return [];
    const found = byUrn.get(old.urn);
    if (!found)
      return aliases.has(old.urn) ? [] : [`${old.urn} is gone: it would be deleted. Give its successor an alias`];
    const changed = [...new Set([...Object.keys(old.replacedBy), ...Object.keys(found.replacedBy)])].filter(
      // What is ignored from now on replaces nothing.
      (input) =>
        JSON.stringify(old.replacedBy[input]) !== JSON.stringify(found.replacedBy[input]) &&
        !(found.ignoreChanges ?? []).includes(input),
    );
    const dropped = (old.ignoreChanges ?? []).filter((path) => !(found.ignoreChanges ?? []).includes(path));
    return [
      ...changed.map((input) => `${old.urn} would be replaced: ${input} is another`),
      ...dropped.map((path) => `${old.urn} no longer ignores changes of ${path}`),
    ];
  });
}

/** The guide's section of one version. */
export const sectionOf = (guide: string, version: string): string =>
  guide.split(/^## /m).find((section) => section.startsWith(`${version}\n`)) ?? "";

/** URNs that the program's aliases cover. */
const aliasesOf = (resources: Recorded[]): Set<string> =>
  new Set(resources.flatMap(({ options }) => ((options.aliases as unknown[]) ?? []).map(urnOf)));
const urnOf = (alias: unknown): string =>
  typeof alias === "string" ? alias : String((alias as { urn?: string } | undefined)?.urn ?? JSON.stringify(alias));

describe("compatibility", () => {
  // Of the version in the making alone: what an older one was allowed to replace is held again since.
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  const upgrading = sectionOf(readFileSync(UPGRADING, "utf8"), version);

  for (const [name, program] of Object.entries(PROGRAMS)) {
    it(`${name}: nothing that users hold is replaced or dropped`, async () => {
      const result = await runProgram(program.run, program.options);
      assert.deepEqual([...result.errors, ...result.thrown.map(String)], []);
      const now = result.resources
        .filter(({ type }) => !type.startsWith("pulumi:"))
        .map(held)
        .sort((a, b) => (a.urn < b.urn ? -1 : 1));
      const file = join(__dirname, "golden", `${name}.json`);
      const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Held[]) : [];
      assert.deepEqual(changesAtUsers(before, now, aliasesOf(result.resources), upgrading), []);
      if (process.env.UPDATE_GOLDEN) return writeFileSync(file, `${JSON.stringify(now, null, 2)}\n`);
      assert.deepEqual(now, before, `${file} is not up to date: run with UPDATE_GOLDEN=1 and look at its difference`);
    });
  }

  const one: Held = { urn: "urn:a", type: "t", name: "n", parent: "", replacedBy: { name: "x" }, ignoreChanges: ["k"] };
  it("sees what is gone, replaced, or no longer ignored; takes an alias or an entry in the guide", () => {
    const none = new Set<string>();
    assert.equal(changesAtUsers([one], [], none, "").length, 1);
    assert.equal(changesAtUsers([one], [{ ...one, replacedBy: { name: "y" } }], none, "").length, 1);
    assert.equal(changesAtUsers([one], [{ ...one, ignoreChanges: [] }], none, "").length, 1);
    const ignored = { ...one, replacedBy: {}, ignoreChanges: ["k", "name"] };
    assert.deepEqual(changesAtUsers([one], [ignored], none, ""), []);
    assert.deepEqual(changesAtUsers([one], [], new Set(["urn:a"]), ""), []);
    assert.deepEqual(changesAtUsers([one], [], none, "- `urn:a` is replaced"), []);
    assert.deepEqual(
      sectionOf("# A\n\n## 0.2.0\n\n- `urn:a`\n\n## 0.1.0\n\n- `urn:b`\n", "0.1.0"),
      "0.1.0\n\n- `urn:b`\n",
    );
    assert.deepEqual(changesAtUsers([one], [one], none, ""), []);
    assert.deepEqual(changesAtUsers([], [one], none, ""), []);
  });
});
