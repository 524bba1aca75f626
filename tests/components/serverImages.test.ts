/** Images of existing servers: as they are, or cleaned on a base instance of their own. */
import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import {
  ImageVersions,
  type ImageVersionsArgs,
  MachineImage,
  type MachineImageArgs,
  type Recipe,
} from "../../components";
import { recipeDigest } from "../../components/internal/recipe";
import { ACCOUNT } from "../support/mockOutputs";
import { type ProgramOptions, runProgram } from "../support/mocks";
import { all, assertFine, only, onlyError, problemPaths, tagsOf, tree } from "../support/reading";

const SERVER = "i-0123456789abcdef0";
const CLEAN: Recipe = { os: "debian-12", checks: [{ service: "nginx" }], keepUsers: ["deploy"] };
const DIGEST = recipeDigest(CLEAN);
const IMAGE = "aws:ec2:AmiFromInstance";

function program(args: Partial<MachineImageArgs>, options: ProgramOptions = {}) {
  return runProgram(() => {
    const { verifiedImageId, recipeDigest: digest } = new MachineImage("web", {
      version: "1.0.0",
      fromInstanceId: SERVER,
      ...args,
    });
    return { verifiedImageId, digest };
  }, options);
}

async function run(args: Partial<MachineImageArgs> = {}, options: ProgramOptions = {}) {
  const result = await program(args, options);
  assertFine(result);
  return result;
}

const cleaned = (args: Partial<MachineImageArgs> = {}, options: ProgramOptions = {}) =>
  run({ recipe: CLEAN, ...args }, options);

/** As AWS gives it back: the images were made of another server, or from another recipe. */
const made =
  (tag: string, value: string): ProgramOptions["outputs"] =>
  ({ type, inputs }) =>
    type.includes("AmiFromInstance") ? { tags: { ...(inputs.tags as object), [tag]: value } } : undefined;

