import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ImageParameters, type ImageParametersArgs } from "../../components";
import { type ProgramOptions, type Run, runProgram } from "../support/mocks";
import { all, assertFine, only, onlyError, tree } from "../support/reading";

const FIVE = ["1.0.0", "1.1.0", "1.2.0", "1.3.0", "2.0.0"];
const FOUR = ["us-east-1", "eu-west-1", "us-west-2", "ap-south-1"];
/** One id for each version and region, told apart by their places in the lists. */
const idOf = (version: string, region: string): string =>
  `ami-${String(FIVE.indexOf(version)).repeat(8)}${String(FOUR.indexOf(region)).repeat(9)}`;
const idsOf = (versions: string[], regions: string[]): ImageParametersArgs["imageIds"] =>
  Object.fromEntries(
    versions.map((version) => [version, Object.fromEntries(regions.map((region) => [region, idOf(version, region)]))]),
  );

async function run(args: Partial<ImageParametersArgs> = {}, options: ProgramOptions = {}): Promise<Run> {
  const imageIds = args.imageIds ?? idsOf(["1.0.0", "1.1.0"], ["us-east-1", "eu-west-1"]);
  const current = args.current ?? Object.keys(imageIds).at(-1)!;
  const result = await runProgram(
    () => ({ names: new ImageParameters("web", { ...args, imageIds, current }).names }),
    options,
  );
  assertFine(result);
  return result;
}

const parameters = (result: Run) =>
  Object.fromEntries(all(result, "aws:ssm:Parameter").map(({ name, inputs }) => [name, inputs.insecureValue]));

