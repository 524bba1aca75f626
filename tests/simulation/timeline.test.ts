/** `simulate --timeline`: when what is made, what decides the end, and what a rollout takes. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { needsOf } from "../../simulation/order";
import { assumed, type Seconds } from "../../simulation/time/assumptions";
import { durationOf } from "../../simulation/time/phases";
import { type RolloutFacts, rolloutOf } from "../../simulation/time/rollout";
import { timelineOf } from "../../simulation/time/timeline";
import type { RecordedResource, Simulation, WireObject } from "../../simulation/types";
import { type Run, simulate, simulateProd } from "./command";
import { resource } from "./difference/resources";

interface Item {
  urn: string;
  startSeconds: number;
  endSeconds: number;
  critical: boolean;
  phases: { what: string; startSeconds: number; endSeconds: number; from: string; limitSeconds?: number }[];
}
interface Data {
  resources: RecordedResource[];
  timeline: {
    seconds: number;
    live: { name: string; region?: string; seconds: number }[];
    resources: Item[];
    rollouts: { fleet: string; seconds: number; batches: number; batch: number; limitSeconds: number }[];
    assumedSeconds: Seconds;
  };
}

const ASSUMED = assumed([]);
const name = (urn: string) => urn.split("::").at(-1) ?? "";
const dataOf = ({ out, err, code }: Run): Data => {
  assert.equal(code, 0, out + err);
  return JSON.parse(out) as Data;
};
const timeline = (stack: string, ...more: string[]) =>
  stack === "prod" ? simulateProd("--timeline", ...more) : simulate(["--stack", stack, "--timeline", ...more]);
const config = (key: string, value: unknown) => ["--config", `ami-lifecycle:${key}=${JSON.stringify(value)}`];

/** The one resource with that name and a phase of that kind. */
function phase({ timeline: { resources } }: Data, of: string, what: string): Item["phases"][number] {
  const found = resources.filter(({ urn }) => name(urn) === of).flatMap(({ phases }) => phases);
  const wanted = found.filter((one) => one.what === what);
  assert.equal(wanted.length, 1, `${of} ${what}: ${found.map((one) => one.what).join(", ")}`);
  return wanted[0] as Item["phases"][number];
}
const lengthOf = ({ startSeconds, endSeconds }: { startSeconds: number; endSeconds: number }) =>
  endSeconds - startSeconds;

/** What holds for every timeline, against the resources that it is of. */
function assertSound({ resources, timeline: { resources: items, seconds } }: Data): void {
  const made = resources.filter(({ kind }) => kind === "custom" || kind === "remote");
  assert.deepEqual(items.map(({ urn }) => urn).sort(), made.map(({ urn }) => urn).sort());
  const byUrn = new Map(resources.map((one) => [one.urn, { ...one, options: one.options ?? {} }]));
  const ends = new Map(items.map(({ urn, endSeconds }) => [urn, endSeconds]));
  const endOf = (urn: string): number =>
    ends.get(urn) ?? Math.max(0, ...needsOf(byUrn.get(urn) as RecordedResource).map(endOf));
  for (const { urn, startSeconds, endSeconds, phases } of items) {
    assert.equal(startSeconds, Math.max(0, ...needsOf(byUrn.get(urn) as RecordedResource).map(endOf)), urn);
    assert.equal(
      endSeconds - startSeconds,
      phases.reduce((sum, one) => sum + lengthOf(one), 0),
    );
    assert.equal(phases.at(-1)?.what, "creation");
  }
  assert.equal(seconds, Math.max(...items.map(({ endSeconds }) => endSeconds)));
  const path = items.filter(({ critical }) => critical);
  assert.equal(path[0]?.startSeconds, 0);
  path.forEach(({ endSeconds }, at) => assert.equal(path[at + 1]?.startSeconds ?? seconds, endSeconds));
}

