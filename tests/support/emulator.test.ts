import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import {
  AutoScalingClient,
  CancelInstanceRefreshCommand,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  DescribeScalingActivitiesCommand,
  RollbackInstanceRefreshCommand,
  StartInstanceRefreshCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import type { StartInstanceRefreshCommandInput } from "@aws-sdk/client-auto-scaling";
import {
  CopyImageCommand,
  CreateImageCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateTagsCommand,
  DeleteLaunchTemplateVersionsCommand,
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
  GetConsoleOutputCommand,
  ModifyImageAttributeCommand,
  ModifyLaunchTemplateCommand,
  RegisterImageCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import type { RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { emulator } from "./emulator/emulator";
import type { Emulator } from "./emulator/emulator";

const named = (name: string) => (error: Error) => (assert.equal(error.name, name, error.message), true);

describe("support: AWS emulator", () => {
  let aws: Emulator;
  let ec2: EC2Client;
  let west: EC2Client;
  let autoScaling: AutoScalingClient;
  let ssm: SSMClient;

  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    ec2 = new EC2Client({ ...aws.client(), maxAttempts: 1 });
    west = new EC2Client({ ...aws.client("us-west-2"), maxAttempts: 1 });
    autoScaling = new AutoScalingClient({ ...aws.client(), maxAttempts: 1 });
    ssm = new SSMClient({ ...aws.client(), maxAttempts: 1 });
  });
  beforeEach(() => aws.reset());

  const launch = async (more: Partial<RunInstancesCommandInput> = {}): Promise<string> => {
    const ImageId = more.ImageId ?? (await aws.baseImage("us-east-1", `base-${Math.random().toString(16).slice(2)}`));
    const answer = await ec2.send(
      new RunInstancesCommand({ ImageId, InstanceType: "t3.micro", MinCount: 1, MaxCount: 1, ...more }),
    );
    return answer.Instances![0]!.InstanceId!;
  };
  const instance = async (id: string) =>
    (await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }))).Reservations![0]!.Instances![0]!;
  const stateOf = async (id: string) => (await instance(id)).State!.Name;
  const consoleOf = async (id: string, Latest?: boolean) => {
    const answer = await ec2.send(new GetConsoleOutputCommand({ InstanceId: id, Latest }));
    return Buffer.from(answer.Output ?? "", "base64").toString();
  };
  const image = async (id: string, client = ec2) =>
    (await client.send(new DescribeImagesCommand({ ImageIds: [id] }))).Images![0];
  const tags = (of: { Key?: string; Value?: string }[] | undefined) =>
    Object.fromEntries((of ?? []).map((t) => [t.Key!, t.Value!])) as Record<string, string>;

  describe("accounts and requests", () => {
    it("is one account everywhere, and another for an access key that is an account number", async () => {
      const who = await new STSClient(aws.client()).send(new GetCallerIdentityCommand({}));
      assert.equal(who.Account, "111122223333");
      const other = await new STSClient(aws.client("us-east-1", "444455556666")).send(new GetCallerIdentityCommand({}));
      assert.equal(other.Account, "444455556666");
      const id = await aws.baseImage();
      assert.equal((await image(id))!.OwnerId, "111122223333");
      const stranger = new EC2Client({ ...aws.client("us-east-1", "444455556666"), maxAttempts: 1 });
      await assert.rejects(
        stranger.send(new DescribeImagesCommand({ ImageIds: [id] })),
        named("InvalidAMIID.NotFound"),
      );
    });

    it("shows a shared image to the account it is shared with, without its tags", async () => {
      const id = await aws.baseImage();
      await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: "a", Value: "b" }] }));
      const stranger = new EC2Client({ ...aws.client("us-east-1", "444455556666"), maxAttempts: 1 });
      const see = () => stranger.send(new DescribeImagesCommand({ ImageIds: [id] }));
      const permit = (change: "Add" | "Remove") =>
        ec2.send(
          new ModifyImageAttributeCommand({
            ImageId: id,
            LaunchPermission: { [change]: [{ UserId: "444455556666" }] },
          }),
        );
      await permit("Add");
      const [shared] = (await see()).Images!;
      assert.deepEqual([shared!.ImageId, shared!.OwnerId, tags(shared!.Tags)], [id, "111122223333", {}]);
      assert.deepEqual(tags((await image(id))!.Tags), { a: "b" });
      await permit("Remove");
      await assert.rejects(see(), named("InvalidAMIID.NotFound"));
    });

    it("records requests and forgets them", async () => {
      await ssm.send(new PutParameterCommand({ Name: "/web/live", Value: "1.0.0", Type: "String" }));
      const answer = await ssm.send(new GetParameterCommand({ Name: "/web/live" }));
      assert.equal(answer.Parameter!.Value, "1.0.0");
      assert.deepEqual(aws.requests("PutParameter"), [
        {
          service: "ssm",
          region: "us-east-1",
          action: "PutParameter",
          params: { Name: "/web/live", Value: "1.0.0", Type: "String" },
          status: 200,
          accessKey: "test",
          account: "111122223333",
        },
      ]);
      aws.clearRequests();
      assert.deepEqual(aws.requests(), []);
    });

    it("refuses an action and a parameter that nobody models, by name", async () => {
      await assert.rejects(ec2.send(new DescribeVolumesCommand({})), /does not model ec2 DescribeVolumes/);
      await assert.rejects(
        launch({ HibernationOptions: { Configured: true } }),
        /HibernationOptions.Configured of ec2 RunInstances/,
      );
    });
  });

  describe("faults", () => {
    it("answers an error code in each protocol, as often as asked", async () => {
      aws.fault({ action: "Describe*", region: "us-east-1", error: "RequestLimitExceeded", times: 1 });
      aws.fault({ action: "GetParameter", error: "ThrottlingException" });
      await assert.rejects(ec2.send(new DescribeImagesCommand({})), named("RequestLimitExceeded"));
      await ec2.send(new DescribeImagesCommand({}));
      await west.send(new DescribeImagesCommand({}));
      await assert.rejects(ssm.send(new GetParameterCommand({ Name: "/x" })), named("ThrottlingException"));
      aws.fault({ action: "DescribeAutoScalingGroups", error: "Throttling", times: 1 });
      await assert.rejects(autoScaling.send(new DescribeAutoScalingGroupsCommand({})), named("Throttling"));
    });

    it("lets some requests pass first, and looks at parameters", async () => {
      aws.fault({ action: "DescribeImages", error: "InternalError", after: 1, match: { "Owner.1": /^self$/ } });
      await ec2.send(new DescribeImagesCommand({}));
      await ec2.send(new DescribeImagesCommand({ Owners: ["self"] }));
      await assert.rejects(ec2.send(new DescribeImagesCommand({ Owners: ["self"] })), named("InternalError"));
    });

    it("answers 5xx, breaks connections, delays, and loses an answer after the work is done", async () => {
      aws.fault({ action: "DescribeImages", status: 503, times: 1 });
      await assert.rejects(
        ec2.send(new DescribeImagesCommand({})),
        (e: { $metadata?: { httpStatusCode?: number } }) => e.$metadata?.httpStatusCode === 503,
      );
      aws.fault({ action: "DescribeImages", reset: true, times: 1 });
      await assert.rejects(ec2.send(new DescribeImagesCommand({})), (e: { code?: string }) => e.code === "ECONNRESET");
      aws.clearFaults();
      aws.fault({ action: "DescribeImages", delayMs: 60, times: 1 });
      const start = Date.now();
      await ec2.send(new DescribeImagesCommand({}));
      assert.ok(Date.now() - start >= 55);

      const ImageId = await aws.baseImage();
      aws.fault({ action: "RunInstances", reset: true, late: true, times: 1 });
      const request = new RunInstancesCommand({
        ImageId,
        InstanceType: "t3.micro",
        MinCount: 1,
        MaxCount: 1,
        ClientToken: "once",
      });
      await assert.rejects(ec2.send(request));
      const id = (await ec2.send(request)).Instances![0]!.InstanceId!;
      const all = await ec2.send(new DescribeInstancesCommand({}));
      assert.deepEqual(
        all.Reservations!.flatMap((r) => r.Instances!.map((i) => i.InstanceId)),
        [id],
        "the token launches once",
      );
      await assert.rejects(launch({ ImageId, ClientToken: "once", MaxCount: 2 }), named("IdempotentParameterMismatch"));
      assert.equal(aws.requests("RunInstances")[0]!.status, 0);
    });
  });

  describe("machines", () => {
    const script = "#!/bin/bash\necho token-7f3a\n";

    it("print with the clock, from their user data, and power themselves off", async () => {
      aws.machine(
        { tag: ["role", "base*"] },
        {
          pendingMs: 40_000,
          console: [
            { atMs: 60_000, text: "booting\n" },
            { atMs: 120_000, text: (machine, userData) => `${machine.id} ${/token-\w+/.exec(userData)![0]} OK\n` },
          ],
          then: "stopped",
          afterMs: 200_000,
          stoppingMs: 60_000,
        },
      );
      const plain = await launch();
      const id = await launch({
        UserData: gzipSync(script).toString("base64"),
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "role", Value: "base instance" }] }],
      });
      assert.equal(await stateOf(id), "pending");
      assert.equal(await consoleOf(id, true), "");
      aws.advance(75_000);
      assert.equal(await stateOf(id), "running");
      assert.equal(await consoleOf(id, true), "booting\n");
      aws.advance(70_000);
      assert.equal(await consoleOf(id, true), `booting\n${id} token-7f3a OK\n`);
      aws.advance(70_000);
      assert.equal(await stateOf(id), "stopping");
      aws.advance(60_000);
      const stopped = await instance(id);
      assert.equal(stopped.State!.Name, "stopped");
      assert.equal(stopped.StateReason!.Code, "Client.InstanceInitiatedShutdown");
      assert.match(await consoleOf(id), /OK/);
      assert.equal(await stateOf(plain), "running");
      assert.equal(await consoleOf(plain), "");
    });

    it("are terminated instead when launched so, and can end for a reason", async () => {
      aws.machine(
        { name: "spot" },
        {
          then: "terminated",
          reason: { code: "Server.SpotInstanceTermination", message: "Server.SpotInstanceTermination" },
        },
      );
      aws.machine({ name: "proof" }, { then: "stopped", times: 1 });
      const tagged = (name: string) => ({
        TagSpecifications: [{ ResourceType: "instance" as const, Tags: [{ Key: "Name", Value: name }] }],
      });
      const proof = await launch({ InstanceInitiatedShutdownBehavior: "terminate", ...tagged("proof") });
      const second = await launch(tagged("proof"));
      const spot = await launch(tagged("spot"));
      assert.equal(await stateOf(proof), "terminated");
      assert.equal(await stateOf(second), "running", "the script was for one launch");
      assert.deepEqual((await instance(spot)).StateReason, {
        Code: "Server.SpotInstanceTermination",
        Message: "Server.SpotInstanceTermination",
      });
    });

    it("have a console that is late, expires, is cut to 64 KiB, and may refuse to be the latest", async () => {
      const ImageId = await aws.baseImage();
      aws.machine(
        { imageId: ImageId },
        { console: [{ text: "x".repeat(70_000) + "end" }], consoleDelayMs: 80_000, expiresMs: 150_000 },
      );
      const id = await launch({ ImageId });
      assert.equal(await consoleOf(id), "");
      const latest = await consoleOf(id, true);
      assert.equal(latest.length, 65_536);
      assert.ok(latest.endsWith("xend"));
      await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
      assert.equal(await stateOf(id), "stopped");
      assert.equal(await consoleOf(id, true), "", "the latest output is had only while it runs");
      aws.advance(95_000);
      assert.equal((await consoleOf(id)).length, 65_536);
      aws.advance(80_000);
      assert.equal(await consoleOf(id), "");

      aws.machine({ imageId: ImageId }, { console: [{ text: "hello" }], latest: "unsupported" });
      const old = await launch({ ImageId });
      await assert.rejects(consoleOf(old, true), named("UnsupportedOperation"));
      assert.equal(await consoleOf(old), "hello");
      await assert.rejects(consoleOf("i-00000000000000000"), named("InvalidInstanceID.NotFound"));
    });

    it("are found by the state they show, and unknown at first when a fault says so", async () => {
      aws.machine({}, { pendingMs: 50_000, stoppingMs: 50_000 });
      const id = await launch();
      const inState = async (...Values: string[]) =>
        (await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: "instance-state-name", Values }] })))
          .Reservations!.length;
      assert.equal(await inState("pending"), 1);
      assert.equal(await inState("running"), 0);
      const answer = await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
      assert.equal(answer.TerminatingInstances![0]!.CurrentState!.Name, "shutting-down");
      assert.equal(await inState("shutting-down"), 1);
      aws.advance(55_000);
      assert.equal(await inState("terminated"), 1);
      aws.fault({ action: "DescribeInstances", error: "InvalidInstanceID.NotFound", times: 2 });
      await assert.rejects(instance(id), named("InvalidInstanceID.NotFound"));
      await assert.rejects(instance(id), named("InvalidInstanceID.NotFound"));
      assert.equal((await instance(id)).InstanceId, id);
    });
  });

  describe("images", () => {
    it("are pending, then available or failed with a reason, by region and name", async () => {
      aws.image({ name: "web/*" }, { pendingMs: 60_000 });
      aws.image({ region: "us-west-2" }, { fail: "disk on fire", times: 1 });
      const id = (await ec2.send(new CreateImageCommand({ InstanceId: await launch(), Name: "web/dev/1.0.0" })))
        .ImageId!;
      assert.equal((await image(id))!.State, "pending");
      await assert.rejects(launch({ ImageId: id }), named("InvalidAMIID.Unavailable"));
      const copy = { SourceImageId: id, SourceRegion: "us-east-1", Name: "web/dev/1.0.0" };
      await assert.rejects(west.send(new CopyImageCommand(copy)), named("InvalidAMIID.Unavailable"));
      aws.advance(65_000);
      assert.equal((await image(id))!.State, "available");
      const failed = await image((await west.send(new CopyImageCommand(copy))).ImageId!, west);
      assert.equal(failed!.State, "failed");
      assert.equal(failed!.StateReason!.Message, "disk on fire");
      const available = new DescribeImagesCommand({ Filters: [{ Name: "state", Values: ["available"] }] });
      assert.equal((await west.send(available)).Images!.length, 0);
    });

    it("have unique and well-formed names", async () => {
      const id = await aws.baseImage("us-east-1", "taken");
      const again = new RegisterImageCommand({ Name: "taken" });
      await assert.rejects(ec2.send(again), {
        name: "InvalidAMIName.Duplicate",
        message: `AMI name taken is already in use by AMI ${id}`,
      });
      await west.send(again);
      await ec2.send(new DeregisterImageCommand({ ImageId: id }));
      await ec2.send(again);
      await assert.rejects(ec2.send(new RegisterImageCommand({ Name: "no:colon" })), named("InvalidAMIName.Malformed"));
      await assert.rejects(launch({ ImageId: id }), named("InvalidAMIID.Unavailable"));
      await assert.rejects(launch({ ImageId: "ami-00000000000000000" }), named("InvalidAMIID.NotFound"));
    });

    it("keep description, tags and architecture; a copy also its encryption, key and origin", async () => {
      const base = await aws.baseImage("us-east-1", "arm", "arm64");
      const both = (Value: string) =>
        (["image", "snapshot"] as const).map((ResourceType) => ({ ResourceType, Tags: [{ Key: "version", Value }] }));
      const id = (
        await ec2.send(
          new CreateImageCommand({
            InstanceId: await launch({ ImageId: base }),
            Name: "web",
            Description: "first",
            TagSpecifications: both("1"),
          }),
        )
      ).ImageId!;
      const made = (await image(id))!;
      assert.deepEqual([made.Architecture, made.Description, tags(made.Tags)], ["arm64", "first", { version: "1" }]);
      const copy = { SourceImageId: id, SourceRegion: "us-east-1", Encrypted: true };
      const copyId = (
        await west.send(new CopyImageCommand({ ...copy, Name: "web", Description: "second", CopyImageTags: true }))
      ).ImageId!;
      const copied = (await image(copyId, west))!;
      assert.deepEqual([copied.SourceImageId, copied.SourceImageRegion], [id, "us-east-1"]);
      assert.deepEqual(
        [copied.Description, copied.Architecture, tags(copied.Tags)],
        ["second", "arm64", { version: "1" }],
      );
      assert.equal(copied.BlockDeviceMappings![0]!.Ebs!.Encrypted, true);
      const SnapshotId = copied.BlockDeviceMappings![0]!.Ebs!.SnapshotId!;
      const snapshot = (await west.send(new DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId] }))).Snapshots![0]!;
      assert.deepEqual([snapshot.Encrypted, tags(snapshot.Tags)], [true, {}]);
      const own = made.BlockDeviceMappings![0]!.Ebs!.SnapshotId!;
      const first = (await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [own] }))).Snapshots![0]!;
      assert.deepEqual([first.Encrypted, tags(first.Tags)], [false, { version: "1" }]);

      const KmsKeyId = "arn:aws:kms:us-west-2:111122223333:key/00000000-0000-0000-0000-000000000000";
      const bad = await west.send(new CopyImageCommand({ ...copy, Name: "bad-key", KmsKeyId }));
      assert.match((await image(bad.ImageId!, west))!.StateReason!.Message!, /Given key ID is not accessible/);
      await assert.rejects(
        west.send(new CopyImageCommand({ ...copy, SourceRegion: "eu-west-1", Name: "gone" })),
        named("InvalidAMIID.NotFound"),
      );
    });

    it("hold on to their snapshots until they are deregistered", async () => {
      const id = await aws.baseImage();
      const SnapshotId = (await image(id))!.BlockDeviceMappings![0]!.Ebs!.SnapshotId!;
      await assert.rejects(ec2.send(new DeleteSnapshotCommand({ SnapshotId })), named("InvalidSnapshot.InUse"));
      await ec2.send(new DeregisterImageCommand({ ImageId: id }));
      assert.equal(await image(id), undefined);
      await ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
    });
  });

  describe("launch templates and groups", () => {
    let template: string;
    let subnet: string;

    beforeEach(async () => {
      const ImageId = await aws.baseImage();
      const data = { LaunchTemplateName: "web", LaunchTemplateData: { ImageId, InstanceType: "t3.micro" as const } };
      template = (await ec2.send(new CreateLaunchTemplateCommand(data))).LaunchTemplate!.LaunchTemplateId!;
      await ec2.send(new CreateLaunchTemplateVersionCommand(data));
      subnet = await aws.subnet();
    });
    const version = (Version: string) => ({ LaunchTemplateId: template, Version });
    const policy = (Version: string) => ({
      LaunchTemplate: {
        LaunchTemplateSpecification: version(Version),
        Overrides: [{ InstanceType: "t3.small" }, { InstanceType: "t3a.small" }],
      },
    });
    const create = (size: number, configuration: object = { LaunchTemplate: version("1") }) =>
      autoScaling.send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName: "web",
          MinSize: size,
          MaxSize: 10,
          VPCZoneIdentifier: subnet,
          ...configuration,
        }),
      );
    const group = async () =>
      (await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["web"] })))
        .AutoScalingGroups![0]!;
    const running = async () => (await group()).Instances!.map((i) => i.LaunchTemplate!.Version).sort();
    const start = async (more: Partial<StartInstanceRefreshCommandInput> = {}) => {
      const DesiredConfiguration = { LaunchTemplate: version("2") };
      const input = { AutoScalingGroupName: "web", DesiredConfiguration, Preferences: { SkipMatching: true }, ...more };
      return (await autoScaling.send(new StartInstanceRefreshCommand(input))).InstanceRefreshId!;
    };
    const look = async () =>
      (await autoScaling.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: "web" })))
        .InstanceRefreshes![0]!;
    const ended = async () => {
      for (;;) {
        const refresh = await look();
        if (!/^(Pending|InProgress|Baking|Cancelling|RollbackInProgress)$/.test(refresh.Status!)) return refresh;
        aws.advance(stepMs);
      }
    };
    const stepMs = 10_000;
    const quick = { stepMs };

    it("describe all versions, change the default and delete the others", async () => {
      const data = { LaunchTemplateId: template, LaunchTemplateData: { InstanceType: "t3.micro" as const } };
      for (let n = 3; n <= 17; n++) await ec2.send(new CreateLaunchTemplateVersionCommand(data));
      const versions = async () =>
        (await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: template })))
          .LaunchTemplateVersions!;
      assert.equal((await versions()).length, 17);
      await ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: template, DefaultVersion: "2" }));
      const answer = await ec2.send(
        new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId: template, Versions: ["1", "2", "99"] }),
      );
      assert.deepEqual(
        answer.SuccessfullyDeletedLaunchTemplateVersions!.map((v) => v.VersionNumber),
        [1],
      );
      assert.deepEqual(
        answer.UnsuccessfullyDeletedLaunchTemplateVersions!.map((v) => v.VersionNumber),
        [2, 99],
      );
      assert.deepEqual(
        (await versions()).filter((v) => v.DefaultVersion).map((v) => v.VersionNumber),
        [2],
      );
      assert.equal((await versions()).length, 16);
      const one = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: template, Versions: ["1"] });
      await assert.rejects(ec2.send(one), named("InvalidLaunchTemplateId.VersionNotFound"));
    });

    it("report the version each instance was launched with, and replace what ends", async () => {
      await create(2);
      await autoScaling.send(
        new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "web", LaunchTemplate: version("2") }),
      );
      await ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: template, DefaultVersion: "2" }));
      assert.deepEqual(await running(), ["1", "1"]);
      const first = (await group()).Instances![0]!.InstanceId!;
      await ec2.send(new TerminateInstancesCommand({ InstanceIds: [first] }));
      assert.deepEqual(await running(), ["1", "2"]);
      const tagOf = async (id: string) => tags((await instance(id)).Tags)["aws:ec2launchtemplate:version"];
      for (const member of (await group()).Instances!)
        assert.equal(await tagOf(member.InstanceId!), member.LaunchTemplate!.Version);
    });

    it("keep a mixed instances policy through other updates", async () => {
      await create(1, { MixedInstancesPolicy: policy("1") });
      await autoScaling.send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "web", MinSize: 2 }));
      const now = await group();
      assert.equal(now.MixedInstancesPolicy!.LaunchTemplate!.LaunchTemplateSpecification!.Version, "1");
      assert.equal(now.MixedInstancesPolicy!.LaunchTemplate!.Overrides!.length, 2);
      assert.equal(now.LaunchTemplate, undefined);
      assert.deepEqual(await running(), ["1", "1"]);
      await start({ DesiredConfiguration: { MixedInstancesPolicy: policy("2") } });
      assert.equal((await ended()).Status, "Successful");
      assert.equal((await group()).MixedInstancesPolicy!.LaunchTemplate!.LaunchTemplateSpecification!.Version, "2");
      assert.deepEqual(await running(), ["2", "2"]);
    });

    it("report scripted activities first", async () => {
      await create(0);
      aws.activity("web", {
        status: "Failed",
        description: "Launching a new EC2 instance",
        message: "You have requested more vCPU capacity",
      });
      const answer = await autoScaling.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName: "web" }));
      assert.equal(answer.Activities![0]!.StatusMessage, "You have requested more vCPU capacity");
    });

    describe("instance refresh", () => {
      it("replaces one instance a step and shows the new template only after success", async () => {
        aws.refresh("web", quick);
        await create(4);
        const id = await start({
          Preferences: {
            MinHealthyPercentage: 50,
            AutoRollback: true,
            CheckpointPercentages: [50, 100],
            CheckpointDelay: 5,
          },
        });
        assert.equal((await look()).Status, "Pending");
        await assert.rejects(start(), named("InstanceRefreshInProgressFault"));
        aws.advance(3.5 * stepMs);
        const half = await look();
        assert.deepEqual([half.InstanceRefreshId, half.Status], [id, "InProgress"]);
        assert.deepEqual([half.PercentageComplete, half.InstancesToUpdate], [50, 2]);
        assert.deepEqual(half.DesiredConfiguration, { LaunchTemplate: version("2") });
        assert.deepEqual(
          [half.Preferences!.MinHealthyPercentage, half.Preferences!.CheckpointPercentages],
          [50, [50, 100]],
        );
        assert.deepEqual(await running(), ["1", "1", "2", "2"]);
        assert.equal((await group()).LaunchTemplate!.Version, "1");
        const done = await ended();
        assert.deepEqual([done.Status, done.PercentageComplete, done.InstancesToUpdate], ["Successful", 100, 0]);
        assert.ok(done.EndTime! > done.StartTime!);
        assert.deepEqual(await running(), ["2", "2", "2", "2"]);
        assert.equal((await group()).LaunchTemplate!.Version, "2");
      });

      it("bakes when asked to", async () => {
        aws.refresh("web", quick);
        await create(1);
        await start({ Preferences: { BakeTime: 60 } });
        const seen = new Set<string>();
        for (let status = ""; status !== "Successful"; aws.advance(stepMs)) seen.add((status = (await look()).Status!));
        assert.deepEqual([...seen], ["Pending", "InProgress", "Baking", "Successful"]);
      });

      it("fails part-way and leaves what was replaced", async () => {
        aws.refresh("web", { ...quick, end: "Failed", atPercent: 50, reason: "Health checks failed" });
        await create(4);
        await start();
        const refresh = await ended();
        assert.deepEqual(
          [refresh.Status, refresh.StatusReason, refresh.PercentageComplete],
          ["Failed", "Health checks failed", 50],
        );
        assert.deepEqual(await running(), ["1", "1", "2", "2"]);
        assert.equal((await group()).LaunchTemplate!.Version, "1");
      });

      it("rolls back by itself, or fails to", async () => {
        aws.refresh("web", { ...quick, end: "RollbackSuccessful", atPercent: 50, reason: "alarm went off" });
        await create(4);
        await start({ Preferences: { AutoRollback: true } });
        const refresh = await ended();
        assert.equal(refresh.Status, "RollbackSuccessful");
        const { RollbackReason, PercentageCompleteOnRollback, InstancesToUpdateOnRollback } = refresh.RollbackDetails!;
        assert.deepEqual(
          [RollbackReason, PercentageCompleteOnRollback, InstancesToUpdateOnRollback],
          ["alarm went off", 50, 2],
        );
        assert.equal(refresh.PercentageComplete, 0);
        assert.deepEqual(await running(), ["1", "1", "1", "1"]);
        assert.equal((await group()).LaunchTemplate!.Version, "1");

        aws.refresh("web", { ...quick, end: "RollbackFailed" });
        await start({ Preferences: { AutoRollback: true } });
        assert.equal((await ended()).Status, "RollbackFailed");
        assert.deepEqual(await running(), ["1", "1", "2", "2"]);
      });

      it("is cancelled, by a caller or by a script, and rolled back by a caller", async () => {
        aws.refresh("web", quick);
        await create(3);
        const AutoScalingGroupName = "web";
        const cancel = new CancelInstanceRefreshCommand({ AutoScalingGroupName });
        await assert.rejects(autoScaling.send(cancel), named("ActiveInstanceRefreshNotFoundFault"));
        const id = await start();
        assert.equal((await autoScaling.send(cancel)).InstanceRefreshId, id);
        assert.equal((await look()).Status, "Cancelling");
        assert.equal((await ended()).Status, "Cancelled");
        assert.deepEqual(await running(), ["1", "1", "1"]);

        await start();
        aws.advance(2.5 * stepMs);
        assert.deepEqual(await running(), ["1", "1", "2"]);
        await autoScaling.send(new RollbackInstanceRefreshCommand({ AutoScalingGroupName }));
        assert.equal((await look()).Status, "RollbackInProgress");
        assert.equal((await ended()).Status, "RollbackSuccessful");
        assert.deepEqual(await running(), ["1", "1", "1"]);
        await start({ DesiredConfiguration: undefined });
        const back = new RollbackInstanceRefreshCommand({ AutoScalingGroupName });
        await assert.rejects(autoScaling.send(back), named("IrreversibleInstanceRefreshFault"));
      });

      it("replaces nothing that matches already", async () => {
        aws.refresh("web", quick);
        await create(2);
        const before = (await group()).Instances!.map((i) => i.InstanceId).sort();
        await start({ DesiredConfiguration: { LaunchTemplate: version("1") } });
        const refresh = await ended();
        assert.deepEqual([refresh.Status, refresh.PercentageComplete], ["Successful", 100]);
        assert.deepEqual((await group()).Instances!.map((i) => i.InstanceId).sort(), before);
        await start({ DesiredConfiguration: { LaunchTemplate: version("1") }, Preferences: { SkipMatching: false } });
        await ended();
        const after = (await group()).Instances!.map((i) => i.InstanceId);
        assert.equal(after.filter((one) => before.includes(one)).length, 0);
      });

      it("is refused with AWS's reasons", async () => {
        await create(1);
        const invalid = (message: RegExp) => (error: Error) => {
          assert.equal(error.name, "ValidationError");
          assert.match(error.message, message);
          return true;
        };
        await assert.rejects(
          start({ DesiredConfiguration: undefined, Preferences: { AutoRollback: true } }),
          invalid(/AutoRollback parameter cannot be set to true when the DesiredConfiguration parameter is empty/),
        );
        await assert.rejects(
          start({ DesiredConfiguration: { LaunchTemplate: version("$Latest") }, Preferences: { AutoRollback: true } }),
          invalid(/\$Latest/),
        );
        await assert.rejects(
          start({ DesiredConfiguration: { LaunchTemplate: version("7") } }),
          invalid(/fully-formed launch template/),
        );
        await assert.rejects(
          start({ Preferences: { MinHealthyPercentage: 0, MaxHealthyPercentage: 150 } }),
          invalid(/difference/),
        );
        await assert.rejects(start({ AutoScalingGroupName: "none" }), invalid(/name not found/));
      });
    });
  });
});
