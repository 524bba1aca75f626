import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  AutoScalingFleet,
  type AutoScalingFleetArgs,
  BaseInstance,
  type BaseInstanceArgs,
  ImageCopies,
  type ImageCopiesArgs,
  ImageVersions,
  type ImageVersionsArgs,
  MachineImage,
  type MachineImageArgs,
} from "../../components";
import { runProgram } from "../support/mocks";
import { onlyError, RECIPE, tree } from "../support/reading";

/** The paths that the component's one error names, and the error; nothing but the component was registered. */
async function refused(component: string, make: () => unknown): Promise<{ paths: string[]; text: string }> {
  const run = await runProgram(() => void make());
  const error = onlyError(run);
  assert.ok(pulumi.ResourceError.isInstance(error), `not a ResourceError: ${error.stack}`);
  assert.deepEqual(tree(run), [component]);
  assert.deepEqual(run.hookNames, []);
  const [first, ...lines] = error.message.split("\n");
  const count = lines.length === 1 ? "1 problem" : `${lines.length} problems`;
  assert.equal(first, `${component.replace(" ", ' "')}": ${count}`);
  const paths = lines.map((line) => {
    const found = /^ {2}- (.+?): (?:got .+, )?allowed is .+\. .+\.$/.exec(line);
    assert.ok(found, `not a problem's line: ${line}`);
    return found[1] as string;
  });
  return { paths, text: error.message };
}

const LONG = "x".repeat(300);
const KEY_ELSEWHERE = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555";

const base = (args: Partial<BaseInstanceArgs>) =>
  refused("BaseInstance base", () => new BaseInstance("base", { recipe: RECIPE, ...args }));
const IMAGE_AND_ID = { baseImage: { namePattern: "ubuntu*" }, baseImageId: "ami-0123456789abcdef0" };
const image = (args: Partial<MachineImageArgs>) =>
  refused("MachineImage web", () => new MachineImage("web", { version: "1.0.0", recipe: RECIPE, ...args }));
const versions = (args: Partial<ImageVersionsArgs>) =>
  refused(
    "ImageVersions web",
    () => new ImageVersions("web", { versions: ["1.0.0"], current: "1.0.0", recipe: RECIPE, ...args }),
  );
const COPIES: ImageCopiesArgs = {
  sourceImageId: "ami-0123456789abcdef0",
  sourceRegion: "us-east-1",
  imageName: "web/dev/1.0.0",
  line: "web",
  version: "1.0.0",
  recipeDigest: "0123456789abcdef",
  regions: ["eu-west-1"],
};
const copies = (args: Partial<ImageCopiesArgs>) =>
  refused("ImageCopies copies", () => new ImageCopies("copies", { ...COPIES, ...args }));
const fleet = (args: Partial<AutoScalingFleetArgs>, name = "web") =>
  refused(`AutoScalingFleet ${name}`, () => new AutoScalingFleet(name, { imageId: "ami-0123456789abcdef0", ...args }));

