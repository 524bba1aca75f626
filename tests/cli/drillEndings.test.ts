import assert from "node:assert/strict";
import { CopyImageCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { instances } from "../components/gates/scene";
import { type Emulator, emulator } from "../support/emulator/emulator";
import {
  costing,
  DIGEST,
  type DrillScene,
  GOOD,
  kinds,
  line,
  PROOF,
  recovery,
  reported,
  tag,
  WHERE,
} from "./drillScene";
import { asked, started } from "./servers";
import { AWAY } from "./statusScene";

describe("the end of a drill", function () {
  this.timeout(60_000);
  let aws: Emulator;
  let scene: DrillScene;
  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
  });
  beforeEach(async () => {
    await aws.reset();
    scene = await recovery(aws);
  });
  // Whatever happened: nothing is left, and nobody else was asked.
  afterEach(async () => {
    assert.deepEqual(new Set(aws.requests().map(({ region }) => region)), new Set([AWAY]));
    assert.deepEqual(await costing(scene), []);
  });

  const report = (...more: string[]) => reported(aws, ...more);
  const launches = () => aws.requests("RunInstances");
  const boots = (behaviour: object) => aws.machine({ tag: [PROOF, scene.imageId] }, { ...GOOD, ...behaviour });
  it("removes everything when the checks fail, and says what failed", async () => {
    boots({ console: [{ text: line("| expected 200, got 502") + line("FAILED checks 1/1 http http://127.0.0.1/") }] });
    const found = await report();
    assert.deepEqual([found.code, kinds(found), found.removedEverything], [1, ["boot-failed"], true]);
    assert.match(found.problems[0]!.message, /booted on i-\w+, but: checks 1\/1 http http:\/\/127\.0\.0\.1\/\.$/);
    assert.deepEqual([found.rto.estimateSeconds, found.rto.met, found.seconds.checks], [null, false, null]);
    assert.equal(found.seconds.remove, 5);
    assert.match(found.err, /It said:\n {4}expected 200, got 502\n/);
    assert.doesNotMatch(found.err, /pulumi up|not verified/);
  });

  it("tells that a key cannot be used, when the launch proves it", async () => {
    const key = await aws.kmsKey(AWAY);
    const copy = new CopyImageCommand({
      Name: "web/dev/1.2.0",
      SourceImageId: scene.imageId,
      SourceRegion: AWAY,
      Encrypted: true,
      KmsKeyId: key,
      CopyImageTags: true,
    });
    const { ImageId: imageId = "" } = await scene.away.ec2.send(copy);
    scene.imageId = imageId;
    await tag(scene.away, imageId, "ami-lifecycle:verified", DIGEST);
    await scene.put({ imageId });
    boots({});
    const good = await report();
    // The template still launches the older one.
    assert.deepEqual(kinds(good), ["template-differs"]);
    assert.deepEqual(good.keys, { encrypted: true, ids: [key], usable: true });
    const code = "Client.InvalidKMSKey.InvalidState";
    const message = `${code}: The KMS key provided is in an incorrect state`;
    boots({ then: "terminated", reason: { code, message }, pendingMs: 0 });
    const bad = await report();
    assert.deepEqual(kinds(bad), ["template-differs", "key-unusable"]);
    assert.deepEqual(bad.keys, { encrypted: true, ids: [key], usable: false });
    assert.match(bad.err, /whoever runs the drill allowed to use it/);
  });

  it("says that nothing was launched when the launch is refused", async () => {
    aws.fault({ action: "RunInstances", error: "UnauthorizedOperation" });
    const found = await report();
    assert.deepEqual([found.code, kinds(found), found.instance], [1, ["launch-failed"], null]);
    assert.deepEqual(found.seconds, { launch: null, boot: null, checks: null, health: 30, remove: null });
    assert.match(found.problems[0]!.message, /no throwaway instance could be launched in eu-west-1\.$/);
    assert.match(found.err, /UnauthorizedOperation.+is a permission missing\? docs\/iam\/drill\.json/s);
  });

  it("waits throttling out, with one instance", async () => {
    for (const action of ["RunInstances", "TerminateInstances"])
      aws.fault({ action, error: "RequestLimitExceeded", times: 3 });
    for (const action of ["DescribeInstances", "GetConsoleOutput"])
      aws.fault({ action, error: "RequestLimitExceeded", times: 1 });
    aws.fault({ action: "RunInstances", reset: true, late: true, times: 1 });
    assert.equal((await report()).code, 0);
    assert.equal((await instances(scene.away.ec2)).length, 1);
  });

  it("removes everything when a permission is missing in the middle", async () => {
    aws.fault({ action: "GetConsoleOutput", error: "UnauthorizedOperation" });
    const found = await report();
    assert.deepEqual([found.code, kinds(found), found.removedEverything], [1, ["boot-failed"], true]);
    assert.match(found.err, /docs\/iam\/drill\.json/);
  });

  it("names what it could not remove", async () => {
    aws.fault({ action: "TerminateInstances", error: "UnauthorizedOperation" });
    const found = await report();
    const id = found.instance!.id;
    assert.deepEqual([found.code, kinds(found), found.left], [1, ["left-behind"], [id]]);
    assert.deepEqual([found.passed, found.removedEverything, found.seconds.remove], [false, false, null]);
    const command = `aws ec2 terminate-instances --region eu-west-1 --instance-ids ${id}`;
    assert.ok(found.problems[0]!.message.endsWith(command));
    assert.match(
      found.err,
      new RegExp(`warning: the throwaway instance ${id} .+ ends by itself at its limit, or: ${command}`),
    );
    aws.clearFaults();
    await scene.away.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`leaves nothing on ${signal}`, async () => {
      boots({ pendingMs: 0, console: [] });
      const { child, ended } = started(aws, ["drill", ...WHERE]);
      await asked(aws, "GetConsoleOutput", 2);
      child.kill(signal);
      const { code, err } = await ended;
      assert.deepEqual([code, child.signalCode], [null, signal]);
      assert.match(
        err,
        /\nInterrupted: what was launched is being terminated \(tag ami-lifecycle:drill, [0-9a-f-]{36}\)\n$/,
      );
    });
  }

  it("leaves nothing when it is interrupted while the launch is not answered yet", async () => {
    aws.fault({ action: "RunInstances", delayMs: 800, times: 1 });
    const { child, ended } = started(aws, ["drill", ...WHERE]);
    while (launches().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGTERM");
    await ended;
    assert.deepEqual([child.signalCode, (await instances(scene.away.ec2)).length], ["SIGTERM", 1]);
  });

  it("names on SIGTERM what it could not remove", async () => {
    boots({ pendingMs: 0, console: [] });
    aws.fault({ action: "TerminateInstances", error: "UnauthorizedOperation" });
    const { child, ended } = started(aws, ["drill", ...WHERE]);
    await asked(aws, "GetConsoleOutput");
    child.kill("SIGTERM");
    const [id] = await costing(scene);
    assert.match((await ended).err, new RegExp(`warning: the throwaway instance ${id} .+ could not be terminated`));
    aws.clearFaults();
    await scene.away.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id!] }));
  });

  it("measures also an image that no gate has booted, and names that", async () => {
    await tag(scene.away, scene.imageId, "ami-lifecycle:verified", `unbooted ${DIGEST}`);
    await tag(scene.away, scene.imageId, "ami-lifecycle:recipe", DIGEST);
    const found = await report();
    assert.deepEqual(
      [found.code, kinds(found), found.proof, found.rto.estimateSeconds],
      [1, ["image-unusable", "copy-missing"], "checks", 125],
    );
  });
});
