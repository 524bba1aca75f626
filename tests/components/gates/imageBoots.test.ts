import assert from "node:assert/strict";
import {
  CreateImageCommand,
  DeleteSubnetCommand,
  DeregisterImageCommand,
  DescribeSnapshotsCommand,
} from "@aws-sdk/client-ec2";
import { DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { imageBoots } from "../../../components/gates/imageBoots";
import type { ImageBootsInput } from "../../../components/gates/imageBoots";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import type { MachineBehaviour } from "../../support/emulator/instances";
import { ACCOUNT, MINUTES, STRANGER, Voice, deeds, ec2Client, failure, gateAws, instances, launch } from "./scene";

const DIGEST = "abc123";
const PROOF = "ami-lifecycle:proof";
const USER_DATA = Buffer.from("#!/bin/sh\n/opt/ami-lifecycle/check abc123.boot\n").toString("base64");
const line = (text: string, token = `${DIGEST}.boot`): string => `[ami-lifecycle] ${token} ${text}\n`;

describe("components/gates/imageBoots", () => {
  let aws: Emulator;
  let ec2: EC2Client;
  let imageId: string;

  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    ec2 = ec2Client(aws);
  });
  beforeEach(async () => {
    await aws.reset();
    imageId = await aws.baseImage("us-east-1", "web/dev/1.0.0");
    aws.clearRequests();
  });

  const boots = (behaviour: MachineBehaviour): void => aws.machine({ tag: [PROOF, imageId] }, behaviour);
  const warnings: string[] = [];
  const gate = (more: Partial<ImageBootsInput> = {}, timing = {}, voice = new Voice()) =>
    imageBoots(
      gateAws(aws, timing),
      {
        what: "web 1.0.0",
        imageId,
        account: ACCOUNT,
        digest: DIGEST,
        snapshotTags: { "ami-lifecycle:line": "web", "ami-lifecycle:version": "1.0.0" },
        userDataBase64: USER_DATA,
        instanceType: "t3.micro",
        limitMinutes: 1,
        ...more,
      },
      voice.say,
      (text) => void warnings.push(text),
    );
  const proofs = async () => (await instances(ec2)).filter((one) => one.Tags?.some((tag) => tag.Key === PROOF));
  const assertAllTerminated = async (count = 1): Promise<void> => {
    assert.deepEqual(
      (await proofs()).map((one) => one.State!.Name),
      Array<string>(count).fill("terminated"),
    );
  };
  const good: MachineBehaviour = {
    pendingMs: 30,
    console: [{ atMs: 40, text: line("check 1/1 http: ok") + line("OK") }],
  };

  it("passes when the instance passes the checks; tags the snapshots; leaves no instance", async () => {
    const asked: string[] = [];
    boots({ ...good, console: [{ atMs: 40, text: (_, userData) => (asked.push(userData), line("OK")) }] });
    await gate({ securityGroupIds: undefined });
    assert.match(asked[0]!, /check abc123\.boot/);
    await assertAllTerminated();
    const [one] = await proofs();
    assert.deepEqual([one!.ImageId, one!.InstanceType], [imageId, "t3.micro"]);
    assert.deepEqual(
      [one!.MetadataOptions!.HttpTokens, one!.MetadataOptions!.HttpPutResponseHopLimit],
      ["required", 1],
    );
    assert.equal(aws.requests("RunInstances")[0]!.params.InstanceInitiatedShutdownBehavior, "terminate");
    const snapshots = (await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }))).Snapshots!;
    const tags = snapshots
      .find((one) => one.Description!.includes(imageId))!
      .Tags!.map((tag) => `${tag.Key}=${tag.Value}`);
    assert.deepEqual(tags.sort(), ["ami-lifecycle:line=web", "ami-lifecycle:version=1.0.0"]);
  });

  it("fails with the check's evidence, and leaves no instance", async () => {
    boots({
      console: [{ text: line("| expected 200, got 502") + line("FAILED check 1/2 http http://127.0.0.1/ (exit 1)") }],
    });
    const said = await failure(gate());
    assert.match(
      said,
      /booted on i-\w+, but: check 1\/2 http http:\/\/127\.0\.0\.1\/ \(exit 1\)\n {2}It said:\n {4}expected 200, got 502\n/,
    );
    assert.match(said, /kept but not verified/);
    await assertAllTerminated();
  });

  it("is not satisfied by the bake's OK, which is still in the image's logs", async () => {
    boots({ console: [{ text: line("OK", DIGEST) }] });
    await failure(gate({ limitMinutes: 100 * MINUTES }));
    await assertAllTerminated();
  });

  it("fails with AWS's reason when the instance ends without a verdict", async () => {
    boots({
      then: "terminated",
      reason: { code: "Client.InternalError", message: "Client.InternalError: Client error on launch" },
    });
    const said = await failure(gate());
    assert.match(said, /ended without a verdict: terminated \(Client\.InternalError: Client error on launch\)/);
  });

  it("takes a verdict that arrives after the instance has powered itself off", async () => {
    boots({ console: [{ text: line("OK") }], then: "stopped", consoleDelayMs: 150 });
    await gate({}, { consoleGraceSeconds: 5 });
    await assertAllTerminated();
  });

  it("fails at the time limit with the last lines, and leaves no instance", async () => {
    boots({ console: [{ text: "kernel panic\n" + line("check 1/3 service nginx: start") }] });
    const said = await failure(gate({ limitMinutes: 120 * MINUTES }));
    assert.match(said, /gave no verdict within/);
    assert.match(said, /was running at "check 1\/3 service nginx: start"/);
    assert.match(said, /kernel panic/);
    await assertAllTerminated();
  });

  it("waits for a pending image", async () => {
    aws.image({}, { pendingMs: 1500 });
    imageId = (await ec2.send(new CreateImageCommand({ InstanceId: await launch(ec2, imageId), Name: "fresh" })))
      .ImageId!;
    boots(good);
    const voice = new Voice();
    await gate({}, {}, voice);
    assert.ok(voice.said.some((text) => text.includes(`image ${imageId} is pending`)));
  });

  it("refuses a failed image and one that is gone, before it launches or tags anything", async () => {
    aws.image({}, { fail: "the key is disabled" });
    const failed = (await ec2.send(new CreateImageCommand({ InstanceId: await launch(ec2, imageId), Name: "bad" })))
      .ImageId!;
    aws.clearRequests();
    assert.match(await failure(gate({ imageId: failed })), /is failed \(the key is disabled\), wanted available/);
    await ec2.send(new DeregisterImageCommand({ ImageId: imageId }));
    assert.match(await failure(gate()), /does not exist any more/);
    assert.deepEqual(deeds(aws), ["DeregisterImage"]);
  });

  it("terminates what an earlier run of the same image left, and nothing else", async () => {
    const tagged = (Value: string) => ({
      TagSpecifications: [{ ResourceType: "instance" as const, Tags: [{ Key: PROOF, Value }] }],
    });
    const left = await launch(ec2, imageId, tagged(imageId));
    const other = await launch(ec2, imageId, tagged("ami-0fedcba9876543210"));
    boots(good);
    const voice = new Voice();
    await gate({}, {}, voice);
    assert.ok(voice.said.some((text) => text.includes(`terminated what an earlier run left: ${left}`)));
    const states = Object.fromEntries((await instances(ec2)).map((one) => [one.InstanceId, one.State!.Name]));
    assert.deepEqual([states[left], states[other]], ["terminated", "running"]);
  });

  it("refuses credentials of another account before it does anything", async () => {
    assert.match(await failure(gate({ account: STRANGER })), /Nothing was touched/);
    assert.deepEqual(
      aws.requests().map((request) => request.action),
      ["GetCallerIdentity"],
    );
  });

  it("tries another zone when one has no capacity, and says so when none has", async () => {
    boots(good);
    const zones = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets!;
    const first = zones.sort((a, b) => a.AvailabilityZone!.localeCompare(b.AvailabilityZone!))[0]!.SubnetId!;
    aws.fault({
      action: "RunInstances",
      error: "InsufficientInstanceCapacity",
      match: { SubnetId: new RegExp(first) },
    });
    await gate({}, { patienceSeconds: 0.05 });
    assert.notEqual((await proofs())[0]!.SubnetId, first);
    aws.fault({ action: "RunInstances", error: "InsufficientInstanceCapacity" });
    const said = await failure(gate({}, { patienceSeconds: 0.05 }));
    assert.match(said, /no throwaway instance could be launched in us-east-1/);
    assert.equal(said.match(/subnet-\w+: InsufficientInstanceCapacity/g)!.length, zones.length);
  });

  it("waits out throttling, faults and broken connections, and launches once", async () => {
    boots(good);
    for (const action of [
      "DescribeImages",
      "CreateTags",
      "DescribeInstances",
      "GetConsoleOutput",
      "TerminateInstances",
    ]) {
      aws.fault({ action, status: 503, times: 4 });
    }
    aws.fault({ action: "DescribeSubnets", error: "RequestLimitExceeded", times: 3 });
    aws.fault({ action: "RunInstances", reset: true, late: true, times: 1 });
    await gate();
    await assertAllTerminated(1);
  });

  it("waits for a new instance profile that EC2 does not know yet", async () => {
    boots(good);
    const message = "Value (proof) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name";
    aws.fault({ action: "RunInstances", error: "InvalidParameterValue", message, times: 2 });
    await gate();
    assert.equal(aws.requests("RunInstances").length, 3);
  });

  it("fails at once for a refused launch", async () => {
    aws.fault({ action: "RunInstances", error: "UnauthorizedOperation" });
    assert.match(await failure(gate()), /UnauthorizedOperation: You are not authorized/);
    assert.equal(aws.requests("RunInstances").length, 1);
  });

  it("warns, and keeps its verdict, when the instance cannot be terminated", async () => {
    boots(good);
    warnings.length = 0;
    aws.fault({ action: "TerminateInstances", error: "UnauthorizedOperation" });
    await gate();
    assert.match(warnings.join(), /could not be terminated .*aws ec2 terminate-instances --region us-east-1/);
  });

  it("launches once even when the answer is lost for longer than the SDK tries", async () => {
    boots(good);
    aws.fault({ action: "RunInstances", reset: true, late: true, times: 4 });
    await gate();
    await assertAllTerminated(1);
  });

  it("takes an image that is no longer available for gone, without waiting for it", async () => {
    aws.fault({ action: "DescribeImages", error: "InvalidAMIID.Unavailable" });
    assert.match(await failure(gate({}, { patienceSeconds: 1 })), /does not exist any more/);
  });

  it("does not call a refused image expired credentials", async () => {
    aws.fault({ action: "RunInstances", error: "AuthFailure", message: `Not authorized for images: [${imageId}]` });
    const said = await failure(gate());
    assert.match(said, /Not authorized for images/);
    assert.doesNotMatch(said, /no longer accepts the credentials/);
  });

  it("names the default subnets when there are none", async () => {
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
    for (const { SubnetId } of Subnets!) await ec2.send(new DeleteSubnetCommand({ SubnetId }));
    const said = await failure(gate());
    assert.match(said, /no default subnet in us-east-1 to boot the image in/);
    assert.match(said, /aws ec2 create-default-vpc --region us-east-1/);
  });
});
