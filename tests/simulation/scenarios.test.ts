/** `simulate --scenario`: a bad version, the limit of copies, no capacity. What a lost region is, regionLoss.test.ts has. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import { COPIES_AT_ONCE, MOST_TRIES, retryDelay } from "../../components/internal/startTries";
import { loadScenario } from "../../simulation/scenario";
import { badVersionOf } from "../../simulation/scenario/badVersion";
import { badVersionOutcome } from "../../simulation/scenario/badVersion/report";
import { capacityOf, verdictOf } from "../../simulation/scenario/capacity";
import { capacityOutcome } from "../../simulation/scenario/capacity/report";
import { reportText } from "../../simulation/report";
import { style } from "../../simulation/text";
import { assumed } from "../../simulation/time/assumptions";
import type { RecordedResource, Simulation, WireObject } from "../../simulation/types";
import { UsageError } from "../../simulation/usageError";
import { fromReadable } from "../../simulation/wire";
import { ROOT, type Run, simulate, simulateProd } from "./command";

const name = (urn: string) => urn.split("::").at(-1) ?? "";
const names = (urns: readonly string[]) => urns.map(name).sort();
const play = (stack: string, scenario: string, ...more: string[]) =>
  stack === "prod"
    ? simulateProd("--scenario", scenario, ...more)
    : simulate(["--stack", stack, "--scenario", scenario, ...more]);
const config = (key: string, value: unknown) => ["--config", `ami-lifecycle:${key}=${JSON.stringify(value)}`];
const TWO = [...config("versions", ["1.0.0", "1.1.0"]), "--config", "ami-lifecycle:current=1.1.0"];

/** As the scenario's own fields are documented. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Fields = { [field: string]: any };
const fieldsOf = ({ out, err, code }: Run): Fields => {
  assert.equal(code, 0, out + err);
  return (JSON.parse(out) as { scenario: Fields }).scenario;
};

function assertText({ out, err, code }: Run, first: string): void {
  assert.equal(code, 0, out + err);
  const lines = out.split("\n");
  assert.equal(lines[0], first);
  const long = lines.filter((line) => line.length > 100 && !/^ +np[xm] /.test(line));
  assert.deepEqual(long, []);
}

/** What the command recorded, as the functions behind it take it. */
function simulationOf({ out }: Run): Simulation {
  const { summary, resources } = JSON.parse(out) as { summary: Simulation; resources: RecordedResource[] };
  const whole = resources.map((one) => ({
    ...one,
    inputs: fromReadable(one.inputs) as WireObject,
    options: one.options ?? {},
    hooks: one.hooks ?? {},
  }));
  return { ...summary, resources: whole, lookups: [], outputs: {}, problems: [], notes: [] };
}

const gates = (file: string) =>
  fs.readFileSync(path.join(ROOT, "components/gates", file), "utf8").replaceAll("\\`", "`");

