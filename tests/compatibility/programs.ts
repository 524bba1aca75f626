/** One program for each component, with the arguments that decide which resources exist, and the two stacks. */
import {
  AutoScalingFleet,
  BaseInstance,
  FailoverRecords,
  FleetNetwork,
  ImageCopies,
  ImageKeys,
  ImageParameters,
  ImageRetention,
  ImageSharing,
  ImageVersions,
  InstanceBackups,
  LaunchTemplate,
  MachineImage,
  RecoveryRegion,
  StandaloneInstances,
} from "../../components";
import type { Recipe } from "../../components";
import { parseSettings } from "../../stacks/config";
import { dev } from "../../stacks/dev";
import { prod } from "../../stacks/prod";
import type { ProgramOptions } from "../support/mocks";

export interface Program {
  run: () => void | Promise<void>;
  options?: ProgramOptions;
}

const RECIPE: Recipe = {
  os: "ubuntu-24.04",
  steps: [{ packages: ["nginx"] }, { service: { name: "nginx" } }],
  checks: [{ http: { url: "http://127.0.0.1/" } }],
};
const IMAGE = "ami-0123456789abcdef0";
const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alarms";
const SERVER = "i-0123456789abcdef0";
const RECEIVER = "444455556666";
const SOURCE = "organization/pulumi-ami-lifecycle/dev";

function stack(name: "dev" | "prod", config: { [key: string]: string }, options: ProgramOptions = {}): Program {
  const values: { [key: string]: string } = { "aws:region": "us-east-1" };
  for (const [key, value] of Object.entries(config)) values[`ami-lifecycle:${key}`] = value;
  return {
    run: () => {
      const { settings, problems } = parseSettings({ values, stack: name });
      if (problems.length > 0) throw new Error(JSON.stringify(problems));
      (settings.environment === "dev" ? dev : prod)(settings);
    },
    options: { stack: name, config: values, ...options },
  };
}