describe("the image of a server as it is", () => {
  it("is an image and its record, without a base instance", async () => {
    assert.deepEqual(tree(await run()), [
      "MachineImage web",
      `  ${IMAGE} web-1.0.0`,
      "  aws:ec2:Tag web-1.0.0-verified",
    ]);
  });

  it("is taken of the server, rebooted, once it is ready", async () => {
    const image = only(await run({ tags: { team: "web" } }), IMAGE);
    assert.deepEqual(image.inputs, {
      name: "web/dev/1.0.0",
      description: "web 1.0.0, taken by pulumi-ami-lifecycle/dev",
      sourceInstanceId: SERVER,
      snapshotWithoutReboot: false,
      tags: {
        Name: "web/dev/1.0.0",
        team: "web",
        "ami-lifecycle:line": "web",
        "ami-lifecycle:version": "1.0.0",
        "ami-lifecycle:recipe": "adopted",
        "ami-lifecycle:source": SERVER,
        "ami-lifecycle:stack": "pulumi-ami-lifecycle/dev",
      },
    });
    assert.deepEqual(image.hooks, {
      beforeCreate: ["MachineImage(web)/web-1.0.0:nameFree", "MachineImage(web)/web-1.0.0:serverReady"],
      beforeUpdate: ["MachineImage(web)/web-1.0.0:imageAvailable"],
      onError: ["MachineImage(web)/web-1.0.0:startRetry"],
    });
  });

  it("is proven by EC2's status checks, and says that no recipe made it", async () => {
    const result = await run();
    const record = only(result, "aws:ec2:Tag");
    assert.deepEqual(record.inputs, {
      resourceId: only(result, IMAGE).id,
      key: "ami-lifecycle:verified",
      value: "adopted",
    });
    const gate = "MachineImage(web)/web-1.0.0-verified:imageStarts";
    assert.deepEqual(record.hooks, { beforeCreate: [gate], beforeUpdate: [gate] });
    assert.equal(result.outputs.digest, "adopted");
    const { baseInstanceId, ownerId } = only(result, "MachineImage").outputs;
    assert.deepEqual([baseInstanceId, ownerId], [undefined, ACCOUNT]);
  });

  it("tells the architecture that the image has", async () => {
    const outputs: ProgramOptions["outputs"] = ({ type }) =>
      type.includes("AmiFromInstance") ? { architecture: "arm64" } : undefined;
    assert.equal(only(await run({}, { outputs }), "MachineImage").outputs.architecture, "arm64");
  });

  it("is taken without a reboot only when that is asked for", async () => {
    assert.equal(only(await run({ reboot: false }), IMAGE).inputs.snapshotWithoutReboot, true);
    assert.equal(only(await run({ reboot: true }), IMAGE).inputs.snapshotWithoutReboot, false);
  });

  it("is never taken anew: neither for another server, nor another way to take it, nor as an older version", async () => {
    for (const args of [{}, { reboot: false }, { bake: false }, { fromInstanceId: "i-0fffffffffffffff0" }]) {
      const { ignoreChanges } = only(await run(args), IMAGE).options as { ignoreChanges: string[] };
      for (const input of ["sourceInstanceId", "snapshotWithoutReboot", "description", 'tags["ami-lifecycle:source"]'])
        assert.ok(ignoreChanges.includes(input), `${input} of ${JSON.stringify(args)}`);
    }
  });

  it("warns once when another server is named without a new version", async () => {
    const result = await run({}, { outputs: made("ami-lifecycle:source", "i-0fffffffffffffff0") });
    assert.deepEqual(result.warnings, [
      `web 1.0.0 was made of the server i-0fffffffffffffff0, but \`fromInstanceId\` is now ${SERVER}: the image stays as ` +
        "it is. Append a new version to make one of the other server.",
    ]);
    assert.deepEqual((await run()).warnings, []);
  });

  it("is not made any more as an older version: a placeholder source, and a gate that refuses", async () => {
    const result = await run({ bake: false });
    const image = only(result, IMAGE);
    assert.equal(image.inputs.sourceInstanceId, "i-00000000000000000");
    assert.deepEqual(image.hooks.beforeCreate, ["MachineImage(web)/web-1.0.0:neverBaked"]);
    const text = (await result.runHook("MachineImage(web)/web-1.0.0:neverBaked")) as string;
    assert.match(text, /^web 1\.0\.0 was never baked by this stack, and it is not the newest version/);
    const moved = await run({ bake: false }, { outputs: made("ami-lifecycle:source", "i-0fffffffffffffff0") });
    assert.deepEqual(moved.warnings, []);
  });

  it("has copies, proven the same way, in the regions named", async () => {
    const result = await run({ copyTo: ["eu-west-1"], region: "us-east-1" });
    assert.equal(tagsOf(only(result, "aws:ec2:AmiCopy"))["ami-lifecycle:recipe"], "adopted");
    assert.equal(only(result, "aws:ec2:Tag", "web-1.0.0-eu-west-1-verified").inputs.value, "adopted");
  });

  it("is protected and deprecated as any other", async () => {
    const image = only(await run({ protect: true, deprecateAfterDays: 30 }), IMAGE);
    assert.equal(image.options.protect, true);
    assert.match(String(image.inputs.deprecationTime), /^\d{4}-\d\d-\d\dT00:00:00\.000Z$/);
  });

  it("previews with a server that is not there yet", async () => {
    const program = (preview: boolean) =>
      runProgram(
        () => {
          const other = new MachineImage("first", { version: "1.0.0", recipe: CLEAN });
          const fromInstanceId = other.baseInstanceId as pulumi.Output<string>;
          new MachineImage("as-is", { version: "1.0.0", fromInstanceId, deprecateAfterDays: 30 });
          new MachineImage("cleaned", { version: "1.0.0", fromInstanceId, recipe: CLEAN, deprecateAfterDays: 30 });
        },
        { preview },
      );
    const [preview, update] = [await program(true), await program(false)];
    assertFine(preview);
    assertFine(update);
    assert.deepEqual(tree(preview), tree(update));
    assert.equal(only(preview, IMAGE, "as-is-1.0.0").inputs.sourceInstanceId, "[unknown]");
    assert.equal(only(preview, IMAGE, "cleaned-1.0.0-raw").inputs.sourceInstanceId, "[unknown]");
    assert.deepEqual(preview.warnings, []);
  });
});

