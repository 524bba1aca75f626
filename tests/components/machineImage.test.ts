import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { MachineImage, type MachineImageArgs } from "../../components";
import { recipeDigest } from "../../components/internal/recipe";
import { ACCOUNT } from "../support/mockOutputs";
import { type ProgramOptions, runProgram } from "../support/mocks";
import { all, assertFine, only, RECIPE, tagsOf, tree } from "../support/reading";

const DIGEST = recipeDigest(RECIPE);

async function run(args: Partial<MachineImageArgs> = {}, options: ProgramOptions = {}, name = "web") {
  const result = await runProgram(() => {
    const image = new MachineImage(name, { version: "1.0.0", recipe: RECIPE, ...args });
    const { imageId, verifiedImageId, verifiedImageIds, imageName, recipeDigest: digest, region } = image;
    return { imageId, verifiedImageId, verifiedImageIds, imageName, digest, region };
  }, options);
  assertFine(result);
  return result;
}

describe("MachineImage", () => {
  it("is a base instance, an image and its record; copies only when asked for", async () => {
    assert.deepEqual(tree(await run()), [
      "MachineImage web",
      "  BaseInstance web-1.0.0-base",
      "    aws:ec2:Instance web-1.0.0-base",
      "    aws:ec2:SecurityGroup web-1.0.0-base-sg",
      "  aws:ec2:AmiFromInstance web-1.0.0",
      "  aws:ec2:Tag web-1.0.0-verified",
    ]);
    assert.deepEqual(all(await run({ copyTo: [] }), "ImageCopies"), []);
  });

  it("has a copy and its record for each region", async () => {
    assert.deepEqual(tree(await run({ copyTo: ["eu-west-1", "ap-south-1"] })).slice(4), [
      "  ImageCopies web-1.0.0",
      "    aws:ec2:AmiCopy web-1.0.0-ap-south-1",
      "    aws:ec2:AmiCopy web-1.0.0-eu-west-1",
      "    aws:ec2:Tag web-1.0.0-ap-south-1-verified",
      "    aws:ec2:Tag web-1.0.0-eu-west-1-verified",
      "  aws:ec2:AmiFromInstance web-1.0.0",
      "  aws:ec2:Tag web-1.0.0-verified",
    ]);
  });

  it("does not say the version twice when the name has it already", async () => {
    const result = await run({ line: "web" }, {}, "web-1.0.0");
    assert.deepEqual(tree(result).slice(0, 2), ["MachineImage web-1.0.0", "  BaseInstance web-1.0.0-base"]);
    assert.equal(only(result, "aws:ec2:AmiFromInstance").name, "web-1.0.0");
    assert.equal(only(result, "aws:ec2:AmiFromInstance").inputs.name, "web/dev/1.0.0");
  });

  it("takes the image of the stopped base instance, and never anew", async () => {
    const result = await run({ tags: { team: "web" } });
    const image = only(result, "aws:ec2:AmiFromInstance");
    const source = only(result, "aws:ec2:Instance").id;
    assert.deepEqual(image.inputs, {
      name: "web/dev/1.0.0",
      description: "web 1.0.0, baked by pulumi-ami-lifecycle/dev",
      sourceInstanceId: source,
      snapshotWithoutReboot: false,
      tags: {
        Name: "web/dev/1.0.0",
        team: "web",
        "ami-lifecycle:line": "web",
        "ami-lifecycle:version": "1.0.0",
        "ami-lifecycle:recipe": DIGEST,
        "ami-lifecycle:source": source,
        "ami-lifecycle:stack": "pulumi-ami-lifecycle/dev",
      },
    });
    assert.deepEqual(image.options, {
      ignoreChanges: [
        "sourceInstanceId",
        "snapshotWithoutReboot",
        "description",
        "deprecationTime",
        'tags["ami-lifecycle:verified"]',
        'tagsAll["ami-lifecycle:verified"]',
        'tags["ami-lifecycle:recipe"]',
        'tagsAll["ami-lifecycle:recipe"]',
        'tags["ami-lifecycle:source"]',
        'tagsAll["ami-lifecycle:source"]',
        'tags["ami-lifecycle:size"]',
        'tagsAll["ami-lifecycle:size"]',
      ],
      customTimeouts: { create: "60m", update: "40m", delete: "90m" },
    });
    assert.deepEqual(image.hooks, {
      beforeCreate: ["MachineImage(web)/web-1.0.0:nameFree", "MachineImage(web)/web-1.0.0:recipeFinished"],
      beforeUpdate: ["MachineImage(web)/web-1.0.0:imageAvailable"],
      onError: ["MachineImage(web)/web-1.0.0:startRetry"],
    });
    assert.deepEqual(image.dependsOn, ["web-1.0.0-base"]);
  });

  it("writes the record behind the boot gate, only when all that the gate needs is known", async () => {
    const result = await run();
    const record = only(result, "aws:ec2:Tag");
    assert.deepEqual(record.inputs, {
      resourceId: only(result, "aws:ec2:AmiFromInstance").id,
      key: "ami-lifecycle:verified",
      value: DIGEST,
    });
    const gate = "MachineImage(web)/web-1.0.0-verified:imageBoots";
    assert.deepEqual(record.hooks, { beforeCreate: [gate], beforeUpdate: [gate] });
    assert.deepEqual(record.dependsOn, ["web-1.0.0", "web-1.0.0-base", "web-1.0.0-base-sg"]);
  });

  it("gives the base instance a limit of its own behind the gate's", async () => {
    const limitOf = async (limitMinutes?: number) =>
      only(await run({ limitMinutes }), "BaseInstance").inputs.limitMinutes;
    assert.deepEqual([await limitOf(), await limitOf(10), await limitOf(31)], [60, 60, 1440]);
  });

  it("takes every limit that it allows: up to 1440 minutes", async () => {
    await run({ limitMinutes: 1440 });
  });

  it("has no base instance for a version that is not baked, a placeholder source and a gate that refuses", async () => {
    const result = await run({ bake: false });
    assert.deepEqual(tree(result), [
      "MachineImage web",
      "  aws:ec2:AmiFromInstance web-1.0.0",
      "  aws:ec2:Tag web-1.0.0-verified",
    ]);
    const image = only(result, "aws:ec2:AmiFromInstance");
    assert.equal(image.inputs.sourceInstanceId, "i-00000000000000000");
    // Not nameFree: it would have an image removed that cannot be made again.
    assert.deepEqual(image.hooks.beforeCreate, ["MachineImage(web)/web-1.0.0:neverBaked"]);
    assert.deepEqual(image.hooks.beforeUpdate, ["MachineImage(web)/web-1.0.0:imageAvailable"]);
    assert.ok(!result.hookNames.some((name) => name.endsWith("recipeFinished")));
    assert.match(
      (await result.runHook("MachineImage(web)/web-1.0.0:neverBaked")) as string,
      /^web 1\.0\.0 was never baked by this stack, and it is not the newest version[^]*`adopt: \{ 1\.0\.0: ami-… \}`[^]*take it out of `versions`[^]*append it[^]*Nothing was made\.$/,
    );
    assert.equal(only(result, "MachineImage").outputs.baseInstanceId, undefined);
    assert.deepEqual(
      result.lookups.map(({ token }) => token),
      ["aws:index/getRegion:getRegion"],
    );
  });

  it("works in the region given, and in the provider's own without one", async () => {
    const given = await run({ region: "eu-central-1", copyTo: ["eu-west-1"] });
    for (const { type, name, inputs } of given.resources) {
      if (type.includes("ImageCopies") || type.includes("MachineImage")) continue;
      assert.equal(inputs.region, name.includes("eu-west-1") ? "eu-west-1" : "eu-central-1", `${type} ${name}`);
    }
    assert.equal(given.outputs.region, "eu-central-1");
    assert.deepEqual(Object.keys(given.outputs.verifiedImageIds as object).sort(), ["eu-central-1", "eu-west-1"]);
    const absent = await run({ copyTo: ["eu-west-1"] });
    for (const resource of absent.resources) {
      const { region } = resource.inputs;
      assert.equal(
        region,
        resource.type.includes("AmiCopy") || resource.name.includes("eu-west-1-") ? "eu-west-1" : undefined,
      );
    }
    assert.equal(absent.outputs.region, "us-east-1");
  });

  it("copies the verified image, never the unverified one", async () => {
    const result = await run({ copyTo: ["eu-west-1"] });
    const copy = only(result, "aws:ec2:AmiCopy");
    assert.ok(copy.dependsOn.includes("web-1.0.0-verified"), copy.dependsOn.join());
    assert.equal(copy.inputs.sourceAmiId, only(result, "aws:ec2:AmiFromInstance").id);
    assert.equal(copy.inputs.sourceAmiRegion, "us-east-1");
  });

  it("resolves the verified ids only after the records were written", async () => {
    const log: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const program = runProgram(
      () => {
        const image = new MachineImage("web", { version: "1.0.0", recipe: RECIPE, copyTo: ["eu-west-1"] });
        image.imageId.apply(() => log.push("image"));
        image.verifiedImageId.apply(() => log.push("verified"));
        image.verifiedImageIds.apply(() => log.push("all verified"));
      },
      {
        before: async ({ name }) => {
          if (name === "web-1.0.0-verified") {
            log.push("record reached");
            await held;
          }
          if (name === "web-1.0.0-eu-west-1-verified") {
            await new Promise((resolve) => setTimeout(resolve, 20));
            log.push("copy's record");
          }
        },
      },
    );
    while (!log.includes("record reached")) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(log, ["image", "record reached"]);
    release();
    assertFine(await program);
    assert.deepEqual(log, ["image", "record reached", "verified", "copy's record", "all verified"]);
  });

  it("keeps the digest the image was made from, and warns once that an edited recipe needs a version", async () => {
    const old = "0123456789abcdef";
    const outputs: ProgramOptions["outputs"] = ({ type, inputs }) =>
      /AmiFromInstance|AmiCopy/.test(type)
        ? { tags: { ...(inputs.tags as object), "ami-lifecycle:recipe": old } }
        : undefined;
    const result = await run({ copyTo: ["eu-west-1"] }, { outputs });
    assert.deepEqual(result.warnings, [
      `web 1.0.0 was baked from recipe ${old}, but the recipe is now ${DIGEST}: the image stays as it is. ` +
        "Append a new version to bake the edited recipe.",
    ]);
    assert.equal(result.outputs.digest, old);
    assert.deepEqual(
      all(result, "aws:ec2:Tag").map(({ inputs }) => inputs.value),
      [old, old],
    );
    assert.equal(tagsOf(only(result, "aws:ec2:AmiCopy"))["ami-lifecycle:recipe"], old);
  });

  it("does not warn of an older version, whose recipe always differs, nor when nothing was edited", async () => {
    const outputs: ProgramOptions["outputs"] = ({ type }) =>
      type.includes("AmiFromInstance") ? { tags: { "ami-lifecycle:recipe": "0123456789abcdef" } } : undefined;
    assert.deepEqual((await run({ bake: false }, { outputs })).warnings, []);
    assert.deepEqual((await run()).warnings, []);
  });

  it("does not collide with one of the same name under another parent", async () => {
    class Team extends pulumi.ComponentResource {
      constructor(name: string) {
        super("test:index:Team", name);
        new MachineImage(
          "web",
          { version: "1.0.0", recipe: RECIPE, copyTo: ["eu-west-1"], line: name },
          { parent: this },
        );
        this.registerOutputs();
      }
    }
    const result = await runProgram(() => {
      new Team("red");
      new MachineImage("web", { version: "1.0.0", recipe: RECIPE, copyTo: ["eu-west-1"] });
    });
    assertFine(result);
    assert.equal(new Set(result.hookNames).size, 20);
    assert.ok(result.hookNames.includes("Team(red)/MachineImage(web)/web-1.0.0:recipeFinished"));
    assert.ok(
      result.hookNames.includes(
        "Team(red)/MachineImage(web)/ImageCopies(web-1.0.0)/web-1.0.0-eu-west-1:sourceVerified",
      ),
    );
    assert.deepEqual(
      all(result, "aws:ec2:AmiFromInstance").map(({ inputs }) => inputs.name),
      ["red/dev/1.0.0", "web/dev/1.0.0"],
    );
  });

  it("hands options of the caller on: protect, an alias, a dependency", async () => {
    const result = await runProgram(() => {
      const first = new MachineImage("first", { version: "1.0.0", recipe: RECIPE });
      const options = { protect: true, dependsOn: [first], aliases: [{ name: "older" }] };
      new MachineImage("web", { version: "1.0.0", recipe: RECIPE }, options);
    });
    assertFine(result);
    const image = only(result, "aws:ec2:AmiFromInstance", "web-1.0.0");
    assert.equal(image.options.protect, true);
    const [alias] = only(result, "MachineImage", "web").options.aliases as { name: string }[];
    assert.equal(alias?.name, "older");
    assert.ok(only(result, "MachineImage", "web").dependsOn.includes("first-1.0.0"));
  });

  it("gives its outputs", async () => {
    const result = await run();
    const { id } = only(result, "aws:ec2:AmiFromInstance");
    assert.deepEqual(result.outputs, {
      imageId: id,
      verifiedImageId: id,
      verifiedImageIds: { "us-east-1": id },
      imageName: "web/dev/1.0.0",
      digest: DIGEST,
      region: "us-east-1",
    });
    const { digest, ...rest } = result.outputs;
    const baseInstanceId = only(result, "aws:ec2:Instance").id;
    assert.deepEqual(only(result, "MachineImage").outputs, {
      ...rest,
      recipeDigest: digest,
      ownerId: ACCOUNT,
      architecture: "x86_64",
      baseInstanceId,
    });
  });
});
