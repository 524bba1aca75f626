import assert from "node:assert/strict";
import fc from "fast-check";
import { RecoveryRegion, type RecoveryRegionArgs } from "../../components";
import { recoveryRecordOf, STRATEGIES } from "../../components/internal/recoveryRecord";
import { standbySizes } from "../../components/internal/recoveryTable";
import { type Run, runProgram } from "../support/mocks";
import { all, assertFine, only, problemPaths, tree } from "../support/reading";

const IMAGE = "ami-0123456789abcdef0";
const FLEET = { imageId: IMAGE, version: "1.1.0", line: "web", minSize: 4, maxSize: 12, port: 80 };
const NAME = "web-us-west-2";

const region = (args: Partial<RecoveryRegionArgs> = {}, preview = false): Promise<Run> =>
  runProgram(
    () => {
      const made = new RecoveryRegion(NAME, { region: "us-west-2", home: "us-east-1", fleet: FLEET, ...args });
      const { url, dnsName, zoneId, groupName, recoveryParameter, readyImageId } = made;
      return { url, dnsName, zoneId, groupName, recoveryParameter, readyImageId };
    },
    { preview, stack: "prod" },
  );
async function fine(args: Partial<RecoveryRegionArgs> = {}): Promise<Run> {
  const run = await region(args);
  assertFine(run);
  return run;
}
const recordOf = (run: Run) =>
  recoveryRecordOf(only(run, "aws:ssm:Parameter", `${NAME}-recovery`).inputs.insecureValue as string);
const parameters = (run: Run) =>
  all(run, "aws:ssm:Parameter")
    .map(({ inputs }) => inputs.name)
    .sort();
const sizes = (run: Run) => all(run, "aws:autoscaling:Group").map(({ inputs }) => [inputs.minSize, inputs.maxSize]);

