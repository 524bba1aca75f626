import assert from "node:assert/strict";
import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteKeyPairCommand,
  DeleteSecurityGroupCommand,
  type EC2Client,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { run } from "../../cli/restore";
import { makeBackup, planBackup } from "../../cli/servers/backup";
import { launchRestored } from "../../cli/servers/launch";
import { tagsOf } from "../../cli/servers/marks";
import { planRestore, type RestoreRequest } from "../../cli/servers/restore";
import { UsageError } from "../../simulation/usageError";
import { alive, deeds, ec2Client, failure, gateAws, instances, MINUTES, parts, Voice } from "../components/gates/scene";
import { type Emulator, emulator } from "../support/emulator/emulator";
import { asked, captured, type Server, server, started } from "./servers";

describe("ami-lifecycle restore", function () {
  this.timeout(60_000);
  let aws: Emulator;
  let ec2: EC2Client;
  let old: Server;
  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    ec2 = ec2Client(aws);
  });
  beforeEach(async () => {
    await aws.reset();
    old = await server(aws, ec2);
  });

  /** A backup of the server; minutes later than the one before. */
  async function backup(id = old.id): Promise<string> {
    aws.advance(60_000);
    const way = gateAws(aws);
    const plan = await planBackup(
      way,
      { instanceId: id, reboot: false, tags: {} },
      new Date(Date.now() + backups++ * 1000),
    );
    return (await makeBackup(way, plan, 1, new Voice())).imageId;
  }
  let backups = 0;

  const plan = (source: string, more: Partial<RestoreRequest> = {}) => planRestore(gateAws(aws), { source, ...more });
  const restore = async (source: string, more: Partial<RestoreRequest> = {}, minutes = 1, voice = new Voice()) =>
    launchRestored(gateAws(aws), await plan(source, more), minutes, voice);
  const end = () => ec2.send(new TerminateInstancesCommand({ InstanceIds: [old.id] }));
  const launched = () => aws.requests("RunInstances").slice(1);

  it("launches what the living server is, beside it, which it does not touch", async () => {
    const imageId = await backup();
    aws.machine({ name: "*(restored)" }, { pendingMs: 90_000, statusAfterMs: 150_000 });
    aws.clearRequests();
    // With each line a minute passes.
    const voice = new Voice(() => aws.advance(60_000));
    const made = await restore(imageId, {}, 1, voice);
    assert.deepEqual(
      [
        made.ImageId,
        made.InstanceType,
        made.SubnetId,
        made.KeyName,
        made.SecurityGroups?.map(({ GroupId }) => GroupId),
      ],
      [imageId, "t3.large", old.subnetId, "shop-key", [old.groupId]],
    );
    assert.deepEqual(tagsOf(made.Tags), { Name: "shop (restored)", team: "web", "ami-lifecycle:restored": imageId });
    assert.deepEqual(deeds(aws), ["RunInstances"]);
    assert.equal((await instances(ec2, old.id))[0]!.State!.Name, "running");
    assert.match(
      voice.said.join("\n"),
      /was launched from backup\/shop\/.+\n(?:.+ is pending, .+\n)+i-\w+ is running, system status initializing/s,
    );
    const volumes = made.BlockDeviceMappings!.map(({ Ebs }) => Ebs!.VolumeId!);
    assert.ok(volumes.length > 0);
  });

  it("launches from the tags when the server is gone", async () => {
    const imageId = await backup();
    await end();
    const made = await restore(old.id);
    assert.deepEqual(
      [
        made.ImageId,
        made.InstanceType,
        made.SubnetId,
        made.KeyName,
        made.SecurityGroups?.map(({ GroupId }) => GroupId),
      ],
      [imageId, "t3.large", old.subnetId, "shop-key", [old.groupId]],
    );
    assert.deepEqual(tagsOf(made.Tags), { Name: "shop (restored)", "ami-lifecycle:restored": imageId });
    assert.equal((await plan(imageId)).serverState, undefined);
  });

  it("takes the newest available of a server's backups, and no other server's", async () => {
    await backup();
    const second = await backup();
    const other = await server(aws, ec2, "other");
    await backup(other.id);
    aws.image({}, { pendingMs: 3_600_000, times: 1 });
    await failure(
      makeBackup(
        gateAws(aws),
        await planBackup(gateAws(aws), { instanceId: old.id, reboot: true, tags: {}, name: "late" }),
        MINUTES,
        new Voice(),
      ),
    );
    assert.equal((await plan(old.id)).imageId, second);
  });

  it("says that there is no backup, or that the image is not there or not available", async () => {
    const none = parts(await failure(plan(old.id)));
    assert.equal(none.first, `There is no available backup of ${old.id} in us-east-1 of account 111122223333`);
    assert.equal(none.state, "Nothing was launched.");
    assert.match(await failure(plan("ami-0123456789abcdef0")), /^There is no image ami-0123456789abcdef0 in us-east-1/);
    const imageId = await backup();
    const stranger = planRestore(gateAws(aws, {}, "us-east-1", "444455556666"), { source: imageId });
    assert.match(await failure(stranger), /^There is no image ami-\w+ in us-east-1 of account 444455556666/);
    aws.image({}, { fail: "no", times: 1 });
    const made = await failure(backup().then(() => undefined));
    const failed = /ami-\w+/.exec(made)![0];
    assert.match(await failure(plan(failed)), new RegExp(`^The image ${failed} is failed, not available`));
  });

  it("names everything that is gone in one error, with the options that help", async () => {
    const imageId = await backup();
    await end();
    const kept = await ec2.send(new CreateSecurityGroupCommand({ GroupName: "kept", Description: "kept" }));
    const groups = `${old.groupId} sg-0aaaaaaaaaaaaaaaa ${kept.GroupId}`;
    await ec2.send(
      new CreateTagsCommand({
        Resources: [imageId],
        Tags: [
          { Key: "ami-lifecycle:backup-groups", Value: groups },
          { Key: "ami-lifecycle:backup-subnet", Value: "subnet-0aaaaaaaaaaaaaaaa" },
        ],
      }),
    );
    await ec2.send(new DeleteKeyPairCommand({ KeyName: "shop-key" }));
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId: old.groupId }));
    aws.clearRequests();
    const said = parts(await failure(plan(imageId)));
    assert.match(said.first, /^backup\/shop\/\S+ \(ami-\w+\) cannot be restored as it was: 4 things are missing$/);
    assert.deepEqual(said.evidence, [
      "the subnet subnet-0aaaaaaaaaaaaaaaa is gone",
      `the security group ${old.groupId} is gone`,
      "the security group sg-0aaaaaaaaaaaaaaaa is gone",
      "the key pair shop-key is gone",
    ]);
    assert.deepEqual(said.next, [
      "give another subnet with --subnet-id",
      "give other security groups with --security-group-id",
      "give another key pair with --key-name, or none with --key-name none",
    ]);
    assert.equal(said.state, `Nothing was launched. (${old.id} is gone.)`);
    assert.deepEqual(deeds(aws), []);
    const made = await restore(imageId, { subnetId: old.subnetId, securityGroupIds: [kept.GroupId!], keyName: "none" });
    assert.deepEqual([made.KeyName, made.SecurityGroups?.length], [undefined, 1]);
  });

  it("asks for type and subnet of an image that does not say what its server was", async () => {
    const imageId = await aws.baseImage("us-east-1", "foreign");
    const said = parts(await failure(plan(imageId)));
    assert.deepEqual(said.evidence, ["the instance type is not known", "the subnet is not known"]);
    assert.equal(said.state, "Nothing was launched. (the image does not say of which server it is.)");
    const made = await restore(imageId, { instanceType: "t3.nano", subnetId: old.subnetId });
    assert.equal(made.InstanceType, "t3.nano");
  });

  it("launches one server, whatever is asked again", async () => {
    const imageId = await backup();
    aws.fault({ action: "RunInstances", error: "RequestLimitExceeded", times: 3 });
    aws.fault({ action: "RunInstances", reset: true, late: true, times: 1 });
    const { InstanceId } = await restore(imageId);
    assert.deepEqual((await alive(ec2)).sort(), [old.id, InstanceId!].sort());
  });

  it("says what AWS refused, and that nothing was launched", async () => {
    const imageId = await backup();
    aws.fault({ action: "RunInstances", error: "UnauthorizedOperation" });
    const said = parts(await failure(restore(imageId)));
    assert.match(said.first, /^AWS did not launch backup\/shop\/.+: UnauthorizedOperation/);
    assert.match(said.next[0]!, /docs\/iam\/backup\.json/);
    assert.equal(said.state, "Nothing was launched.");
  });

  it("names the new server when it ends, stops, is never healthy, or cannot be watched any more", async () => {
    const imageId = await backup();
    const reason = { code: "Client.InternalError", message: "Client.InternalError: Client error on launch" };
    aws.machine({ name: "*(restored)" }, { then: "terminated", afterMs: 30, statusAfterMs: 600_000, reason, times: 1 });
    const ended = parts(await failure(restore(imageId)));
    assert.match(ended.first, /^The restored server i-\w+ is (terminated|shutting-down)$/);
    assert.match(ended.evidence.join("\n"), /Client error on launch\nmost often the KMS key/);
    assert.match(ended.state!, /^Nothing is left of i-\w+, and the old server was not touched\.$/);

    aws.machine({ name: "*(restored)" }, { then: "stopped", afterMs: 30, statusAfterMs: 600_000, times: 1 });
    assert.match(
      parts(await failure(restore(imageId))).state!,
      /^i-\w+ was launched and goes on: .+ terminate-instances /,
    );

    aws.machine({ name: "*(restored)" }, { status: "impaired", times: 1 });
    const late = parts(await failure(restore(imageId, {}, 100 * MINUTES)));
    assert.match(
      late.first,
      /^The restored server i-\w+ did not pass EC2's status checks within .+ \(running, system impaired/,
    );
    assert.match(late.state!, /^i-\w+ was launched and goes on/);

    aws.fault({ action: "DescribeInstanceStatus", error: "UnauthorizedOperation", times: 1 });
    assert.match(
      await failure(restore(imageId)),
      /^i-\w+ could not be watched: UnauthorizedOperation.+i-\w+ was launched and goes on/s,
    );
  });

  it("is asked for on the command line: --yes, --dry-run", async () => {
    await backup();
    aws.clearRequests();
    const of = (...more: string[]) => captured(aws, run, [old.id, ...more]);
    const dry = await of("--dry-run", "--instance-type", "m7i.large");
    assert.equal(dry.code, 0, dry.err);
    assert.match(
      dry.out,
      /^Would launch a server:\n {2}image .+\n {2}made .+, of i-\w+, which is running\n {2}name {6}shop \(restored\)\n {2}type {6}m7i\.large, in subnet-\w+\n {2}groups {4}sg-\w+\n {2}profile {3}none\n {2}key pair {2}shop-key\nNothing was done\.\n$/,
    );
    assert.deepEqual(deeds(aws), []);
    const yes = await of("--yes");
    assert.equal(yes.code, 0, yes.err);
    assert.match(
      yes.out,
      /^(i-\w+) runs and passes both status checks: shop \(restored\)\n {2}address {3}\S.+\n {2}connect {3}aws ssm start-session --region us-east-1 --target \1\nStill to do, when it is right:\n {2}move the Elastic IP.+\n {2}terminate the old server: aws ec2 terminate-instances --region us-east-1 --instance-ids i-\w+\nTo undo: .+ \1\n$/,
    );
    assert.deepEqual(deeds(aws), ["RunInstances"]);
  });

  it("refuses a wrong call with a usage error, before AWS is asked", async () => {
    aws.clearRequests();
    for (const args of [
      [],
      ["web"],
      ["i-12345678", "ami-12345678"],
      ["i-12345678", "--subnet-id", "x"],
      ["i-12345678", "--instance-type", "big"],
      ["i-12345678", "--security-group-id", "default"],
      ["i-12345678", "--key-name", ""],
      ["i-12345678", "--instance-profile", "a b"],
      ["i-12345678", "--limit-minutes", "x"],
      ["i-12345678", "--nope"],
    ])
      await assert.rejects(run(args), UsageError, args.join(" "));
    assert.deepEqual(aws.requests(), []);
  });

  it("names the new server when it is interrupted, and leaves it", async () => {
    await backup();
    aws.machine({ name: "*(restored)" }, { statusAfterMs: 600_000 });
    aws.clearRequests();
    const { child, ended } = started(aws, ["restore", old.id, "--yes"]);
    await asked(aws, "RunInstances");
    await asked(aws, "DescribeInstanceStatus", 2);
    child.kill("SIGINT");
    const { code, err } = await ended;
    assert.equal(code, 130);
    const [id] = (await alive(ec2)).filter((one) => one !== old.id);
    assert.match(err, new RegExp(`Interrupted\\. ${id} was launched and goes on: .+ --instance-ids ${id}\n$`));
    assert.deepEqual(deeds(aws), ["RunInstances"]);
    assert.equal(launched().length, 0);
  });
});