describe("the image of a server, cleaned", () => {
  it("is a raw image, a base instance, an image and its record", async () => {
    assert.deepEqual(tree(await cleaned()), [
      "MachineImage web",
      "  BaseInstance web-1.0.0-base",
      "    aws:ec2:Instance web-1.0.0-base",
      "    aws:ec2:SecurityGroup web-1.0.0-base-sg",
      `  ${IMAGE} web-1.0.0`,
      `  ${IMAGE} web-1.0.0-raw`,
      "  aws:ec2:Tag web-1.0.0-verified",
    ]);
  });

  it("has a raw image that nobody takes for a version, unprotected, and taken without a reboot", async () => {
    const result = await cleaned({ protect: true, deprecateAfterDays: 30, tags: { team: "web" } });
    const raw = only(result, IMAGE, "web-1.0.0-raw");
    assert.deepEqual(raw.inputs, {
      name: "web/dev/1.0.0/raw",
      description: "web 1.0.0, raw, taken by pulumi-ami-lifecycle/dev",
      sourceInstanceId: SERVER,
      snapshotWithoutReboot: true,
      tags: {
        Name: "web/dev/1.0.0/raw",
        team: "web",
        "ami-lifecycle:line": "web",
        "ami-lifecycle:raw": "1.0.0",
        "ami-lifecycle:source": SERVER,
        "ami-lifecycle:stack": "pulumi-ami-lifecycle/dev",
      },
    });
    assert.equal(raw.options.protect, undefined);
    assert.deepEqual(raw.hooks, {
      beforeCreate: ["MachineImage(web)/web-1.0.0-raw:nameFree", "MachineImage(web)/web-1.0.0-raw:serverReady"],
      beforeUpdate: ["MachineImage(web)/web-1.0.0-raw:imageAvailable"],
      onError: ["MachineImage(web)/web-1.0.0-raw:startRetry"],
    });
    assert.equal(only(await cleaned({ reboot: true }), IMAGE, "web-1.0.0-raw").inputs.snapshotWithoutReboot, false);
  });

  it("is baked on a base instance made from the raw image, stopped, and proven by its checks", async () => {
    const result = await cleaned({ protect: true });
    const [raw, base] = [only(result, IMAGE, "web-1.0.0-raw"), only(result, "aws:ec2:Instance")];
    assert.equal(base.inputs.ami, raw.id);
    // A raw image that is made anew gives a new base instance.
    assert.ok(!(base.options.ignoreChanges as string[] | undefined)?.includes("ami"));
    const image = only(result, IMAGE, "web-1.0.0");
    assert.equal(image.inputs.sourceInstanceId, base.id);
    assert.equal(image.inputs.snapshotWithoutReboot, false);
    assert.equal(image.inputs.description, "web 1.0.0, baked by pulumi-ami-lifecycle/dev");
    assert.equal(image.options.protect, true);
    assert.equal(tagsOf(image)["ami-lifecycle:recipe"], DIGEST);
    assert.deepEqual(image.hooks.beforeCreate, [
      "MachineImage(web)/web-1.0.0:nameFree",
      "MachineImage(web)/web-1.0.0:recipeFinished",
    ]);
    const record = only(result, "aws:ec2:Tag");
    assert.equal(record.inputs.value, DIGEST);
    assert.deepEqual(record.hooks.beforeCreate, ["MachineImage(web)/web-1.0.0-verified:imageBoots"]);
    assert.deepEqual(
      result.lookups.map(({ token }) => token).filter((token) => token.includes("getAmi")),
      [],
      "no publisher's image is looked up",
    );
  });

  it("has no raw image and no base instance any more with keepRawImage: false; the image stays", async () => {
    const result = await cleaned({ keepRawImage: false });
    assert.deepEqual(tree(result), ["MachineImage web", `  ${IMAGE} web-1.0.0`, "  aws:ec2:Tag web-1.0.0-verified"]);
    const [before, after] = [only(await cleaned(), IMAGE, "web-1.0.0"), only(result, IMAGE)];
    const ignored = (after.options.ignoreChanges as string[]) ?? [];
    for (const [input, value] of Object.entries(before.inputs)) {
      if (input === "tags" || ignored.includes(input)) continue;
      assert.deepEqual(after.inputs[input], value, input);
    }
    for (const [tag, value] of Object.entries(tagsOf(before)))
      if (!ignored.includes(`tags["${tag}"]`)) assert.equal(tagsOf(after)[tag], value, tag);
    assert.deepEqual(only(result, "aws:ec2:Tag").inputs.value, DIGEST);
    assert.deepEqual(result.warnings, []);
  });

  it("is refused in clear words when keepRawImage: false comes before the image", async () => {
    const result = await cleaned({ keepRawImage: false });
    assert.deepEqual(only(result, IMAGE).hooks.beforeCreate, ["MachineImage(web)/web-1.0.0:neverBaked"]);
    assert.match(
      (await result.runHook("MachineImage(web)/web-1.0.0:neverBaked")) as string,
      /^web 1\.0\.0 is not made yet, and `keepRawImage: false` retires the raw image it would be made from\n[^]*leave `keepRawImage` out until the version is verified[^]*Nothing was made\.$/,
    );
  });

  it("has neither as an older version", async () => {
    const older = tree(await cleaned({ bake: false }));
    assert.deepEqual(older, ["MachineImage web", `  ${IMAGE} web-1.0.0`, "  aws:ec2:Tag web-1.0.0-verified"]);
    const both = await cleaned({ bake: false, keepRawImage: false });
    assert.match(
      (await both.runHook("MachineImage(web)/web-1.0.0:neverBaked")) as string,
      /^web 1\.0\.0 was never baked by this stack/,
    );
  });

  it("warns of an edited recipe, also when the raw image is gone, and of another server", async () => {
    const edited = { outputs: made("ami-lifecycle:recipe", "0123456789abcdef") };
    for (const keepRawImage of [true, false]) {
      const [warning, ...others] = (await cleaned({ keepRawImage }, edited)).warnings;
      assert.match(warning ?? "", /^web 1\.0\.0 was baked from recipe 0123456789abcdef, but the recipe is now/);
      assert.deepEqual(others, []);
    }
    const { warnings } = await cleaned({}, { outputs: made("ami-lifecycle:source", "i-0fffffffffffffff0") });
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^web 1\.0\.0 was made of the server i-0fffffffffffffff0/);
  });

  it("has volumes by the server's own names and sizes", async () => {
    const baseInstance = {
      rootVolume: { sizeGiB: 2 },
      volumes: [{ deviceName: "/dev/xvda", sizeGiB: 10 }],
    };
    await cleaned({ baseInstance });
  });
});