describe("what the components refuse", () => {
  it("of a base image's look-up are the same in every component that has one", async () => {
    for (const refusing of [base, image, versions]) {
      assert.deepEqual((await refusing(IMAGE_AND_ID)).paths, ["baseImage.owner", "baseImage"]);
    }
  });

  it("says one problem in full: path, what was given, what is allowed, what to do", async () => {
    assert.equal(
      (await fleet({ port: 70000 })).text,
      'AutoScalingFleet "web": 1 problem\n' +
        "  - port: got 70000, allowed is a TCP port, 1 to 65535. Give the port the instances listen on.",
    );
  });

  it("BaseInstance: all at once", async () => {
    const { paths } = await base({
      recipe: { os: "ubuntu-25.04", steps: [{ packages: ["nginx"], run: "true" }, {}] },
      region: "Frankfurt",
      baseImageId: "ami-latest",
      limitMinutes: 0,
      settings: {
        instanceType: "t3",
        subnetId: "sn-1",
        rootVolume: { sizeGiB: 70000, type: "st1" },
        volumes: [
          { type: "gp3", throughput: 3000 },
          { deviceName: "/dev/sdf", sizeGiB: 100, type: "st1" },
        ],
        sessionManager: true,
        instanceProfile: "mine",
      },
      tags: { "aws:team": "web", "ami-lifecycle:verified": "yes", long: LONG },
    });
    assert.deepEqual(paths, [
      "recipe.os",
      "recipe.steps[0]",
      "recipe.steps[1]",
      "region",
      "baseImageId",
      "limitMinutes",
      "settings.instanceType",
      "settings.subnetId",
      'tags["aws:team"]',
      'tags["ami-lifecycle:verified"]',
      'tags["long"]',
      "settings.rootVolume.type",
      "settings.volumes[0].throughput",
      "settings.volumes[0].throughput",
      "settings.volumes[0].deviceName",
      "settings.volumes[0].sizeGiB",
      "settings.volumes[1].sizeGiB",
      "settings.sessionManager",
    ]);
  });

  it("BaseInstance: a root volume smaller than the system's own, unless the image is the caller's", async () => {
    assert.deepEqual((await base({ settings: { rootVolume: { sizeGiB: 4 } } })).paths, ["settings.rootVolume.sizeGiB"]);
    const run = await runProgram(
      () =>
        void new BaseInstance("b", {
          recipe: RECIPE,
          baseImageId: "ami-0123456789abcdef0",
          settings: { rootVolume: { sizeGiB: 4 } },
        }),
    );
    assert.deepEqual(run.thrown, []);
  });

  it("BaseInstance: device names that EC2 refuses, used twice, or the root's own", async () => {
    const volumes = ["sdf!", "/dev/sdg", "/dev/sdg", "/dev/sda1"].map((deviceName) => ({ deviceName, sizeGiB: 8 }));
    const at = (i: number) => `settings.volumes[${i}].deviceName`;
    assert.deepEqual((await base({ settings: { volumes } })).paths, [at(0), at(2), at(3)]);
    // Of a look-up's image the root's name is known only later.
    const own = { baseImage: { owner: "self", namePattern: "web" }, settings: { volumes } };
    assert.deepEqual((await base(own)).paths, [at(0), at(2)]);
  });

  it("MachineImage: all at once, with the paths of its own arguments", async () => {
    const { paths } = await image({
      version: "1.0",
      line: "web site",
      recipe: { os: "ubuntu-24.04" },
      baseImageId: "ami-1",
      baseInstance: { instanceType: "large", rootVolume: { iops: 10 } },
      limitMinutes: 1441,
      proof: { instanceType: "large", limitMinutes: 0.5 },
      region: "eu-west-1",
      copyTo: ["eu-west-1", "us-west-2", "us-west-2", "moon"],
      copyKmsKeyArns: { "us-west-2": KEY_ELSEWHERE, "ap-south-1": "alias/mine" },
      tags: { "aws:x": "y" },
    });
    assert.deepEqual(paths, [
      "recipe",
      "baseImageId",
      "baseInstance.instanceType",
      'tags["aws:x"]',
      "baseInstance.rootVolume.iops",
      "version",
      "line",
      "image name",
      "limitMinutes",
      "proof.limitMinutes",
      "proof.instanceType",
      "copyTo[0]",
      "copyTo[2]",
      "copyTo[3]",
      'copyKmsKeyArns["us-west-2"]',
      'copyKmsKeyArns["ap-south-1"]',
      'copyKmsKeyArns["ap-south-1"]',
    ]);
  });

  it("MachineImage: a name too long for an image", async () => {
    assert.deepEqual((await image({ version: `1.0.0-${"a".repeat(120)}` })).paths, ["image name"]);
  });

  it("ImageCopies: all at once", async () => {
    const { paths } = await copies({
      line: "-web",
      sourceRegion: "here",
      imageName: "web:1",
      sourceImageId: "i-0123456789abcdef0",
      regions: ["eu-west-1", "eu-west-1", "EU-WEST-1"],
      kmsKeyArns: { "eu-west-1": KEY_ELSEWHERE, "us-west-2": KEY_ELSEWHERE },
      copyTimeoutMinutes: 0,
      tags: { "": "empty" },
      proofs: { "eu-west-1": { instanceType: "?", limitMinutes: -1 } },
    });
    assert.deepEqual(paths, [
      "line",
      "sourceRegion",
      "imageName",
      "sourceImageId",
      "regions[1]",
      "regions[2]",
      'kmsKeyArns["eu-west-1"]',
      'kmsKeyArns["us-west-2"]',
      'kmsKeyArns["us-west-2"]',
      "copyTimeoutMinutes",
      'tags[""]',
      'proofs["eu-west-1"].instanceType',
      'proofs["eu-west-1"].limitMinutes',
    ]);
  });

  it("ImageVersions: all at once", async () => {
    const { paths } = await versions({
      versions: ["1.1.0", "1.0.0", "2"],
      current: "3.0.0",
      line: "_",
      region: "x",
      copyTo: ["x"],
      promote: {},
      copyKmsKeyArns: { y: "z" },
    });
    assert.deepEqual(paths, [
      "versions[2]",
      "versions[1]",
      "current",
      "line",
      "region",
      "copyTo[0]",
      "copyTo[0]",
      "recipe",
      'copyKmsKeyArns["y"]',
      'copyKmsKeyArns["y"]',
    ]);
  });

  it("ImageVersions: neither a recipe nor images to promote; nothing to keep", async () => {
    assert.deepEqual((await versions({ recipe: undefined })).paths, ["recipe"]);
    assert.deepEqual((await versions({ versions: [] })).paths, ["versions"]);
    assert.deepEqual((await versions({ recipe: undefined, promote: {} })).paths, ["region"]);
  });

  it("AutoScalingFleet: all at once", async () => {
    const { paths } = await fleet(
      {
        imageId: "ubuntu",
        minSize: -1,
        maxSize: 10001,
        port: 0,
        instanceType: "T3.small",
        targetCpu: 0,
        region: "eu",
        rollout: { minHealthyPercentage: 101, maxHealthyPercentage: 99, instanceWarmup: -1, limitMinutes: 0 },
        tags: { [LONG]: "x" },
        subnetIds: ["subnet-1"],
        loadBalancerSubnetIds: ["vpc-1", "subnet-2"],
        sessionManager: true,
        instanceProfile: "mine",
      },
      "web.1",
    );
    assert.deepEqual(paths, [
      "name",
      "imageId",
      "minSize",
      "maxSize",
      "port",
      "instanceType",
      "targetCpu",
      "region",
      "rollout.minHealthyPercentage",
      "rollout.maxHealthyPercentage",
      "rollout.instanceWarmup",
      "rollout.limitMinutes",
      `tags["${LONG}"]`,
      "subnetIds",
      "loadBalancerSubnetIds[0]",
      "sessionManager",
    ]);
  });

  it("AutoScalingFleet: values that do not go together, defaults counted in", async () => {
    assert.deepEqual((await fleet({ minSize: 5 })).paths, ["minSize"]);
    assert.deepEqual((await fleet({ maxSize: 1 })).paths, ["minSize"]);
    assert.deepEqual((await fleet({ rollout: { minHealthyPercentage: 0 } })).paths, ["rollout.maxHealthyPercentage"]);
  });

  it("passes over what is known only later", async () => {
    const later = <T>(given: T) => pulumi.output(given);
    const run = await runProgram(() => {
      new AutoScalingFleet("web", {
        imageId: later("?"),
        minSize: later(9),
        maxSize: later(1),
        instanceType: later("?"),
        tags: later({ "aws:x": "y" }),
        sessionManager: false,
      });
      new ImageCopies("copies", { ...COPIES, sourceImageId: later("?") });
    });
    assert.deepEqual(run.thrown, []);
  });

  it("ImageCopies: a key of another region, at once or as soon as it is known, before anything is copied", async () => {
    const path = 'kmsKeyArns["eu-west-1"]';
    const { paths, text } = await copies({ kmsKeyArns: { "eu-west-1": KEY_ELSEWHERE } });
    assert.deepEqual(paths, [path]);
    assert.match(text, /allowed is a key of eu-west-1\. Give a key of eu-west-1, or a replica/);
    for (const [given, allowed] of [
      [KEY_ELSEWHERE, "a key of eu-west-1"],
      ["alias/mine", "a KMS key ARN, arn:aws:kms:REGION:ACCOUNT:key/ID"],
    ] as const) {
      const kmsKeyArns = { "eu-west-1": pulumi.output(given) };
      const run = await runProgram(() => void new ImageCopies("copies", { ...COPIES, kmsKeyArns }));
      const error = onlyError(run);
      assert.ok(
        error.message.includes(
          `ImageCopies of web 1.0.0: 1 problem\n  - ${path}: got "${given}", allowed is ${allowed}.`,
        ),
        error.message,
      );
      assert.deepEqual(tree(run), ["ImageCopies copies"]);
    }
    const right = KEY_ELSEWHERE.replace("us-east-1", "eu-west-1");
    const fine = await runProgram(
      () => void new ImageCopies("copies", { ...COPIES, kmsKeyArns: { "eu-west-1": pulumi.output(right) } }),
    );
    assert.deepEqual(fine.thrown, []);
  });

  it("AutoScalingFleet: every limit of a rollout, each once", async () => {
    const { paths } = await fleet({
      rollout: {
        checkpointPercentages: [50, 20],
        checkpointDelay: -1,
        bakeTime: 172801,
        alarmNames: [""],
        keepTemplateVersions: 0,
        limitMinutes: 1440,
      },
    });
    assert.deepEqual([...paths].sort(), [
      "rollout.alarmNames",
      "rollout.bakeTime",
      "rollout.checkpointDelay",
      "rollout.checkpointPercentages",
      "rollout.keepTemplateVersions",
      "rollout.limitMinutes",
    ]);
    const checkpoints = { checkpointPercentages: [20, 50, 70, 100] };
    assert.deepEqual((await fleet({ rollout: checkpoints })).paths, ["rollout.limitMinutes"]);
  });
});

