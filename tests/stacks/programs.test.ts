import assert from "node:assert/strict";
import type { PromotedImage } from "../../components";
import { recipeDigest } from "../../components/internal/recipe";
import { parseSettings } from "../../stacks/config";
import { dev } from "../../stacks/dev";
import { prod } from "../../stacks/prod";
import { ACCOUNT } from "../support/mockOutputs";
import { type ProgramOptions, type Run, runProgram } from "../support/mocks";
import { all, assertFine, only, RECIPE, tree } from "../support/reading";

const SOURCE = "organization/pulumi-ami-lifecycle/dev";
const REGION = { "aws:region": "us-east-1" };

/** Runs a stack's program with that config (of `ami-lifecycle:`, but for the region). */
async function stackRun(
  environment: "dev" | "prod",
  config: { [key: string]: unknown },
  options: ProgramOptions = {},
): Promise<Run> {
  const stack = options.stack ?? environment;
  const values: { [key: string]: string } = { ...REGION };
  for (const [key, value] of Object.entries(config)) {
    values[key.includes(":") ? key : `ami-lifecycle:${key}`] =
      typeof value === "string" ? value : JSON.stringify(value);
  }
  const { settings, problems } = parseSettings({ values, stack });
  assert.deepEqual(problems, []);
  const run = await runProgram(() => (settings.environment === "dev" ? dev : prod)(settings), {
    stack,
    config: values,
    ...options,
  });
  assertFine(run);
  return run;
}

const FLEET = [
  "AutoScalingFleet web",
  "  aws:autoscaling:Group web",
  "  aws:autoscaling:Policy web-cpu",
  "  aws:ec2:LaunchTemplate web-template",
  "  aws:ec2:SecurityGroup web-sg",
  "  aws:iam:InstanceProfile web-profile",
  "  aws:iam:Role web-role",
  "  aws:iam:RolePolicyAttachment web-session-manager",
  "  aws:ssm:Parameter web-live",
];
const FRONTED = [
  ...FLEET.slice(0, 4),
  "  aws:ec2:SecurityGroup web-lb-sg",
  ...FLEET.slice(4),
  "  awsx:lb:ApplicationLoadBalancer web-lb",
];

/** What watches, and what takes the access logs of, prod's fleet. */
const WATCHED = [
  ...FRONTED.slice(0, 3),
  "  aws:cloudwatch:Dashboard web-dashboard",
  "  aws:cloudwatch:MetricAlarm web-errors",
  "  aws:cloudwatch:MetricAlarm web-latency",
  "  aws:cloudwatch:MetricAlarm web-unhealthy",
  ...FRONTED.slice(3, -2),
  "  aws:s3:Bucket web-logs",
  "  aws:s3:BucketLifecycleConfiguration web-logs",
  "  aws:s3:BucketPolicy web-logs",
  "  aws:s3:BucketPublicAccessBlock web-logs",
  "  aws:s3:BucketServerSideEncryptionConfiguration web-logs",
  ...FRONTED.slice(-2),
];

/** The parameters of two versions: one for each, and the pointers. `previous` only when the newer is current. */
const parametersOf = (regions: string[], current: string): string[] => [
  "ImageParameters web",
  ...regions
    .flatMap((region) =>
      ["1.0.0", "1.1.0", "candidate", "current", "pointers", ...(current === "1.1.0" ? ["previous"] : [])].map(
        (of) => `  aws:ssm:Parameter web-${region}-${of}`,
      ),
    )
    .sort(),
];

