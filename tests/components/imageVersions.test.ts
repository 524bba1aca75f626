import assert from "node:assert/strict";
import { ImageVersions, type ImageVersionsArgs, type PromotedImage } from "../../components";
import { recipeDigest } from "../../components/internal/recipe";
import { ACCOUNT } from "../support/mockOutputs";
import { type ProgramOptions, runProgram } from "../support/mocks";
import { all, assertFine, only, onlyError, RECIPE, tree } from "../support/reading";

const FIVE = ["1.0.0", "1.1.0", "1.2.0-rc.1", "1.2.0", "2.0.0"];
const FOUR = ["eu-west-1", "eu-central-1", "us-west-2", "ap-south-1"];

async function run(args: Partial<ImageVersionsArgs> & { versions: string[] }, options: ProgramOptions = {}) {
  const current = args.current ?? args.versions[args.versions.length - 1] ?? "";
  const base = args.promote === undefined ? { recipe: RECIPE } : {};
  const result = await runProgram(() => {
    const versions = new ImageVersions("web", { ...base, ...args, current });
    const { verifiedImageIds, images, currentImageId, currentImageIds } = versions;
    return { verifiedImageIds, images, currentImageId, currentImageIds, current: versions.current };
  }, options);
  assertFine(result);
  return result;
}

/** What must be there, written down a second time: the newest has a base instance, each version an image per region. */
function expectedTree(versions: string[], copyTo: string[]): string[] {
  const newest = versions[versions.length - 1];
  const sorted = <T extends string>(list: T[]) => [...list].sort();
  return [
    "ImageVersions web",
    ...sorted(versions).flatMap((version) => [
      `  MachineImage web-${version}`,
      ...(version === newest
        ? [
            `    BaseInstance web-${version}-base`,
            `      aws:ec2:Instance web-${version}-base`,
            `      aws:ec2:SecurityGroup web-${version}-base-sg`,
          ]
        : []),
      ...(copyTo.length > 0 ? [`    ImageCopies web-${version}`] : []),
      ...sorted(copyTo).map((region) => `      aws:ec2:AmiCopy web-${version}-${region}`),
      ...sorted(copyTo).map((region) => `      aws:ec2:Tag web-${version}-${region}-verified`),
      `    aws:ec2:AmiFromInstance web-${version}`,
      `    aws:ec2:Tag web-${version}-verified`,
    ]),
  ];
}

