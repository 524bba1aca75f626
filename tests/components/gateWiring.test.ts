import assert from "node:assert/strict";
import { iam } from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  AutoScalingFleet,
  ImageCopies,
  type ImageCopiesArgs,
  ImageParameters,
  ImageVersions,
  MachineImage,
  type MachineImageArgs,
} from "../../components";
import { recipeDigest, renderBootProof } from "../../components/internal/recipe";
import { type AwsStub, startAwsStub } from "../support/awsStub";
import { element } from "../support/emulator/xml";
import { ACCOUNT } from "../support/mockOutputs";
import { type ProgramOptions, type Run, runProgram } from "../support/mocks";
import { assertFine, only, RECIPE } from "../support/reading";

const CONFIG = { "aws:accessKey": "AKIATEST", "aws:secretKey": "secret" };
const DIGEST = recipeDigest(RECIPE);

/** Runs the one hook of that record as the engine would, with the record's own inputs, and tells what it asked AWS. */
async function ask(run: Run, aws: AwsStub, hook: string, old?: { [key: string]: unknown }) {
  const record = run.resources.find(({ hooks }) =>
    [hooks.beforeCreate, hooks.beforeUpdate].some((list) => list?.includes(hook)),
  );
  aws.asked.length = 0;
  const { urn, id, inputs = {} } = record ?? {};
  const error = await run.runHook(hook, { urn, id, newInputs: inputs, oldInputs: old });
  return {
    error: String(error),
    asked: aws.asked.map(({ what }) => what),
    params: aws.asked.map(({ params }) => params),
  };
}

/** An answer to DescribeImages: that image, available, with one snapshot. */
const available = (id: string, tags: { [key: string]: string } = {}, platform?: string) =>
  element("imagesSet", [
    element("item", [
      element("imageId", id),
      element("imageState", "available"),
      ...(platform === undefined ? [] : [element("platform", platform)]),
      element(
        "tagSet",
        Object.entries(tags).map(([key, value]) => element("item", [element("key", key), element("value", value)])),
      ),
      element("blockDeviceMapping", [
        element("item", [element("ebs", [element("snapshotId", "snap-0123456789abcdef0")])]),
      ]),
    ]),
  ]);

function tagsAsked(params: { [name: string]: string } = {}): { [key: string]: string | undefined } {
  const tags: { [key: string]: string | undefined } = {};
  for (let n = 1; params[`Tag.${n}.Key`]; n++) tags[params[`Tag.${n}.Key`] as string] = params[`Tag.${n}.Value`];
  return tags;
}

