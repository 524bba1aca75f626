import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  AutoScalingFleet,
  BaseInstance,
  ImageCopies,
  ImageKeys,
  ImageRetention,
  ImageSharing,
  ImageVersions,
  InstanceBackups,
  LaunchTemplate,
  MachineImage,
  StandaloneInstances,
} from "../../components";
import { runProgram, UNKNOWN } from "../support/mocks";
import { all, assertFine, only, RECIPE, tree } from "../support/reading";

/** Every component at once. */
function program() {
  const base = new BaseInstance("base", { recipe: RECIPE, settings: { sessionManager: true } });
  const image = new MachineImage("web", { version: "1.0.0", recipe: RECIPE, copyTo: ["eu-west-1"] });
  const versions = new ImageVersions("line", { versions: ["1.0.0", "1.1.0"], current: "1.0.0", recipe: RECIPE });
  const promoted = new ImageVersions("promoted", {
    versions: ["1.0.0"],
    current: "1.0.0",
    promote: versions.images,
    region: "eu-west-1",
  });
  const copies = new ImageCopies("copies", {
    sourceImageId: image.verifiedImageId,
    sourceRegion: image.region,
    imageName: "copies/dev/1.0.0",
    line: "copies",
    version: "1.0.0",
    recipeDigest: image.recipeDigest,
    regions: ["us-west-2"],
  });
  const fleet = new AutoScalingFleet("web", { imageId: image.verifiedImageId, port: 80 });
  const regions = ["us-west-2"];
  const keys = new ImageKeys("keys", { regions, accounts: ["444455556666"] });
  const sharing = new ImageSharing("share", {
    imageIds: { "us-west-2": copies.verifiedImageIdIn("us-west-2") },
    kmsKeyArns: { "us-west-2": keys.keyArnIn("us-west-2") },
    accounts: ["444455556666"],
    volumes: ["/dev/sdf"],
  });
  const retention = new ImageRetention("keep", { regions });
  const backups = new InstanceBackups("daily", { targetTags: { backup: "daily" } });
  const like = new LaunchTemplate("like", { imageId: image.verifiedImageId });
  const servers = new StandaloneInstances("server", {
    imageId: image.verifiedImageId,
    count: 2,
    zones: ["us-east-1a"],
  });
  return { base, image, versions, promoted, copies, fleet, keys, sharing, retention, backups, like, servers };
}

const value = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply((v) => resolve(v)));

describe("the components under plain setMocks", () => {
  const registered: string[] = [];
  const warned: string[] = [];
  const rejected: unknown[] = [];

  async function plainly<T>(run: () => Promise<T>, preview = false): Promise<T> {
    registered.length = warned.length = rejected.length = 0;
    const warn = console.warn;
    console.warn = (text: string) => warned.push(text);
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (reason) => rejected.push(reason));
    try {
      await pulumi.runtime.setMocks(
        {
          newResource: ({ name, type, inputs }) => {
            registered.push(`${type} ${name}`);
            return { id: `${name}-id`, state: inputs };
          },
          call: () => ({}),
        },
        "project",
        "stack",
        preview,
      );
      const result = await run();
      await pulumi.runtime.disconnect();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return result;
    } finally {
      console.warn = warn;
      process.removeAllListeners("unhandledRejection");
      for (const listener of listeners) process.on("unhandledRejection", listener);
    }
  }

  it("run without a crash, and give what can be given", async () => {
    await plainly(async () => {
      const { base, image, versions, fleet, promoted, copies, sharing, backups, servers } = program();
      assert.equal(await value(image.verifiedImageId), "web-1.0.0-id");
      assert.equal(await value(image.imageName), "web/stack/1.0.0");
      assert.equal(await value(base.instanceId), "base-id");
      assert.equal(await value(versions.current), "1.0.0");
      assert.equal(await value(versions.currentImageId), "line-1.0.0-id");
      assert.equal(await value(promoted.currentImageId), "promoted-1.0.0-eu-west-1-id");
      assert.deepEqual(await value(copies.verifiedImageIds), { "us-west-2": "copies-us-west-2-id" });
      assert.deepEqual(await value(sharing.sharedImageIds), { "us-west-2": "copies-us-west-2-id" });
      const like = new LaunchTemplate("like-it", { fromInstanceId: base.instanceId, imageId: image.verifiedImageId });
      assert.equal(await value(like.imageId), "web-1.0.0-id");
      assert.equal(await value(backups.policyId), "daily-id");
      assert.deepEqual(await value(servers.instanceIds), {
        "server-us-east-1a-1": "server-us-east-1a-1-id",
        "server-us-east-1a-2": "server-us-east-1a-2-id",
      });
      assert.equal(await value(fleet.liveParameter), "/ami/web/stack/live");
      assert.equal(await value(fleet.liveImageId), "web-1.0.0-id");
    });
    assert.deepEqual(rejected, []);
    assert.deepEqual(warned, []);
    assert.equal(registered.filter((line) => line.startsWith("aws:ec2/tag:Tag")).length, 6);
    assert.equal(registered.filter((line) => line.startsWith("aws:ec2/amiFromInstance")).length, 3);
    assert.ok(registered.includes("awsx:lb:ApplicationLoadBalancer web-lb"));
  });

  it("run in its preview too", async () => {
    await plainly(() => Promise.resolve(void program()), true);
    assert.deepEqual(rejected, []);
    assert.ok(registered.includes("aws:ssm/parameter:Parameter web-live"));
  });

  it("refuse what is wrong there too", async () => {
    await plainly(() => {
      assert.throws(() => new MachineImage("web", { version: "one", recipe: RECIPE }), pulumi.ResourceError);
      return Promise.resolve();
    });
  });
});