export const PROGRAMS: { [name: string]: Program } = {
  BaseInstance: {
    run: () => {
      new BaseInstance("base", {
        recipe: RECIPE,
        settings: { sessionManager: true, volumes: [{ deviceName: "/dev/sdf", sizeGiB: 10 }] },
      });
    },
  },
  MachineImage: {
    run: () => {
      new MachineImage("web", { version: "1.0.0", recipe: RECIPE, copyTo: ["eu-west-1"] });
    },
  },
  "MachineImage of a server": {
    run: () => {
      new MachineImage("web", { version: "1.0.0", fromInstanceId: SERVER, copyTo: ["eu-west-1"] });
    },
  },
  "MachineImage of a server, cleaned": {
    run: () => {
      new MachineImage("web", { version: "1.0.0", fromInstanceId: SERVER, recipe: RECIPE });
    },
  },
  ImageCopies: {
    run: () => {
      new ImageCopies("copies", {
        sourceImageId: IMAGE,
        sourceRegion: "us-east-1",
        imageName: "web/dev/1.0.0",
        line: "web",
        version: "1.0.0",
        recipeDigest: "0123456789abcdef",
        regions: ["eu-west-1", "us-west-2"],
      });
    },
  },
  ImageVersions: {
    run: () => {
      new ImageVersions("web", {
        versions: ["1.0.0", "1.1.0"],
        current: "1.0.0",
        recipe: RECIPE,
        copyTo: ["eu-west-1"],
      });
    },
  },
  ImageKeys: {
    run: () => {
      new ImageKeys("web", { regions: ["us-east-1", "eu-west-1"], accounts: [RECEIVER] });
    },
  },
  ImageSharing: {
    run: () => {
      new ImageSharing("share", {
        imageIds: { "us-east-1": IMAGE },
        kmsKeyArns: { "us-east-1": "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555" },
        accounts: [RECEIVER],
        organizationArns: ["arn:aws:organizations::111122223333:organization/o-a1b2c3d4e5"],
        organizationalUnitArns: ["arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-11111111"],
        volumes: ["/dev/sdf"],
      });
    },
    options: {
      lookups: {
        "aws:ec2/getAmi:getAmi": () => ({
          imageId: IMAGE,
          rootDeviceName: "/dev/sda1",
          rootSnapshotId: "snap-0123456789abcdef0",
          blockDeviceMappings: [{ deviceName: "/dev/sdf", ebs: { snapshot_id: "snap-0123456789abcdef1" } }],
        }),
      },
    },
  },
  ImageParameters: {
    run: () => {
      const byRegion = { "us-east-1": IMAGE, "eu-west-1": IMAGE };
      new ImageParameters("web", { imageIds: { "1.0.0": byRegion, "1.1.0": byRegion }, current: "1.1.0" });
    },
  },
  ImageRetention: {
    run: () => {
      new ImageRetention("keep", { regions: ["us-east-1", "eu-west-1"] });
    },
  },
  InstanceBackups: {
    run: () => {
      const kmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555";
      const copies = { "eu-west-1": { retain: { interval: 30 }, kmsKeyArn } };
      new InstanceBackups("daily", { targetTags: { backup: "daily" }, copies });
    },
  },
  LaunchTemplate: {
    run: () => {
      new LaunchTemplate("web", { imageId: IMAGE, volumes: [{ deviceName: "/dev/sdf", sizeGiB: 10 }] });
    },
  },
  StandaloneInstances: {
    run: () => {
      new StandaloneInstances("web", { imageId: IMAGE, count: 3, zones: ["us-east-1a", "us-east-1b"] });
    },
  },
  AutoScalingFleet: {
    run: () => {
      new AutoScalingFleet("web", { imageId: IMAGE, version: "1.0.0", port: 80 });
    },
  },
  RecoveryRegion: {
    run: () => {
      const fleet = { imageId: IMAGE, version: "1.0.0", line: "web", port: 80 };
      new RecoveryRegion("web-us-west-2", { region: "us-west-2", home: "us-east-1", fleet });
    },
  },
  "RecoveryRegion with a template alone": {
    run: () => {
      const args = { region: "us-west-2", home: "us-east-1", strategy: "backup-restore" };
      new RecoveryRegion("web-us-west-2", {
        ...args,
        fleet: { imageId: IMAGE, version: "1.0.0", line: "web", port: 80 },
      });
    },
  },
  FailoverRecords: {
    run: () => {
      new FailoverRecords("www", {
        hostedZoneId: "Z0123456789ABCDEFGHIJ",
        name: "www.example.com",
        https: true,
        targets: [
          { region: "us-east-1", dnsName: "web.us-east-1.elb.amazonaws.com", zoneId: "Z35SXDOTRQ7X7K" },
          { region: "us-west-2", dnsName: "web.us-west-2.elb.amazonaws.com", zoneId: "Z1H1FL5HABSF5" },
        ],
      });
    },
  },
  "AutoScalingFleet of several types, in full": {
    run: () => {
      new AutoScalingFleet("web", {
        imageId: IMAGE,
        port: 80,
        mixedInstances: { instanceTypes: ["t3.small", "t3a.small"] },
        warmPool: { minSize: 1 },
        lifecycleHooks: [{ name: "drain", transition: "terminating" }],
        scaling: {
          requestsPerTarget: 500,
          steps: [{ name: "queue", metricName: "Depth", threshold: 10, adjustments: [{ from: 0, change: 1 }] }],
          schedules: [{ name: "morning", recurrence: "0 6 * * *", desiredCapacity: 3 }],
        },
        loadBalancer: {
          certificateArn: CERTIFICATE,
          rules: [{ name: "api", priority: 1, paths: ["/api/*"], port: 8080 }],
        },
        monitoring: { alarms: true, dashboard: true, topicArn: TOPIC },
      });
    },
  },
  "AutoScalingFleet behind a Network Load Balancer": {
    run: () => {
      new AutoScalingFleet("web", { imageId: IMAGE, port: 80, loadBalancer: { type: "network" } });
    },
  },
  FleetNetwork: {
    run: () => {
      new FleetNetwork("web", { nat: "none" });
    },
  },
  dev: stack("dev", {
    versions: '["1.0.0"]',
    current: "1.0.0",
    recipe: JSON.stringify(RECIPE),
    copyTo: '["eu-west-1"]',
  }),
  prod: stack(
    "prod",
    { versions: '["1.0.0"]', current: "1.0.0", source: SOURCE, copyTo: '["eu-west-1"]', port: "80" },
    {
      stacks: {
        [SOURCE]: {
          line: "web",
          images: {
            "1.0.0": { imageId: IMAGE, region: "us-east-1", recipeDigest: "0123456789abcdef", architecture: "x86_64" },
          },
        },
      },
    },
  ),
};
