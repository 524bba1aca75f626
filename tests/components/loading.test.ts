import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";

const ROOT = path.join(__dirname, "..", "..");

/** Packages loaded after running `code` in a process of its own: what a `pulumi up` would pay for. */
async function loaded(code: string): Promise<string[]> {
  const script = `
    (async () => { ${code} })().then(() => {
      const found = Object.keys(require.cache).map((file) => /node_modules[\\\\/]((?:@[^\\\\/]+[\\\\/])?[^\\\\/]+)/.exec(file));
      console.log(JSON.stringify([...new Set(found.filter(Boolean).map((match) => match[1]))]));
    });`;
  const run = promisify(execFile)(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", script], {
    cwd: ROOT,
  });
  const { stdout } = await run;
  return JSON.parse(stdout.trim().split("\n").pop() ?? "[]") as string[];
}

const PROGRAM = (args: string) => `
  const pulumi = require("@pulumi/pulumi");
  await pulumi.runtime.setMocks({ newResource: ({ inputs, name }) => ({ id: name, state: inputs }), call: () => ({}) });
  const { AutoScalingFleet, MachineImage } = require("./components");
  const recipe = { os: "ubuntu-24.04", steps: [{ packages: ["nginx"] }] };
  const image = new MachineImage("web", { version: "1.0.0", recipe, copyTo: ["eu-west-1"] });
  new AutoScalingFleet("web", { imageId: image.verifiedImageId, subnetIds: ["subnet-1", "subnet-2"], ${args} });
  await pulumi.runtime.disconnect();`;

describe("what is loaded", function () {
  // Each starts a process of its own.
  this.timeout(60_000);

  it("is neither awsx nor the AWS SDK, for importing the components", async () => {
    const packages = await loaded(`require("./components");`);
    assert.ok(packages.includes("@pulumi/aws"));
    assert.deepEqual(
      packages.filter((name) => /^@aws-sdk|^@smithy|^@pulumi\/awsx$/.test(name)),
      [],
    );
  });

  it("is no awsx for a fleet without a port, and no AWS SDK while no gate runs", async () => {
    const packages = await loaded(PROGRAM(""));
    assert.deepEqual(
      packages.filter((name) => /^@aws-sdk|^@smithy|^@pulumi\/awsx$/.test(name)),
      [],
    );
  });

  it("is awsx for a fleet with one", async () => {
    assert.ok((await loaded(PROGRAM("port: 80"))).includes("@pulumi/awsx"));
  });

  it("is nothing of the simulation, the tests or the command line, for running a stack", async () => {
    const script = `
      require("./components"); require("./stacks/config"); require("./stacks/dev"); require("./stacks/prod");
      console.log(JSON.stringify(Object.keys(require.cache).filter((file) => !file.includes("node_modules"))));`;
    const run = promisify(execFile)(process.execPath, ["-r", "ts-node/register/transpile-only", "-e", script], {
      cwd: ROOT,
      env: { ...process.env, NODE_OPTIONS: "" }, // without the suite's own
    });
    const files = (JSON.parse((await run).stdout) as string[]).map(
      (file) => path.relative(ROOT, file).split(path.sep)[0],
    );
    assert.deepEqual([...new Set(files)].sort(), ["components", "stacks"]);
  });
});