describe("ImageParameters", () => {
  for (const count of [1, 2, 5]) {
    for (const regions of [1, 2, 4]) {
      it(`has exactly the parameters of ${count} versions in ${regions} regions`, async () => {
        const [versions, where] = [FIVE.slice(0, count), FOUR.slice(0, regions)];
        const result = await run({ imageIds: idsOf(versions, where) });
        const [newest, before] = [versions.at(-1)!, versions.at(-2)];
        const wanted = where.flatMap((region) => [
          ...versions.map((version) => [`web-${region}-${version}`, idOf(version, region)]),
          [`web-${region}-candidate`, idOf(newest, region)],
          [`web-${region}-current`, idOf(newest, region)],
          ...(before ? [[`web-${region}-previous`, idOf(before, region)]] : []),
          [
            `web-${region}-pointers`,
            JSON.stringify({ candidate: newest, current: newest, ...(before && { previous: before }) }),
          ],
        ]);
        assert.deepEqual(parameters(result), Object.fromEntries(wanted) as object);
        assert.deepEqual(tree(result), [
          "ImageParameters web",
          ...wanted.map(([name]) => `  aws:ssm:Parameter ${name}`).sort(),
        ]);
        const gated = all(result, "aws:ssm:Parameter").filter(({ hooks }) => hooks.beforeCreate);
        assert.equal(gated.length, regions * (before ? 4 : 3));
        assert.equal(new Set(result.hookNames).size, result.hookNames.length);
      });
    }
  }

  it("are of the type that SSM checks, readable, in their own region", async () => {
    const result = await run({ tags: { team: "web" } });
    assert.deepEqual(only(result, "aws:ssm:Parameter", "web-eu-west-1-current").inputs, {
      name: "/ami/web/dev/current",
      type: "String",
      dataType: "aws:ec2:image",
      description: "The image that web runs. Written by pulumi-ami-lifecycle.",
      insecureValue: idOf("1.1.0", "eu-west-1"),
      tags: { team: "web" },
      region: "eu-west-1",
    });
    assert.deepEqual(result.outputs.names, {
      "1.0.0": "/ami/web/dev/1.0.0",
      "1.1.0": "/ami/web/dev/1.1.0",
      candidate: "/ami/web/dev/candidate",
      current: "/ami/web/dev/current",
      previous: "/ami/web/dev/previous",
    });
  });

  it("name the line and the stack, so that two never collide", async () => {
    const result = await run({ line: "shop" }, { stack: "prod" });
    assert.equal(only(result, "aws:ssm:Parameter", "web-us-east-1-1.0.0").inputs.name, "/ami/shop/prod/1.0.0");
  });

  it("have no `previous` when the oldest is current; the newest stays the candidate", async () => {
    const names = parameters(await run({ current: "1.0.0" }));
    assert.equal(names["web-us-east-1-previous"], undefined);
    assert.equal(names["web-us-east-1-current"], idOf("1.0.0", "us-east-1"));
    assert.equal(names["web-us-east-1-candidate"], idOf("1.1.0", "us-east-1"));
  });

  it("have pointers that wait for what they repeat, and a record that waits for the pointers", async () => {
    const result = await run({ imageIds: idsOf(["1.0.0", "1.1.0", "1.2.0"], ["us-east-1"]) });
    const needs = (of: string) => only(result, "aws:ssm:Parameter", `web-us-east-1-${of}`).dependsOn;
    const version = (n: string) => `web-us-east-1-${n}`;
    assert.deepEqual(needs("1.2.0"), []);
    assert.deepEqual(needs("candidate"), [version("1.0.0"), version("1.1.0"), version("1.2.0")]);
    assert.deepEqual(needs("current"), [version("1.2.0")]);
    assert.deepEqual(needs("previous"), [version("1.1.0")]);
    assert.deepEqual(needs("pointers"), [version("candidate"), version("current"), version("previous")]);
  });

  it("move `current` and `previous` only after `live`; what is proven has its name before", async () => {
    const begun: string[] = [];
    let finish = () => {};
    const rollout = new Promise<string>((resolve) => (finish = () => resolve("ami-0123456789abcdef0")));
    const program = run({ live: pulumi.output(rollout) }, { before: ({ name }) => void begun.push(name) });
    while (begun.length < 8) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const early = begun.filter((name) => !name.includes("(") && name !== "web").sort();
    finish();
    await program;
    assert.deepEqual(
      early.filter((name) => /current|previous|pointers/.test(name)),
      [],
    );
    assert.equal(early.filter((name) => /candidate|1[.]/.test(name)).length, 6);
    assert.equal(begun.filter((name) => /current|previous/.test(name)).length, 4);
  });

  it("leave out a region that a version is not in", async () => {
    const imageIds = { ...idsOf(["1.0.0"], ["us-east-1"]), ...idsOf(["1.1.0"], ["us-east-1", "eu-west-1"]) };
    const names = Object.keys(parameters(await run({ imageIds })));
    assert.deepEqual(names.filter((name) => name.includes("eu-west-1")).sort(), [
      "web-eu-west-1-1.1.0",
      "web-eu-west-1-candidate",
      "web-eu-west-1-current",
      "web-eu-west-1-pointers",
    ]);
  });

  it("go by the versions' order, not by that of the keys, which other languages sort as text", async () => {
    const imageIds = {
      "1.10.0": { "us-east-1": "ami-00000000000000010" },
      "1.9.0": { "us-east-1": "ami-00000000000000009" },
    };
    const names = parameters(await run({ imageIds, current: "1.10.0" }));
    assert.equal(names["web-us-east-1-previous"], "ami-00000000000000009");
    assert.equal(names["web-us-east-1-candidate"], "ami-00000000000000010");
  });

  it("record what the pointers name as plain text, behind a gate of its own", async () => {
    const record = only(await run(), "aws:ssm:Parameter", "web-eu-west-1-pointers");
    assert.deepEqual(record.inputs, {
      name: "/ami/web/dev/pointers",
      type: "String",
      description: "What the pointers of web are proven to name. Written by pulumi-ami-lifecycle.",
      insecureValue: '{"candidate":"1.1.0","current":"1.1.0","previous":"1.0.0"}',
      region: "eu-west-1",
    });
    assert.deepEqual(record.hooks.beforeUpdate, ["ImageParameters(web)/web-eu-west-1-pointers:parameterAccepted"]);
  });

  it("name every problem at once", async () => {
    const bad = await runProgram(
      () =>
        void new ImageParameters("web", {
          line: "a/b",
          imageIds: { "1.0": { Europe: "ami-1" } },
          current: "2.0.0",
          tags: { "aws:x": "y" },
        }),
    );
    const { message } = onlyError(bad);
    assert.match(message, /^ImageParameters "web": 6 problems\n/);
    for (const path of ["line", "versions[0]", "current", 'tags["aws:x"]', 'imageIds["1.0"]["Europe"]'])
      assert.ok(message.includes(`  - ${path}: `), path);
  });
});
