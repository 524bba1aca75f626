import assert from "node:assert/strict";
import {
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import fc from "fast-check";
import { run } from "../../cli/backup";
import { type BackupRequest, makeBackup, planBackup } from "../../cli/servers/backup";
import { backupName, groupOf, isImageName, settingsFrom, settingsTags, tagsOf } from "../../cli/servers/marks";
import { deeds, ec2Client, expire, failure, gateAws, MINUTES, parts, Voice } from "../components/gates/scene";
import { UsageError } from "../../simulation/usageError";
import { type Emulator, emulator } from "../support/emulator/emulator";
import { asked, captured, command, server, started } from "./servers";

const NOW = new Date("2026-11-25T10:15:00.250Z");

describe("what a backup's tags and name hold", () => {
  it("is read again as it was written, in values that AWS takes", () => {
    const text = fc.string({ minLength: 1, maxLength: 200 });
    const id = (prefix: string) => fc.stringMatching(/^[0-9a-f]{17}$/).map((hex) => `${prefix}-${hex}`);
    const settings = fc.record(
      {
        name: text,
        instanceType: fc.constant("t3.large"),
        subnetId: id("subnet"),
        securityGroupIds: fc.array(id("sg"), { minLength: 1, maxLength: 16 }),
        profile: fc.constant("web"),
        keyName: text,
        metadata: fc.constant("required 2"),
      },
      { requiredKeys: [], noNullPrototype: true },
    );
    fc.assert(
      fc.property(settings, (given) => {
        const tags = settingsTags(given);
        assert.deepEqual(settingsFrom(tags), given);
        for (const [key, value] of Object.entries(tags)) assert.ok(key.length <= 127 && value.length <= 256, key);
        assert.ok(Object.keys(tags).length <= 8);
      }),
    );
    assert.deepEqual(settingsFrom({ "ami-lifecycle:backup": "i-1", Name: "x" }), {});
  });

  it("tells the Auto Scaling group of a server that has one", () => {
    assert.equal(groupOf([{ Key: "aws:autoscaling:groupName", Value: "web" }]), "web");
    assert.equal(groupOf([{ Key: "Name", Value: "web" }]), undefined);
    assert.equal(groupOf(undefined), undefined);
  });

  it("is a name of AWS's, whatever the server is called", () => {
    assert.equal(backupName("i-1", "web 1", NOW), "backup/web-1/2026-11-25T101500Z");
    assert.equal(backupName("i-1", undefined, NOW), "backup/i-1/2026-11-25T101500Z");
    assert.equal(backupName("i-1", "ウェブ", NOW), "backup/i-1/2026-11-25T101500Z");
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (name) => assert.ok(isImageName(backupName("i-1", name, NOW)))),
    );
    for (const wrong of ["ab", "a".repeat(129), "a\nb", "a:b", "täg"]) assert.ok(!isImageName(wrong), wrong);
  });
});

