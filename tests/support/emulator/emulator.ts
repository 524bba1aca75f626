/**
 * An AWS for tests, over real HTTP: moto behind a small proxy that scripts machines, images and instance refreshes,
 * injects faults, and records what was asked. One for the whole process, started on first use.
 *
 *     before(async function () {
 *       this.timeout(300_000); // the first run installs moto
 *       aws = await emulator();
 *     });
 *     beforeEach(() => aws.reset());
 */
import { alarmKey } from "./alarms";
import type { AlarmState } from "./alarms";
import { advanceClock, resetClock } from "./clock";
import type { Fault } from "./faults";
import { activityElement, groupKey } from "./groups";
import type { Activity } from "./groups";
import type { ImageBehaviour, ImageMatch } from "./images";
import type { MachineBehaviour, MachineMatch } from "./instances";
import { Moto } from "./moto";
import { DEFAULT_ACCOUNT } from "./protocol";
import type { ParameterRule } from "./parameters";
import { Proxy } from "./proxy";
import type { RecordedRequest } from "./proxy";
import type { RefreshRule } from "./refreshRun";
import type { TargetRule } from "./targets";

import { prepareVenv } from "./venv";
import { newMemory } from "./world";
import type { WarmInstance, World } from "./world";
import { textOf } from "./xml";

const REGION = "us-east-1";

export class Emulator {
  /** The account of every access key that is not itself an account number. */
  readonly account = DEFAULT_ACCOUNT;

  private constructor(
    readonly endpoint: string,
    private readonly world: World,
    private readonly proxy: Proxy,
  ) {}

  static async start(): Promise<Emulator> {
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
    const world: World = { moto: await Moto.start(await prepareVenv()), memory: newMemory() };
    const { proxy, port } = await Proxy.start(world);
    return new Emulator(`http://127.0.0.1:${port}`, world, proxy);
  }

  async stop(): Promise<void> {
    this.proxy.stop();
    await this.world.moto.stop();
  }

  /** Environment for SDK clients: endpoint, credentials (of another account when named), and nothing from this machine. */
  env(region: string = REGION, account?: string): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ACCESS_KEY_ID: account ?? "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    };
  }

  /** The same for a client's constructor. */
  client(region: string = REGION, account?: string) {
    const credentials = { accessKeyId: account ?? "test", secretAccessKey: "test" };
    return { endpoint: this.endpoint, region, credentials };
  }

  /** Forgets everything: moto's resources, scripts, faults and recorded requests. */
  async reset(): Promise<void> {
    await this.proxy.quiet().catch(() => undefined);
    this.world.memory = newMemory();
    resetClock();
    this.clearRequests();
    await this.world.moto.reset();
  }

  /** Puts the emulator's clock forward: scripts that take minutes cost nothing. */
  advance(ms: number): void {
    advanceClock(ms);
  }

  fault(fault: Fault): void {
    this.world.memory.faults.push({ ...fault });
  }

  clearFaults(): void {
    this.world.memory.faults = [];
  }

  /** What was asked, oldest first. */
  requests(action?: string): RecordedRequest[] {
    return this.proxy.requests.filter((request) => action === undefined || request.action === action);
  }

  clearRequests(): void {
    this.proxy.requests.length = 0;
  }

  /** What instances launched from now on do. The newest matching script counts. */
  machine(match: MachineMatch, behaviour: MachineBehaviour): void {
    this.world.memory.machineRules.unshift({ match, behaviour, used: 0 });
  }

  /** What becomes of images made from now on. The newest matching script counts. */
  image(match: ImageMatch, behaviour: ImageBehaviour): void {
    this.world.memory.imageRules.unshift({ match, behaviour, used: 0 });
  }

  /** How the refreshes of a group go. */
  refresh(group: string, rule: RefreshRule): void {
    this.world.memory.refreshRules.set(group, { ...rule });
  }

  /** How many launch template versions come in one answer. */
  templatePage(size: number): void {
    this.world.memory.templatePage = size;
  }

  /** How writes of one image parameter go. */
  parameter(name: string, rule: ParameterRule): void {
    this.world.memory.parameterRules.set(name, { ...rule });
  }

  /** Puts a CloudWatch alarm on or off, for the refreshes that watch it. */
  alarm(name: string, state: AlarmState, region: string = REGION): void {
    this.world.memory.alarms.set(alarmKey({ region, account: this.account }, name), state);
  }

  /** What every target group says of its targets; without a script they are healthy at once. */
  targets(rule: TargetRule): void {
    this.world.memory.targets = { ...rule };
  }

  /** What is in the group's warm pool. */
  warmPool(group: string, instances: WarmInstance[], region: string = REGION): void {
    this.world.memory.warmPools.set(groupKey({ region, account: this.account }, group), instances);
  }

  /** A scaling activity that the group reports first. */
  activity(group: string, activity: Activity, region: string = REGION): void {
    const key = groupKey({ region, account: this.account }, group);
    const earlier = this.world.memory.activities.get(key) ?? [];
    this.world.memory.activities.set(key, [activityElement(group, activity), ...earlier]);
  }

  /** An image to start from, as if it were a public one: owned by the account, available, without tags. */
  async baseImage(region: string = REGION, name: string = "base", architecture: string = "x86_64"): Promise<string> {
    const { EC2Client, RegisterImageCommand } = await import("@aws-sdk/client-ec2");
    const answer = await new EC2Client(this.client(region)).send(
      new RegisterImageCommand({ Name: name, Architecture: architecture as "x86_64", RootDeviceName: "/dev/sda1" }),
    );
    return answer.ImageId!;
  }

  /** The ARN of a new KMS key. */
  async kmsKey(
    region: string = REGION,
    state: "Enabled" | "Disabled" = "Enabled",
    account: string = this.account,
  ): Promise<string> {
    const ask = (action: string, body: object) =>
      this.world.moto.askJson("kms", { region, account }, `TrentService.${action}`, body);
    const { KeyId, Arn } = (await ask("CreateKey", {})).KeyMetadata as { KeyId: string; Arn: string };
    if (state === "Disabled") await ask("DisableKey", { KeyId });
    return Arn;
  }

  /** A subnet of the default network. */
  async subnet(region: string = REGION): Promise<string> {
    const answer = await this.world.moto.ask("ec2", { region, account: this.account }, "DescribeSubnets");
    return textOf(answer.children.find((node) => node.name === "subnetSet")?.children[0], "subnetId")!;
  }
}

let running: Promise<Emulator> | undefined;

/** The process's emulator. */
export function emulator(): Promise<Emulator> {
  return (running ??= Emulator.start());
}
