import assert from "node:assert/strict";
import {
  CopyImageCommand,
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { emulator } from "./emulator/emulator";
import type { Emulator } from "./emulator/emulator";

describe("support: what the AWS emulator shows of ends", () => {
  let aws: Emulator;
  let ec2: EC2Client;

  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    ec2 = new EC2Client({ ...aws.client(), maxAttempts: 1 });
  });
  beforeEach(() => aws.reset());

  const launch = async () => {
    const request = { ImageId: await aws.baseImage(), InstanceType: "t3.micro" as const, MinCount: 1, MaxCount: 1 };
    return (await ec2.send(new RunInstancesCommand(request))).Instances![0]!.InstanceId!;
  };
  const instance = async (id: string) =>
    (await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations![0]!.Instances![0]!;

  it("names who stopped or terminated an instance by the API", async () => {
    const id = await launch();
    const InstanceIds = [id];
    for (const command of [new StopInstancesCommand({ InstanceIds }), new TerminateInstancesCommand({ InstanceIds })]) {
      await ec2.send(command);
      assert.equal((await instance(id)).StateReason!.Code, "Client.UserInitiatedShutdown");
    }
  });

  it("stops no instance that is pending, and none that has ended", async () => {
    aws.machine({}, { pendingMs: 60_000 });
    const InstanceIds = [await launch()];
    const stop = () => ec2.send(new StopInstancesCommand({ InstanceIds }));
    await assert.rejects(stop(), { name: "IncorrectInstanceState" });
    assert.equal((await instance(InstanceIds[0]!)).State!.Name, "pending");
    aws.advance(60_000);
    await stop();
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    await assert.rejects(stop(), { name: "IncorrectInstanceState" });
  });

  it("shows a deregistered image a while longer, by its name and by its id", async () => {
    aws.image({ name: "web" }, { lingerMs: 30_000 });
    const made = await ec2.send(new CreateImageCommand({ InstanceId: await launch(), Name: "web" }));
    await ec2.send(new DeregisterImageCommand({ ImageId: made.ImageId }));
    const named = async (Values: string[]) => {
      const Filters = [{ Name: "name", Values }];
      const answer = await ec2.send(new DescribeImagesCommand({ Owners: ["self"], Filters }));
      return answer.Images!.map((one) => [one.ImageId, one.State]);
    };
    const byId = new DescribeImagesCommand({ ImageIds: [made.ImageId!] });
    assert.deepEqual(await named(["web"]), [[made.ImageId, "available"]]);
    assert.deepEqual(await named(["other"]), []);
    assert.equal((await ec2.send(byId)).Images![0]!.ImageId, made.ImageId);
    const west = new EC2Client({ ...aws.client("us-west-2"), maxAttempts: 1 });
    await assert.rejects(west.send(byId), { name: "InvalidAMIID.NotFound" });
    aws.advance(31_000);
    assert.deepEqual(await named(["web"]), []);
    assert.deepEqual((await ec2.send(byId).catch(() => ({ Images: [] }))).Images, []);
  });

  it("says of each snapshot what became of it when its image went", async () => {
    const make = async (Name: string, snapshotsStay?: "skipped") => {
      aws.image({ name: Name }, { snapshotsStay });
      return (await ec2.send(new CreateImageCommand({ InstanceId: await machine, Name }))).ImageId!;
    };
    const machine = launch();
    const go = async (ImageId: string, DeleteAssociatedSnapshots?: boolean) =>
      (await ec2.send(new DeregisterImageCommand({ ImageId, DeleteAssociatedSnapshots }))).DeleteSnapshotResults?.map(
        ({ SnapshotId, ReturnCode }) => [SnapshotId?.slice(0, 5), ReturnCode],
      );
    assert.deepEqual(await go(await make("deleted"), true), [["snap-", "success"]]);
    assert.deepEqual(await go(await make("skipped", "skipped"), true), [["snap-", "skipped"]]);
    assert.equal(await go(await make("kept")), undefined);
  });

  it("fails a copy under a key that is disabled, only after it was accepted", async () => {
    const west = new EC2Client({ ...aws.client("us-west-2"), maxAttempts: 1 });
    const SourceImageId = await aws.baseImage();
    const good = await aws.kmsKey("us-west-2");
    const bad = await aws.kmsKey("us-west-2", "Disabled");
    const state = async (KmsKeyId: string, Name: string) => {
      const copy = { SourceImageId, SourceRegion: "us-east-1", Name, Encrypted: true, KmsKeyId };
      const { ImageId } = await west.send(new CopyImageCommand(copy));
      return (await west.send(new DescribeImagesCommand({ ImageIds: [ImageId!] }))).Images![0]!;
    };
    assert.equal((await state(good, "good")).State, "available");
    const failed = await state(bad, "bad");
    assert.equal(failed.State, "failed");
    assert.match(failed.StateReason!.Message!, /^Given key ID is not accessible/);
  });

  it("describes launch template versions in pages", async () => {
    const LaunchTemplateData = { InstanceType: "t3.micro" as const };
    const made = await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: "web", LaunchTemplateData }));
    const LaunchTemplateId = made.LaunchTemplate!.LaunchTemplateId!;
    for (let n = 0; n < 2; n++)
      await ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData }));
    const page = async (NextToken?: string) => {
      const answer = await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, NextToken }));
      return { numbers: answer.LaunchTemplateVersions!.map((one) => one.VersionNumber), next: answer.NextToken };
    };
    assert.equal((await page()).numbers.length, 3);
    aws.templatePage(2);
    const first = await page();
    const second = await page(first.next);
    assert.deepEqual([first.numbers.length, second.numbers.length, second.next], [2, 1, undefined]);
    assert.deepEqual([...first.numbers, ...second.numbers].sort(), [1, 2, 3]);
  });
});
