import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { ImageCopies, type ImageCopiesArgs, ImageRetention, type ImageRetentionArgs } from "../../components";
import { type ProgramOptions, runProgram } from "../support/mocks";
import { all, assertFine, only, onlyError, tree } from "../support/reading";

const REGIONS = ["us-east-1", "eu-west-1", "us-west-2", "ap-south-1"];

const COPIES: ImageCopiesArgs = {
  sourceImageId: "ami-0123456789abcdef0",
  sourceRegion: "us-east-1",
  imageName: "web/prod/1.0.0",
  line: "web",
  version: "1.0.0",
  recipeDigest: "0123456789abcdef",
  regions: ["eu-west-1"],
};

const make = (args: Partial<ImageRetentionArgs> = {}, options: ProgramOptions = {}) =>
  runProgram(
    () => {
      const { imageRuleArns, snapshotRuleArns } = new ImageRetention("keep", { regions: ["eu-west-1"], ...args });
      return { imageRuleArns, snapshotRuleArns };
    },
    { stack: "prod", ...options },
  );

async function run(args: Partial<ImageRetentionArgs> = {}, options: ProgramOptions = {}) {
  const result = await make(args, options);
  assertFine(result);
  return result;
}

const problems = async (args: Partial<ImageRetentionArgs>) => {
  const result = await make(args);
  assert.deepEqual(tree(result), ["ImageRetention keep"]);
  const [first, ...lines] = onlyError(result).message.split("\n");
  assert.match(first ?? "", /^ImageRetention "keep": \d+ problems?$/);
  return lines.map((line) => /^ {2}- (.+?): (?:got .+, )?allowed is (.+)\. .+\.$/.exec(line)?.slice(1).join(": "));
};

