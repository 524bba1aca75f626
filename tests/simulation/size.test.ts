import assert from "node:assert/strict";
import { simulate, simulateProd } from "./command";

interface Data {
  problems: unknown[];
  resources: { type: string; name: string; region?: string; inputs: { [name: string]: unknown } }[];
}

const fleets = (size: number): string[] =>
  Object.entries({
    copyTo: ["us-west-2", "eu-west-1"],
    fleetRegions: ["eu-west-1"],
    recovery: { region: "us-west-2", strategy: "active-active" },
    network: { zones: 3, nat: "one-per-zone" },
    minSize: size,
    maxSize: size + 200,
  }).flatMap(([key, value]) => ["--config", `ami-lifecycle:${key}=${JSON.stringify(value)}`]);

describe("simulating large fleets", function () {
  this.timeout(120_000);

  it("takes less than five seconds for 1,000 instances in each of three regions, over three zones", async () => {
    const args = ["--stack", "prod", "--json"];
    // The first one may compile; in CI other tests take what there is.
    const runs = [];
    for (let i = 0; i < 3; i++) {
      runs.push(await simulate([...args, ...fleets(1000)]));
      if (runs.at(-1)!.seconds < 5) break;
    }
    const { problems, resources } = JSON.parse(runs[0]!.out) as Data;
    assert.deepEqual([runs[0]!.code, problems], [0, []]);
    const groups = resources.filter(({ type }) => type === "aws:autoscaling/group:Group");
    assert.deepEqual(groups.map(({ region, inputs }) => [region, inputs.minSize, inputs.maxSize]).sort(), [
      ["eu-west-1", 1000, 1200],
      ["us-east-1", 1000, 1200],
      ["us-west-2", 1000, 1200],
    ]);
    assert.equal(resources.filter(({ type }) => type === "awsx:ec2:Vpc").length, 3);
    const seconds = Math.min(...runs.map((run) => run.seconds));
    assert.ok(seconds < (process.env["CI"] ? 12 : 5), `${seconds} s`);
    // No resource is an instance: a small fleet has as many.
    const small = await simulateProd("--json", ...fleets(2));
    assert.equal((JSON.parse(small.out) as Data).resources.length, resources.length);
  });
});