describe("ImageVersions", () => {
  for (const count of [1, 2, 5]) {
    for (const regions of [1, 2, 4]) {
      it(`has exactly the resources of ${count} versions in ${regions} regions`, async () => {
        const [versions, copyTo] = [FIVE.slice(0, count), FOUR.slice(0, regions - 1)];
        const result = await run({ versions, copyTo });
        assert.deepEqual(tree(result), expectedTree(versions, copyTo));
        // Five hooks an image: two before it is made, before it is changed, on an error, and before its record; one less
        // for those that are not made any more.
        assert.equal(result.hookNames.length, count * regions * 5 - (count - 1));
        assert.equal(new Set(result.hookNames).size, result.hookNames.length);
        const keys = Object.entries(result.outputs.verifiedImageIds as { [version: string]: object });
        assert.deepEqual(
          keys.map(([version]) => version),
          [...versions].sort(),
        );
        for (const [, ids] of keys) assert.deepEqual(Object.keys(ids), [...copyTo, "us-east-1"].sort());
      });
    }
  }

  it("bakes the newest only, and gives the older ones a placeholder and a gate that refuses", async () => {
    const result = await run({ versions: FIVE.slice(0, 3), current: "1.0.0" });
    const [one, two, three] = all(result, "aws:ec2:AmiFromInstance");
    assert.deepEqual(
      [one, two].map((image) => image?.inputs.sourceInstanceId),
      ["i-00000000000000000", "i-00000000000000000"],
    );
    assert.match(three?.inputs.sourceInstanceId as string, /^i-[0-9a-f]{17}$/);
    assert.deepEqual(
      [one, two, three].map((image) => image?.hooks.beforeCreate?.map((hook) => hook.split(":").pop())),
      [["neverBaked"], ["neverBaked"], ["nameFree", "recipeFinished"]],
    );
    assert.deepEqual(
      [one, two, three].map((image) => image?.inputs.name),
      ["web/dev/1.0.0", "web/dev/1.1.0", "web/dev/1.2.0-rc.1"],
    );
  });

  it("changes nothing but what is current when it is set back", async () => {
    const versions = ["1.0.0", "1.1.0"];
    const [forward, back] = [await run({ versions }), await run({ versions, current: "1.0.0" })];
    assert.deepEqual(tree(forward), tree(back));
    assert.deepEqual(forward.outputs.verifiedImageIds, back.outputs.verifiedImageIds);
    const ids = forward.outputs.verifiedImageIds as { [version: string]: { [region: string]: string } };
    assert.equal(forward.outputs.currentImageId, ids["1.1.0"]?.["us-east-1"]);
    assert.equal(back.outputs.currentImageId, ids["1.0.0"]?.["us-east-1"]);
    assert.deepEqual(back.outputs.currentImageIds, ids["1.0.0"]);
    assert.equal(back.outputs.current, "1.0.0");
  });

  it("retires a version by leaving it out: nothing of it is registered, and the rest keeps its names", async () => {
    const kept = tree(await run({ versions: ["1.1.0", "2.0.0"], copyTo: ["eu-west-1"] }));
    const before = tree(await run({ versions: ["1.0.0", "1.1.0", "2.0.0"], copyTo: ["eu-west-1"] }));
    assert.deepEqual(
      before.filter((line) => !kept.includes(line)).map((line) => line.trim().split(" ")[1]?.slice(0, 9)),
      Array(6).fill("web-1.0.0"),
    );
    assert.ok(kept.every((line) => before.includes(line)));
  });

  it("keeps the URNs of the versions when one is appended, whose base instance is the only one left", async () => {
    const urns = async (versions: string[]) => (await run({ versions })).resources.map(({ urn }) => urn);
    const [before, after] = [await urns(["1.0.0"]), await urns(["1.0.0", "1.1.0"])];
    const gone = before.filter((urn) => !after.includes(urn));
    assert.deepEqual(gone.map((urn) => urn.split("::")[3]).sort(), [
      "web-1.0.0-base",
      "web-1.0.0-base",
      "web-1.0.0-base-sg",
    ]);
  });

  it("says which version is the candidate, and which one a rollback goes to", async () => {
    const pointers = async (current: string) => {
      const { outputs } = only(await run({ versions: FIVE.slice(0, 3), current }), "ImageVersions");
      return [outputs.candidate, outputs.previous];
    };
    assert.deepEqual(await pointers("1.1.0"), ["1.2.0-rc.1", "1.0.0"]);
    assert.deepEqual(await pointers("1.0.0"), ["1.2.0-rc.1", undefined]);
  });

  it("protects the images and copies of the current version and of the one before, and nothing else of them", async () => {
    const options = { versions: ["0.9.0", "1.0.0", "1.1.0"], copyTo: ["eu-west-1"], protect: true };
    const guarded = async (current: string) =>
      (await run({ ...options, current })).resources.filter(({ options: o }) => o.protect).map(({ name }) => name);
    const of = (...versions: string[]) => versions.flatMap((one) => [`web-${one}`, `web-${one}-eu-west-1`]);
    assert.deepEqual((await guarded("0.9.0")).sort(), of("0.9.0"));
    assert.deepEqual((await guarded("1.0.0")).sort(), of("0.9.0", "1.0.0"));
    // What the fleet may still be leaving: `current` moves in config before it does in AWS.
    assert.deepEqual((await guarded("1.1.0")).sort(), of("1.0.0", "1.1.0"));
    const plain = await run({ ...options, protect: false });
    assert.deepEqual(
      plain.resources.filter(({ options: o }) => "protect" in o),
      [],
    );
  });

  it("gives new images and copies a deprecation time, which no later run changes", async () => {
    const result = await run({ versions: ["1.0.0", "1.1.0"], copyTo: ["eu-west-1"], deprecateAfterDays: 30 });
    const images = [...all(result, "aws:ec2:AmiFromInstance"), ...all(result, "aws:ec2:AmiCopy")];
    for (const { inputs, options, name } of images) {
      assert.ok((options.ignoreChanges as string[]).includes("deprecationTime"));
      if (name === "web-1.0.0") assert.equal(inputs.deprecationTime, undefined);
      else assert.match(inputs.deprecationTime as string, /^\d{4}-\d\d-\d\dT00:00:00[.]000Z$/);
    }
    const preview = await run({ versions: ["1.0.0"], deprecateAfterDays: 30 }, { preview: true });
    assert.equal(only(preview, "aws:ec2:AmiFromInstance").inputs.deprecationTime, "[unknown]");
  });

  it("refuses more versions than `keep`, and names what to retire", async () => {
    const { message } = onlyError(
      await runProgram(
        () => void new ImageVersions("web", { versions: FIVE, current: "2.0.0", recipe: RECIPE, keep: 3 }),
      ),
    );
    assert.match(message, /versions: got 5, allowed is at most 3 versions \(`keep`\). Remove the oldest: 1.0.0, 1.1.0/);
  });

  it("gives one version's id in one region", async () => {
    const args = { versions: ["1.0.0", "1.1.0"], current: "1.0.0", recipe: RECIPE, copyTo: ["eu-west-1"] };
    const result = await runProgram(() => {
      const made = new ImageVersions("web", args);
      assert.throws(() => made.verifiedImageIdIn("3.0.0"), /There is no version 3.0.0, only 1.0.0, 1.1.0/);
      assert.throws(
        () => made.verifiedImageIdIn("1.0.0", "eu-west-2"),
        /There is no copy in eu-west-2, only in eu-west-1/,
      );
      return { home: made.verifiedImageIdIn("1.1.0"), copy: made.verifiedImageIdIn("1.0.0", "eu-west-1") };
    });
    assertFine(result);
    assert.equal(result.outputs.home, only(result, "aws:ec2:AmiFromInstance", "web-1.1.0").id);
    assert.equal(result.outputs.copy, only(result, "aws:ec2:AmiCopy", "web-1.0.0-eu-west-1").id);
  });

  it("gives the images of the home region, for another stack to promote", async () => {
    const result = await run({ versions: ["1.0.0", "1.1.0"], region: "eu-central-1", copyTo: ["eu-west-1"] });
    const ids = result.outputs.verifiedImageIds as { [version: string]: { [region: string]: string } };
    const image = (version: string): PromotedImage => ({
      imageId: ids[version]?.["eu-central-1"] as string,
      region: "eu-central-1",
      recipeDigest: recipeDigest(RECIPE),
      architecture: "x86_64",
      owner: ACCOUNT,
    });
    assert.deepEqual(result.outputs.images, { "1.0.0": image("1.0.0"), "1.1.0": image("1.1.0") });
  });

  it("hands everything on to each version: line, base image, limits, keys, proofs, tags", async () => {
    const key = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555";
    const result = await run({
      versions: ["1.0.0", "1.1.0"],
      line: "shop",
      baseImageId: "ami-0123456789abcdef0",
      baseInstance: { instanceType: "m7i.large" },
      limitMinutes: 45,
      copyTo: ["eu-west-1"],
      copyKmsKeyArns: { "eu-west-1": key },
      tags: { team: "web" },
    });
    assert.equal(only(result, "aws:ec2:AmiFromInstance", "web-1.1.0").inputs.name, "shop/dev/1.1.0");
    assert.equal(only(result, "aws:ec2:Instance").inputs.ami, "ami-0123456789abcdef0");
    assert.equal(only(result, "aws:ec2:Instance").inputs.instanceType, "m7i.large");
    assert.equal(only(result, "BaseInstance").inputs.limitMinutes, 1440);
    for (const { inputs } of all(result, "aws:ec2:AmiCopy")) assert.equal(inputs.kmsKeyId, key);
    for (const { type, inputs } of result.resources.filter(({ custom, type }) => custom && !type.includes("tag:Tag"))) {
      assert.equal((inputs.tags as { team?: string }).team, "web", type);
    }
  });
});

