/** `simulate --scenario region-loss=REGION`: what is lost, what stays, and how long each strategy takes. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { STRATEGIES } from "../../components/internal/recoveryRecord";
import type { StandIn } from "../../simulation/scenario/regionLoss/facts";
import { planOf, plansOf } from "../../simulation/scenario/regionLoss/plans";
import { ASSUMPTIONS, assumed, type Seconds } from "../../simulation/time/assumptions";
import type { RecordedResource } from "../../simulation/types";
import { type Run, simulateProd } from "./command";

interface Step {
  startSeconds: number;
  endSeconds: number;
  what: string;
  from: string;
}
interface Data {
  resources: RecordedResource[];
  scenario: {
    region: string;
    lost: string[];
    stays: string[];
    global: string[];
    serving: string[];
    stoodInFor: string[];
    images: { image: string; elsewhere: string[] }[];
    recoveries: {
      name: string;
      strategy: string;
      active: boolean;
      rtoMinutes: number;
      hasName: boolean;
      plans: { strategy: string; firstSeconds: number; fullSeconds: number; steps: Step[] }[];
    }[];
    assumedSeconds: Seconds;
    notReplicated: string[];
  };
}

const name = (urn: string) => urn.split("::").at(-1) ?? "";
const prod = (region: string, ...more: string[]) => simulateProd("--scenario", `region-loss=${region}`, ...more);
const dataOf = ({ out, err, code }: Run): Data => {
  assert.equal(code, 0, out + err);
  return JSON.parse(out) as Data;
};
const config = (key: string, value: unknown) => [
  "--config",
  `ami-lifecycle:${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
];
const DNS = config("dns", { hostedZoneId: "Z0123456789ABCDEFGHIJ", name: "www.example.com" });

describe("losing a region, simulated", function () {
  this.timeout(120_000);
  let home: Run;
  let text: Run;
  let away: Data;
  let named: Data;
  let active: Data;
  let fleets: Data;

  before(async () => {
    const json = (run: Promise<Run>) => run.then(dataOf);
    [home, text] = await Promise.all([prod("us-east-1", "--json"), prod("us-east-1")]);
    [away, named] = await Promise.all([
      json(prod("us-west-2", "--json")),
      json(prod("us-east-1", "--json", ...DNS, "--assume", "bootSeconds=400", "--assume", "launchSeconds=20")),
    ]);
    [active, fleets] = await Promise.all([
      json(prod("us-east-1", "--json", ...config("activeRegion", "us-west-2"))),
      json(prod("us-east-1", "--json", ...config("copyTo", ["us-west-2", "eu-west-1"]), ...config("fleetRegions", ["eu-west-1"]))), // prettier-ignore
    ]);
  });

  it("parts all resources into lost, stays and of no region", () => {
    const { resources, scenario } = dataOf(home);
    const made = resources.filter(({ kind }) => kind !== "component" && kind !== "read");
    const groups = [scenario.lost, scenario.stays, scenario.global];
    assert.deepEqual(groups.flat().sort(), made.map(({ urn }) => urn).sort());
    const regions = groups.map((group) => [
      ...new Set(group.map((urn) => made.find((one) => one.urn === urn)?.region ?? "none")),
    ]);
    assert.deepEqual(regions, [["us-east-1"], ["us-west-2"], ["none"]]);
    for (const group of groups) assert.deepEqual(group, [...group].sort());
  });

  it("tells which images stay, and what holds data that is lost", () => {
    const { images, notReplicated } = dataOf(home).scenario;
    assert.deepEqual(images, [{ image: "web 1.0.0", elsewhere: ["us-west-2"] }]);
    assert.deepEqual(notReplicated.map(name), ["web-logs"]);
  });

  it("predicts each strategy with the health check of the load balancer", () => {
    const [recovery] = dataOf(home).scenario.recoveries;
    assert.equal(recovery?.strategy, "pilot-light");
    assert.equal(recovery.rtoMinutes, 30);
    assert.deepEqual(
      recovery.plans.map(({ strategy, firstSeconds, fullSeconds }) => [strategy, firstSeconds, fullSeconds]),
      // 60 + (5 + 180) + 5 + 30 + 60 + 2 × 15; 5 + 30 + 60 + 2 × 15
      [
        ["backup-restore", 370, 370],
        ["pilot-light", 125, 125],
        ["warm-standby", 0, 125],
        ["active-active", 0, 0],
      ],
    );
  });

  it("counts Route 53 where a name is the stack's: its checks, and what resolvers keep", () => {
    const [recovery] = named.scenario.recoveries;
    assert.equal(recovery?.hasName, true);
    assert.deepEqual(
      recovery.plans.map(({ strategy, firstSeconds, fullSeconds }) => [strategy, firstSeconds, fullSeconds]),
      // 3 × 10 until home is down, 60 until the other is up, 60 of TTL; no record can name what is yet to be made
      [
        ["backup-restore", 60 + 185 + 5 + 420 + 30, 60 + 185 + 5 + 420 + 30],
        ["pilot-light", 5 + 420 + 30 + 60 + 60, 5 + 420 + 30 + 60 + 60],
        ["warm-standby", 30 + 60, 5 + 420 + 30],
        ["active-active", 30 + 60, 30 + 60],
      ],
    );
    assert.equal(named.scenario.assumedSeconds.bootSeconds, 400);
  });

  it("has nothing to do where the other region serves already", () => {
    const [recovery] = active.scenario.recoveries;
    assert.deepEqual([recovery?.active, recovery?.plans], [true, []]);
  });

  it("names fleets of other regions, which go on", () => {
    assert.deepEqual(fleets.scenario.serving, ["eu-west-1"]);
  });

  it("tells of a lost recovery region that nobody notices", () => {
    const { scenario } = away;
    assert.deepEqual([scenario.recoveries, scenario.stoodInFor, scenario.serving], [[], ["us-east-1"], ["us-east-1"]]);
  });

  it("is this text", () => {
    assert.equal(text.code, 0);
    const lines = text.out.split("\n");
    assert.equal(lines[0], "prod loses us-east-1: 24 resources are lost, 27 stay, 6 are of no region");
    assert.ok(text.out.includes("    npm run ami-lifecycle -- failover --to us-west-2 --stack prod --line web\n"));
    const [row] = lines.filter((line) => line.startsWith("  * pilot-light "));
    assert.deepEqual(row?.trim().split(/ +/).slice(2), ["2:05", "2:05", "30:00"]);
    assert.match(text.out, /with ami-lifecycle:lostRegion:\s+docs\/guides\/region-lost\.md/);
    assert.match(text.out, /What your application writes: databases/);
    assert.match(text.out, /IAM and Route 53 go on answering, but take no changes while us-east-1 is lost/);
    for (const title of ["Lost: 24 resources", "Stays: 27 resources", "Of no region: 6 resources"]) {
      assert.ok(lines.includes(title), title);
    }
    assert.deepEqual(
      lines.filter((line) => line.length > 100),
      [],
    );
  });

  it("has its times in minutes and seconds in Markdown, too", async () => {
    const { out } = await prod("us-east-1", "--markdown");
    assert.match(out, /\* pilot-light +2:05 +2:05 +30:00\n/);
    assert.doesNotMatch(out, /pilot-light +\d+\.\d/);
  });

  it("is the same bytes again", async () => {
    const [json, again] = await Promise.all([prod("us-east-1", "--json"), prod("us-east-1")]);
    assert.equal(json.out, home.out);
    assert.equal(again.out, text.out);
  });

  for (const [what, args, message] of [
    [
      "a region without resources",
      ["--scenario", "region-loss=us-east-2"],
      /nothing there. Did you mean "us-(east-1|west-2)"/,
    ],
    ["no region", ["--scenario", "region-loss"], /write region-loss=REGION/],
    ["an unknown scenario", ["--scenario", "region-los=us-east-1"], /Did you mean "region-loss"/],
    ["--fail beside it", ["--scenario", "region-loss=us-east-1", "--fail", "web-live"], /--fail and --scenario cannot/],
    [
      "wrong assumptions, all at once",
      ["--assume", "bootSecond=1", "--assume", "bootSeconds=x"],
      /bootSeconds"[^]*0 to 86400/,
    ],
  ] as [string, string[], RegExp][]) {
    it(`refuses ${what}`, async () => {
      const { code, out, err } = await simulateProd(...args);
      assert.equal(code, 2);
      assert.equal(out, "");
      assert.match(err, message);
    });
  }
});

describe("the plans of the strategies", () => {
  const names = Object.keys(ASSUMPTIONS) as (keyof Seconds)[];
  const check = fc.record({
    threshold: fc.integer({ min: 1, max: 10 }),
    intervalSeconds: fc.integer({ min: 5, max: 300 }),
  });
  const standIn = fc
    .record({
      full: fc.integer({ min: 1, max: 500 }),
      warm: fc.integer({ min: 1, max: 500 }),
      health: fc.option(check, { nil: undefined }),
      nat: fc.boolean(),
    })
    .map(({ full, warm, health, nat }): StandIn => ({
      ...{ name: "web-us-west-2", line: "web", region: "us-west-2", strategy: "pilot-light", active: false },
      full: { minSize: full, maxSize: full },
      waiting: { "backup-restore": 0, "pilot-light": 0, "warm-standby": Math.min(warm, full), "active-active": full },
      rtoMinutes: 30,
      ...(health && { health }),
      nat,
    }));
  const dns = fc.option(fc.record({ down: check, up: check }, { requiredKeys: [] }), { nil: undefined });
  const seconds = fc
    .tuple(...names.map(() => fc.integer({ min: 0, max: 3600 })))
    .map((values) => Object.fromEntries(names.map((key, at) => [key, values[at]])) as Seconds);

  it("take less the more stands there, and end with their last step", () => {
    fc.assert(
      fc.property(standIn, seconds, (region, given) => {
        const plans = plansOf(region, undefined, "us-east-1", given);
        assert.deepEqual(
          plans.map(({ strategy }) => strategy),
          [...STRATEGIES],
        );
        plans.forEach(({ first, full, steps }, at) => {
          const next = plans[at + 1];
          if (next) assert.ok(full >= next.full && first >= next.first);
          assert.ok(first <= full);
          assert.equal(full, Math.max(0, ...steps.map(({ end }) => end)));
          for (const { start, end } of steps) assert.ok(start >= 0 && end >= start);
        });
      }),
    );
  });

  it("are never faster where a step takes longer", () => {
    fc.assert(
      fc.property(
        standIn,
        dns,
        seconds,
        fc.constantFrom(...names),
        fc.constantFrom(...STRATEGIES),
        (region, name, given, more, strategy) => {
          const plan = planOf(strategy, region, name, "us-east-1", given);
          const slower = planOf(strategy, region, name, "us-east-1", { ...given, [more]: given[more] + 60 });
          assert.ok(slower.first >= plan.first && slower.full >= plan.full);
        },
      ),
    );
  });
});

describe("assumptions", () => {
  it("are given by name, the others stay", () => {
    const { bootSeconds, ...others } = assumed(["bootSeconds=12.5"]);
    assert.equal(bootSeconds, 12.5);
    for (const [key, value] of Object.entries(others)) assert.equal(value, ASSUMPTIONS[key as keyof Seconds].seconds);
  });
});
