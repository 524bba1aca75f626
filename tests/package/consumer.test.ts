/** Somebody else's programs: the package installed into an empty folder, used from TypeScript, JavaScript and ESM. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ended, installed } from "../support/packed";
import {
  ESM,
  JAVASCRIPT,
  LINE,
  LINE_STACK,
  MOCKED,
  PROJECT,
  STACK,
  TSCONFIG,
  TYPESCRIPT,
  WRONG_TYPES,
} from "./programs";

const project = (main: string): { [path: string]: string } => ({
  [`${main}/Pulumi.yaml`]: PROJECT,
  [`${main}/Pulumi.dev.yaml`]: STACK,
});

const FILES = {
  ...project("typescript"),
  "typescript/package.json": '{ "private": true }',
  "typescript/index.ts": TYPESCRIPT,
  "typescript/wrong.ts": WRONG_TYPES,
  "typescript/tsconfig.json": TSCONFIG,
  ...project("javascript"),
  "javascript/package.json": '{ "private": true }',
  "javascript/index.js": JAVASCRIPT,
  ...project("esm"),
  "esm/package.json": '{ "private": true, "type": "module" }',
  "esm/index.js": ESM,
  "line/Pulumi.yaml": PROJECT,
  "line/Pulumi.dev.yaml": LINE_STACK,
  "line/package.json": '{ "private": true }',
  "line/index.js": LINE,
  "mocked.js": MOCKED,
};

const PINNED = ["@pulumi/pulumi@3.248.0", "@pulumi/aws@7.48.0", "typescript@5.9.3", "ts-node@10.9.2", "@types/node@20"];

/** Every copy of a package below a folder's node_modules. */
function copies(folder: string, name: string): string[] {
  const found: string[] = [];
  const look = (modules: string, depth: number): void => {
    if (!existsSync(modules) || depth > 6) return;
    if (existsSync(join(modules, name, "package.json"))) found.push(join(modules, name));
    for (const entry of readdirSync(modules)) {
      const inner = entry.startsWith("@") ? readdirSync(join(modules, entry)).map((one) => join(entry, one)) : [entry];
      for (const one of inner) look(join(modules, one, "node_modules"), depth + 1);
    }
  };
  look(join(folder, "node_modules"), 0);
  return found;
}

describe("a consumer", () => {
  let folder = "";

  before(async function () {
    this.timeout(240_000);
    folder = await installed("consumer", PINNED, FILES);
  });

  it("has one copy of @pulumi/pulumi and of @pulumi/aws", () => {
    assert.equal(copies(folder, "@pulumi/pulumi").length, 1);
    assert.equal(copies(folder, "@pulumi/aws").length, 1);
  });

  it("finds the types, and is told of wrong arguments when it compiles", async function () {
    this.timeout(120_000);
    const { code, stdout } = await ended(join(folder, "typescript"), "npx", ["tsc", "--noEmit", "-p", "."]);
    assert.equal(code, 0, stdout);
  });

  for (const language of ["typescript", "javascript", "esm"]) {
    it(`simulates a ${language} program`, async function () {
      this.timeout(60_000);
      const { code, stdout, stderr } = await ended(join(folder, language), "npx", [
        "ami-lifecycle",
        "simulate",
        "--json",
      ]);
      assert.equal(code, 0, stdout + stderr);
      const { summary } = JSON.parse(stdout) as { summary: { resources: number; regions: string[]; errors: number } };
      assert.deepEqual(summary.regions, ["eu-west-1", "us-east-1"]);
      assert.equal(summary.errors, 0);
      assert.ok(summary.resources >= 15, `${summary.resources} resources`);
    });
  }

  it("releases a version of a line, and is told what that makes", async function () {
    this.timeout(90_000);
    const line = join(folder, "line");
    const { code, stdout, stderr } = await ended(line, "npx", ["ami-lifecycle", "release", "1.1.0"]);
    assert.equal(code, 0, stdout + stderr);
    assert.equal(
      readFileSync(join(line, "Pulumi.dev.yaml"), "utf8"),
      LINE_STACK.replace("[1.0.0]", "[1.0.0, 1.1.0]").replace("current: 1.0.0", "current: 1.1.0"),
    );
    assert.match(stdout, /^dev: 1 created, 1 updated, 0 unchanged$/m);
    assert.match(stdout, /\nNext: pulumi up --stack dev\n$/);
  });

  it("tests its program with plain setMocks", async function () {
    this.timeout(60_000);
    const { code, stdout, stderr } = await ended(folder, "node", ["mocked.js"]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /3 of 3 hold/);
  });

  it("is told every problem at once, at its own line", async function () {
    this.timeout(60_000);
    const env = { WRONG: "1" };
    const { code, stdout, stderr } = await ended(join(folder, "javascript"), "npx", ["ami-lifecycle", "simulate"], env);
    assert.equal(code, 1, stdout + stderr);
    assert.match(stdout, /version: got "one", .*MAJOR\.MINOR\.PATCH/s);
    assert.match(stdout, /copyTo\[0\]: got "eu-west", /);
    assert.match(stdout, /at web {2}index\.js:4$/m);
  });
});

describe("a consumer on a newer Node.js, with the newest @pulumi/pulumi", () => {
  let folder = "";
  let node = "";

  before(async function () {
    this.timeout(300_000);
    const newest = ["node@22", "@pulumi/pulumi@^3.248.0", "@pulumi/aws@^7.48.0"];
    folder = await installed("newest", newest, { ...project("."), "index.js": JAVASCRIPT, "mocked.js": MOCKED });
    node = join(folder, "node_modules", ".bin", "node");
  });

  it("runs on that Node.js, with one copy of @pulumi/pulumi", async () => {
    assert.match((await ended(folder, node, ["--version"])).stdout, /^v22\./);
    assert.equal(copies(folder, "@pulumi/pulumi").length, 1);
  });

  it("tests its program with plain setMocks, and simulates it", async function () {
    this.timeout(90_000);
    const mocked = await ended(folder, node, ["mocked.js"]);
    assert.equal(mocked.code, 0, mocked.stdout + mocked.stderr);
    const cli = join("node_modules", "pulumi-ami-lifecycle", "dist", "cli", "main.js");
    const simulated = await ended(folder, node, [cli, "simulate"]);
    assert.equal(simulated.code, 0, simulated.stdout + simulated.stderr);
    assert.match(simulated.stdout, /^dev: \d+ resources in 2 regions/m);
  });
});