describe("what a server's image is refused for", () => {
  const paths = async (args: Partial<MachineImageArgs>) => problemPaths(await program(args));

  it("each by its path", async () => {
    const LONG = "l".repeat(63);
    assert.deepEqual(await paths({ fromInstanceId: "web-1" }), ["fromInstanceId"]);
    assert.deepEqual(await paths({ fromInstanceId: undefined }), ["recipe"]);
    const without = { fromInstanceId: undefined, recipe: CLEAN };
    assert.deepEqual(await paths({ ...without, reboot: true, keepRawImage: false }), ["reboot", "keepRawImage"]);
    assert.deepEqual(await paths({ keepRawImage: true }), ["keepRawImage"]);
    const baseImage = { owner: ACCOUNT, name: "golden-*" };
    assert.deepEqual(await paths({ recipe: CLEAN, baseImageId: "ami-0123456789abcdef0" }), ["baseImageId"]);
    assert.deepEqual(await paths({ recipe: CLEAN, baseImage }), ["baseImage"]);
    assert.deepEqual(await paths({ recipe: { os: "beos" } }), ["recipe.os", "recipe"]);
    assert.deepEqual(await paths({ line: `${LONG}!`, limitMinutes: 0 }), ["line", "image name", "limitMinutes"]);
  });

  it("a raw image's name that would be too long, where the image's own is not", async () => {
    const line = "l".repeat(60);
    // 60 + / + 60 + / + 5 are 127 characters: only `/raw` is too much.
    const named = { stack: "s".repeat(60) };
    assertFine(await program({ line }, named));
    const refused = await program({ line, recipe: CLEAN }, named);
    assert.match(
      onlyError(refused).message,
      /^MachineImage "web": 1 problem\n {2}- image name: got "l{60}\/s+…, allowed is 3 to 128 /,
    );
  });
});

describe("ImageVersions of a server", () => {
  const versions = async (args: Partial<ImageVersionsArgs> = {}, options: ProgramOptions = {}) =>
    runProgram(
      () =>
        void new ImageVersions("web", {
          versions: ["1.0.0", "1.1.0"],
          current: "1.0.0",
          fromInstanceId: SERVER,
          ...args,
        }),
      options,
    );

  it("takes only the newest of the server; older ones stay as they are", async () => {
    const result = await versions({ reboot: false });
    assertFine(result);
    assert.deepEqual(tree(result), [
      "ImageVersions web",
      "  MachineImage web-1.0.0",
      `    ${IMAGE} web-1.0.0`,
      "    aws:ec2:Tag web-1.0.0-verified",
      "  MachineImage web-1.1.0",
      `    ${IMAGE} web-1.1.0`,
      "    aws:ec2:Tag web-1.1.0-verified",
    ]);
    const [older, newest] = all(result, IMAGE).sort((a, b) => (a.name < b.name ? -1 : 1));
    assert.equal(older?.inputs.sourceInstanceId, "i-00000000000000000");
    assert.deepEqual([newest?.inputs.sourceInstanceId, newest?.inputs.snapshotWithoutReboot], [SERVER, true]);
  });

  it("cleans only the newest, and hands keepRawImage on", async () => {
    const names = async (args: Partial<ImageVersionsArgs>) => {
      const result = await versions({ recipe: CLEAN, ...args });
      assertFine(result);
      return [IMAGE, "aws:ec2:Instance"].flatMap((type) => all(result, type).map(({ name }) => name)).sort();
    };
    assert.deepEqual(await names({}), ["web-1.0.0", "web-1.1.0", "web-1.1.0-base", "web-1.1.0-raw"]);
    assert.deepEqual(await names({ keepRawImage: false }), ["web-1.0.0", "web-1.1.0"]);
  });

  it("is refused with a source to promote from, and names what is wrong", async () => {
    const paths = async (args: Partial<ImageVersionsArgs>) => problemPaths(await versions(args));
    assert.deepEqual(await paths({ promote: {}, region: "us-east-1" }), ["recipe"]);
    assert.deepEqual(await paths({ fromInstanceId: "web-1", keepRawImage: false }), ["fromInstanceId", "keepRawImage"]);
    assert.deepEqual(await paths({ recipe: CLEAN, baseImageId: "ami-0123456789abcdef0" }), ["baseImageId"]);
  });
});