describe("the components in a preview", () => {
  it("register the same resources as in an update, with every gate, whatever is unknown", async () => {
    const update = await runProgram(() => void program());
    const preview = await runProgram(() => void program(), { preview: true });
    assertFine(update);
    assertFine(preview);
    assert.deepEqual(tree(preview), tree(update));
    assert.deepEqual([...preview.hookNames].sort(), [...update.hookNames].sort());
    assert.deepEqual(preview.warnings, []);
  });

  it("say once that a preview runs no gate, and an update does not", async () => {
    const says = ({ infos }: { infos: string[] }) => infos.filter((text) => text.startsWith("A preview runs no gate"));
    assert.deepEqual(says(await runProgram(() => void program())), []);
    // Once a process: the first preview of this one may be over.
    const previews = [await runProgram(() => void program(), { preview: true })];
    previews.push(await runProgram(() => void program(), { preview: true }));
    assert.ok(previews.flatMap(says).length <= 1);
  });

  it("do not take unknown ids for known ones", async () => {
    const run = await runProgram(() => void program(), { preview: true });
    assert.equal(only(run, "aws:ec2:AmiFromInstance", "web-1.0.0").inputs.sourceInstanceId, "[unknown]");
    assert.equal(only(run, "aws:ec2:AmiCopy", "web-1.0.0-eu-west-1").inputs.sourceAmiId, "[unknown]");
    assert.equal(only(run, "aws:ssm:Parameter", "web-live").inputs.insecureValue, "[unknown]");
    for (const tag of all(run, "aws:ec2:Tag")) assert.equal(tag.inputs.value, "[unknown]", tag.name);
  });

  it("show what is known: names, tags and sizes", async () => {
    const run = await runProgram(() => void program(), { preview: true });
    const image = only(run, "aws:ec2:AmiFromInstance", "web-1.0.0");
    assert.equal(image.inputs.name, "web/dev/1.0.0");
    assert.equal((image.inputs.tags as { [key: string]: string })["ami-lifecycle:version"], "1.0.0");
    assert.equal(only(run, "aws:autoscaling:Group").inputs.minSize, 2);
  });

  it("do not warn of an edited recipe, nor of a version the source lacks, as long as that is unknown", async () => {
    const run = await runProgram(
      () => {
        const source = new pulumi.StackReference("organization/pulumi-ami-lifecycle/dev");
        new ImageVersions("web", {
          versions: ["1.0.0"],
          current: "1.0.0",
          promote: source.getOutput("images") as pulumi.Output<never>,
          region: "us-east-1",
        });
      },
      { preview: true, stacks: { "organization/pulumi-ami-lifecycle/dev": { images: UNKNOWN } } },
    );
    assertFine(run);
    assert.deepEqual(run.warnings, []);
    assert.equal(only(run, "aws:ec2:AmiCopy").inputs.sourceAmiId, "[unknown]");
  });
});