describe("ImageVersions that adopt", () => {
  const OUTSIDE = "ami-0aaaaaaaaaaaaaaaa";
  const OWNER = "444455556666";
  const found = (list: string[]): ProgramOptions => ({
    lookups: {
      "aws:ec2/getAmiIds:getAmiIds": () => ({ ids: list }),
      "aws:ec2/getAmi:getAmi": () => ({ id: OUTSIDE, architecture: "arm64" }),
    },
  });
  const adopt = { "1.0.0": { imageId: OUTSIDE } };

  it("makes no image of it: a record at home, a copy and its record elsewhere", async () => {
    const result = await run({ versions: ["1.0.0", "1.1.0"], adopt, copyTo: ["eu-west-1"] }, found([OUTSIDE]));
    assert.deepEqual(
      tree(result).filter((line) => line.includes("1.0.0")),
      [
        "  ImageCopies web-1.0.0",
        "    aws:ec2:AmiCopy web-1.0.0-eu-west-1",
        "    aws:ec2:Tag web-1.0.0-eu-west-1-verified",
        "  aws:ec2:Tag web-1.0.0-verified",
      ],
    );
    assert.deepEqual(only(result, "aws:ec2:Tag", "web-1.0.0-verified").inputs, {
      resourceId: OUTSIDE,
      key: "ami-lifecycle:verified/pulumi-ami-lifecycle/dev",
      value: "adopted",
    });
    const copy = only(result, "aws:ec2:AmiCopy", "web-1.0.0-eu-west-1");
    assert.deepEqual([copy.inputs.sourceAmiId, copy.inputs.name], [OUTSIDE, "web/dev/1.0.0"]);
    assert.ok(copy.dependsOn.includes("web-1.0.0-verified"));
    assert.deepEqual((result.outputs.images as { [version: string]: PromotedImage })["1.0.0"], {
      imageId: OUTSIDE,
      region: "us-east-1",
      recipeDigest: "adopted",
      architecture: "arm64",
      owner: ACCOUNT,
    });
    const ids = result.outputs.verifiedImageIds as { [version: string]: { [region: string]: string } };
    assert.deepEqual(ids["1.0.0"], { "us-east-1": OUTSIDE, "eu-west-1": copy.id });
  });

  it("asks for it by id and owner, in its region: a look-alike of a stranger's is not found", async () => {
    for (const [image, owners] of [
      [{ imageId: OUTSIDE }, ["self"]],
      [{ imageId: OUTSIDE, owner: OWNER }, [OWNER]],
    ] as const) {
      const args = { versions: ["1.0.0"], adopt: { "1.0.0": image }, region: "eu-central-1" };
      const result = await run(args, found([OUTSIDE]));
      const asked = result.lookups.filter(({ token }) => /getAmi/.test(token));
      assert.equal(asked.length, 2);
      for (const { args: query } of asked) {
        assert.deepEqual(query, {
          owners,
          filters: [{ name: "image-id", values: [OUTSIDE] }],
          includeDeprecated: true,
          region: "eu-central-1",
        });
      }
    }
  });

  it("needs no recipe when every version is adopted, and is the current one like any other", async () => {
    const result = await runProgram(
      () => {
        const made = new ImageVersions("web", { versions: ["1.0.0"], current: "1.0.0", adopt });
        return { id: made.currentImageId, architecture: made.architecture };
      },
      found([OUTSIDE]),
    );
    assertFine(result);
    assert.deepEqual(result.outputs, { id: OUTSIDE, architecture: "arm64" });
  });

  it("says plainly when the image is not there, or not of that owner", async () => {
    const result = await runProgram(
      () => void new ImageVersions("web", { versions: ["1.0.0"], current: "1.0.0", adopt }),
      found([]),
    );
    assert.match(
      onlyError(result).message,
      /web 1.0.0: the image ami-0a+ to adopt is not in us-east-1, or not owned by this account/,
    );
  });

  it("names every problem at once", async () => {
    const bad = {
      versions: ["1.0.0"],
      current: "1.0.0",
      recipe: RECIPE,
      adopt: { "0.9.0": { imageId: "ami-1", owner: "me" }, "1.0.0": {} as { imageId: string } },
    };
    const { message } = onlyError(await runProgram(() => void new ImageVersions("web", bad)));
    assert.match(message, /^ImageVersions "web": 4 problems\n/);
    for (const path of ['adopt["0.9.0"]', 'adopt["0.9.0"].imageId', 'adopt["0.9.0"].owner', 'adopt["1.0.0"].imageId'])
      assert.ok(message.includes(`  - ${path}: `), message);
    const both = { versions: ["1.0.0"], current: "1.0.0", promote: {}, region: "us-east-1", adopt };
    assert.match(onlyError(await runProgram(() => void new ImageVersions("web", both))).message, /- adopt: /);
  });
});

