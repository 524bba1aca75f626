/** What the rollout's tests share: a fleet `web` of a launch template with three versions, and the gate that moves it. */
import assert from "node:assert/strict";
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import type {
  AutoScalingGroup,
  CreateAutoScalingGroupCommandInput,
  InstanceRefresh,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplateVersionsCommand,
  DescribeSubnetsCommand,
} from "@aws-sdk/client-ec2";
import type { EC2Client, LaunchTemplateVersion, _InstanceType } from "@aws-sdk/client-ec2";
import { CreateTargetGroupCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { rolloutFinished } from "../../../components/gates/rolloutFinished";
import type { RolloutInput } from "../../../components/gates/rolloutFinished";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import { ACCOUNT, Voice, ec2Client, gateAws } from "./scene";

export class RolloutScene {
  aws!: Emulator;
  autoScaling!: AutoScalingClient;
  ec2!: EC2Client;
  image = "";
  /** The launch template of the fleet. */
  template = "";

  /** A launch template with one version for each instance type; `TYPE+TAG` also tags the instances. */
  readonly templates = async (...types: string[]): Promise<string> => {
    let id = "";
    for (const [i, type] of types.entries()) {
      const [InstanceType, tag] = type.split("+") as [_InstanceType, string | undefined];
      const LaunchTemplateData = {
        ImageId: this.image,
        InstanceType,
        ...(tag && { TagSpecifications: [{ ResourceType: "instance" as const, Tags: [{ Key: "team", Value: tag }] }] }),
      };
      if (i > 0) {
        await this.ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: id, LaunchTemplateData }));
        continue;
      }
      const LaunchTemplateName = types.join("-").replaceAll("+", "-");
      const made = await this.ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData }));
      id = made.LaunchTemplate!.LaunchTemplateId!;
    }
    return id;
  };

  readonly version = (Version: string) => ({ LaunchTemplateId: this.template, Version });

  readonly at = (version: string) => ({ id: this.template, version });

  /** A group of that size, on version 1 unless told otherwise. */
  readonly fleet = async (size = 3, more: Partial<CreateAutoScalingGroupCommandInput> = {}): Promise<void> => {
    const group = {
      AutoScalingGroupName: "web",
      MinSize: size,
      MaxSize: 10,
      VPCZoneIdentifier: await this.aws.subnet(),
      LaunchTemplate: this.version("1"),
      ...more,
    };
    await this.autoScaling.send(new CreateAutoScalingGroupCommand(group));
    this.aws.clearRequests();
  };

  readonly targetGroup = async (): Promise<string> => {
    const subnets = await this.ec2.send(new DescribeSubnetsCommand({}));
    const elb = new ElasticLoadBalancingV2Client(this.aws.client());
    const VpcId = subnets.Subnets![0]!.VpcId;
    const made = await elb.send(new CreateTargetGroupCommand({ Name: "web", Protocol: "HTTP", Port: 80, VpcId }));
    return made.TargetGroups![0]!.TargetGroupArn!;
  };

  /** The gate: to version 2, from a proven version 1. */
  readonly gate = (more: Partial<RolloutInput> = {}, timing = {}, voice = new Voice()): Promise<void> =>
    rolloutFinished(
      gateAws(this.aws, timing),
      {
        what: "fleet web",
        groupName: "web",
        account: ACCOUNT,
        target: this.at("2"),
        proven: this.at("1"),
        minHealthyPercentage: 90,
        maxHealthyPercentage: 110,
        instanceWarmup: 0,
        autoRollback: true,
        keepTemplateVersions: 10,
        limitMinutes: 1,
        ...more,
      },
      voice.say,
      voice.warn,
    );

  /**
   * A voice with which time passes: 20 seconds with everything that is said, so that a step of a minute is seen, however
   * slow the computer. At the first text like `at` it acts instead.
   */
  readonly slowly = (at?: RegExp, act: () => void = () => undefined): Voice => {
    let done = false;
    const voice = new Voice(() => {
      if (done || !at?.test(voice.said.at(-1)!)) return this.aws.advance(20_000);
      done = true;
      act();
    });
    return voice;
  };

  readonly group = async (): Promise<AutoScalingGroup> => {
    const AutoScalingGroupNames = ["web"];
    const answer = await this.autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames }));
    return answer.AutoScalingGroups![0]!;
  };

  readonly members = async (): Promise<string[]> => (await this.group()).Instances!.map((one) => one.InstanceId!);

  /** The versions that the instances report. */
  readonly running = async (): Promise<(string | undefined)[]> =>
    (await this.group()).Instances!.map((one) => one.LaunchTemplate!.Version).sort();

  /** Starts a refresh as somebody would. */
  readonly start = (to = "2") =>
    this.autoScaling.send(
      new StartInstanceRefreshCommand({
        AutoScalingGroupName: "web",
        DesiredConfiguration: { LaunchTemplate: this.version(to) },
        Preferences: { SkipMatching: true },
      }),
    );

  /** All refreshes, newest first. */
  readonly begun = async (): Promise<InstanceRefresh[]> => {
    const command = new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: "web" });
    return (await this.autoScaling.send(command)).InstanceRefreshes!;
  };

  readonly assertAllOn = async (wanted: string, count = 3): Promise<void> => {
    assert.equal((await this.group()).LaunchTemplate!.Version, wanted);
    assert.deepEqual(await this.running(), Array<string>(count).fill(wanted));
  };

  readonly versions = async (): Promise<LaunchTemplateVersion[]> => {
    const command = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: this.template, MaxResults: 200 });
    return (await this.ec2.send(command)).LaunchTemplateVersions!;
  };

  readonly defaultVersion = async (): Promise<number | undefined> =>
    (await this.versions()).find((one) => one.DefaultVersion)?.VersionNumber;

  /** What was sent to start the refreshes, oldest first: without the group and what every one says. */
  readonly wishes = (): { [name: string]: string }[] =>
    this.aws.requests("StartInstanceRefresh").map(({ params }) => {
      const wish = Object.entries(params).filter(([name]) => name.startsWith("Preferences."));
      return Object.fromEntries(wish.map(([name, value]) => [name.slice("Preferences.".length), value]));
    });
}

/** The scene for a `describe`: everything is made anew before each test. */
export function rolloutScene(): RolloutScene {
  const scene = new RolloutScene();
  before(async function () {
    this.timeout(300_000);
    scene.aws = await emulator();
    scene.autoScaling = new AutoScalingClient(scene.aws.client());
    scene.ec2 = ec2Client(scene.aws);
  });
  beforeEach(async () => {
    await scene.aws.reset();
    scene.image = await scene.aws.baseImage();
    scene.template = await scene.templates("t3.micro", "t3.small", "t3.medium");
    scene.aws.refresh("web", { stepMs: 15 });
  });
  return scene;
}