describe("the timeline of a simulation", function () {
  this.timeout(120_000);
  let prod: Data;
  let dev: Data;
  let slower: Data;
  let large: Data;
  let text: Run;

  before(async () => {
    const [first, second, third] = await Promise.all([
      timeline("prod", "--json"),
      timeline("dev", "--json"),
      timeline("prod"),
    ]);
    [prod, dev, text] = [dataOf(first), dataOf(second), third];
    const rollout = {
      minHealthyPercentage: 90,
      maxHealthyPercentage: 100,
      checkpointPercentages: [20, 100],
      bakeTime: 600,
    };
    [slower, large] = (
      await Promise.all([
        timeline("prod", "--json", "--assume", "copySeconds=1200"),
        timeline("prod", "--json", ...config("minSize", 30), ...config("maxSize", 40), ...config("rollout", rollout)),
      ])
    ).map(dataOf) as [Data, Data];
  });

  it("starts each resource when what it needs is there, and names the path that decides the end", () => {
    for (const data of [prod, dev, slower, large]) assertSound(data);
  });

  it("knows what takes long, and when it is given up", () => {
    const recipe = phase(dev, "web-1.0.0", "recipeFinished");
    assert.deepEqual([lengthOf(recipe), recipe.from, recipe.limitSeconds], [300, "recipeSeconds", 1800]);
    const image = phase(dev, "web-1.0.0", "creation");
    assert.deepEqual([lengthOf(image), image.limitSeconds], [300, 3600]);
    const boot = phase(dev, "web-1.0.0-verified", "imageBoots");
    assert.deepEqual([lengthOf(boot), boot.limitSeconds], [150, 1200]);
    const rollout = phase(prod, "web-live", "rolloutFinished");
    assert.deepEqual(
      [lengthOf(rollout), rollout.from, rollout.limitSeconds],
      [120, "launchSeconds + bootSeconds + 2 × 15 s", 9000],
    );
    assert.equal(lengthOf(phase(prod, "web-us-west-2-staged", "rolloutFinished")), 5);
    assert.equal(phase(prod, "web-1.0.0-us-west-2", "creation").limitSeconds, 14_400);
  });

  it("copies to all regions side by side", () => {
    const starts = ["web-1.0.0-us-east-1", "web-1.0.0-us-west-2"].map(
      (copy) => phase(prod, copy, "creation").startSeconds,
    );
    assert.equal(starts[0], starts[1]);
  });

  it("takes an assumption that is given", () => {
    assert.equal(slower.timeline.seconds - prod.timeline.seconds, 600);
    assert.equal(slower.timeline.assumedSeconds.copySeconds, 1200);
  });

  it("says when fleets are live, and not of one that is staged", () => {
    assert.deepEqual(
      prod.timeline.live.map((one) => [one.name, one.region]),
      [["web-live", "us-east-1"]],
    );
    assert.equal(prod.timeline.live[0]?.seconds, phase(prod, "web-live", "creation").endSeconds);
  });

  it("predicts the rollout of the next version in batches", () => {
    const [small] = prod.timeline.rollouts;
    // 2 × (30 + 120 of warm-up), and 60 to drain the last one
    assert.deepEqual([small?.fleet, small?.batches, small?.batch, small?.seconds], ["web", 2, 1, 360]);
    const [many] = large.timeline.rollouts;
    // 10 % of 30: 10 batches of 150 s; a pause of an hour at 20 %, none at 100 %; 60 to drain, 600 of bake time
    assert.deepEqual([many?.batches, many?.batch, many?.seconds], [10, 3, 1500 + 3600 + 60 + 600]);
  });

  it("is text of at most 100 columns", () => {
    const lines = text.out.split("\n");
    assert.equal(text.code, 0);
    assert.match(lines[0] ?? "", /^prod: everything is made after \d+:\d\d, web-live after \d+:\d\d$/);
    assert.deepEqual(
      lines.filter((line) => line.length > 100),
      [],
    );
    assert.ok(
      lines.some((line) =>
        /^ +\d+:\d\d – +\d+:\d\d \* +█+ +web-1\.0\.0-us-east-1 AmiCopy {2}creation 10:00 ≤ 240m$/.test(line),
      ),
    );
  });

  it("says where a rollout cannot end before its limit", async () => {
    const { out } = await timeline("prod", ...config("minSize", 200), ...config("maxSize", 200), ...config("rollout", { maxHealthyPercentage: 101 })); // prettier-ignore
    assert.match(out, /100 batches of 2 at[^]*THE GATE\s+GIVES UP BEFORE THAT/);
  });

  it("is the same bytes again", async () => {
    const again = await timeline("prod");
    assert.equal(again.out, text.out);
  });

  it("does not go together with another question", async () => {
    const { code, err } = await timeline("prod", "--fail", "web-live");
    assert.equal(code, 2);
    assert.match(err, /--fail and --timeline cannot go together/);
  });
});

describe("the creation of a group", () => {
  const of = (inputs: WireObject) =>
    timelineOf(
      { resources: [resource("aws:autoscaling/group:Group", "group", inputs)] } as unknown as Simulation,
      ASSUMED,
    ).items[0]?.phases[0];

  it("waits for its instances, and for them to answer where the provider is told so", () => {
    for (const [inputs, from, limitSeconds] of [
      [{ minSize: 2 }, "callSeconds + launchSeconds", 600],
      [{ minSize: 0, desiredCapacity: "1", waitForCapacityTimeout: "20m" }, "callSeconds + launchSeconds", 1200],
      [{ minSize: 2, minElbCapacity: 2 }, "callSeconds + launchSeconds + bootSeconds", 600],
      [{ minSize: 2, waitForCapacityTimeout: "0" }, "callSeconds", undefined],
      [{ minSize: 0, maxSize: 4 }, "callSeconds", undefined],
    ] as const) {
      const phase = of(inputs);
      assert.deepEqual([phase?.from, phase?.limitSeconds], [from, limitSeconds], JSON.stringify(inputs));
      const names = from.split(" + ") as (keyof Seconds)[];
      assert.equal(
        phase?.seconds,
        names.reduce((all, one) => all + ASSUMED[one], 0),
      );
    }
  });
});