describe("scenarios, simulated", function () {
  this.timeout(180_000);
  let prod: Simulation;
  let dev: Simulation;
  before(async () => {
    const [a, b] = await Promise.all([simulateProd("--json"), simulate(["--json"])]);
    [prod, dev] = [simulationOf(a), simulationOf(b)];
  });
  const plain = style(false);

  describe("bad-version", () => {
    it("in prod: the group goes back, the pointers and the recovery region keep what they say", async () => {
      const [run, text] = await Promise.all([
        play("prod", "bad-version=web", "--json", ...TWO),
        play("prod", "bad-version=web", ...TWO),
      ]);
      const found = fieldsOf(run);
      assert.deepEqual([found.version, found.before, found.upFails], ["1.1.0", "1.0.0", true]);
      assert.deepEqual(
        (found.fleets as Fields[]).map((fleet): unknown[] => [fleet.name, fleet.end, fleet.ending]),
        [
          ["web", "fails", "goes back"],
          ["web-us-west-2", "untouched", undefined],
        ],
      );
      assert.deepEqual(names(found.made as string[]), ["web-1.1.0-us-east-1", "web-1.1.0-us-east-1-verified"]);
      assert.deepEqual(names(found.changed as string[]), ["web-template"]);
      const kept = names(found.kept as string[]);
      for (const one of ["web-live", "web-us-east-1-current", "web-us-west-2-current", "web-us-west-2-template"]) {
        assert.ok(kept.includes(one), one);
      }
      assert.ok(names(found.either as string[]).includes("web-us-east-1-candidate"));
      assert.ok(names(found.likely as string[]).includes("web-us-west-2-candidate"));
      assert.deepEqual(
        (found.next as Fields[]).map(({ config: of }) => String(of)),
        ["unchanged", "`current` set back", "a mended version, appended to `versions` and made `current`"],
      );
      assert.match(JSON.stringify(found.next), /npx ami-lifecycle rollback 1\.0\.0 --stack prod/);
      assertText(
        text,
        `prod: 1.1.0 does not become healthy in web: 2 resources made, 1 changed, ${kept.length} keep what they say`,
      );
      assert.match(text.out, /\n +npm run ami-lifecycle -- rollback 1\.0\.0 --stack prod\n/);
      assert.match(text.out, /\n`pulumi up`\n {2}- fails: its exit status is not 0/);
    });

    it("in dev: base instance, image and template are there; a version means the fleet that runs it", async () => {
      const [byVersion, again, byFleet] = await Promise.all([
        play("dev", "bad-version=1.0.0", "--json"),
        play("dev", "bad-version=1.0.0", "--json"),
        play("dev", "bad-version=web", "--json"),
      ]);
      assert.equal(byVersion.out, again.out);
      const [a, b] = [fieldsOf(byVersion), fieldsOf(byFleet)];
      assert.deepEqual({ ...a, name: "" }, { ...b, name: "" });
      assert.deepEqual(names(a.made as string[]), [
        ...["web-1.0.0", "web-1.0.0-base", "web-1.0.0-base-sg", "web-1.0.0-verified"],
      ]);
      assert.deepEqual(names(a.kept as string[]), [
        ...["web-eu-west-1-current", "web-eu-west-1-pointers", "web-live"],
        ...["web-us-east-1-current", "web-us-east-1-pointers"],
      ]);
      assert.equal(a.before, undefined);
    });

    it("stops at the first region; the later ones are untouched, or have it already", async () => {
      const regions = [...config("copyTo", ["us-west-2", "eu-west-1"]), ...config("fleetRegions", ["eu-west-1"])];
      const [first, last] = await Promise.all([
        play("prod", "bad-version=1.0.0", "--json", ...regions),
        play("prod", "bad-version=web", "--json", ...regions, "--config", "ami-lifecycle:fleetOrder=home-last"),
      ]);
      const ends = (run: Run) => (fieldsOf(run).fleets as Fields[]).map((fleet) => `${fleet.name} ${fleet.end}`).sort();
      assert.deepEqual(ends(first), ["web fails", "web-eu-west-1 untouched", "web-us-west-2 untouched"]);
      assert.deepEqual(ends(last), ["web fails", "web-eu-west-1 serves", "web-us-west-2 untouched"]);
    });

    it("ends as the fleet's own limits say, in the gate's words", () => {
      const goBack = gates("rollout/goBack.ts");
      const wait = gates("rollout/wait.ts");
      for (const [rollout, ending, said, source] of [
        [{}, "goes back", "`live`, the group and every instance in service say", goBack],
        [{ autoRollback: false }, "stays", "`live` was not written; the group keeps the template it has now.", goBack],
        [{ limitMinutes: 30 }, "goes on", "The instance refresh is still under way; `live` still names the version before.", wait], // prettier-ignore
      ] as [WireObject, string, string, string][]) {
        const resources = prod.resources.map((one) =>
          one.type.endsWith(":AutoScalingFleet") ? { ...one, inputs: { ...one.inputs, rollout } } : one,
        );
        const simulation = { ...prod, resources };
        const bad = badVersionOf(simulation, "web");
        assert.equal(bad.fleets.find(({ end }) => end === "fails")?.ending, ending);
        const text = reportText(badVersionOutcome(bad, simulation).report(plain), plain);
        assert.ok(text.replaceAll(/\n +/g, " ").includes(said), text);
        assert.ok(source.includes(said), said);
      }
    });

    it("parts what the version has to do with: nothing is in two groups, whatever the graph", () => {
      fc.assert(
        fc.property(fc.constantFrom(prod, dev), fc.infiniteStream(fc.boolean()), (simulation, drop) => {
          const resources = simulation.resources.map((one) => ({
            ...one,
            dependsOn: one.dependsOn.filter(() => drop.next().value === true),
          }));
          const bad = badVersionOf({ ...simulation, resources }, "web");
          const all = [bad.made, bad.changed, bad.either, bad.kept].flat().map(({ urn }) => urn);
          assert.equal(new Set(all).size, all.length);
          assert.ok(bad.kept.some(({ name: of }) => of === "web-live"));
          for (const urn of bad.likely) assert.ok(bad.either.some((one) => one.urn === urn));
        }),
        { numRuns: 40 },
      );
    });
  });

  describe("copy-limit", () => {
    it("counts the copies of a step, and is not passed by one", async () => {
      const [json, text] = await Promise.all([
        play("dev", "copy-limit=eu-west-1", "--json"),
        play("prod", "copy-limit=us-west-2"),
      ]);
      const found = fieldsOf(json);
      assert.deepEqual([found.limit, found.passed, found.tries], [COPIES_AT_ONCE, false, MOST_TRIES]);
      const [step, ...more] = found.steps as Fields[];
      assert.deepEqual(more, []);
      assert.deepEqual([step?.snapshots, step?.atLeast, names((step?.copies as Fields[]).map(({ urn }) => String(urn)))], [1, false, ["web-1.0.0-eu-west-1"]]); // prettier-ignore
      const groups = [found.exists, found.missing, found.either] as string[][];
      const made = dev.resources.filter(({ kind }) => kind !== "read").map(({ urn }) => urn);
      assert.deepEqual(groups.flat().sort(), made.sort());
      assert.ok(names(groups[0] ?? []).includes("web-1.0.0-verified"));
      assert.ok(names(groups[1] ?? []).includes("web-1.0.0-eu-west-1"));
      assert.ok(names(groups[2] ?? []).includes("web-live"));
      assertText(text, "prod copies 1 image to us-west-2 at once, at least 1 snapshot: the limit of 20 is not passed");
    });

    it("is passed by 21 versions at once, and not by 20", async () => {
      const versions = (count: number) => [
        ...config("versions", Array.from({ length: count }, (_, at) => `1.${at}.0`)), // prettier-ignore
      ];
      const [few, many] = await Promise.all(
        [20, 21].map((count) => play("prod", "copy-limit=us-west-2", "--json", ...versions(count))),
      );
      assert.deepEqual([fieldsOf(few as Run).passed, fieldsOf(many as Run).passed], [false, true]);
      assert.equal((fieldsOf(many as Run).steps as Fields[])[0]?.snapshots, 21);
    });

    it("counts one snapshot for each volume of the base instance", async () => {
      const volumes = { volumes: [{ deviceName: "/dev/sdf", sizeGiB: 8 }] };
      const resources = dev.resources.map(
        (one) =>
        one.type === "aws:ec2/instance:Instance" ? { ...one, inputs: { ...one.inputs, ebsBlockDevices: volumes.volumes } } : one, // prettier-ignore
      );
      const { copyLimitOf } = await import("../../simulation/scenario/copyLimit");
      assert.equal(copyLimitOf({ ...dev, resources }, "eu-west-1").steps[0]?.snapshots, 2);
    });

    it("predicts the hook's pauses: no run of it is outside of them", async () => {
      const { copyLimitOf } = await import("../../simulation/scenario/copyLimit");
      const { tries } = copyLimitOf(dev, "eu-west-1");
      fc.assert(
        fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 98, maxLength: 98 }), (dice) => {
          const seconds = dice.reduce((sum, random, at) => sum + retryDelay(at + 1, random), 0);
          assert.ok(seconds >= tries.shortestSeconds - 1e-6 && seconds <= tries.longestSeconds + 1e-6);
        }),
      );
      assert.equal(tries.longestSeconds, 15 + 30 + 60 + 120 + 240 + 480 + 92 * 600);
      assert.equal(tries.shortestSeconds, tries.longestSeconds / 2);
    });
  });

  describe("capacity", () => {
    const verdicts = (found: Fields) =>
      (found.askers as Fields[]).map(({ urn, verdict }) => `${name(String(urn))}: ${String(verdict)}`).sort();

    it("goes elsewhere in both stacks: to another type, to other zones, beside the base instance", async () => {
      const [devRun, prodRun, staged, text] = await Promise.all([
        play("dev", "capacity=t3.small@us-east-1a", "--json"),
        play("prod", "capacity=t3a.small@us-east-1b", "--json"),
        play("prod", "capacity=t3.small@us-west-2c", "--json"),
        play("dev", "capacity=t3.small@us-east-1a"),
      ]);
      assert.deepEqual(verdicts(fieldsOf(devRun)), [
        ...["web-1.0.0-base: elsewhere", "web-1.0.0-eu-west-1-verified: not concerned"],
        ...["web-1.0.0-verified: elsewhere", "web: elsewhere"],
      ]);
      const prodFound = fieldsOf(prodRun);
      assert.equal(prodFound.upFails, false);
      const group = (prodFound.askers as Fields[]).find(({ urn }) => name(String(urn)) === "web");
      assert.deepEqual([group?.otherTypes, group?.otherZones], [["t3.small"], ["us-east-1a", "us-east-1c"]]);
      assert.ok(verdicts(fieldsOf(staged)).includes("web-us-west-2: idle"));
      assertText(text, "dev without t3.small in us-east-1a: 3 go elsewhere, 1 is not concerned");
      assert.match(text.out, /runs beside web-1\.0\.0-base/);
    });

    /** The stack with each group and instance bound to one type in one zone, as a program may have it. */
    const bound = (simulation: Simulation): Simulation => ({
      ...simulation,
      resources: simulation.resources.map((one) => {
        const subnet = `subnet-assumed-${one.region}a`;
        if (one.type === "aws:ec2/instance:Instance") return { ...one, inputs: { ...one.inputs, subnetId: subnet } };
        if (one.type !== "aws:autoscaling/group:Group") return one;
        const overrides = [{ instanceType: "t3.small" }];
        const mixed = { mixedInstancesPolicy: { launchTemplate: { overrides } } };
        const policy = one.inputs.mixedInstancesPolicy === undefined ? {} : mixed;
        return { ...one, inputs: { ...one.inputs, ...policy, vpcZoneIdentifiers: [subnet] } };
      }),
    });

    it("waits, fails and says so, where there is neither another type nor another zone", () => {
      const simulation = bound(prod);
      const found = capacityOf(simulation, "t3.small@us-east-1a");
      const web = found.askers.find(({ resource }) => resource.name === "web");
      assert.deepEqual([web?.verdict, web?.gate, web?.limitMinutes], ["waits", "rolloutFinished", 150]);
      assert.deepEqual(found.failure?.failed.map(({ resource }) => resource.name), ["web-live"]); // prettier-ignore
      const text = reportText(capacityOutcome(found, simulation).report(plain), plain);
      assert.match(text, /rolloutFinished\s+fails after 150 minutes/);
      assert.match(text, /\nThe next `pulumi up`\n {2}It asks rolloutFinished again\./);
    });

    it("refuses a base instance whose subnet fixes the zone, and the boot of its image comes never", () => {
      const found = capacityOf(bound(dev), "t3.small@us-east-1a");
      const of = (which: string) => found.askers.find(({ resource }) => resource.name === which)?.verdict;
      assert.deepEqual([of("web-1.0.0-base"), of("web-1.0.0-verified"), of("web")], ["fails", "fails", "waits"]);
      const failed = found.failure?.failed.map(({ resource, reached }) => [resource.name, reached]);
      assert.deepEqual(new Map(failed as [string, boolean][]).get("web-1.0.0-base"), true);
      assert.deepEqual(new Map(failed as [string, boolean][]).get("web-live"), false);
      assert.ok(gates("kit/throwaway.ts").includes("no throwaway instance could be launched in"));
    });

    it("finds the zone of a subnet that the program makes, and the type in the launch template of an instance", () => {
      const made = (of: string, type: string, inputs: WireObject, inputsFrom = {}): RecordedResource => ({
        ...{ urn: `urn:${of}`, type, name: of, kind: "custom", dependsOn: [], region: "us-east-1" },
        ...{ inputs, inputsFrom, options: {}, hooks: {} },
      });
      const resources = [
        made("subnet", "aws:ec2/subnet:Subnet", { availabilityZone: "us-east-1b" }),
        made("template", "aws:ec2/launchTemplate:LaunchTemplate", { instanceType: "t3.large" }),
        made(
          "server",
          "aws:ec2/instance:Instance",
          { subnetId: fromReadable("[unknown]"), launchTemplate: { id: fromReadable("[unknown]"), version: "1" } },
          { subnetId: ["urn:subnet"], launchTemplate: ["urn:template"] },
        ),
      ];
      const found = capacityOf({ ...dev, resources }, "t3.large@us-east-1b");
      assert.deepEqual(
        found.askers.map(({ types, zones, verdict }) => [types, zones, verdict]),
        [[["t3.large"], ["us-east-1b"], "fails"]],
      );
      assert.deepEqual(found.failure?.missing.map(({ name: of }) => of), ["server"]); // prettier-ignore
    });

    it("takes another way whenever there is one, and is concerned only by its own type and zone", () => {
      const some = (values: string[]) => fc.option(fc.subarray(values, { minLength: 1 }), { nil: undefined });
      const [types, zones] = [["t3.small", "t3a.small", "m7i.large"], ["us-east-1a", "us-east-1b", "us-east-1c"]]; // prettier-ignore
      fc.assert(
        fc.property(
          fc.record({ types: some(types), zones: some(zones), movesZone: fc.boolean(), idle: fc.boolean() }),
          fc.constantFrom("group", "instance", "throwaway"),
          (facts, kind) => {
            const resource = { name: "web" } as RecordedResource;
            const asker = { ...facts, kind: kind as "group", resource, region: "us-east-1" };
            const { verdict, others } = verdictOf(asker, "t3.small", "us-east-1a");
            const isAsked =
              (facts.types?.includes("t3.small") ?? true) && (facts.zones?.includes("us-east-1a") ?? true);
            assert.equal(verdict === "not concerned", !isAsked);
            const away = others.types.length + others.zones.length > 0;
            if (isAsked && !facts.idle) assert.equal(verdict === "elsewhere", away);
            if (verdict === "waits" || verdict === "fails") assert.ok(!away && facts.types && facts.zones);
            assert.ok(!others.types.includes("t3.small") && !others.zones.includes("us-east-1a"));
          },
        ),
      );
    });
  });

  for (const [scenario, message] of [
    ["bad-version=wbe", /no fleet has that name, or runs that version\. Did you mean "web"/],
    ["bad-version=web-us-west-2", /it has no instances/],
    ["bad-version=9.9.9", /Use one of web, 1\.0\.0/],
    ["bad-version", /write bad-version=NAME/],
    ["copy-limit=us-west-1", /copies no image there\. Did you mean "us-(west-2|east-1)"/],
    ["capacity=t3.small", /write TYPE@ZONE/],
    ["capacity=t3@us-east-1a", /"t3" is no instance type.*Use one of t3\.small, t3a\.small/],
    ["capacity=t3.small@us-east-1", /"us-east-1" is no zone.*Did you mean "us-east-1a"/],
    ["capacity=t3.smal@us-east-1a", /nothing in the stack asks for t3\.smal\. Did you mean "t3\.small"/],
    ["capacity=t3.small@us-east-1d", /nothing in the stack asks for instances in us-east-1d\. Did you mean "us-east-1/],
    ["capacitiy=t3.small@us-east-1a", /Did you mean "capacity"/],
  ] as [string, RegExp][]) {
    it(`refuses ${scenario}`, async () => {
      const refused = async () => (await loadScenario(scenario, assumed([])))(prod);
      await assert.rejects(refused, (error) => error instanceof UsageError && message.test(error.message));
    });
  }

  it("refuses by exit code 2, and prints nothing else", async () => {
    const { code, out, err } = await play("prod", "bad-version=wbe");
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /Did you mean "web"/);
  });

  it("says that resources may be missing when the program has errors", async () => {
    const { code, err } = await play("prod", "copy-limit=us-west-2", "--config", "ami-lifecycle:current=9.9.9");
    assert.equal(code, 2);
    assert.match(err, /It copies no image to any region\.\nThe program has errors, so resources may be missing here/);
  });

  it("refuses a version that no fleet runs", async () => {
    const { code, err } = await play("prod", "bad-version=1.1.0", ...config("versions", ["1.0.0", "1.1.0"]));
    assert.equal(code, 2);
    assert.match(err, /no fleet runs that version/);
  });
});
