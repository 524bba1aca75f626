/** What the tests of `status` share: a line `web` of the stack `dev` in the emulator, as `pulumi up` leaves it. */
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  EC2Client,
  RegisterImageCommand,
} from "@aws-sdk/client-ec2";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { Emulator } from "../support/emulator/emulator";

export const HOME = "us-east-1";
export const AWAY = "eu-west-1";

/** The line in one region. */
export class RegionScene {
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
  readonly ssm: SSMClient;
  readonly images: { [version: string]: string } = {};
  template = "";
  group = "";

  constructor(
    readonly aws: Emulator,
    readonly region: string,
  ) {
    this.ec2 = new EC2Client(aws.client(region));
    this.autoScaling = new AutoScalingClient(aws.client(region));
    this.ssm = new SSMClient(aws.client(region));
  }

  /** An image of a version, proven unless told otherwise. */
  async image(version: string, verified = true, stack = "dev"): Promise<string> {
    const tags = {
      "ami-lifecycle:line": "web",
      "ami-lifecycle:version": version,
      "ami-lifecycle:stack": `pulumi-ami-lifecycle/${stack}`,
      "ami-lifecycle:source": "i-0123456789abcdef0",
      ...(verified && { "ami-lifecycle:verified": "0123456789abcdef" }),
    };
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const { ImageId = "" } = await this.ec2.send(
      new RegisterImageCommand({
        Name: `web/${stack}/${version}`,
        Architecture: "x86_64",
        RootDeviceName: "/dev/sda1",
        TagSpecifications: [{ ResourceType: "image", Tags }],
      }),
    );
    if (stack === "dev") this.images[version] = ImageId;
    return ImageId;
  }

  async put(of: string, Value: string): Promise<void> {
    const Name = `/ami/web/dev/${of}`;
    await this.ssm.send(new PutParameterCommand({ Name, Value, Type: "String", Overwrite: true }));
  }

  /** The parameters of versions and pointers. */
  async parameters(pointers: { [of: string]: string }): Promise<void> {
    await Promise.all(Object.entries(this.images).map(([version, id]) => this.put(version, id)));
    await Promise.all(Object.entries(pointers).map(([of, version]) => this.put(of, this.images[version] ?? version)));
    await this.put("pointers", JSON.stringify(pointers));
  }

  /** A group of a size that runs a version, from version 1 of its template. */
  async fleet(version: string, size: number, name = "web-1234567"): Promise<void> {
    this.group = name;
    const data = { ImageId: this.images[version], InstanceType: "t3.small" as const };
    const { LaunchTemplate } = await this.ec2.send(
      new CreateLaunchTemplateCommand({ LaunchTemplateName: name, LaunchTemplateData: data }),
    );
    this.template = LaunchTemplate!.LaunchTemplateId!;
    await this.autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        MinSize: size,
        MaxSize: 10,
        VPCZoneIdentifier: await this.aws.subnet(this.region),
        LaunchTemplate: { LaunchTemplateId: this.template, Version: "1" },
      }),
    );
  }

  /** A further version of the group's template. */
  async templateVersion(version: string, userData?: string): Promise<void> {
    const LaunchTemplateData = {
      ImageId: this.images[version],
      InstanceType: "t3.small" as const,
      ...(userData !== undefined && { UserData: Buffer.from(userData).toString("base64") }),
    };
    await this.ec2.send(
      new CreateLaunchTemplateVersionCommand({ LaunchTemplateId: this.template, LaunchTemplateData }),
    );
  }

  /** The record of the fleet. */
  async live(version: string, templateVersion = "1", more: object = {}): Promise<void> {
    const { AutoScalingGroups = [] } = await this.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [this.group] }),
    );
    const record = {
      version,
      imageId: this.images[version],
      launchTemplateId: this.template,
      launchTemplateVersion: templateVersion,
      group: AutoScalingGroups[0]?.AutoScalingGroupARN,
      ...more,
    };
    await this.put("live", JSON.stringify(record));
  }
}

/** Two regions, versions 1.0.0 and 1.1.0, and a fleet of three at home and of two away, all on 1.1.0. */
export async function whole(aws: Emulator): Promise<{ home: RegionScene; away: RegionScene }> {
  const [home, away] = [new RegionScene(aws, HOME), new RegionScene(aws, AWAY)];
  await Promise.all(
    [home, away].map(async (one) => {
      for (const version of ["1.0.0", "1.1.0"]) await one.image(version);
      await one.parameters({ current: "1.1.0", previous: "1.0.0", candidate: "1.1.0" });
      await one.fleet("1.1.0", one === home ? 3 : 2, one === home ? "web-1234567" : "web-eu-west-1-7654321");
      await one.live("1.1.0");
    }),
  );
  aws.clearRequests();
  return { home, away };
}