describe("any timeline", () => {
  const types = ["aws:ec2/amiCopy:AmiCopy", "aws:lb/loadBalancer:LoadBalancer", "aws:iam/role:Role", "demo:index:Site"];
  const gates = ["imageBoots", "recipeFinished", "nameFree"];
  /** Resources of which each may need some of those before it. */
  const simulation = fc
    .array(
      fc.record({
        type: fc.constantFrom(...types),
        gates: fc.subarray(gates),
        needs: fc.array(fc.nat(20), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 20 },
    )
    .map((drawn): Simulation => {
      const resources = drawn.map(({ type, gates: own, needs }, at): RecordedResource => ({
        ...{ urn: `urn:${at}`, type, name: `r${at}`, kind: type.startsWith("demo") ? "component" : "custom" },
        dependsOn: needs.filter((need) => need < at).map((need) => `urn:${need}`),
        ...{ inputs: {}, options: {}, hooks: { beforeCreate: own.map((gate) => `x:${gate}`) } },
      }));
      return { project: "p", stack: "s", resources, lookups: [], outputs: {}, problems: [], notes: [] };
    });
  const names = Object.keys(ASSUMED) as (keyof Seconds)[];

  it("ends with its critical path, and no sooner where something takes longer", () => {
    fc.assert(
      fc.property(simulation, fc.constantFrom(...names), (given, more) => {
        const { items, seconds } = timelineOf(given, ASSUMED);
        const path = items.filter(({ isCritical }) => isCritical);
        assert.equal(
          seconds,
          path.reduce((sum, { start, end }) => sum + end - start, 0),
        );
        const later = timelineOf(given, { ...ASSUMED, [more]: ASSUMED[more] + 30 });
        assert.ok(later.seconds >= seconds);
        for (const item of later.items) {
          const before = items.find(({ resource }) => resource.urn === item.resource.urn);
          assert.ok(item.end >= (before?.end ?? 0));
        }
      }),
    );
  });
});

describe("a rollout in batches", () => {
  const facts = fc.record({
    instances: fc.nat(1000),
    minHealthyPercentage: fc.integer({ min: 0, max: 100 }),
    maxHealthyPercentage: fc.integer({ min: 100, max: 200 }),
    warmupSeconds: fc.nat(3600),
    checkpoints: fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 3 }),
    checkpointDelaySeconds: fc.nat(7200),
    bakeSeconds: fc.nat(7200),
    drainSeconds: fc.nat(300),
  });

  it("replaces every instance once, at least one at a time", () => {
    fc.assert(
      fc.property(facts, (given: RolloutFacts) => {
        const { batch, batches, seconds } = rolloutOf(given, ASSUMED);
        if (given.instances === 0) return assert.deepEqual([batches, seconds], [0, 0]);
        assert.ok(batch >= 1 && batch <= given.instances);
        assert.ok(batch * batches >= given.instances && batch * (batches - 1) < given.instances);
        const share = given.maxHealthyPercentage - given.minHealthyPercentage;
        assert.ok(batch === 1 || batch <= (given.instances * share) / 100);
      }),
    );
  });

  it("is no faster with a longer warm-up, and no slower with a larger share", () => {
    fc.assert(
      fc.property(facts, (given: RolloutFacts) => {
        const { seconds } = rolloutOf(given, ASSUMED);
        assert.ok(rolloutOf({ ...given, warmupSeconds: given.warmupSeconds + 60 }, ASSUMED).seconds >= seconds);
        assert.ok(
          rolloutOf({ ...given, maxHealthyPercentage: given.maxHealthyPercentage + 50 }, ASSUMED).seconds <= seconds,
        );
      }),
    );
  });
});

describe("a time limit of Pulumi", () => {
  for (const [given, seconds] of [
    ["45m", 2700],
    ["1h30m", 5400],
    ["90s", 90],
    ["1.5h", 5400],
    ["", undefined],
    ["soon", undefined],
    [5, undefined],
  ] as const) {
    it(`${JSON.stringify(given)} is ${seconds} s`, () => assert.equal(durationOf(given), seconds));
  }
});
