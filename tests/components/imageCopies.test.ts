import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { ImageCopies, type ImageCopiesArgs } from "../../components";
import { ACCOUNT } from "../support/mockOutputs";
import { type ProgramOptions, runProgram } from "../support/mocks";
import { all, assertFine, only, tree } from "../support/reading";

const SOURCE = "ami-0123456789abcdef0";
const ARGS: ImageCopiesArgs = {
  sourceImageId: SOURCE,
  sourceRegion: "us-east-1",
  imageName: "web/prod/1.0.0",
  line: "web",
  version: "1.0.0",
  recipeDigest: "0123456789abcdef",
  regions: ["eu-west-1", "us-west-2"],
};

async function run(args: Partial<ImageCopiesArgs> = {}, options: ProgramOptions = {}) {
  const result = await runProgram(
    () => {
      const { imageIds, verifiedImageIds } = new ImageCopies("copies", { ...ARGS, ...args });
      return { imageIds, verifiedImageIds };
    },
    { stack: "prod", ...options },
  );
  assertFine(result);
  return result;
}

describe("ImageCopies", () => {
  it("is a copy and a record for each region", async () => {
    assert.deepEqual(tree(await run()), [
      "ImageCopies copies",
      "  aws:ec2:AmiCopy copies-eu-west-1",
      "  aws:ec2:AmiCopy copies-us-west-2",
      "  aws:ec2:Tag copies-eu-west-1-verified",
      "  aws:ec2:Tag copies-us-west-2-verified",
    ]);
    assert.deepEqual(tree(await run({ regions: [] })), ["ImageCopies copies"]);
  });

  it("makes encrypted copies, each told apart by its tags, that keep their source", async () => {
    const copy = only(await run({ tags: { team: "web" } }), "aws:ec2:AmiCopy", "copies-eu-west-1");
    assert.deepEqual(copy.inputs, {
      name: "web/prod/1.0.0",
      description: "web 1.0.0, copied from us-east-1",
      sourceAmiId: SOURCE,
      sourceAmiRegion: "us-east-1",
      encrypted: true,
      region: "eu-west-1",
      tags: {
        Name: "web/prod/1.0.0",
        team: "web",
        "ami-lifecycle:line": "web",
        "ami-lifecycle:version": "1.0.0",
        "ami-lifecycle:recipe": "0123456789abcdef",
        "ami-lifecycle:source": `us-east-1/${SOURCE}`,
        "ami-lifecycle:stack": "pulumi-ami-lifecycle/prod",
      },
    });
    assert.deepEqual(copy.options, {
      ignoreChanges: [
        "sourceAmiId",
        "sourceAmiRegion",
        "encrypted",
        "kmsKeyId",
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
      customTimeouts: { create: "240m", update: "40m", delete: "90m" },
    });
  });

  it("has each copy behind the source's gate, and each record behind the boot gate of its region", async () => {
    const result = await run();
    for (const region of ARGS.regions) {
      const gate = (record: string, name: string) => `ImageCopies(copies)/copies-${region}${record}:${name}`;
      assert.deepEqual(only(result, "aws:ec2:AmiCopy", `copies-${region}`).hooks, {
        beforeCreate: [gate("", "sourceVerified"), gate("", "nameFree")],
        beforeUpdate: [gate("", "imageAvailable")],
        onError: [gate("", "startRetry")],
      });
      const record = only(result, "aws:ec2:Tag", `copies-${region}-verified`);
      const boots = [gate("-verified", "imageBoots")];
      assert.deepEqual(record.hooks, { beforeCreate: boots, beforeUpdate: boots });
      assert.deepEqual(record.inputs, {
        resourceId: only(result, "aws:ec2:AmiCopy", `copies-${region}`).id,
        key: "ami-lifecycle:verified",
        value: "0123456789abcdef",
        region,
      });
    }
    assert.equal(result.hookNames.length, 10);
    assert.equal(new Set(result.hookNames).size, 10);
  });

  it("makes the copies at once: none waits for another", async () => {
    const regions = ["eu-west-1", "us-west-2", "ap-south-1"];
    let waiting = 0;
    let release = () => {};
    const all3 = new Promise<void>((resolve) => (release = resolve));
    await run(
      { regions },
      {
        before: async ({ type }) => {
          if (!type.includes("AmiCopy")) return;
          if (++waiting === regions.length) release();
          await all3;
        },
      },
    );
    assert.equal(waiting, 3);
  });

  it("encrypts under the key of each region", async () => {
    const key = (region: string) => `arn:aws:kms:${region}:${ACCOUNT}:key/mrk-0123456789abcdef0123456789abcdef`;
    const result = await run({ kmsKeyArns: { "eu-west-1": key("eu-west-1") } });
    assert.equal(only(result, "aws:ec2:AmiCopy", "copies-eu-west-1").inputs.kmsKeyId, key("eu-west-1"));
    assert.equal(only(result, "aws:ec2:AmiCopy", "copies-us-west-2").inputs.kmsKeyId, undefined);
  });

  it("warns that a copy keeps its key when another one is configured, in its region only", async () => {
    const key = (region: string, id: string) => `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`;
    const kmsKeyArns = { "eu-west-1": key("eu-west-1", "new"), "us-west-2": key("us-west-2", "new") };
    const outputs: ProgramOptions["outputs"] = ({ name }) =>
      name === "copies-eu-west-1" ? { kmsKeyId: key("eu-west-1", "old") } : undefined;
    assert.deepEqual((await run({ kmsKeyArns }, { outputs })).warnings, [
      `The copy of web 1.0.0 in eu-west-1 stays under ${key("eu-west-1", "old")}, although ${key("eu-west-1", "new")} ` +
        "is configured: a version's copies are never made anew. Versions to come get the new key.",
    ]);
  });

  it("warns that a copy stays under the AWS-managed key, and a copy of what it was made of", async () => {
    const key = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/new`;
    const outputs: ProgramOptions["outputs"] = ({ name, inputs }) =>
      name === "copies-eu-west-1"
        ? {
            kmsKeyId: "",
            tags: { ...(inputs.tags as object), "ami-lifecycle:source": "us-east-1/ami-00000000000000009" },
          }
        : undefined;
    assert.deepEqual((await run({ kmsKeyArns: { "eu-west-1": key } }, { outputs })).warnings, [
      `The copy of web 1.0.0 in eu-west-1 stays under the AWS-managed key aws/ebs, although ${key} is configured: a ` +
        "version's copies are never made anew. Versions to come get the new key.",
      `The copy of web 1.0.0 in eu-west-1 stays a copy of us-east-1/ami-00000000000000009, although its source is now ` +
        `us-east-1/${SOURCE}: a version's copies are never made anew. Append a new version for another image.`,
    ]);
    const gone = "ami-00000000000000000";
    assert.deepEqual((await run({ sourceImageId: gone }, { outputs })).warnings, []);
  });

  it("does not warn of keys when they are the same, or when none is configured", async () => {
    const key = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/old`;
    const outputs: ProgramOptions["outputs"] = ({ type }) => (type.includes("AmiCopy") ? { kmsKeyId: key } : undefined);
    assert.deepEqual((await run({ kmsKeyArns: { "eu-west-1": key } }, { outputs })).warnings, []);
    assert.deepEqual((await run({}, { outputs })).warnings, []);
    const managed: ProgramOptions["outputs"] = ({ type }) => (type.includes("AmiCopy") ? { kmsKeyId: "" } : undefined);
    assert.deepEqual((await run({}, { outputs: managed })).warnings, []);
    assert.deepEqual((await run({ kmsKeyArns: { "eu-west-1": key } }, { preview: true })).warnings, []);
  });

  it("records that a copy was not booted where its boot proof is turned off", async () => {
    const result = await run({ bootProof: false });
    for (const { inputs } of all(result, "aws:ec2:Tag")) assert.equal(inputs.value, "unbooted 0123456789abcdef");
    assert.equal(result.hookNames.length, 10);
  });

  it("takes the time a copy may need", async () => {
    const timeouts = (await run({ copyTimeoutMinutes: 600 })).resources.map(({ options }) => options.customTimeouts);
    const expected = { create: "600m", update: "40m", delete: "90m" };
    assert.deepEqual(timeouts.filter(Boolean), [expected, expected]);
  });

  it("may copy into the source's own region: an own copy under an own key", async () => {
    const copy = only(await run({ regions: ["us-east-1"] }), "aws:ec2:AmiCopy");
    assert.deepEqual([copy.inputs.region, copy.inputs.sourceAmiRegion], ["us-east-1", "us-east-1"]);
  });

  it("records the digest the copy was made with, whatever the source's is now", async () => {
    const result = await run(
      { recipeDigest: "ffffffffffffffff" },
      { outputs: ({ type }) => (type.includes("AmiCopy") ? { tags: { "ami-lifecycle:recipe": "0000" } } : undefined) },
    );
    assert.deepEqual(
      all(result, "aws:ec2:Tag").map(({ inputs }) => inputs.value),
      ["0000", "0000"],
    );
  });

  it("says `unknown` for a copy without the digest's tag rather than failing", async () => {
    const result = await run({}, { outputs: ({ type }) => (type.includes("AmiCopy") ? { tags: null } : undefined) });
    assert.deepEqual([...new Set(all(result, "aws:ec2:Tag").map(({ inputs }) => inputs.value))], ["unknown"]);
  });

  it("refuses to copy from the placeholder, before asking AWS", async () => {
    const result = await run();
    const error = await result.runHook("ImageCopies(copies)/copies-eu-west-1:sourceVerified", {
      newInputs: { sourceAmiId: "ami-00000000000000000" },
    });
    assert.match(
      error as string,
      /^web 1\.0\.0 to eu-west-1: nothing was copied: the source stack has no verified image of this version\n[^]*must be green[^]*`ami-lifecycle:images`/,
    );
  });

  it("tries the starting call again, and no other", async () => {
    process.env.AMI_LIFECYCLE_POLL_SECONDS = "0.001";
    try {
      const result = await run();
      const retry = (...errors: string[]) =>
        result.runHook("ImageCopies(copies)/copies-eu-west-1:startRetry", { errors });
      const start = "operation error EC2: CopyImage, https response error StatusCode: 400";
      assert.equal(await retry(`${start}, api error ResourceLimitExceeded: too many`), true);
      assert.equal(
        await retry(`${start}, api error RequestLimitExceeded: slow down`, `${start}, RequestLimitExceeded`),
        true,
      );
      assert.equal(await retry(`${start}, api error InvalidAMIID.NotFound: no`), false);
      assert.equal(
        await retry("waiting for EC2 AMI (ami-1) create: unexpected state 'failed', wanted 'available'"),
        false,
      );
      assert.equal(await retry("operation error EC2: DescribeImages, api error RequestLimitExceeded"), false);
      assert.equal(await retry(""), false);
    } finally {
      delete process.env.AMI_LIFECYCLE_POLL_SECONDS;
    }
  });

  it("gives ids by region, the verified ones after their records", async () => {
    const late: string[] = [];
    const result = await runProgram(
      () => {
        const copies = new ImageCopies("copies", ARGS);
        copies.imageIds.apply(() => late.push("ids"));
        copies.verifiedImageIds.apply(() => late.push("verified"));
        return { imageIds: copies.imageIds, verifiedImageIds: copies.verifiedImageIds };
      },
      {
        before: async ({ type, name }) => {
          if (!type.includes("Tag")) return;
          await new Promise((resolve) => setTimeout(resolve, 20));
          late.push(name);
        },
      },
    );
    assertFine(result);
    assert.equal(late[0], "ids");
    assert.equal(late[3], "verified");
    const copies = all(result, "aws:ec2:AmiCopy").map(({ inputs, id }) => [String(inputs.region), id] as const);
    const ids: { [region: string]: string } = Object.fromEntries(copies);
    assert.deepEqual(result.outputs, { imageIds: ids, verifiedImageIds: ids });
    assert.equal(new Set(Object.values(ids)).size, 2);
  });

  it("copies into another account with that account's provider", async () => {
    const result = await runProgram(() => {
      const provider = new aws.Provider("backup", { region: "eu-west-1", allowedAccountIds: ["444455556666"] });
      new ImageCopies("copies", ARGS, { providers: [provider] });
    });
    assertFine(result);
    const provider = only(result, "pulumi:providers:aws");
    for (const type of ["aws:ec2:AmiCopy", "aws:ec2:Tag"]) {
      for (const resource of all(result, type)) assert.equal(resource.provider, `${provider.urn}::${provider.id}`);
    }
  });
});
