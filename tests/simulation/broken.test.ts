import assert from "node:assert/strict";
import * as os from "node:os";
import { fixture, simulate, type Run } from "./command";

interface Data {
  resources: { name: string; kind: string; region?: string; provider?: string }[];
  outputs: { [name: string]: unknown };
  problems: { severity: string; message: string; path?: string; source?: string }[];
  notes: string[];
}

const CASES: { [name: string]: string[] } = {
  thrown: [],
  component: [],
  apply: [],
  log: [],
  hangs: [],
  twice: [],
  hooks: [],
  plainLookup: [],
  missing: [],
  remote: [],
  provider: [],
  elsewhere: ["--config", "case=reference", "--config", "stack=organization/another/dev"],
  failing: ["--config", "case=reference", "--config", "stack=organization/broken/other"],
  circle: ["--config", "case=reference", "--config", "stack=dev"],
};

describe("simulating a broken program", function () {
  this.timeout(120_000);
  const runs = new Map<string, Run>();

  before(async () => {
    const waiting = Object.entries(CASES);
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [name, args] = next;
        const given = args.length > 0 ? args : ["--config", `case=${name}`];
        runs.set(name, await simulate(["--json", "--cwd", fixture("broken"), ...given]));
      }
    };
    await Promise.all(Array.from({ length: Math.min(4, os.availableParallelism()) }, worker));
  });

  const read = (name: string): Data & { code: number } => {
    const run = runs.get(name);
    assert.ok(run);
    return { ...(JSON.parse(run.out) as Data), code: run.code };
  };

  const only = (name: string, code = 1) => {
    const data = read(name);
    assert.equal(data.problems.length, 1, JSON.stringify(data.problems));
    assert.equal(data.code, code);
    return data.problems[0];
  };

  it("turns a thrown error into a problem with the program's line", () => {
    assert.deepEqual(only("thrown"), { severity: "error", message: "no such version", source: "index.ts:22" });
  });

  it("names the component that refused its inputs", () => {
    const message = "outer-inner: 1 problem\n  - size: allowed is 1 to 9";
    assert.deepEqual(only("component"), {
      severity: "error",
      message,
      path: "outer/outer-inner",
      source: "index.ts:8",
    });
  });

  it("tells an error inside of an apply once, however many resources wait for it", () => {
    assert.deepEqual(only("apply"), { severity: "error", message: "TypeError: wrong inside", source: "index.ts:27" });
  });

  it("collects what the program logs", () => {
    const { problems, notes, code } = read("log");
    assert.deepEqual(problems, [
      { severity: "error", message: "not so", source: "index.ts:36" },
      { severity: "warning", message: "look out", path: "named", source: "index.ts:34" },
    ]);
    assert.deepEqual(notes, ["by the way"]);
    assert.equal(code, 1);
    assert.match(runs.get("log")?.err ?? "", /^printed$/m);
  });

  it("ends when the program does not", () => {
    assert.match(only("hangs")?.message ?? "", /never ends/);
  });

  it("finds two resources with one URN, and two hooks with one name", () => {
    assert.match(only("twice")?.message ?? "", /give "same" another name/);
    assert.match(only("hooks")?.message ?? "", /hook name "gate" is registered twice/);
  });

  it("says that a plain look-up cannot be unknown", () => {
    assert.match(only("plainLookup")?.message ?? "", /aws:kms\/getAlias.*Use the Output form/);
  });

  it("says which config is missing", () => {
    const problem = only("missing");
    assert.match(problem?.message ?? "", /Missing required configuration variable 'broken:nowhere'/);
    assert.equal(problem?.source, "index.ts:50");
  });

  it("keeps the outputs of remote components and unknown look-ups unknown", () => {
    const { outputs, resources, code } = read("remote");
    assert.deepEqual(outputs, {
      group: "[unknown]",
      keyArn: "[unknown]",
      url: "[unknown]",
      vpcId: "vpc-assumed-us-east-1-default",
    });
    assert.deepEqual(
      resources.map(({ name, kind, region }) => [name, kind, region]),
      [
        ["vpc", "remote", "eu-west-1"],
        ["lb", "remote", "us-east-1"],
      ],
    );
    assert.equal(code, 0);
  });

  it("takes the region of an explicit provider, and none for what is global", () => {
    const { outputs, resources } = read("provider");
    assert.deepEqual(outputs.zones, ["us-west-2a", "us-west-2b", "us-west-2c"]);
    assert.equal(outputs.count, 3);
    const regions = Object.fromEntries(resources.map(({ name, region }) => [name, region]));
    assert.deepEqual(regions, { p: "us-west-2", role: undefined, west: "us-west-2" });
    assert.match(resources.find(({ name }) => name === "p")?.provider ?? "", /pulumi:providers:aws::west$/);
  });

  it("warns of a stack that it cannot simulate, whose outputs are then unknown", () => {
    for (const name of ["elsewhere", "failing"]) {
      const problem = only(name, 0);
      assert.equal(problem?.severity, "warning");
      assert.match(problem?.message ?? "", /all its outputs are unknown here/);
      assert.deepEqual(read(name).outputs, { none: "[unknown]", value: "[unknown]" });
    }
  });

  it("refuses stacks that refer to each other in a circle", () => {
    assert.match(only("circle")?.message ?? "", /in a circle: dev → dev/);
  });
});

describe("the simulate command", function () {
  this.timeout(60_000);

  it("exits with 2 on wrong usage, and says what is right", async () => {
    const [stack, option, pair, place] = await Promise.all([
      simulate(["--cwd", fixture("demo"), "--stack", "nope"]),
      simulate(["--nope"]),
      simulate(["--cwd", fixture("demo"), "--config", "novalue"]),
      simulate(["--cwd", os.tmpdir()]),
    ]);
    assert.deepEqual([stack.code, option.code, pair.code, place.code], [2, 2, 2, 2]);
    assert.match(stack.err, /has no Pulumi.nope.yaml. Stacks with one: dev, prod/);
    assert.match(option.err, /--nope/);
    assert.match(pair.err, /key=value/);
    assert.match(place.err, /no Pulumi.yaml/);
    assert.equal(stack.out, "");
  });

  it("explains itself", async () => {
    const help = await simulate(["--help"]);
    assert.equal(help.code, 0);
    assert.match(help.out, /--stack NAME[\s\S]*Exit codes/);
  });
});
