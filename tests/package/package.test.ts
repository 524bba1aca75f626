import assert from "node:assert/strict";
import { join } from "node:path";
import { ended, packed } from "../support/packed";

const OWN = /^package\/(package\.json|README\.md|LICENSE|NOTICE|CHANGELOG\.md|PulumiPlugin\.yaml|schema\.json)$/;
const BUILT =
  /^package\/dist\/(index|plugin|(components|cli|simulation)\/[\w/]+|stacks\/(config|fleetArgs|fleetRules|keys|lostRegionRules|recoveryRules|regions|rules|settings))\.(js|d\.ts)$/;

describe("the package", () => {
  let tarball = "";

  before(async function () {
    this.timeout(120_000);
    tarball = await packed();
  });

  it("holds built CommonJS with types, the CLI, plugin file, schema and notices, and nothing else", async () => {
    const { stdout } = await ended(".", "tar", ["-tzf", tarball]);
    const files = stdout.trim().split("\n");
    assert.deepEqual(
      files.filter((file) => !OWN.test(file) && !BUILT.test(file)),
      [],
    );
    for (const file of [
      "dist/index.js",
      "dist/index.d.ts",
      "dist/cli/main.js",
      "dist/stacks/config.js",
      "NOTICE",
      "schema.json",
      "PulumiPlugin.yaml",
    ]) {
      assert.ok(files.includes(`package/${file}`), `${file} is missing`);
    }
  });

  it("is clean for publint", async function () {
    this.timeout(60_000);
    const { code, stdout, stderr } = await ended(".", "npx", ["publint", "run", tarball, "--strict"]);
    assert.equal(code, 0, stdout + stderr);
  });

  it("resolves for node10, node16 and bundlers, from CommonJS and ESM (are the types wrong?)", async function () {
    this.timeout(60_000);
    const { code, stdout, stderr } = await ended(".", "npx", ["attw", tarball, "--format", "ascii", "--no-emoji"]);
    assert.equal(code, 0, stdout + stderr);
  });

  it("adds at most 15 % to the import of @pulumi/aws", async function () {
    this.timeout(120_000);
    // A busy computer only ever adds: one good measurement is enough.
    this.retries(3);
    const { code, stdout, stderr } = await ended(".", "npx", [
      ...[
        "ts-node",
        "--transpile-only",
        "bench/import.ts",
        "--json",
        "--package",
        join(process.cwd(), "dist/index.js"),
      ],
    ]);
    assert.equal(code, 0, stderr);
    const { addedPercent } = JSON.parse(stdout) as { addedPercent: number };
    assert.ok(addedPercent <= 15, `it adds ${addedPercent} %`);
  });
});
