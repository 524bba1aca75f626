import assert from "node:assert/strict";
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import type { InstanceRefresh, RefreshPreferences } from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateCommand, CreateLaunchTemplateVersionCommand, EC2Client } from "@aws-sdk/client-ec2";
import { emulator } from "./emulator/emulator";
import type { Emulator } from "./emulator/emulator";

const STEP = 10_000;
const ALARM = /^CloudWatch alarm\(s\) in ALARM state: web-5xx$/;

describe("support: instance refreshes of the AWS emulator", () => {
  let aws: Emulator;
  let autoScaling: AutoScalingClient;
  let template: string;

  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    autoScaling = new AutoScalingClient({ ...aws.client(), maxAttempts: 1 });
  });
  beforeEach(async () => {
    await aws.reset();
    aws.refresh("web", { stepMs: STEP });
    const ec2 = new EC2Client(aws.client());
    const ImageId = await aws.baseImage();
    const data = { LaunchTemplateName: "web", LaunchTemplateData: { ImageId, InstanceType: "t3.micro" as const } };
    template = (await ec2.send(new CreateLaunchTemplateCommand(data))).LaunchTemplate!.LaunchTemplateId!;
    await ec2.send(new CreateLaunchTemplateVersionCommand(data));
  });

  const version = (Version: string) => ({ LaunchTemplateId: template, Version });
  const create = async (size: number) =>
    autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: "web",
        MinSize: size,
        MaxSize: 10,
        VPCZoneIdentifier: await aws.subnet(),
        LaunchTemplate: version("1"),
      }),
    );
  const start = async (Preferences: RefreshPreferences, to = "2") => {
    const DesiredConfiguration = { LaunchTemplate: version(to) };
    const input = { AutoScalingGroupName: "web", DesiredConfiguration, Preferences };
    return autoScaling.send(new StartInstanceRefreshCommand(input));
  };
  const look = async (): Promise<InstanceRefresh> => {
    const command = new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: "web" });
    return (await autoScaling.send(command)).InstanceRefreshes![0]!;
  };
  const after = async (ms: number): Promise<[string, number]> => {
    aws.advance(ms);
    const { Status, PercentageComplete } = await look();
    return [Status!, PercentageComplete!];
  };
  const group = async () =>
    (await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["web"] })))
      .AutoScalingGroups![0]!;
  const running = async () => (await group()).Instances!.map((one) => one.LaunchTemplate!.Version).sort();

  it("pause at each checkpoint for its delay, an hour without one, and not at the last", async () => {
    await create(4);
    await start({ CheckpointPercentages: [25, 50, 100], CheckpointDelay: 600 });
    assert.deepEqual(await after(2.5 * STEP), ["InProgress", 25]);
    assert.deepEqual(await after(590_000), ["InProgress", 25]);
    assert.deepEqual(await running(), ["1", "1", "1", "2"]);
    assert.deepEqual(await after(2 * STEP), ["InProgress", 50]);
    assert.deepEqual(await after(590_000), ["InProgress", 50]);
    assert.deepEqual(await after(3 * STEP), ["Successful", 100]);

    await start({ CheckpointPercentages: [50, 100] }, "1");
    assert.deepEqual(await after(3.5 * STEP), ["InProgress", 50]);
    assert.deepEqual(await after(3_590_000), ["InProgress", 50]);
    assert.deepEqual(await after(3 * STEP), ["Successful", 100]);
  });

  it("count instances that match already towards a checkpoint, and end at one below 100", async () => {
    await create(4);
    await start({ CheckpointPercentages: [50] });
    assert.deepEqual(await after(4.5 * STEP), ["Successful", 100]);
    assert.deepEqual(await running(), ["1", "1", "2", "2"]);
    await start({ SkipMatching: true, CheckpointPercentages: [50, 75, 100], CheckpointDelay: 600 });
    await after(2.5 * STEP);
    assert.deepEqual(await after(500_000), ["InProgress", 50]);
    assert.deepEqual(await running(), ["1", "2", "2", "2"]);
  });

  it("bake for their bake time", async () => {
    await create(1);
    await start({ BakeTime: 300 });
    assert.deepEqual(await after(2.5 * STEP), ["Baking", 100]);
    assert.equal((await group()).LaunchTemplate!.Version, "1", "the group is changed by success only");
    assert.deepEqual(await after(290_000), ["Baking", 100]);
    assert.deepEqual(await after(STEP), ["Successful", 100]);
    assert.equal((await group()).LaunchTemplate!.Version, "2");
  });

  it("are ended by an alarm that is on, before the first instance is replaced", async () => {
    await create(2);
    aws.alarm("web-5xx", "ALARM");
    const before = (await group()).Instances!.map((one) => one.InstanceId);
    await start({ AutoRollback: true, AlarmSpecification: { Alarms: ["web-4xx", "web-5xx"] } });
    assert.deepEqual(await after(0.5 * STEP), ["Pending", 0]);
    assert.deepEqual(await after(2 * STEP), ["RollbackSuccessful", 0]);
    assert.match((await look()).StatusReason!, ALARM);
    await start({ AlarmSpecification: { Alarms: ["web-5xx"] } });
    assert.deepEqual(await after(1.5 * STEP), ["Failed", 0]);
    assert.match((await look()).StatusReason!, ALARM);
    assert.deepEqual(
      (await group()).Instances!.map((one) => one.InstanceId),
      before,
    );
  });

  for (const [when, preferences, ms] of [
    ["while it replaces", {}, 3.5 * STEP],
    ["at a checkpoint", { CheckpointPercentages: [50, 100], CheckpointDelay: 600 }, 100_000],
    ["while it bakes", { BakeTime: 600 }, 100_000],
  ] as const) {
    it(`are ended by an alarm ${when}: rolled back where that is asked for, else failed`, async () => {
      await create(4);
      for (const AutoRollback of [true, false]) {
        aws.alarm("web-5xx", "OK");
        await start({
          ...preferences,
          CheckpointPercentages:
            "CheckpointPercentages" in preferences ? [...preferences.CheckpointPercentages] : undefined,
          AutoRollback,
          AlarmSpecification: { Alarms: ["web-5xx"] },
        });
        const [, percent] = await after(ms);
        assert.ok(percent >= 50, `${percent}`);
        aws.alarm("web-5xx", "ALARM", "eu-west-1");
        assert.equal((await after(0))[0], when === "while it bakes" ? "Baking" : "InProgress");
        aws.alarm("web-5xx", "ALARM");
        assert.equal((await after(0))[0], AutoRollback ? "RollbackInProgress" : "Failed");
        assert.match((await look()).StatusReason!, ALARM);
        if (!AutoRollback) break;
        const details = (await look()).RollbackDetails!;
        assert.deepEqual(
          [details.RollbackReason, details.PercentageCompleteOnRollback],
          [(await look()).StatusReason, percent],
        );
        assert.deepEqual(await after(10 * STEP), ["RollbackSuccessful", 0]);
        assert.deepEqual(await running(), ["1", "1", "1", "1"]);
      }
      assert.notDeepEqual(await running(), ["1", "1", "1", "1"]);
      assert.equal((await group()).LaunchTemplate!.Version, "1");
    });
  }

  it("do not mind an alarm without data, one that is not there, or one that nobody asked them to watch", async () => {
    await create(1);
    aws.alarm("web-5xx", "INSUFFICIENT_DATA");
    aws.alarm("other", "ALARM");
    await start({ AlarmSpecification: { Alarms: ["web-5xx", "nobody's"] } });
    assert.deepEqual(await after(3 * STEP), ["Successful", 100]);
  });

  it("say Successful although instances were passed over", async () => {
    aws.refresh("web", { stepMs: STEP, passesOver: 1 });
    await create(2);
    await start({});
    assert.deepEqual(await after(3 * STEP), ["Successful", 100]);
    assert.deepEqual(await running(), ["1", "2"]);
  });

  it("are refused for what AWS refuses of checkpoints, times and alarms", async () => {
    await create(1);
    const refused: [RefreshPreferences, RegExp][] = [
      [{ CheckpointPercentages: [0, 100] }, /checkpointPercentages/],
      [{ CheckpointPercentages: [50, 101] }, /checkpointPercentages/],
      [{ CheckpointPercentages: [50, 50, 100] }, /unique and in ascending order/],
      [{ CheckpointPercentages: [60, 50, 100] }, /unique and in ascending order/],
      [{ CheckpointDelay: 60 }, /cannot be specified without CheckpointPercentages/],
      [{ CheckpointPercentages: [100], CheckpointDelay: 172_801 }, /CheckpointDelay/],
      [{ BakeTime: 172_801 }, /BakeTime/],
      [{ BakeTime: -1 }, /BakeTime/],
      [{ AlarmSpecification: { Alarms: Array.from({ length: 11 }, (_, n) => `alarm-${n}`) } }, /up to 10 alarms/],
      [{ AlarmSpecification: { Alarms: ["x".repeat(256)] } }, /alarmSpecification/],
    ];
    for (const [preferences, message] of refused) {
      await assert.rejects(start(preferences), (error: Error) => {
        assert.equal(error.name, "ValidationError", JSON.stringify(preferences));
        assert.match(error.message, message);
        return true;
      });
    }
    await assert.rejects(start({ StandbyInstances: "Wait" }), /does not model Preferences\.StandbyInstances/);
    await start({
      CheckpointPercentages: [1, 100],
      CheckpointDelay: 0,
      BakeTime: 172_800,
      AlarmSpecification: { Alarms: ["x".repeat(255)] },
    });
  });
});