describe("the dev stack", () => {
  const config = {
    versions: ["1.0.0", "1.1.0"],
    current: "1.0.0",
    recipe: RECIPE,
    copyTo: ["eu-west-1"],
    tags: { environment: "dev" },
  };

  it("has exactly these resources", async () => {
    const run = await stackRun("dev", config);
    assert.deepEqual(tree(run), [
      ...FLEET,
      ...parametersOf(["us-east-1", "eu-west-1"], "1.0.0"),
      "ImageVersions web",
      "  MachineImage web-1.0.0",
      "    ImageCopies web-1.0.0",
      "      aws:ec2:AmiCopy web-1.0.0-eu-west-1",
      "      aws:ec2:Tag web-1.0.0-eu-west-1-verified",
      "    aws:ec2:AmiFromInstance web-1.0.0",
      "    aws:ec2:Tag web-1.0.0-verified",
      "  MachineImage web-1.1.0",
      "    BaseInstance web-1.1.0-base",
      "      aws:ec2:Instance web-1.1.0-base",
      "      aws:ec2:SecurityGroup web-1.1.0-base-sg",
      "    ImageCopies web-1.1.0",
      "      aws:ec2:AmiCopy web-1.1.0-eu-west-1",
      "      aws:ec2:Tag web-1.1.0-eu-west-1-verified",
      "    aws:ec2:AmiFromInstance web-1.1.0",
      "    aws:ec2:Tag web-1.1.0-verified",
    ]);
    assert.equal(run.resources.length, 36);
    assert.equal(run.hookNames.length, 26);
    assert.deepEqual(run.warnings, []);
  });

  it("puts the fleet on the current version's verified image", async () => {
    const run = await stackRun("dev", config);
    const template = only(run, "aws:ec2:LaunchTemplate");
    assert.equal(template.inputs.imageId, only(run, "aws:ec2:AmiFromInstance", "web-1.0.0").id);
    assert.ok(template.dependsOn.includes("web-1.0.0-verified"));
    const live = JSON.parse(only(run, "aws:ssm:Parameter", "web-live").inputs.insecureValue as string) as {
      version: string;
    };
    assert.equal(live.version, "1.0.0");
    assert.equal(only(run, "aws:autoscaling:Group").inputs.minSize, 1);
    assert.equal(only(run, "aws:autoscaling:Group").inputs.maxSize, 2);
  });

  it("gives what prod promotes, and what people need", async () => {
    const run = await stackRun("dev", config);
    const idOf = (type: string, name: string) => only(run, type, name).id;
    const image = (version: string) => ({
      imageId: idOf("aws:ec2:AmiFromInstance", `web-${version}`),
      region: "us-east-1",
      recipeDigest: recipeDigest(RECIPE),
      architecture: "x86_64",
      owner: ACCOUNT,
    });
    const ids = (version: string) => ({
      "us-east-1": idOf("aws:ec2:AmiFromInstance", `web-${version}`),
      "eu-west-1": idOf("aws:ec2:AmiCopy", `web-${version}-eu-west-1`),
    });
    const { connect, groupName, ...outputs } = run.outputs;
    assert.deepEqual(outputs, {
      line: "web",
      region: "us-east-1",
      current: "1.0.0",
      images: { "1.0.0": image("1.0.0"), "1.1.0": image("1.1.0") },
      verifiedImageIds: { "1.0.0": ids("1.0.0"), "1.1.0": ids("1.1.0") },
      liveParameter: "/ami/web/dev/live",
      imageParameters: Object.fromEntries(
        ["1.0.0", "1.1.0", "candidate", "current"].map((of) => [of, `/ami/web/dev/${of}`]),
      ),
    });
    assert.equal(groupName, only(run, "aws:autoscaling:Group").outputs.name);
    assert.match(connect as string, /start-session --region us-east-1/);
  });

  it("takes a load balancer, another type, root volume and name when they are set", async () => {
    const run = await stackRun("dev", {
      ...config,
      line: "shop",
      port: 8080,
      instanceType: "m7i.large",
      rootVolumeGiB: 16,
      limitMinutes: 50,
      sessionManager: false,
    });
    assert.equal(only(run, "awsx:lb:ApplicationLoadBalancer").name, "shop-lb");
    assert.equal(run.outputs.url, "http://shop-lb.us-east-1.elb.amazonaws.com");
    const base = only(run, "aws:ec2:Instance");
    assert.equal(base.inputs.instanceType, "m7i.large");
    assert.equal((base.inputs.rootBlockDevice as { volumeSize: number }).volumeSize, 16);
    assert.equal(only(run, "aws:ec2:LaunchTemplate").inputs.instanceType, "m7i.large");
    assert.deepEqual(all(run, "aws:iam:Role"), []);
    assert.equal(only(run, "aws:ec2:AmiFromInstance", "shop-1.1.0").inputs.name, "shop/dev/1.1.0");
  });

  it("tags everything taggable", async () => {
    const run = await stackRun("dev", config);
    for (const { type, custom, inputs } of run.resources) {
      if (!custom || /tag:Tag|autoscaling|RolePolicyAttachment/.test(type)) continue;
      assert.equal((inputs.tags as { environment?: string }).environment, "dev", type);
    }
  });

  it("never collides with a staging stack of the same program in the same account", async () => {
    const names = (run: Run) =>
      run.resources.flatMap(({ inputs, type }) =>
        type.startsWith("aws:") && typeof inputs.name === "string" ? [inputs.name] : [],
      );
    const [one, two] = [
      await stackRun("dev", config),
      await stackRun("dev", { ...config, environment: "dev" }, { stack: "staging" }),
    ];
    assert.deepEqual(tree(one), tree(two));
    assert.equal(new Set(names(one)).size, 8);
    assert.deepEqual(
      names(one).filter((name) => names(two).includes(name)),
      [],
    );
  });
});