describe("ami-lifecycle backup", function () {
  this.timeout(60_000);
  let aws: Emulator;
  let ec2: EC2Client;
  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    ec2 = ec2Client(aws);
  });
  beforeEach(() => aws.reset());

  const request = (instanceId: string, more: Partial<BackupRequest> = {}) => ({
    instanceId,
    reboot: true,
    tags: {},
    ...more,
  });

  async function back(instanceId: string, more: Partial<BackupRequest> = {}, minutes = 1, voice = new Voice()) {
    const way = gateAws(aws, { again: "run the command again" });
    return makeBackup(way, await planBackup(way, request(instanceId, more), NOW), minutes, voice);
  }

  const created = () => aws.requests("CreateImage").filter(({ status }) => status === 200);
  const images = async () =>
    (await ec2.send(new DescribeImagesCommand({ Filters: [{ Name: "name", Values: ["backup/*"] }] }))).Images!;

  it("makes an image with the server's settings in the tags of image and snapshots", async () => {
    const { id, subnetId, groupId, instance } = await server(aws, ec2);
    aws.image({}, { pendingMs: 90_000 });
    // With each line a minute passes.
    const voice = new Voice(() => aws.advance(60_000));
    const made = await back(id, { tags: { change: "42" } }, 1, voice);
    assert.deepEqual([made.name, made.volumes], ["backup/shop/2026-11-25T101500Z", 1]);
    assert.ok(made.sizeGiB > 0);
    assert.equal(created()[0]!.params.NoReboot, "false");
    const [image] = await images();
    const { "ami-lifecycle:backup-run": run, ...tags } = tagsOf(image!.Tags);
    assert.match(run!, /^[0-9a-f-]{36}$/);
    const metadata = tags["ami-lifecycle:backup-metadata"];
    assert.deepEqual(tags, {
      Name: "backup of shop",
      change: "42",
      "ami-lifecycle:backup": id,
      "ami-lifecycle:backup-name": "shop",
      "ami-lifecycle:backup-type": "t3.large",
      "ami-lifecycle:backup-subnet": subnetId,
      "ami-lifecycle:backup-groups": groupId,
      "ami-lifecycle:backup-key": "shop-key",
      ...(metadata && { "ami-lifecycle:backup-metadata": metadata }),
    });
    const ids = image!.BlockDeviceMappings!.map(({ Ebs }) => Ebs!.SnapshotId!);
    const { Snapshots } = await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: ids }));
    for (const snapshot of Snapshots!) assert.deepEqual(tagsOf(snapshot.Tags), tagsOf(image!.Tags));
    assert.match(
      voice.said.join("\n"),
      /^i-\w+ \(shop\): AWS is making ami-\w+ .+\nami-\w+ is pending, snapshots \d+ % \(\ds\)/,
    );
    assert.equal(instance.State!.Name === "terminated", false);
  });

  it("does not reboot when asked not to, nor a server that is stopped", async () => {
    const { id } = await server(aws, ec2);
    const plan = (reboot: boolean) => planBackup(gateAws(aws), request(id, { reboot }));
    const how = ({ reboots, crashConsistent }: { reboots: boolean; crashConsistent: boolean }) => [
      reboots,
      crashConsistent,
    ];
    assert.deepEqual(
      [how(await plan(true)), how(await plan(false))],
      [
        [true, false],
        [false, true],
      ],
    );
    await back(id, { reboot: false });
    assert.equal(created()[0]!.params.NoReboot, "true");
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    assert.deepEqual(
      [how(await plan(true)), how(await plan(false))],
      [
        [false, false],
        [false, false],
      ],
    );
  });

  it("waits out throttling, and takes the image whose answer was lost as its own", async () => {
    const { id } = await server(aws, ec2);
    aws.fault({ action: "CreateImage", error: "RequestLimitExceeded", times: 4 });
    aws.fault({ action: "CreateImage", reset: true, late: true, times: 1 });
    const { imageId } = await back(id);
    assert.deepEqual(
      (await images()).map(({ ImageId }) => ImageId),
      [imageId],
    );
  });

  it("says that the name is taken", async () => {
    const { id } = await server(aws, ec2);
    await back(id);
    const said = parts(await failure(back(id)));
    assert.equal(said.first, "The name backup/shop/2026-11-25T101500Z is taken by another image");
    assert.equal(said.state, "No image was made, and the server was not touched.");
  });

  it("says why an image failed, and what came of the server", async () => {
    const { id } = await server(aws, ec2);
    aws.image({}, { pendingMs: 50, fail: "an EBS volume is not accessible" });
    const said = parts(await failure(back(id)));
    assert.match(said.first, /^i-\w+ \(shop\): the image ami-\w+ \(backup\/shop\/.+\) is failed$/);
    assert.deepEqual(said.evidence, ["an EBS volume is not accessible"]);
    assert.match(said.next.join("\n"), /aws ec2 deregister-image --region us-east-1 --image-id ami-/);
    assert.equal(said.state, "There is no backup by this run; the server was rebooted.");
  });

  it("gives up at its limit, and says that the image goes on", async () => {
    const { id } = await server(aws, ec2);
    aws.image({}, { pendingMs: 60_000 });
    const said = parts(await failure(back(id, {}, 100 * MINUTES)));
    assert.match(said.first, /was not available within/);
    assert.match(
      said.state!,
      /^AWS goes on making ami-\w+ .+: aws ec2 describe-images --region us-east-1 --image-ids ami-\w+$/,
    );
  });

  it("names the image when the credentials end in the middle", async () => {
    const { id } = await server(aws, ec2);
    aws.image({}, { pendingMs: 60_000 });
    const said = parts(await failure(back(id, {}, 1, new Voice(() => expire(aws)))));
    assert.match(said.first, /^AWS no longer accepts the credentials/);
    assert.deepEqual(said.next, ["sign in again and run the command again"]);
    assert.match(said.state!, /^AWS goes on making ami-/);
  });

  it("says what is refused, and where the permissions are", async () => {
    const { id } = await server(aws, ec2);
    aws.fault({ action: "CreateImage", error: "UnauthorizedOperation" });
    const said = parts(await failure(back(id)));
    assert.match(said.first, /^AWS did not make the image .+: UnauthorizedOperation: You are not authorized/);
    assert.match(said.next[0]!, /docs\/iam\/backup\.json/);
    assert.equal(said.state, "No image was made.");
  });

  it("does not know another account's instance, and refuses one that has ended", async () => {
    const other = ec2Client(aws, "us-east-1");
    const { id } = await server(aws, ec2);
    const stranger = planBackup(gateAws(aws, {}, "us-east-1", "444455556666"), request(id));
    assert.equal(
      parts(await failure(stranger)).first,
      `There is no instance ${id} in us-east-1 of account 444455556666`,
    );
    await other.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    assert.match(await failure(back(id)), /is terminated; wanted running or stopped/);
    assert.deepEqual(created(), []);
  });

  it("is asked for on the command line: --yes, --no-reboot, --dry-run", async () => {
    const { id } = await server(aws, ec2);
    const of = (...more: string[]) => command(aws, ["backup", id, ...more]);
    const dry = await captured(aws, run, [id, "--dry-run"]);
    const nobody = await of();
    assert.equal(dry.code, 0, dry.err);
    assert.match(
      dry.out,
      /^Would make the image backup\/shop\/\S+ of i-\w+ \(shop\) in us-east-1, rebooting it\. Nothing was done\.\n$/,
    );
    assert.equal(nobody.code, 2);
    assert.match(
      nobody.err,
      /^i-\w+ \(shop\) is running and will be rebooted now\. Go on\? Nobody can be asked here: give --yes if so\.\nSee /,
    );
    assert.deepEqual(created(), []);
    const [yes, quiet] = await Promise.all([
      of("--yes", "--name", "before update", "--tag", "a=b=c"),
      captured(aws, run, [id, "--no-reboot"]),
    ]);
    assert.deepEqual([yes.code, quiet.code], [0, 0], yes.err + quiet.err);
    assert.match(yes.err, /^i-\w+ \(shop\) is rebooted now\n/);
    assert.match(
      yes.out,
      /^(ami-\w+) is available: before update\n {2}server {3}i-\w+ \(shop\) in us-east-1\n {2}size {5}\d+ GiB, 1 volume\n {2}time {5}\S+\n.+:\n {2}ami-lifecycle restore \1 --region us-east-1\n$/,
    );
    assert.match(quiet.err, /^warning: without a reboot the image is only crash-consistent/);
  });

  it("refuses a wrong call with exit code 2, before AWS is asked", async () => {
    for (const args of [
      [],
      ["web"],
      ["i-12345678", "i-12345679"],
      ["i-12345678", "--name", "a:b"],
      ["i-12345678", "--tag", "x"],
      ["i-12345678", "--tag", "aws:x=y"],
      ["i-12345678", ...Array.from({ length: 36 }, (_, i) => `--tag=k${i}=v`)],
      ["i-12345678", "--limit-minutes", "0"],
      ["i-12345678", "--region", "moon"],
      ["i-12345678", "--nope"],
    ])
      await assert.rejects(run(args), UsageError, args.join(" "));
    const none = captured(aws, run, ["i-12345678"], { AWS_REGION: "", AWS_DEFAULT_REGION: "" });
    await assert.rejects(none, /^Error: Which region\?/);
    assert.deepEqual(aws.requests(), []);
  });

  it("names the image when it is interrupted, which AWS goes on making", async () => {
    const { id } = await server(aws, ec2);
    aws.image({}, { pendingMs: 60_000 });
    const { child, ended } = started(aws, ["backup", id, "--yes"]);
    await asked(aws, "CreateImage");
    await asked(aws, "DescribeImages", 2);
    child.kill("SIGINT");
    const { code, err } = await ended;
    assert.equal(code, 130);
    const [image] = await images();
    assert.match(
      err,
      new RegExp(`Interrupted\\. AWS goes on making ${image!.ImageId} .+ --image-ids ${image!.ImageId}\n$`),
    );
    assert.deepEqual(
      deeds(aws).filter((deed) => /Deregister|Terminate|Stop/.test(deed)),
      [],
    );
  });
});