describe("ImageVersions that promote", () => {
  const SOURCES = {
    "1.0.0": {
      imageId: "ami-00000000000000001",
      region: "us-east-1",
      recipeDigest: "1111111111111111",
      architecture: "x86_64",
    },
    "1.1.0": {
      imageId: "ami-00000000000000002",
      region: "us-east-1",
      recipeDigest: "2222222222222222",
      architecture: "x86_64",
    },
  };
  const promote = { promote: SOURCES, region: "eu-central-1" };

  for (const count of [1, 2]) {
    for (const regions of [1, 2, 4]) {
      it(`bakes nothing: copies of ${count} versions in ${regions} regions, home among them`, async () => {
        const [versions, copyTo] = [
          ["1.0.0", "1.1.0"].slice(0, count),
          ["eu-west-1", "us-west-2", "ap-south-1"].slice(0, regions - 1),
        ];
        const all = ["eu-central-1", ...copyTo].sort();
        const result = await run({ ...promote, versions, copyTo }, { stack: "prod" });
        assert.deepEqual(tree(result), [
          "ImageVersions web",
          ...versions.flatMap((version) => [
            `  ImageCopies web-${version}`,
            ...all.map((region) => `    aws:ec2:AmiCopy web-${version}-${region}`),
            ...all.map((region) => `    aws:ec2:Tag web-${version}-${region}-verified`),
          ]),
        ]);
        assert.deepEqual(result.warnings, []);
        const asked = new Set(result.lookups.map(({ token }) => token));
        assert.deepEqual([...asked], ["aws:index/getCallerIdentity:getCallerIdentity"]);
      });
    }
  }

  it("copies the very image that was proven, under its own name, with the digest it was made from", async () => {
    const result = await run({ ...promote, versions: ["1.0.0", "1.1.0"], current: "1.0.0" }, { stack: "prod" });
    const copies = all(result, "aws:ec2:AmiCopy");
    assert.deepEqual(
      copies.map(({ inputs }) => [inputs.name, inputs.sourceAmiId, inputs.sourceAmiRegion, inputs.region]),
      [
        ["web/prod/1.0.0", "ami-00000000000000001", "us-east-1", "eu-central-1"],
        ["web/prod/1.1.0", "ami-00000000000000002", "us-east-1", "eu-central-1"],
      ],
    );
    assert.deepEqual(
      all(result, "aws:ec2:Tag").map(({ inputs }) => inputs.value),
      ["1111111111111111", "2222222222222222"],
    );
    assert.equal(result.outputs.currentImageId, copies[0]?.id);
    assert.deepEqual((result.outputs.images as { [version: string]: PromotedImage })["1.0.0"], {
      imageId: copies[0]?.id,
      region: "eu-central-1",
      recipeDigest: "1111111111111111",
      architecture: "x86_64",
      owner: ACCOUNT,
    });
  });

  it("copies from the region each image is in", async () => {
    const sources = { ...SOURCES, "1.1.0": { ...SOURCES["1.1.0"], region: "ap-south-1" } };
    const result = await run({ ...promote, promote: sources, versions: ["1.0.0", "1.1.0"] });
    assert.deepEqual(
      all(result, "aws:ec2:AmiCopy").map(({ inputs }) => inputs.sourceAmiRegion),
      ["us-east-1", "ap-south-1"],
    );
  });

  it("warns of a version that the source does not have, and leaves the refusal to the gate", async () => {
    const result = await run({ ...promote, versions: ["1.1.0", "1.2.0"], current: "1.1.0" });
    assert.deepEqual(result.warnings, [
      "The source stack has no verified image of web 1.2.0: unless this stack holds its copies already, `pulumi up` refuses to copy.",
    ]);
    const copy = only(result, "aws:ec2:AmiCopy", "web-1.2.0-eu-central-1");
    assert.equal(copy.inputs.sourceAmiId, "ami-00000000000000000");
    const [gate] = copy.hooks.beforeCreate ?? [];
    assert.match((await result.runHook(gate as string, { newInputs: copy.inputs })) as string, /no verified image/);
  });

  it("keeps the digest in its own copies when the source has retired the version", async () => {
    const outputs: ProgramOptions["outputs"] = ({ type }) =>
      type.includes("AmiCopy") ? { tags: { "ami-lifecycle:recipe": "1111111111111111" } } : undefined;
    const result = await run({ ...promote, promote: {}, versions: ["1.0.0"] }, { outputs });
    assert.equal(only(result, "aws:ec2:Tag").inputs.value, "1111111111111111");
  });

  it("keeps its architecture when the source has retired the version, or is gone: the fleet must not change", async () => {
    const outputs: ProgramOptions["outputs"] = ({ type }) =>
      type.includes("AmiCopy") ? { architecture: "arm64" } : undefined;
    const listed: { [version: string]: PromotedImage } = { "1.0.0": { ...SOURCES["1.0.0"], architecture: "arm64" } };
    for (const sources of [{}, listed]) {
      const result = await run({ ...promote, promote: sources, versions: ["1.0.0"] }, { outputs });
      assert.equal(only(result, "ImageVersions").outputs.architecture, "arm64");
    }
  });

  it("still tells the digest of a version that the source has retired", async () => {
    const outputs: ProgramOptions["outputs"] = ({ type }) =>
      type.includes("AmiCopy") ? { tags: { "ami-lifecycle:recipe": "1111111111111111" } } : undefined;
    const result = await run({ ...promote, promote: {}, versions: ["1.0.0"] }, { outputs });
    const images = result.outputs.images as { [version: string]: PromotedImage };
    assert.equal(images["1.0.0"]?.recipeDigest, "1111111111111111");
  });
});