describe("ImageRetention", () => {
  for (const count of [1, 2, 4]) {
    it(`is a rule for images and one for snapshots in each of ${count} regions`, async () => {
      const regions = REGIONS.slice(0, count);
      const result = await run({ regions });
      assert.deepEqual(tree(result), [
        "ImageRetention keep",
        ...[...regions]
          .sort()
          .flatMap((region) => [`  aws:rbin:Rule keep-${region}-images`, `  aws:rbin:Rule keep-${region}-snapshots`]),
      ]);
      const arns = (kind: string) =>
        Object.fromEntries(
          regions.map((region) => [region, only(result, "aws:rbin:Rule", `keep-${region}-${kind}`).outputs.arn]),
        );
      for (const { name, inputs } of all(result, "aws:rbin:Rule")) {
        assert.equal(name.replace(/^keep-|-(images|snapshots)$/g, ""), inputs.region);
      }
      assert.deepEqual(result.outputs, { imageRuleArns: arns("images"), snapshotRuleArns: arns("snapshots") });
      assert.deepEqual(result.lookups, []);
    });
  }

  it("keeps this stack's images, and no others, for fourteen days", async () => {
    const result = await run({ tags: { team: "web" } });
    const common = {
      resourceTags: [{ resourceTagKey: "ami-lifecycle:stack", resourceTagValue: "pulumi-ami-lifecycle/prod" }],
      retentionPeriod: { retentionPeriodUnit: "DAYS", retentionPeriodValue: 14 },
      region: "eu-west-1",
    };
    const tags = (kind: string) => ({
      Name: `keep-eu-west-1-${kind}`,
      team: "web",
      "ami-lifecycle:stack": "pulumi-ami-lifecycle/prod",
    });
    const images = only(result, "aws:rbin:Rule", "keep-eu-west-1-images");
    assert.deepEqual(images.inputs, {
      ...common,
      description: "Images of pulumi-ami-lifecycle/prod",
      resourceType: "EC2_IMAGE",
      tags: tags("images"),
    });
    const snapshots = only(result, "aws:rbin:Rule", "keep-eu-west-1-snapshots");
    assert.deepEqual(snapshots.inputs, {
      ...common,
      description: "Snapshots of pulumi-ami-lifecycle/prod",
      resourceType: "EBS_SNAPSHOT",
      tags: tags("snapshots"),
    });
    for (const { options, dependsOn } of [images, snapshots]) {
      assert.deepEqual([options, dependsOn], [{ customTimeouts: { create: "45m" } }, []]);
    }
  });

  it("matches the very tag that images and copies carry", async () => {
    const result = await runProgram(() => {
      new ImageRetention("keep", { regions: ["eu-west-1"] });
      new ImageCopies("copies", COPIES);
    });
    assertFine(result);
    const tags = only(result, "aws:ec2:AmiCopy").inputs.tags as { [key: string]: string };
    for (const { inputs } of all(result, "aws:rbin:Rule")) {
      const [{ resourceTagKey, resourceTagValue }] = inputs.resourceTags as [{ [field: string]: string }];
      assert.equal(tags[resourceTagKey as string], resourceTagValue);
    }
  });

  it("keeps snapshots as long as images, or longer", async () => {
    const days = async (args: Partial<ImageRetentionArgs>) =>
      all(await run(args), "aws:rbin:Rule").map(
        ({ inputs }) => (inputs.retentionPeriod as { retentionPeriodValue: number }).retentionPeriodValue,
      );
    assert.deepEqual(await days({ imageDays: 30 }), [30, 30]);
    assert.deepEqual(await days({ imageDays: 7, snapshotDays: 60 }), [7, 60]);
    assert.deepEqual(await days({ snapshotDays: 14 }), [14, 14]);
    assert.deepEqual(await days({ imageDays: 1, snapshotDays: 365 }), [1, 365]);
    const shorter = (imageDays: number) =>
      `snapshotDays: not less than imageDays (${imageDays}): an image cannot be restored without its snapshots`;
    assert.deepEqual(await problems({ imageDays: 30, snapshotDays: 29 }), [shorter(30)]);
    assert.deepEqual(await problems({ snapshotDays: 13 }), [shorter(14)]);
  });

  it("refuses everything that is wrong at once, and makes nothing", async () => {
    assert.deepEqual(
      await problems({
        regions: ["eu-west-1", "eu-west-1", "moon"],
        imageDays: 0,
        snapshotDays: 366,
        tags: { "aws:x": "y" },
      }),
      [
        "regions[1]: each region once",
        "regions[2]: a region's name such as eu-west-1",
        "imageDays: whole days, 1 to 365",
        "snapshotDays: whole days, 1 to 365",
        'tags["aws:x"]: keys that do not start with aws:',
      ],
    );
  });

  it("is what images can depend on: they come after every rule", async () => {
    const order: string[] = [];
    const result = await runProgram(
      () => {
        const keep = new ImageRetention("keep", { regions: ["eu-west-1", "us-west-2"] });
        new ImageCopies("copies", COPIES, { dependsOn: keep });
      },
      {
        before: async ({ type, name }) => {
          if (type.includes("rbin")) await new Promise((resolve) => setTimeout(resolve, 10));
          if (type.startsWith("aws:")) order.push(name);
        },
      },
    );
    assertFine(result);
    assert.deepEqual(order.slice(4), ["copies-eu-west-1", "copies-eu-west-1-verified"]);
    assert.equal(order.length, 6);
  });

  it("is the same in a preview, and of its provider", async () => {
    const program = () => {
      const provider = new aws.Provider("backup", { region: "eu-west-1" });
      new ImageRetention("keep", { regions: ["eu-west-1"] }, { providers: [provider] });
    };
    const [preview, update] = [await runProgram(program, { preview: true }), await runProgram(program)];
    assertFine(preview);
    assert.deepEqual(tree(preview), tree(update));
    const { urn, id } = only(update, "pulumi:providers:aws");
    for (const { provider } of all(update, "aws:rbin:Rule")) assert.equal(provider, `${urn}::${id}`);
  });
});