describe("what the components hand to their gates", () => {
  let aws: AwsStub;
  let foreign: AwsStub;

  before(async () => {
    process.env.AMI_LIFECYCLE_POLL_SECONDS = "0.001";
    [aws, foreign] = await Promise.all([startAwsStub(), startAwsStub("444455556666")]);
  });
  after(async () => {
    delete process.env.AMI_LIFECYCLE_POLL_SECONDS;
    await Promise.all([aws.close(), foreign.close()]);
  });

  async function image(
    args: Partial<MachineImageArgs> = {},
    stub = aws,
    outputs?: ProgramOptions["outputs"],
  ): Promise<Run> {
    const run = await runProgram(
      () =>
        void new MachineImage("web", {
          version: "1.0.0",
          recipe: RECIPE,
          copyTo: ["eu-west-1"],
          gates: { endpoint: stub.endpoint },
          ...args,
        }),
      { config: CONFIG, outputs },
    );
    assertFine(run);
    return run;
  }

  it("asks for the base instance, in its region, by the account it is in", async () => {
    const run = await image();
    aws.answers.DescribeInstances = () => [element("reservationSet", [])];
    try {
      const { asked, params } = await ask(run, aws, "MachineImage(web)/web-1.0.0:recipeFinished");
      assert.deepEqual(asked, [
        "us-east-1 sts GetCallerIdentity",
        "us-east-1 ec2 DescribeInstances",
        "us-east-1 ec2 GetConsoleOutput",
      ]);
      const { id } = only(run, "aws:ec2:Instance");
      assert.deepEqual([params[1]?.["InstanceId.1"], params[2]?.InstanceId], [id, id]);
    } finally {
      Reflect.deleteProperty(aws.answers, "DescribeInstances");
    }
  });

  it("asks for the server an image is taken of, in its region, by the account it is in", async () => {
    const fromInstanceId = "i-0123456789abcdef0";
    aws.answers.DescribeInstances = () => [element("reservationSet", [])];
    try {
      for (const [recipe, record] of [
        [undefined, "web-1.0.0"],
        [RECIPE, "web-1.0.0-raw"],
      ] as const) {
        const run = await image({ recipe, fromInstanceId, region: "eu-central-1", copyTo: [] });
        const { asked, params, error } = await ask(run, aws, `MachineImage(web)/${record}:serverReady`);
        const looks = Array<string>(3).fill("eu-central-1 ec2 DescribeInstances");
        assert.deepEqual(asked, ["eu-central-1 sts GetCallerIdentity", ...looks]);
        assert.equal(params[1]?.["InstanceId.1"], fromInstanceId);
        assert.match(error, /^web 1\.0\.0: no image can be taken of the server i-0123456789abcdef0/);
        const other = await image({ recipe, fromInstanceId, copyTo: [] }, foreign);
        const refused = await ask(other, foreign, `MachineImage(web)/${record}:serverReady`);
        assert.match(refused.error, /account 444455556666, but server i-0123456789abcdef0/);
        assert.deepEqual(refused.asked, ["us-east-1 sts GetCallerIdentity"]);
      }
    } finally {
      Reflect.deleteProperty(aws.answers, "DescribeInstances");
    }
  });

  it("asks whether a raw image's own name is free, and tags its snapshots before the recipe's end is awaited", async () => {
    const run = await image({ fromInstanceId: "i-0123456789abcdef0", copyTo: [], tags: { team: "web" } });
    const raw = only(run, "aws:ec2:AmiFromInstance", "web-1.0.0-raw");
    const name = await ask(run, aws, "MachineImage(web)/web-1.0.0-raw:nameFree");
    assert.equal(name.params[1]?.["Filter.1.Value.1"], "web/dev/1.0.0/raw");
    aws.answers.DescribeImages = () => [available(raw.id)];
    aws.answers.CreateTags = () => [element("return", true)];
    try {
      const { asked, params } = await ask(run, aws, "MachineImage(web)/web-1.0.0:recipeFinished");
      assert.deepEqual(
        asked.map((what) => what.split(" ").pop()),
        ["GetCallerIdentity", "DescribeImages", "CreateTags", "GetCallerIdentity", "DescribeInstances"],
      );
      assert.equal(params[1]?.["ImageId.1"], raw.id);
      assert.equal(params[2]?.["ResourceId.1"], "snap-0123456789abcdef0");
      assert.deepEqual(tagsAsked(params[2]), raw.inputs.tags);
    } finally {
      for (const action of ["DescribeImages", "CreateTags"]) Reflect.deleteProperty(aws.answers, action);
    }
  });

  it("says what AWS refused, and that nothing was recorded", async () => {
    const { error } = await ask(await image(), aws, "MachineImage(web)/web-1.0.0:recipeFinished");
    assert.match(
      error,
      /^web-1\.0\.0 \(gate recipeFinished, us-east-1\): AWS refused what the gate asked: UnauthorizedOperation: no answer to DescribeInstances[^]*nothing was recorded/,
    );
  });

  it("waits for nothing that comes after the gate: each ends while its own record is still unwritten", async () => {
    const ended: string[] = [];
    const gates = { endpoint: aws.endpoint };
    const run = await runProgram(
      () => {
        const made = new MachineImage("web", { version: "1.0.0", recipe: RECIPE, copyTo: ["eu-west-1"], gates });
        new AutoScalingFleet("web", { imageId: made.verifiedImageId, port: 80, gates });
      },
      {
        config: CONFIG,
        before: async ({ urn, inputs, hooks }, runHook) => {
          for (const hook of [...(hooks.beforeCreate ?? []), ...(hooks.beforeUpdate ?? [])]) {
            const stuck = new Promise<string>((resolve) => setTimeout(resolve, 5000, "stuck").unref());
            const verdict = await Promise.race([
              runHook(hook, { urn, id: "ami-0123456789abcdef0", newInputs: inputs }),
              stuck,
            ]);
            assert.notEqual(verdict, "stuck", hook);
            ended.push(hook);
          }
        },
      },
    );
    assertFine(run);
    assert.deepEqual([...new Set(ended)].sort(), run.hookNames.filter((name) => !name.endsWith("startRetry")).sort());
  });

  it("works in the region given", async () => {
    const run = await image({ region: "eu-central-1" });
    for (const gate of ["web-1.0.0:recipeFinished", "web-1.0.0:imageAvailable", "web-1.0.0-verified:imageBoots"]) {
      const { asked } = await ask(run, aws, `MachineImage(web)/${gate}`);
      assert.ok(asked.length > 0 && asked.every((what) => what.startsWith("eu-central-1 ")), asked.join());
    }
  });

  it("asks for the image before it is changed, and before it is proven", async () => {
    const run = await image();
    const { id } = only(run, "aws:ec2:AmiFromInstance");
    const available = await ask(run, aws, "MachineImage(web)/web-1.0.0:imageAvailable");
    assert.equal(available.asked[available.asked.length - 1], "us-east-1 ec2 DescribeImages");
    assert.equal(available.params[available.params.length - 1]?.["ImageId.1"], id);
    const boots = await ask(run, aws, "MachineImage(web)/web-1.0.0-verified:imageBoots");
    assert.deepEqual(boots.asked.slice(0, 2), ["us-east-1 sts GetCallerIdentity", "us-east-1 ec2 DescribeImages"]);
    assert.equal(boots.params[1]?.["ImageId.1"], id);
  });

  it("asks whether the name is free, where the image or the copy will be", async () => {
    const run = await image();
    const copies = "MachineImage(web)/ImageCopies(web-1.0.0)/web-1.0.0-eu-west-1";
    for (const [hook, region] of [
      ["MachineImage(web)/web-1.0.0:nameFree", "us-east-1"],
      [`${copies}:nameFree`, "eu-west-1"],
    ] as const) {
      const { asked, params } = await ask(run, aws, hook);
      assert.deepEqual(asked, [`${region} sts GetCallerIdentity`, `${region} ec2 DescribeImages`]);
      assert.deepEqual([params[1]?.["Owner.1"], params[1]?.["Filter.1.Value.1"]], ["self", "web/dev/1.0.0"]);
    }
  });

  it("takes an image in the way for its own by the tags that the record is about to get", async () => {
    const run = await image();
    const copies = "MachineImage(web)/ImageCopies(web-1.0.0)/web-1.0.0-eu-west-1";
    aws.answers.DescribeInstances = () => [element("reservationSet", [])];
    aws.answers.CreateTags = () => [element("return", true)];
    try {
      for (const [hook, type, region] of [
        ["MachineImage(web)/web-1.0.0:nameFree", "aws:ec2:AmiFromInstance", "us-east-1"],
        [`${copies}:nameFree`, "aws:ec2:AmiCopy", "eu-west-1"],
      ] as const) {
        const { tags } = only(run, type).inputs as { tags: { [key: string]: string } };
        const inTheWay = (own: { [key: string]: string }) => {
          let there = true;
          aws.answers.DescribeImages = () => (there ? [available("ami-0123456789abcdef0", own)] : []);
          aws.answers.DeregisterImage = () => {
            there = false;
            return [element("return", true)];
          };
        };
        inTheWay(tags);
        const { asked, params, error } = await ask(run, aws, hook);
        assert.equal(error, "undefined");
        const look = ["DescribeImages", "DescribeInstances", "DescribeInstances"];
        assert.deepEqual(
          asked.map((what) => what.replace(/^\S+ \S+ /, "")),
          [
            "GetCallerIdentity",
            ...Array<string[]>(6).fill(look).flat(),
            "CreateTags",
            "DeregisterImage",
            "DescribeImages",
          ],
        );
        assert.ok(asked.every((what) => what.startsWith(`${region} `)));
        assert.equal(params[asked.length - 2]?.ImageId, "ami-0123456789abcdef0");
        inTheWay({ ...tags, "ami-lifecycle:stack": "another/prod" });
        const refused = await ask(run, aws, hook);
        assert.match(refused.error, /the name web\/dev\/1\.0\.0 is taken/);
        assert.deepEqual(refused.asked, [`${region} sts GetCallerIdentity`, `${region} ec2 DescribeImages`]);
      }
    } finally {
      for (const action of ["DescribeImages", "DescribeInstances", "DeregisterImage", "CreateTags"])
        Reflect.deleteProperty(aws.answers, action);
    }
  });

  it("compares the account that the state names before it calls a changed image gone", async () => {
    const run = await image({}, foreign);
    for (const hook of [
      "MachineImage(web)/web-1.0.0:imageAvailable",
      "MachineImage(web)/ImageCopies(web-1.0.0)/web-1.0.0-eu-west-1:imageAvailable",
    ]) {
      foreign.asked.length = 0;
      const error = await run.runHook(hook, { id: "ami-0123456789abcdef0", oldOutputs: { ownerId: ACCOUNT } });
      assert.match(
        String(error),
        /^The gate's credentials are of account 444455556666, but image ami-0123456789abcdef0/,
      );
      assert.deepEqual(
        foreign.asked.map(({ what }) => what.split(" ").pop()),
        ["GetCallerIdentity"],
      );
    }
  });

  it("writes no record before what its gate needs of `gates` is known", async () => {
    const run = await runProgram(
      () => {
        const role = new iam.Role("deploy", { assumeRolePolicy: "{}" });
        const gates = { roleArn: role.arn };
        const made = new MachineImage("web", { version: "1.0.0", recipe: RECIPE, copyTo: ["eu-west-1"], gates });
        new AutoScalingFleet("web", { imageId: made.verifiedImageId, gates });
      },
      { config: CONFIG },
    );
    assertFine(run);
    const gated = run.resources.filter(({ hooks }) => hooks.beforeCreate);
    assert.equal(gated.length, 5);
    for (const { name, dependsOn } of gated) assert.ok(dependsOn.includes("deploy"), `${name}: ${dependsOn.join()}`);
  });

  it("asks for the source where the source is, and for the copy where the copy is", async () => {
    const run = await image();
    const copies = "MachineImage(web)/ImageCopies(web-1.0.0)/web-1.0.0-eu-west-1";
    const source = await ask(run, aws, `${copies}:sourceVerified`);
    assert.equal(source.asked[source.asked.length - 1], "us-east-1 ec2 DescribeImages");
    assert.equal(source.params[source.params.length - 1]?.["ImageId.1"], only(run, "aws:ec2:AmiFromInstance").id);
    for (const gate of [":imageAvailable", "-verified:imageBoots"]) {
      const { asked, params } = await ask(run, aws, `${copies}${gate}`);
      assert.equal(asked[asked.length - 1], "eu-west-1 ec2 DescribeImages", gate);
      assert.equal(params[params.length - 1]?.["ImageId.1"], only(run, "aws:ec2:AmiCopy").id, gate);
    }
  });

  it("touches nothing with credentials of another account", async () => {
    const run = await image({}, foreign);
    const { id } = only(run, "aws:ec2:Instance");
    const finished = await ask(run, foreign, "MachineImage(web)/web-1.0.0:recipeFinished");
    assert.deepEqual(finished.asked, ["us-east-1 sts GetCallerIdentity"]);
    assert.match(
      finished.error,
      new RegExp(
        `^The gate's credentials are of account 444455556666, but base instance ${id} is in account ${ACCOUNT}\\.`,
      ),
    );
    const boots = await ask(run, foreign, "MachineImage(web)/web-1.0.0-verified:imageBoots");
    assert.deepEqual(boots.asked, ["us-east-1 sts GetCallerIdentity"]);
    assert.match(boots.error, /but image ami-[0-9a-f]{17} is in account 111122223333/);
  });

  it("boots the image as the base instance ran: type, subnet, groups, profile; and tags its snapshots", async () => {
    // The record is in the state's tags after a refresh; on the snapshots it would say what nobody proved. `costs` is a
    // default tag of the provider.
    const refreshed: ProgramOptions["outputs"] = ({ type, inputs }) =>
      type.includes("AmiFromInstance")
        ? { tags: inputs.tags, tagsAll: { ...(inputs.tags as object), "ami-lifecycle:verified": DIGEST, costs: "42" } }
        : undefined;
    const run = await image({ baseInstance: { sessionManager: true }, tags: { team: "web" } }, aws, refreshed);
    const { id, inputs } = only(run, "aws:ec2:AmiFromInstance");
    aws.answers.DescribeImages = () => [available(id)];
    aws.answers.CreateTags = () => [element("return", true)];
    aws.answers.DescribeInstances = () => [element("reservationSet", [])];
    try {
      const { asked, params, error } = await ask(run, aws, "MachineImage(web)/web-1.0.0-verified:imageBoots");
      assert.equal(asked[asked.length - 1], "us-east-1 ec2 RunInstances", `${asked.join()} ${error}`);
      assert.match(error, /no throwaway instance could be launched in us-east-1/);
      const launch = params[params.length - 1] ?? {};
      const { userDataBase64 } = renderBootProof({ digest: DIGEST, minutes: 20 });
      assert.deepEqual(
        [
          launch.ImageId,
          launch.InstanceType,
          launch.SubnetId,
          launch["SecurityGroupId.1"],
          launch["IamInstanceProfile.Name"],
        ],
        [
          id,
          "t3.small",
          "subnet-default",
          only(run, "aws:ec2:SecurityGroup").id,
          only(run, "aws:iam:InstanceProfile").id,
        ],
      );
      assert.equal(launch.UserData, userDataBase64);
      assert.equal(launch["MetadataOptions.HttpTokens"], "required");
      assert.equal(launch.InstanceInitiatedShutdownBehavior, "terminate");
      const tagging = params[asked.indexOf("us-east-1 ec2 CreateTags")] ?? {};
      assert.equal(tagging["ResourceId.1"], "snap-0123456789abcdef0");
      assert.deepEqual(tagsAsked(tagging), { ...(inputs.tags as object), costs: "42" });
    } finally {
      for (const action of ["DescribeImages", "CreateTags", "DescribeInstances"])
        Reflect.deleteProperty(aws.answers, action);
    }
  });

  const copiesRun = (more: Partial<ImageCopiesArgs> = {}) =>
    runProgram(
      () =>
        void new ImageCopies("copies", {
          sourceImageId: "ami-0123456789abcdef0",
          sourceRegion: "us-east-1",
          imageName: "web/dev/1.0.0",
          line: "web",
          version: "1.0.0",
          recipeDigest: DIGEST,
          regions: ["eu-west-1"],
          ...more,
          gates: { endpoint: aws.endpoint },
        }),
      { config: CONFIG },
    );

  it("boots an image of Windows with PowerShell, on a type with enough memory unless another is named", async () => {
    for (const [proof, type] of [
      [undefined, "t3.medium"],
      [{ instanceType: "m7i.large" }, "m7i.large"],
    ] as const) {
      const run = await copiesRun(proof && { proofs: { "eu-west-1": proof } });
      aws.answers.DescribeImages = () => [available(only(run, "aws:ec2:AmiCopy").id, {}, "windows")];
      aws.answers.CreateTags = () => [element("return", true)];
      aws.answers.DescribeInstances = () => [element("reservationSet", [])];
      aws.answers.DescribeSubnets = () => [
        element("subnetSet", [
          element("item", [element("subnetId", "subnet-1"), element("availabilityZone", "eu-west-1a")]),
        ]),
      ];
      try {
        const { asked, params } = await ask(run, aws, "ImageCopies(copies)/copies-eu-west-1-verified:imageBoots");
        const launch = params[asked.indexOf("eu-west-1 ec2 RunInstances")] ?? {};
        assert.equal(launch.InstanceType, type, asked.join());
        const { userDataBase64 } = renderBootProof({ digest: DIGEST, minutes: 20, windows: true });
        assert.equal(launch.UserData, userDataBase64);
      } finally {
        for (const action of ["DescribeImages", "CreateTags", "DescribeInstances", "DescribeSubnets"])
          Reflect.deleteProperty(aws.answers, action);
      }
    }
  });

  it("only looks at copies that are not to be booted", async () => {
    const run = await copiesRun({ bootProof: false });
    const hook = "ImageCopies(copies)/copies-eu-west-1-verified:imageBoots";
    const { asked } = await ask(run, aws, hook);
    assert.equal(asked[asked.length - 1], "eu-west-1 ec2 DescribeImages");
    aws.answers.DescribeImages = () => [available(only(run, "aws:ec2:AmiCopy").id)];
    aws.answers.CreateTags = () => [element("return", true)];
    try {
      const passed = await ask(run, aws, hook);
      assert.deepEqual(passed.asked, [
        "eu-west-1 sts GetCallerIdentity",
        "eu-west-1 ec2 DescribeImages",
        "eu-west-1 ec2 CreateTags",
      ]);
      assert.deepEqual(tagsAsked(passed.params[2]), only(run, "aws:ec2:AmiCopy").inputs.tags);
    } finally {
      for (const action of ["DescribeImages", "CreateTags"]) Reflect.deleteProperty(aws.answers, action);
    }
  });

  it("asks for the fleet's own group, by the account it is in", async () => {
    for (const stub of [aws, foreign]) {
      const gates = { endpoint: stub.endpoint };
      const run = await runProgram(
        () => void new AutoScalingFleet("web", { imageId: "ami-0123456789abcdef0", gates, region: "eu-west-1" }),
        { config: CONFIG },
      );
      assertFine(run);
      const group = String(only(run, "aws:autoscaling:Group").outputs.name);
      const { asked, params, error } = await ask(run, stub, "AutoScalingFleet(web)/web-live:rolloutFinished");
      assert.equal(asked[0], "eu-west-1 sts GetCallerIdentity");
      if (stub === aws) {
        assert.equal(asked[1], "eu-west-1 autoscaling DescribeAutoScalingGroups");
        assert.equal(params[1]?.["AutoScalingGroupNames.member.1"], group);
      } else {
        assert.equal(asked.length, 1);
        assert.match(error, new RegExp(`Auto Scaling group ${group} is in account ${ACCOUNT}`));
      }
    }
  });

  it("hands the rollout's settings on, whether they are known now or later", async () => {
    const settings = {
      minHealthyPercentage: 50,
      maxHealthyPercentage: 150,
      instanceWarmup: 30,
      checkpointPercentages: [20, 100],
      checkpointDelay: 60,
      bakeTime: 90,
      alarmNames: ["web-5xx", "web-latency"],
      keepTemplateVersions: 2,
    };
    const later = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, pulumi.output(value)]));
    const template = (version: number) => [
      element("launchTemplateId", "lt-1"),
      element("versionNumber", version),
      element("defaultVersion", version === 1),
    ];
    Object.assign(aws.answers, {
      DescribeAutoScalingGroups: () => [
        element("AutoScalingGroups", [
          element("member", [
            element("AutoScalingGroupName", "web"),
            element("DesiredCapacity", 0),
            element("LaunchTemplate", [element("LaunchTemplateId", "lt-1"), element("Version", "1")]),
          ]),
        ]),
      ],
      DescribeInstanceRefreshes: () => [element("InstanceRefreshes", [])],
      DescribeLaunchTemplateVersions: () => [element("launchTemplateVersionSet", [element("item", template(1))])],
    });
    try {
      for (const rollout of [settings, later]) {
        const gates = { endpoint: aws.endpoint };
        const run = await runProgram(
          () => void new AutoScalingFleet("web", { imageId: "ami-0123456789abcdef0", gates, rollout }),
          { config: CONFIG },
        );
        assertFine(run);
        const insecureValue = JSON.stringify({ launchTemplateId: "lt-1", launchTemplateVersion: "1" });
        const { params, asked } = await ask(run, aws, "AutoScalingFleet(web)/web-live:rolloutFinished", {
          insecureValue,
        });
        assert.equal(asked.at(-1), "us-east-1 autoscaling StartInstanceRefresh");
        const { id, outputs } = only(run, "aws:ec2:LaunchTemplate");
        const sent = Object.fromEntries(
          Object.entries(params.at(-1) ?? {}).map(([name, value]) => [name.replace(/^Preferences\./, ""), value]),
        );
        assert.deepEqual(sent, {
          AutoScalingGroupName: "web",
          Strategy: "Rolling",
          "DesiredConfiguration.LaunchTemplate.LaunchTemplateId": id,
          "DesiredConfiguration.LaunchTemplate.Version": String(outputs.latestVersion),
          MinHealthyPercentage: "50",
          MaxHealthyPercentage: "150",
          InstanceWarmup: "30",
          SkipMatching: "true",
          AutoRollback: "true",
          "CheckpointPercentages.member.1": "20",
          "CheckpointPercentages.member.2": "100",
          CheckpointDelay: "60",
          BakeTime: "90",
          "AlarmSpecification.Alarms.member.1": "web-5xx",
          "AlarmSpecification.Alarms.member.2": "web-latency",
        });
      }
    } finally {
      for (const action of ["AutoScalingGroups", "InstanceRefreshes", "LaunchTemplateVersions"])
        Reflect.deleteProperty(aws.answers, `Describe${action}`);
    }
  });

  it("keeps as many template versions as it is told", async () => {
    const rollout = { keepTemplateVersions: 3 };
    const gates = { endpoint: aws.endpoint };
    const run = await runProgram(
      () => void new AutoScalingFleet("web", { imageId: "ami-0123456789abcdef0", gates, rollout }),
      { config: CONFIG, outputs: ({ type }) => (type.includes("LaunchTemplate") ? { latestVersion: 6 } : undefined) },
    );
    assertFine(run);
    const { id } = only(run, "aws:ec2:LaunchTemplate");
    const version = (n: number) =>
      element("item", [
        element("launchTemplateId", id),
        element("versionNumber", n),
        element("defaultVersion", n === 6),
        element("launchTemplateData", [element("imageId", `ami-${n}`)]),
      ]);
    Object.assign(aws.answers, {
      DescribeAutoScalingGroups: () => [
        element("AutoScalingGroups", [
          element("member", [
            element("AutoScalingGroupName", "web"),
            element("DesiredCapacity", 0),
            element("LaunchTemplate", [element("LaunchTemplateId", id), element("Version", "6")]),
          ]),
        ]),
      ],
      DescribeInstanceRefreshes: () => [element("InstanceRefreshes", [])],
      DescribeLaunchTemplateVersions: () => [element("launchTemplateVersionSet", [1, 2, 3, 4, 5, 6].map(version))],
      DeleteLaunchTemplateVersions: () => [],
    });
    try {
      const { params, error } = await ask(run, aws, "AutoScalingFleet(web)/web-live:rolloutFinished");
      assert.equal(error, "undefined");
      const gone = Object.entries(params.at(-1) ?? {}).filter(([name]) => name.startsWith("LaunchTemplateVersion."));
      assert.deepEqual(
        gone.map(([, value]) => value),
        ["3", "2", "1"],
      );
    } finally {
      for (const action of ["DescribeAutoScalingGroups", "DescribeInstanceRefreshes", "DescribeLaunchTemplateVersions"])
        Reflect.deleteProperty(aws.answers, action);
      Reflect.deleteProperty(aws.answers, "DeleteLaunchTemplateVersions");
    }
  });

  it("is not put off by a record that somebody else wrote", async () => {
    const gates = { endpoint: aws.endpoint };
    const run = await runProgram(() => void new AutoScalingFleet("web", { imageId: "ami-0123456789abcdef0", gates }), {
      config: CONFIG,
    });
    for (const insecureValue of ["", "none", "null", "[]", "{}", '{"launchTemplateId":1}']) {
      const old = { insecureValue };
      const { asked } = await ask(run, aws, "AutoScalingFleet(web)/web-live:rolloutFinished", old);
      assert.equal(asked[1], "us-east-1 autoscaling DescribeAutoScalingGroups", insecureValue);
    }
  });

  it("assumes the role given, first", async () => {
    const gates = { endpoint: aws.endpoint, roleArn: "arn:aws:iam::444455556666:role/deploy" };
    const { asked, params } = await ask(await image({ gates }), aws, "MachineImage(web)/web-1.0.0:recipeFinished");
    assert.equal(asked[0], "us-east-1 sts AssumeRole");
    assert.equal(params[0]?.RoleArn, gates.roleArn);
  });

  it("asks nothing at all for a version that was never baked", async () => {
    const { asked, error } = await ask(await image({ bake: false }), aws, "MachineImage(web)/web-1.0.0:neverBaked");
    assert.deepEqual(asked, []);
    assert.match(error, /never baked by this stack/);
  });

  it("compares the owner of the image that is copied, where it is known", async () => {
    const owner = "444455556666";
    const copies = (sourceOwner?: string) =>
      runProgram(
        () =>
          void new ImageCopies("copies", {
            sourceImageId: "ami-0123456789abcdef0",
            sourceRegion: "us-east-1",
            sourceOwner,
            imageName: "web/dev/1.0.0",
            line: "web",
            version: "1.0.0",
            recipeDigest: DIGEST,
            regions: ["eu-west-1"],
            gates: { endpoint: aws.endpoint },
          }),
        { config: CONFIG },
      );
    aws.answers.DescribeImages = () => [available("ami-0123456789abcdef0", { "ami-lifecycle:verified": DIGEST })];
    try {
      const hook = "ImageCopies(copies)/copies-eu-west-1:sourceVerified";
      assert.match((await ask(await copies(owner), aws, hook)).error, /is owned by nobody known, wanted 444455556666/);
      assert.equal((await ask(await copies(), aws, hook)).error, "undefined");
    } finally {
      Reflect.deleteProperty(aws.answers, "DescribeImages");
    }
  });

  it("asks of an adopted image who owns it, and boots it as it is", async () => {
    const [imageId, owner] = ["ami-0aaaaaaaaaaaaaaaa", "444455556666"];
    const lookups = {
      "aws:ec2/getAmiIds:getAmiIds": () => ({ ids: [imageId] }),
      "aws:ec2/getAmi:getAmi": () => ({ id: imageId, architecture: "arm64" }),
    };
    const adopted = (by?: string) =>
      runProgram(
        () =>
          void new ImageVersions("web", {
            versions: ["1.0.0"],
            current: "1.0.0",
            adopt: { "1.0.0": { imageId, owner: by } },
            copyTo: ["eu-west-1"],
            tags: { team: "web" },
            gates: { endpoint: aws.endpoint },
          }),
        { config: CONFIG, lookups },
      );
    const of = (ownerId: string) => [
      element("imagesSet", [
        element("item", [
          element("imageId", imageId),
          element("imageState", "available"),
          element("imageOwnerId", ownerId),
          element("architecture", "arm64"),
        ]),
      ]),
    ];
    aws.answers.DescribeImages = () => of(owner);
    aws.answers.DescribeInstances = () => [element("reservationSet", [])];
    aws.answers.DescribeSubnets = () => [
      element("subnetSet", [element("item", [element("subnetId", "subnet-1"), element("availabilityZone", "a")])]),
    ];
    try {
      const hook = "ImageVersions(web)/web-1.0.0-verified:imageStarts";
      const stranger = await ask(await adopted(), aws, hook);
      assert.match(stranger.error, new RegExp(`is owned by ${owner}, wanted ${ACCOUNT}`));
      assert.ok(!stranger.asked.some((what) => what.includes("RunInstances")));
      const { asked, params } = await ask(await adopted(owner), aws, hook);
      assert.equal(asked.at(-1), "us-east-1 ec2 RunInstances");
      const launch = params.at(-1) ?? {};
      assert.deepEqual([launch.ImageId, launch.InstanceType], [imageId, "t4g.small"]);
      const tags = Object.values(launch);
      for (const tag of ["web", "pulumi-ami-lifecycle/dev"]) assert.ok(tags.includes(tag), tag);
      assert.ok(!asked.some((what) => what.includes("CreateTags")));
    } finally {
      for (const action of ["DescribeImages", "DescribeInstances", "DescribeSubnets"])
        Reflect.deleteProperty(aws.answers, action);
    }
  });

  it("reads back, in its region, what a pointer repeats", async () => {
    const run = await runProgram(
      () =>
        void new ImageParameters("web", {
          imageIds: {
            "1.0.0": { "eu-west-1": "ami-00000000000000001" },
            "1.1.0": { "eu-west-1": "ami-00000000000000002" },
          },
          current: "1.1.0",
          gates: { endpoint: aws.endpoint },
        }),
      { config: CONFIG },
    );
    assertFine(run);
    const values: { [name: string]: string } = {
      "/ami/web/dev/1.0.0": "ami-00000000000000001",
      "/ami/web/dev/1.1.0": "ami-00000000000000002",
      "/ami/web/dev/candidate": "ami-00000000000000002",
      "/ami/web/dev/current": "ami-00000000000000002",
      "/ami/web/dev/previous": "ami-00000000000000001",
    };
    aws.documents.GetParameter = ({ params }) => ({
      Parameter: { Value: values[params.Name ?? ""], DataType: "aws:ec2:image" },
    });
    try {
      const reads = async (of: string) => {
        const { asked, params, error } = await ask(
          run,
          aws,
          `ImageParameters(web)/web-eu-west-1-${of}:parameterAccepted`,
        );
        assert.equal(error, "undefined");
        assert.deepEqual(new Set(asked.slice(1)), new Set(["eu-west-1 ssm GetParameter"]));
        return params.slice(1).map(({ Name }) => Name);
      };
      assert.deepEqual(await reads("candidate"), ["/ami/web/dev/1.0.0", "/ami/web/dev/1.1.0"]);
      assert.deepEqual(await reads("current"), ["/ami/web/dev/1.1.0"]);
      assert.deepEqual(await reads("previous"), ["/ami/web/dev/1.0.0"]);
      assert.deepEqual(
        await reads("pointers"),
        ["candidate", "current", "previous"].map((of) => `/ami/web/dev/${of}`),
      );
    } finally {
      Reflect.deleteProperty(aws.documents, "GetParameter");
    }
  });
});
