/** The stacks' recovery region, what is a region's own, and the name that leads to what is healthy. */
import assert from "node:assert/strict";
import { recoveryRecordOf } from "../../components/internal/recoveryRecord";
import type { Run } from "../support/mocks";
import { all, only } from "../support/reading";
import { type Changes, problems as problemsOf, stack as stackOf } from "./prodStack";

const certificate = (region: string) =>
  `arn:aws:acm:${region}:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef`;
const topic = (region: string) => `arn:aws:sns:${region}:111122223333:web`;
const DNS = { hostedZoneId: "Z0123456789ABCDEFGHIJ", name: "www.example.com" };
const PILOT = { recovery: { region: "us-west-2" } };

const SIZE = { minSize: 4 };
const problems = (changes: Changes) => problemsOf({ ...SIZE, ...changes });
const stack = (changes: Changes) => stackOf({ ...SIZE, ...changes });
const group = (run: Run, name: string) => only(run, "aws:autoscaling:Group", name).inputs;
const waitsForHome = (run: Run) =>
  only(run, "RecoveryRegion").dependsOn.some((one) => one === "web" || one === "web-live");

describe("the recovery region of a stack", () => {
  it("is a pilot light from its own copy, after the home region's fleet", async () => {
    const run = await stack(PILOT);
    const { minSize, maxSize, region } = group(run, "web-us-west-2");
    assert.deepEqual([minSize, maxSize, region], [0, 6, "us-west-2"]);
    assert.equal(group(run, "web").minSize, 4);
    const copy = only(run, "aws:ec2:AmiCopy", "web-1.0.0-us-west-2");
    assert.equal(only(run, "aws:ec2:LaunchTemplate", "web-us-west-2-template").inputs.imageId, copy.id);
    const record = only(run, "aws:ssm:Parameter", "web-us-west-2-recovery").inputs;
    assert.equal(record.name, "/ami/web/prod/recovery");
    const { imageId, home, active } = recoveryRecordOf(record.insecureValue as string)!;
    assert.deepEqual([imageId, home, active.minSize], [copy.id, "us-east-1", 4]);
    assert.ok(waitsForHome(run), only(run, "RecoveryRegion").dependsOn.join());
  });

  it("serves when config says so: full size, live, and waits for nothing at home", async () => {
    const run = await stack({ ...PILOT, activeRegion: "us-west-2" });
    assert.equal(group(run, "web-us-west-2").minSize, 4);
    assert.equal(only(run, "aws:ssm:Parameter", "web-us-west-2-live").inputs.name, "/ami/web/prod/live");
    assert.equal(group(run, "web").minSize, 4, "home keeps its size, for the way back");
    assert.ok(!waitsForHome(run), only(run, "RecoveryRegion").dependsOn.join());
  });

  it("moves the pointers only when it has the version ready", async () => {
    const run = await stack(PILOT);
    const { dependsOn } = only(run, "aws:ssm:Parameter", "web-us-east-1-current");
    assert.ok(dependsOn.includes("web-us-west-2-recovery"), dependsOn.join());
  });

  it("has certificate, topic and network of its own where config gives them", async () => {
    const run = await stack({
      ...PILOT,
      network: { zones: 2 },
      loadBalancer: { certificateArn: certificate("us-east-1") },
      monitoring: { alarms: true, topicArn: topic("us-east-1") },
      regional: {
        "us-west-2": {
          network: { cidrBlock: "10.9.0.0/16" },
          loadBalancer: { certificateArn: certificate("us-west-2") },
          monitoring: { topicArn: topic("us-west-2") },
        },
      },
    });
    assert.equal(only(run, "aws:lb:Listener", "web-us-west-2-lb-443").inputs.certificateArn, certificate("us-west-2"));
    const actions = all(run, "aws:cloudwatch:MetricAlarm")
      .filter(({ name }) => name.startsWith("web-us-west-2-"))
      .flatMap(({ inputs }) => inputs.alarmActions as string[]);
    assert.deepEqual([...new Set(actions)], [topic("us-west-2")]);
    assert.deepEqual(
      all(run, "awsx:ec2:Vpc")
        .map(({ name, inputs }) => `${name} ${String(inputs.cidrBlock)}`)
        .sort(),
      ["web 10.0.0.0/16", "web-us-west-2 10.9.0.0/16"],
    );
  });

  it("must not have another region's certificate or topic", () => {
    const changes = {
      ...PILOT,
      loadBalancer: { certificateArn: certificate("us-east-1") },
      monitoring: { topicArn: topic("us-east-1") },
    };
    assert.deepEqual(problems(changes), [
      "ami-lifecycle:regional.us-west-2.loadBalancer.certificateArn",
      "ami-lifecycle:regional.us-west-2.monitoring.topicArn",
    ]);
    assert.deepEqual(problems({ loadBalancer: { certificateArn: certificate("eu-west-1") } }), [
      "ami-lifecycle:loadBalancer.certificateArn",
    ]);
  });

  for (const [what, changes, paths] of [
    ["a region without copies", { recovery: { region: "sa-east-1" } }, ["recovery.region"]],
    ["no region", { recovery: {} }, ["recovery.region"]],
    ["a region with a fleet", { ...PILOT, fleetRegions: ["us-west-2"] }, ["recovery.region"]],
    ["a misspelt field", { recovery: { region: "us-west-2", rto: 5 } }, ["recovery.rto"]],
    ["a strategy", { recovery: { region: "us-west-2", strategy: "hot" } }, ["recovery.strategy"]],
    ["a target", { recovery: { region: "us-west-2", rtoMinutes: 2 } }, ["recovery.rtoMinutes"]],
    ["no size", { ...PILOT, minSize: 0 }, ["minSize"]],
    ["another active region", { ...PILOT, activeRegion: "eu-west-1" }, ["activeRegion"]],
    ["an active region without a recovery region", { activeRegion: "us-west-2" }, ["activeRegion"]],
    ["a region that has nothing", { regional: { "eu-west-1": {} } }, ["regional.eu-west-1"]],
    ["a region that is a text", { ...PILOT, regional: { "us-west-2": "x" } }, ["regional.us-west-2"]],
    [
      "what is a text in a region",
      { ...PILOT, regional: { "us-west-2": { network: "x" } } },
      ["regional.us-west-2.network"],
    ],
    ["a key of a region", { ...PILOT, regional: { "us-west-2": { port: 1 } } }, ["regional.us-west-2.port"]],
    [
      "a field of a region",
      { ...PILOT, regional: { "us-west-2": { loadBalancer: { arn: "x" } } } },
      ["regional.us-west-2.loadBalancer.arn"],
    ],
    ["a name that is too long for a second region", { ...PILOT, line: "a-webshop-line" }, ["line"]],
    ["a name with three targets", { ...PILOT, fleetRegions: ["eu-west-1"], dns: DNS }, ["dns"]],
    ["a name without its zone", { ...PILOT, dns: { name: "www.example.com" } }, ["dns.hostedZoneId"]],
    ["a name for a template alone", { recovery: { ...PILOT.recovery, strategy: "backup-restore" }, dns: DNS }, ["dns"]],
  ] as [string, { [key: string]: unknown }, string[]][]) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(
        problems(changes),
        paths.map((path) => `ami-lifecycle:${path}`),
      );
    });
  }
});

