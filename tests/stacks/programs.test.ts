import assert from "node:assert/strict";
import type { PromotedImage } from "../../components";
import { recipeDigest } from "../../components/internal/recipe";
import { parseSettings } from "../../stacks/config";
import { dev } from "../../stacks/dev";
import { prod } from "../../stacks/prod";
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
    assert.equal(run.resources.length, 25);
    assert.equal(run.hookNames.length, 21);
    assert.deepEqual(run.warnings, []);
  });

  it("puts the fleet on the current version's verified image", async () => {
    const run = await stackRun("dev", config);
    const template = only(run, "aws:ec2:LaunchTemplate");
    assert.equal(template.inputs.imageId, only(run, "aws:ec2:AmiFromInstance", "web-1.0.0").id);
    assert.ok(template.dependsOn.includes("web-1.0.0-verified"));
    const live = JSON.parse(only(run, "aws:ssm:Parameter").inputs.insecureValue as string) as { version: string };
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
    assert.equal(names(one).length, 5);
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
      ...FRONTED,
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
    assert.equal(run.resources.length, 23);
    assert.equal(run.hookNames.length, 21);
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

  it("takes the type that is set for proofs and fleet", async () => {
    const run = await stackRun("prod", { ...config, instanceType: "m7i.large" }, { stacks });
    assert.equal(only(run, "aws:ec2:LaunchTemplate").inputs.instanceType, "m7i.large");
    for (const { inputs } of all(run, "ImageCopies")) assert.equal(inputs.instanceType, "m7i.large");
  });

  it("has names of its own: nothing done to dev can take them", async () => {
    const run = await stackRun("prod", config, { stacks });
    assert.equal(only(run, "aws:ssm:Parameter").inputs.name, "/ami/web/prod/live");
    for (const { inputs } of all(run, "aws:ec2:AmiCopy")) assert.match(inputs.name as string, /^web\/prod\//);
  });

  it("previews when the source has never been up", async () => {
    const run = await stackRun("prod", config, { stacks: { [SOURCE]: {} }, preview: true });
    assert.equal(all(run, "aws:ec2:AmiCopy").length, 4);
  });
});
