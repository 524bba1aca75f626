import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { fixture, ROOT, simulate, type Run } from "./command";

interface Data {
  summary: { gates: number };
  resources: { urn: string; name: string; inputs: { [name: string]: unknown }; hooks?: unknown; options?: unknown }[];
  outputs: unknown;
  problems: unknown[];
}

describe("simulating a program", function () {
  this.timeout(60_000);
  const demo = fixture("demo");
  let dev: Run;
  let again: Run;
  let prod: Run;
  let text: Run;
  let data: Data;

  before(async () => {
    [dev, again] = await Promise.all([
      simulate(["--json", "--cwd", demo]),
      simulate(["--json", "--stack", "dev", "--cwd", path.relative(ROOT, demo)]),
    ]);
    [prod, text] = await Promise.all([
      simulate(["--json", "--stack", "prod", "--cwd", demo]),
      simulate(["--cwd", demo]),
    ]);
    data = JSON.parse(dev.out) as Data;
  });

  const resource = (name: string) => {
    const found = data.resources.find((other) => other.name === name);
    assert.ok(found, name);
    return found;
  };

  it("gives exactly the documented data", () => {
    const expected: unknown = JSON.parse(fs.readFileSync(path.join(demo, "expected.dev.json"), "utf8"));
    assert.deepEqual(JSON.parse(dev.out), expected);
    assert.equal(dev.code, 0);
    assert.equal(dev.err, "");
  });

  it("gives the same bytes each time, whatever way the directory is named", () => {
    assert.equal(dev.out, again.out);
    assert.ok(!dev.out.includes(ROOT), "the output names a directory of this machine");
  });

  it("names nested resources by the chain of all their parents' types, as the engine does", () => {
    assert.equal(
      resource("site-copies-eu-west-1").urn,
      "urn:pulumi:dev::demo::demo:index:Site$demo:index:Copies$aws:ec2/amiCopy:AmiCopy::site-copies-eu-west-1",
    );
  });

  it("binds gates to the resources they guard and runs none", () => {
    assert.deepEqual(resource("site-copies-eu-west-1").hooks, {
      beforeCreate: ["site-copies/imageBoots"],
      beforeUpdate: ["site-copies/imageBoots"],
    });
    assert.equal(data.summary.gates, 2);
  });

  it("keeps what AWS computes unknown, and says what is assumed", () => {
    assert.equal(resource("site-image").inputs.sourceInstanceId, "[unknown]");
    assert.equal(resource("site-copies-eu-west-1").inputs.kmsKeyId, "[unknown]");
    assert.equal(resource("site-base").inputs.subnetId, "subnet-assumed-us-east-1a");
  });

  it("masks secrets, also inside of other text", () => {
    assert.equal(resource("site-base").inputs.userData, "[secret]");
    assert.ok(!dev.out.includes("v1:"), "the ciphertext is in the output");
  });

  it("gives another stack's known outputs, and no secret ones", () => {
    assert.equal(prod.code, 0);
    const { outputs, resources } = JSON.parse(prod.out) as Data;
    assert.deepEqual(outputs, { imageId: "[unknown]", password: "[unknown]", size: 2, version: "1.0.0" });
    assert.equal(resources.find(({ name }) => name === "pointer")?.inputs.name, "/site/1.0.0");
  });

  it("prints the summary, the tree, the order with its gates and what is unknown", () => {
    assert.match(text.out, /^dev: 5 resources in 2 regions, 2 gates, 0 problems\n/);
    assert.match(text.out, /└─ site-copies-eu-west-1 {2}AmiCopy +eu-west-1 +gate imageBoots/);
    assert.match(text.out, /2 {2}gate recipeFinished → site-image\n/);
    assert.match(text.out, /1 of 3 stack outputs: imageId/);
    assert.match(text.out, /look-up unknown: aws:kms\/getAlias/);
    assert.ok(text.out.split("\n").every((line) => line.length <= 100));
    assert.ok(!text.out.includes("\u001b"), "colour in a pipe");
  });

  it("is quick", () => {
    // Two ran at once, on whatever machine this is: the target of 3 s is for one on an idle one.
    assert.ok(Math.min(dev.seconds, again.seconds) < 6, `${dev.seconds} s`);
  });
});