it("a region with nothing under it in config has nothing of its own", () => {
  assert.deepEqual(problems({ ...PILOT, regional: { "us-west-2": null } }), []);
});

describe("the name of a stack", () => {
  it("leads home while home is healthy, else to the recovery region", async () => {
    const run = await stack({
      ...PILOT,
      dns: DNS,
      loadBalancer: { certificateArn: certificate("us-east-1") },
      regional: {
        "us-west-2": { loadBalancer: { certificateArn: certificate("us-west-2") } },
      },
    });
    const made = all(run, "aws:route53:Record").map(({ inputs }) => [
      inputs.setIdentifier,
      inputs.failoverRoutingPolicies,
    ]);
    assert.deepEqual(made.sort(), [
      ["us-east-1", [{ type: "PRIMARY" }]],
      ["us-west-2", [{ type: "SECONDARY" }]],
    ]);
    const { type, resourcePath } = only(run, "aws:route53:HealthCheck").inputs;
    assert.deepEqual([type, resourcePath], ["HTTPS", "/"]);
    assert.equal(run.outputs.name, "www.example.com");
  });

  it("is the same after a failover: no record is edited", async () => {
    const before = await stack({ ...PILOT, dns: DNS });
    const after = await stack({ ...PILOT, dns: DNS, activeRegion: "us-west-2" });
    const records = (run: Run) =>
      ["aws:route53:Record", "aws:route53:HealthCheck"].flatMap((type) => all(run, type).map(({ inputs }) => inputs));
    assert.deepEqual(records(after), records(before));
  });

  it("is not asked from outside where the load balancer is internal", async () => {
    const run = await stack({ ...PILOT, dns: DNS, loadBalancer: { internal: true, accessLogs: false } });
    assert.deepEqual(all(run, "aws:route53:HealthCheck"), []);
  });
});