describe("the prod stack", () => {
  const image = (version: string, more: Partial<PromotedImage> = {}): PromotedImage => ({
    imageId: `ami-${version.replaceAll(".", "").padStart(17, "0")}`,
    region: "us-east-1",
    recipeDigest: "0123456789abcdef",
    architecture: "x86_64",
    ...more,
  });
  const stacks = { [SOURCE]: { region: "us-east-1", images: { "1.0.0": image("1.0.0"), "1.1.0": image("1.1.0") } } };
  const config = { versions: ["1.0.0", "1.1.0"], current: "1.1.0", source: SOURCE, copyTo: ["us-west-2"] };

  it("has exactly these resources, and bakes nothing", async () => {
    const run = await stackRun("prod", config, { stacks });
    assert.deepEqual(tree(run), [
      ...WATCHED,
      ...parametersOf(["us-east-1", "us-west-2"], "1.1.0"),
      "ImageRetention web",
      ...["us-east-1", "us-west-2"].flatMap((region) => [
        `  aws:rbin:Rule web-${region}-images`,
        `  aws:rbin:Rule web-${region}-snapshots`,
      ]),
      "ImageVersions web",
      ...["1.0.0", "1.1.0"].flatMap((version) => [
        `  ImageCopies web-${version}`,
        `    aws:ec2:AmiCopy web-${version}-us-east-1`,
        `    aws:ec2:AmiCopy web-${version}-us-west-2`,
        `    aws:ec2:Tag web-${version}-us-east-1-verified`,
        `    aws:ec2:Tag web-${version}-us-west-2-verified`,
      ]),
      `pulumi:pulumi:StackReference ${SOURCE}`,
    ]);
    assert.equal(run.resources.length, 50);
    assert.equal(run.hookNames.length, 29);
    assert.deepEqual(run.warnings, []);
  });

  it("copies only behind the gate that asks for the source's record", async () => {
    const run = await stackRun("prod", config, { stacks });
    const copies = all(run, "aws:ec2:AmiCopy");
    assert.equal(copies.length, 4);
    for (const { name, hooks } of copies) {
      const gates = hooks.beforeCreate?.map((hook) => hook.split("/").pop());
      assert.deepEqual(gates, [`${name}:sourceVerified`, `${name}:nameFree`]);
    }
    assert.deepEqual(
      copies.map(({ inputs }) => [inputs.name, inputs.sourceAmiId, inputs.region, inputs.encrypted]).sort(),
      ["1.0.0", "1.1.0"].flatMap((version) =>
        ["us-east-1", "us-west-2"].map((region) => [`web/prod/${version}`, image(version).imageId, region, true]),
      ),
    );
  });

  it("runs its own proven copy at home, never the source's image", async () => {
    const run = await stackRun("prod", config, { stacks });
    const template = only(run, "aws:ec2:LaunchTemplate");
    assert.equal(template.inputs.imageId, only(run, "aws:ec2:AmiCopy", "web-1.1.0-us-east-1").id);
    assert.ok(template.dependsOn.includes("web-1.1.0-us-east-1-verified"));
    assert.equal(only(run, "aws:autoscaling:Group").inputs.healthCheckType, "ELB");
    assert.equal(run.outputs.url, "http://web-lb.us-east-1.elb.amazonaws.com");
  });

  it("warns of a version the source lacks, and copies it from the placeholder, which the gate refuses", async () => {
    const run = await stackRun("prod", { ...config, versions: ["1.1.0", "1.2.0"] }, { stacks });
    assert.deepEqual(run.warnings, [
      "The source stack has no verified image of web 1.2.0: unless this stack holds its copies already, `pulumi up` refuses to copy.",
    ]);
    for (const region of ["us-east-1", "us-west-2"]) {
      const copy = only(run, "aws:ec2:AmiCopy", `web-1.2.0-${region}`);
      assert.equal(copy.inputs.sourceAmiId, "ami-00000000000000000");
      const error = await run.runHook(copy.hooks.beforeCreate?.[0] as string, { newInputs: copy.inputs });
      assert.match(error as string, /^web 1\.2\.0 to .*: nothing was copied: the source stack has no verified image/);
    }
  });

  it("warns once a version of a source that has nothing at all", async () => {
    const run = await stackRun("prod", config, { stacks: { [SOURCE]: {} } });
    assert.equal(run.warnings.length, 2);
    for (const { inputs } of all(run, "aws:ec2:AmiCopy")) {
      assert.deepEqual([inputs.sourceAmiId, inputs.sourceAmiRegion], ["ami-00000000000000000", "us-east-1"]);
    }
  });

  it("copies from the region the source is in", async () => {
    const source = {
      [SOURCE]: { region: "eu-central-1", images: { "1.0.0": image("1.0.0", { region: "eu-central-1" }) } },
    };
    const run = await stackRun("prod", { ...config, versions: ["1.0.0"], current: "1.0.0" }, { stacks: source });
    for (const { inputs } of all(run, "aws:ec2:AmiCopy")) assert.equal(inputs.sourceAmiRegion, "eu-central-1");
  });

  it("boots and runs arm64 images on arm64 by default, in both stacks", async () => {
    const images = {
      "1.0.0": image("1.0.0", { architecture: "x86_64" }),
      "1.1.0": image("1.1.0", { architecture: "arm64" }),
    };
    const promoted = await stackRun("prod", config, { stacks: { [SOURCE]: { region: "us-east-1", images } } });
    assert.equal(only(promoted, "aws:ec2:LaunchTemplate").inputs.instanceType, "t4g.small");
    for (const { name, inputs } of all(promoted, "ImageCopies")) {
      assert.equal(inputs.architecture, name === "web-1.1.0" ? "arm64" : "x86_64", name);
    }
    const back = await stackRun("prod", { ...config, current: "1.0.0" }, { stacks: { [SOURCE]: { images } } });
    assert.equal(only(back, "aws:ec2:LaunchTemplate").inputs.instanceType, "t3.small");
    const recipe = { ...RECIPE, architecture: "arm64" };
    const baked = await stackRun("dev", { versions: ["1.0.0"], current: "1.0.0", recipe });
    assert.equal(only(baked, "aws:ec2:LaunchTemplate").inputs.instanceType, "t4g.small");
    assert.equal(only(baked, "aws:ec2:Instance").inputs.instanceType, "t4g.small");
    const given = (baked.outputs.images as { [version: string]: PromotedImage })["1.0.0"];
    assert.equal(given?.architecture, "arm64");
  });

  it("bakes and runs Windows on a type with enough memory, and hands the base image's look-up on", async () => {
    const recipe = { os: "windows-2022", steps: [{ packages: ["Web-Server"] }] };
    const one = { versions: ["1.0.0"], current: "1.0.0" };
    const windows = await stackRun("dev", { ...one, recipe });
    for (const type of ["aws:ec2:LaunchTemplate", "aws:ec2:Instance"])
      assert.equal(only(windows, type).inputs.instanceType, "t3.medium", type);
    const given = await stackRun("dev", { ...one, recipe, instanceType: "m7i.large" });
    assert.equal(only(given, "aws:ec2:LaunchTemplate").inputs.instanceType, "m7i.large");
    const golden = await stackRun("dev", {
      ...one,
      recipe: RECIPE,
      baseImage: { ssmParameter: "/aws/service/mine/ami" },
    });
    assert.ok(golden.lookups.some(({ args }) => args.name === "/aws/service/mine/ami"));
  });

  it("takes the type that is set for proofs and fleet", async () => {
    const run = await stackRun("prod", { ...config, instanceType: "m7i.large" }, { stacks });
    assert.equal(only(run, "aws:ec2:LaunchTemplate").inputs.instanceType, "m7i.large");
    for (const { inputs } of all(run, "ImageCopies")) assert.equal(inputs.instanceType, "m7i.large");
  });

  it("has names of its own: nothing done to dev can take them", async () => {
    const run = await stackRun("prod", config, { stacks });
    assert.equal(only(run, "aws:ssm:Parameter", "web-live").inputs.name, "/ami/web/prod/live");
    for (const { inputs } of all(run, "aws:ec2:AmiCopy")) assert.match(inputs.name as string, /^web\/prod\//);
  });

  it("previews when the source has never been up", async () => {
    const run = await stackRun("prod", config, { stacks: { [SOURCE]: {} }, preview: true });
    assert.equal(all(run, "aws:ec2:AmiCopy").length, 4);
  });

  it("protects the copies of the current version and of the one before, and their keys", async () => {
    const run = await stackRun("prod", { ...config, imageKeys: true }, { stacks });
    assert.deepEqual(
      run.resources
        .filter(({ options, custom }) => options.protect && custom)
        .map(({ name }) => name)
        .sort(),
      [
        ...["us-east-1", "us-west-2"].flatMap((region) => [
          ...["1.0.0", "1.1.0"].map((version) => `web-${version}-${region}`),
          ...[`web-${region}`, `web-${region}-alias`],
        ]),
      ].sort(),
    );
    const open = await stackRun("prod", { ...config, protect: false }, { stacks });
    assert.ok(open.resources.every(({ options }) => !options.protect));
  });

  it("has its images after the Recycle Bin's rules, which it leaves out when told", async () => {
    const run = await stackRun("prod", config, { stacks });
    const needs = only(run, "ImageVersions").dependsOn;
    for (const region of ["us-east-1", "us-west-2"])
      for (const kind of ["images", "snapshots"]) assert.ok(needs.includes(`web-${region}-${kind}`), needs.join());
    assert.deepEqual(all(await stackRun("prod", { ...config, recycleBinDays: 0 }, { stacks }), "aws:rbin:Rule"), []);
  });

  it("moves the pointers only after the fleet", async () => {
    const run = await stackRun("prod", config, { stacks });
    for (const of of ["current", "previous"])
      assert.ok(only(run, "aws:ssm:Parameter", `web-us-west-2-${of}`).dependsOn.includes("web-live"), of);
    assert.ok(!only(run, "aws:ssm:Parameter", "web-us-west-2-candidate").dependsOn.includes("web-live"));
  });

  it("promotes images that are named one by one, where the source's state cannot be read", async () => {
    const images = { "1.0.0": image("1.0.0", { owner: "444455556666" }) };
    const one = { versions: ["1.0.0"], current: "1.0.0", images, copyTo: ["us-west-2"] };
    const run = await stackRun("prod", one);
    assert.deepEqual(all(run, "pulumi:pulumi:StackReference"), []);
    for (const { inputs } of all(run, "aws:ec2:AmiCopy")) assert.equal(inputs.sourceAmiId, images["1.0.0"].imageId);
    for (const { inputs } of all(run, "ImageCopies")) assert.equal(inputs.sourceOwner, "444455556666");
  });
});

describe("keys and sharing in the stacks", () => {
  const PROD_ACCOUNT = "444455556666";
  const config = {
    versions: ["1.0.0", "1.1.0"],
    current: "1.0.0",
    recipe: RECIPE,
    copyTo: ["eu-west-1"],
    imageKeys: true,
    shareWith: { accounts: [PROD_ACCOUNT] },
  };

  it("bake and copy under a key of each region, which the other account may use", async () => {
    const run = await stackRun("dev", config);
    const keyIn = (region: string) => only(run, "aws:kms:Key", `web-${region}`);
    const root = only(run, "aws:ec2:Instance").inputs.rootBlockDevice as { kmsKeyId: string };
    assert.equal(root.kmsKeyId, keyIn("us-east-1").outputs.arn);
    for (const { inputs } of all(run, "aws:ec2:AmiCopy")) assert.equal(inputs.kmsKeyId, keyIn("eu-west-1").outputs.arn);
    for (const region of ["us-east-1", "eu-west-1"])
      assert.ok((keyIn(region).inputs.policy as string).includes(`arn:aws:iam::${PROD_ACCOUNT}:root`));
  });

  it("share the verified image of every version in every region, with its snapshot", async () => {
    const run = await stackRun("dev", config, {
      lookups: {
        "aws:ec2/getAmi:getAmi": () => ({ imageId: "ami-1", rootSnapshotId: "snap-1", blockDeviceMappings: [] }),
      },
    });
    const names = ["1.0.0", "1.1.0"].flatMap((version) =>
      ["us-east-1", "eu-west-1"].map((region) => `web-${version}-${region}-${PROD_ACCOUNT}`),
    );
    assert.deepEqual(
      all(run, "aws:ec2:AmiLaunchPermission")
        .map(({ name }) => name)
        .sort(),
      [...names].sort(),
    );
    assert.deepEqual(
      all(run, "aws:ec2:SnapshotCreateVolumePermission")
        .map(({ name }) => name)
        .sort(),
      names.map((name) => `${name}-root`).sort(),
    );
    const permission = only(run, "aws:ec2:AmiLaunchPermission", `web-1.1.0-us-east-1-${PROD_ACCOUNT}`);
    assert.ok(permission.dependsOn.includes("web-1.1.0-verified"), permission.dependsOn.join());
  });

  it("make keys only for regions that have none, and share nothing unless told", async () => {
    const key = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555";
    const run = await stackRun("dev", { ...config, shareWith: {}, kmsKeyArns: { "eu-west-1": key } });
    assert.deepEqual(
      all(run, "aws:kms:Key").map(({ name }) => name),
      ["web-us-east-1"],
    );
    for (const { inputs } of all(run, "aws:ec2:AmiCopy")) assert.equal(inputs.kmsKeyId, key);
    assert.deepEqual(all(run, "aws:ec2:AmiLaunchPermission"), []);
  });

  it("share from the version on that is named: those before may be under a key that nobody else can use", async () => {
    const run = await stackRun(
      "dev",
      { ...config, shareWith: { accounts: [PROD_ACCOUNT], fromVersion: "1.1.0" } },
      {
        lookups: {
          "aws:ec2/getAmi:getAmi": () => ({ imageId: "ami-1", rootSnapshotId: "snap-1", blockDeviceMappings: [] }),
        },
      },
    );
    const shared = all(run, "aws:ec2:AmiLaunchPermission").map(({ name }) => name);
    assert.ok(shared.length === 2 && shared.every((name) => name.startsWith("web-1.1.0-")), shared.join());
  });

  it("share the copies of an adopted image, not the image, which is somebody else's", async () => {
    const run = await stackRun(
      "dev",
      { ...config, adopt: { "1.0.0": "ami-0aaaaaaaaaaaaaaaa" } },
      {
        lookups: {
          "aws:ec2/getAmiIds:getAmiIds": () => ({ ids: ["ami-0aaaaaaaaaaaaaaaa"] }),
          "aws:ec2/getAmi:getAmi": () => ({
            id: "ami-0aaaaaaaaaaaaaaaa",
            imageId: "ami-0aaaaaaaaaaaaaaaa",
            architecture: "x86_64",
            rootSnapshotId: "snap-1",
            blockDeviceMappings: [],
          }),
        },
      },
    );
    assert.deepEqual(
      all(run, "aws:ec2:AmiLaunchPermission")
        .map(({ name }) => name.replace(`-${PROD_ACCOUNT}`, ""))
        .sort(),
      ["web-1.0.0-eu-west-1", "web-1.1.0-eu-west-1", "web-1.1.0-us-east-1"],
    );
  });
});