// What a child refuses, its parent must refuse first, or things are registered.
describe("what the components refuse at once", () => {
  it("MachineImage: wrong proofs of copies, before the base instance is registered", async () => {
    const { paths } = await image({ copyTo: ["eu-west-1"], copyProofs: { "eu-west-1": { instanceType: "large" } } });
    assert.deepEqual(paths, ['copyProofs["eu-west-1"].instanceType']);
  });

  it("ImageVersions: its versions' order together with what is wrong in the recipe and the tags", async () => {
    const { paths } = await versions({
      versions: ["1.1.0", "1.0.0"],
      recipe: { os: "ubuntu-25.04", steps: [{ run: "true" }] },
      tags: { "aws:x": "y" },
      limitMinutes: 0,
      baseImageId: "ami-1",
    });
    assert.deepEqual([...paths].sort(), ["baseImageId", "limitMinutes", "recipe.os", 'tags["aws:x"]', "versions[1]"]);
  });

  it("ImageCopies and AutoScalingFleet: an architecture that does not exist", async () => {
    assert.deepEqual((await copies({ architecture: "amd64" })).paths, ["architecture"]);
    assert.deepEqual((await fleet({ architecture: "aarch64" })).paths, ["architecture"]);
  });

  it("AutoScalingFleet: user data over 16,384 bytes, and a health path that is none", async () => {
    assert.deepEqual((await fleet({ userData: "x".repeat(16385) })).paths, ["userData"]);
    assert.deepEqual((await fleet({ userData: "ö".repeat(8193) })).paths, ["userData"]);
    assert.deepEqual((await fleet({ port: 80, healthPath: "healthy" })).paths, ["healthPath"]);
  });

  it("AutoScalingFleet: a name too long for its load balancer, or for its role", async () => {
    assert.deepEqual((await fleet({ port: 80 }, "a".repeat(22))).paths, ["name"]);
    assert.deepEqual((await fleet({}, "a".repeat(52))).paths, ["name"]);
    const run = await runProgram(() => {
      new AutoScalingFleet("a".repeat(21), { imageId: "ami-0123456789abcdef0", port: 80 });
      new AutoScalingFleet("b".repeat(51), { imageId: "ami-0123456789abcdef0", userData: "x".repeat(16384) });
    });
    assert.deepEqual(run.thrown, []);
  });

  it("boot proofs in regions that get no copy, and subnets that are none", async () => {
    const proofs = { "us-west-2": {}, "eu-west-1": { subnetId: "vpc-1" } };
    const paths = (name: string) => [`${name}["us-west-2"]`, `${name}["eu-west-1"].subnetId`];
    assert.deepEqual((await copies({ proofs })).paths, paths("proofs"));
    assert.deepEqual((await image({ copyTo: ["eu-west-1"], copyProofs: proofs })).paths, paths("copyProofs"));
    assert.deepEqual((await versions({ copyTo: ["eu-west-1"], proofs })).paths, paths("proofs"));
  });

  it("values of another kind than the argument's", async () => {
    assert.deepEqual((await copies({ architecture: null as never, regions: [["eu-west-1"] as never] })).paths, [
      "architecture",
      "regions[0]",
    ]);
    assert.deepEqual((await fleet({ tags: { a: null as never, b: 1 as never } })).paths, ['tags["a"]', 'tags["b"]']);
  });
});