describe("RecoveryRegion", () => {
  it("pilot-light: everything but instances; what it would run is staged, and not live", async () => {
    const run = await fine();
    assert.deepEqual(sizes(run), [[0, 12]]);
    assert.deepEqual(parameters(run), ["/ami/web/prod/recovery", "/ami/web/prod/staged"]);
    assert.equal(all(run, "aws:lb:LoadBalancer").length, 1);
    const { launchTemplateId, groupName, targetGroupArns, subnetIds, ...rest } = recordOf(run)!;
    assert.deepEqual(rest, {
      ...{ strategy: "pilot-light", home: "us-east-1", version: "1.1.0", imageId: IMAGE },
      ...{ launchTemplateVersion: "7", rtoMinutes: 30, rpoMinutes: 43_200 },
      ...{ active: { minSize: 4, maxSize: 12 }, standby: { minSize: 0, maxSize: 12 } },
    });
    assert.equal(groupName, run.outputs.groupName);
    assert.equal(launchTemplateId, only(run, "aws:ec2:LaunchTemplate").id);
    assert.deepEqual([targetGroupArns?.length, (subnetIds?.length ?? 0) >= 2], [1, true]);
    assert.ok(String(run.outputs.url).startsWith("http://"));
  });

  it("backup-restore: image and template, and nothing that costs anything", async () => {
    const run = await fine({ strategy: "backup-restore" });
    assert.deepEqual(tree(run), [
      `RecoveryRegion ${NAME}`,
      `  LaunchTemplate ${NAME}`,
      `    aws:ec2:LaunchTemplate ${NAME}-template`,
      `  aws:ssm:Parameter ${NAME}-recovery`,
    ]);
    const { groupName, targetGroupArns, subnetIds, standby, rtoMinutes } = recordOf(run)!;
    assert.deepEqual([groupName, targetGroupArns, subnetIds], [undefined, undefined, undefined]);
    assert.deepEqual([standby.minSize, rtoMinutes], [0, 60]);
    assert.equal(run.outputs.url, undefined);
  });

  it("warm-standby: a share of it, live", async () => {
    const run = await fine({ strategy: "warm-standby" });
    assert.deepEqual([sizes(run), parameters(run)], [[[1, 12]], ["/ami/web/prod/live", "/ami/web/prod/recovery"]]);
    assert.deepEqual(sizes(await fine({ strategy: "warm-standby", share: 60 })), [[3, 12]]);
  });

  it("active-active: all of it, live", async () => {
    const run = await fine({ strategy: "active-active" });
    assert.deepEqual([sizes(run), parameters(run)], [[[4, 12]], ["/ami/web/prod/live", "/ami/web/prod/recovery"]]);
  });

  for (const strategy of STRATEGIES) {
    it(`${strategy}: full size and live when it is active; the record keeps what it waits with`, async () => {
      const run = await fine({ strategy, active: true });
      assert.deepEqual([sizes(run), parameters(run)], [[[4, 12]], ["/ami/web/prod/live", "/ami/web/prod/recovery"]]);
      const { active, standby, groupName } = recordOf(run)!;
      assert.deepEqual(active, { minSize: 4, maxSize: 12 });
      assert.deepEqual(standby, standbySizes(strategy, active, 25));
      assert.ok(groupName);
    });

    it(`${strategy}: names no region but its own, and asks for none`, async () => {
      const run = await fine({ strategy, network: { zones: 3 } });
      const texts = run.resources
        .filter(({ type, name }) => type.startsWith("aws") && name !== `${NAME}-recovery`)
        .map(({ inputs }) => JSON.stringify(inputs));
      assert.deepEqual(
        texts.filter((text) => text.includes("us-east-1")),
        [],
      );
      for (const { type, inputs } of run.resources) {
        if (/^aws:(ec2|autoscaling|lb|ssm|cloudwatch|s3)\//.test(type)) assert.equal(inputs.region, "us-west-2", type);
      }
    });
  }

  it("writes its record after the fleet's own", async () => {
    const run = await fine();
    const { dependsOn } = only(run, "aws:ssm:Parameter", `${NAME}-recovery`);
    assert.ok(dependsOn.includes(`${NAME}-staged`), dependsOn.join());
  });

  it("takes a network of its own", async () => {
    const run = await fine({ network: { zones: 3, nat: "none" } });
    const [vpc] = all(run, "awsx:ec2:Vpc");
    assert.deepEqual([vpc?.inputs.numberOfAvailabilityZones, vpc?.inputs.region], [3, "us-west-2"]);
  });

  it("shows in a preview what is known", async () => assertFine(await region({}, true)));

  it("refuses everything that is wrong at once, and makes nothing", async () => {
    const run = await region({
      region: "us-east-1",
      strategy: "pilot-lite",
      share: 0,
      rpoMinutes: 0,
      network: { zones: 9 },
      fleet: { ...FLEET, minSize: 0, port: 99_999, region: "eu-west-1", subnetIds: ["subnet-0123456789abcdef0"] },
    });
    assert.deepEqual(problemPaths(run).sort(), [
      "fleet.minSize",
      "fleet.port",
      "fleet.region",
      "fleet.subnetIds", // one zone alone
      "network",
      "network.zones",
      "region",
      "rpoMinutes",
      "share",
      "strategy",
    ]);
    assert.deepEqual(
      run.resources.filter(({ type }) => type.startsWith("aws")),
      [],
    );
  });

  for (const [strategy, least] of [
    ["backup-restore", 15],
    ["pilot-light", 5],
    ["warm-standby", 3],
    ["active-active", 1],
  ] as const) {
    it(`refuses a target that ${strategy} cannot meet, and takes ${least} minutes`, async () => {
      if (least > 1) assert.deepEqual(problemPaths(await region({ strategy, rtoMinutes: least - 1 })), ["rtoMinutes"]);
      await fine({ strategy, rtoMinutes: least });
    });
  }
});

describe("a recovery region's sizes", () => {
  it("are at most the full ones, at least one instance when something runs", () => {
    const full = fc
      .tuple(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 1000 }))
      .map(([minSize, more]) => ({ minSize, maxSize: minSize + more }));
    fc.assert(
      fc.property(fc.constantFrom(...STRATEGIES), full, fc.integer({ min: 1, max: 100 }), (strategy, of, share) => {
        const { minSize, maxSize } = standbySizes(strategy, of, share);
        assert.equal(maxSize, of.maxSize);
        assert.ok(minSize >= 0 && minSize <= of.minSize);
        if (strategy === "warm-standby") assert.ok(minSize >= 1 && minSize >= (of.minSize * share) / 100);
        if (strategy === "active-active") assert.equal(minSize, of.minSize);
      }),
    );
  });
});

describe("the record of a recovery region", () => {
  it("is read as it was written, and nothing else is taken for one", async () => {
    const run = await fine();
    const text = only(run, "aws:ssm:Parameter", `${NAME}-recovery`).inputs.insecureValue as string;
    assert.deepEqual(recoveryRecordOf(text), JSON.parse(text));
    for (const wrong of [
      undefined,
      "",
      "soon",
      "null",
      "[]",
      "{}",
      text.replace("pilot-light", "pilot"),
      text.replace(/"active":\{[^}]*\},/, ""),
    ]) {
      assert.equal(recoveryRecordOf(wrong), undefined, wrong);
    }
    fc.assert(fc.property(fc.json(), (json) => assert.equal(recoveryRecordOf(json), undefined)));
  });
});
