import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ImageKeys, type ImageKeysArgs } from "../../components";
import { renderKeyPolicy } from "../../components/internal/keyPolicy";
import { ACCOUNT } from "../support/mockOutputs";
import { type ProgramOptions, runProgram } from "../support/mocks";
import { all, assertFine, only, onlyError, tree } from "../support/reading";

const REGIONS = ["us-east-1", "eu-west-1", "us-west-2", "ap-south-1"];
const ORGANIZATION = "arn:aws:organizations::111122223333:organization/o-a1b2c3d4e5";
const UNIT = "arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-11111111";
const keyIn = (region: string) => `arn:aws:kms:${region}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const PRIVATE = { account: ACCOUNT, partition: "aws", autoScaling: true };

const make = (
  args: Partial<ImageKeysArgs> = {},
  options: ProgramOptions = {},
  opts?: pulumi.ComponentResourceOptions,
) =>
  runProgram(() => ({ keyArns: new ImageKeys("web", { regions: ["eu-west-1"], ...args }, opts).keyArns }), {
    stack: "prod",
    ...options,
  });

async function run(args: Partial<ImageKeysArgs> = {}, options: ProgramOptions = {}) {
  const result = await make(args, options);
  assertFine(result);
  return result;
}

describe("ImageKeys", () => {
  for (const count of [1, 2, 4]) {
    it(`is a key and its alias for each of ${count} regions, and asks who calls once`, async () => {
      const regions = REGIONS.slice(0, count);
      const result = await run({ regions });
      assert.deepEqual(tree(result), [
        "ImageKeys web",
        ...[...regions].sort().map((region) => `  aws:kms:Alias web-${region}-alias`),
        ...[...regions].sort().map((region) => `  aws:kms:Key web-${region}`),
      ]);
      for (const region of regions) {
        assert.equal(only(result, "aws:kms:Key", `web-${region}`).inputs.region, region);
        assert.equal(only(result, "aws:kms:Alias", `web-${region}-alias`).inputs.region, region);
      }
      assert.deepEqual(
        result.lookups.map(({ token }) => token),
        ["aws:index/getCallerIdentity:getCallerIdentity", "aws:index/getPartition:getPartition"],
      );
      const arns = all(result, "aws:kms:Key").map(({ inputs, outputs }) => [inputs.region, outputs.arn] as const);
      assert.deepEqual(result.outputs, { keyArns: Object.fromEntries(arns) });
      assert.equal(new Set(arns.map(([, arn]) => arn)).size, count);
    });
  }

  it("makes keys that rotate, for Auto Scaling and nobody else", async () => {
    const result = await run({ tags: { team: "web" } });
    const key = only(result, "aws:kms:Key");
    assert.deepEqual(key.inputs, {
      description: "Images of web, pulumi-ami-lifecycle/prod",
      enableKeyRotation: true,
      rotationPeriodInDays: 365,
      deletionWindowInDays: 30,
      policy: renderKeyPolicy(PRIVATE),
      tags: {
        Name: "web-eu-west-1",
        team: "web",
        "ami-lifecycle:line": "web",
        "ami-lifecycle:stack": "pulumi-ami-lifecycle/prod",
      },
      region: "eu-west-1",
    });
    assert.deepEqual(key.options, {});
    const alias = only(result, "aws:kms:Alias");
    assert.deepEqual(alias.inputs, { name: "alias/ami/web/prod", targetKeyId: key.id, region: "eu-west-1" });
    assert.deepEqual(alias.options, {});
    assert.equal(alias.parent, key.parent);
  });

  it("takes the line's name, the days, and who may use the keys", async () => {
    const receivers = {
      accounts: ["444455556666"],
      organizationArns: [ORGANIZATION],
      organizationalUnitArns: [UNIT],
    };
    const result = await run(
      { ...receivers, line: "api", rotationDays: 90, deletionDays: 7, autoScaling: false },
      { stack: "team.prod" },
    );
    const { inputs } = only(result, "aws:kms:Key");
    assert.equal(inputs.policy, renderKeyPolicy({ ...PRIVATE, autoScaling: false, ...receivers }));
    assert.deepEqual([inputs.rotationPeriodInDays, inputs.deletionWindowInDays], [90, 7]);
    assert.equal((inputs.tags as { [key: string]: string })["ami-lifecycle:line"], "api");
    assert.equal(only(result, "aws:kms:Alias").inputs.name, "alias/ami/api/team/prod");
  });

  it("is of the provider's partition", async () => {
    const { inputs } = only(
      await run({ regions: ["cn-north-1"] }, { config: { "aws:region": "cn-north-1" } }),
      "aws:kms:Key",
    );
    assert.equal(inputs.policy, renderKeyPolicy({ ...PRIVATE, partition: "aws-cn" }));
  });

  it("makes no key where one is given, and asks nobody when all are", async () => {
    const result = await run({ regions: ["eu-west-1", "us-west-2"], keyArns: { "eu-west-1": keyIn("eu-west-1") } });
    assert.deepEqual(tree(result), [
      "ImageKeys web",
      "  aws:kms:Alias web-us-west-2-alias",
      "  aws:kms:Key web-us-west-2",
    ]);
    assert.deepEqual(result.outputs, {
      keyArns: { "eu-west-1": keyIn("eu-west-1"), "us-west-2": only(result, "aws:kms:Key").outputs.arn },
    });
    const given = await run({ keyArns: { "eu-west-1": pulumi.output(keyIn("eu-west-1")) } });
    assert.deepEqual(tree(given), ["ImageKeys web"]);
    assert.deepEqual(given.lookups, []);
    assert.deepEqual(given.outputs, { keyArns: { "eu-west-1": keyIn("eu-west-1") } });
    assert.deepEqual(tree(await run({ regions: [] })), ["ImageKeys web"]);
  });

  it("gives one region's key without waiting for the others", async () => {
    const order: string[] = [];
    let release = () => {};
    const first = new Promise<void>((resolve) => (release = resolve));
    const result = await runProgram(
      () => {
        const keys = new ImageKeys("web", { regions: ["eu-west-1", "us-west-2"] });
        keys.keyArnIn("eu-west-1").apply((arn) => {
          order.push(arn.split(":")[3] as string);
          release();
        });
        keys.keyArns.apply((arns) => order.push(Object.keys(arns).join("+")));
      },
      { before: ({ name }) => (name === "web-us-west-2" ? first : undefined) },
    );
    assertFine(result);
    assert.deepEqual(order, ["eu-west-1", "eu-west-1+us-west-2"]);
  });

  it("says which regions there are when asked for another", async () => {
    const { message } = onlyError(
      await runProgram(() => void new ImageKeys("web", { regions: ["eu-west-1"] }).keyArnIn("us-west-2")),
    );
    assert.equal(message, "There is no key in us-west-2: the regions are eu-west-1.");
  });

  it("refuses a given key that turns out to be an alias, or of another region, before anything uses it", async () => {
    for (const [given, allowed] of [
      ["alias/mine", "a KMS key ARN, arn:aws:kms:REGION:ACCOUNT:key/ID"],
      [keyIn("us-east-1"), "a key of eu-west-1"],
    ] as const) {
      const result = await runProgram(() => {
        const keys = new ImageKeys("web", {
          regions: ["eu-west-1"],
          keyArns: { "eu-west-1": pulumi.output(Promise.resolve(given)) },
        });
        new aws.ec2.AmiCopy("copy", {
          sourceAmiId: "ami-0123456789abcdef0",
          sourceAmiRegion: "us-east-1",
          kmsKeyId: keys.keyArnIn("eu-west-1"),
        });
      });
      const error = onlyError(result);
      assert.ok(pulumi.ResourceError.isInstance(error));
      assert.ok(
        error.message.startsWith(
          `ImageKeys "web": 1 problem\n  - keyArns["eu-west-1"]: got "${given}", allowed is ${allowed}.`,
        ),
        error.message,
      );
      assert.deepEqual(all(result, "aws:ec2:AmiCopy"), []);
    }
  });

  it("refuses everything that is wrong at once, and makes nothing", async () => {
    const result = await make({
      line: "web site",
      regions: ["eu-west-1", "eu-west-1", "moon"],
      keyArns: { "us-west-2": keyIn("us-east-1"), "eu-west-1": "alias/aws/ebs" },
      accounts: ["all", "1"],
      organizationArns: [UNIT],
      organizationalUnitArns: [ORGANIZATION],
      rotationDays: 89,
      deletionDays: 31,
      tags: { "ami-lifecycle:x": "y" },
    });
    const [first, ...lines] = onlyError(result).message.split("\n");
    assert.equal(first, 'ImageKeys "web": 14 problems');
    assert.deepEqual(
      lines.map((line) => /^ {2}- (.+?): (?:got .+, )?allowed is .+\. .+\.$/.exec(line)?.[1]),
      [
        "line",
        "regions[1]",
        "regions[2]",
        'keyArns["us-west-2"]',
        'keyArns["us-west-2"]',
        'keyArns["eu-west-1"]',
        "rotationDays",
        "deletionDays",
        'tags["ami-lifecycle:x"]',
        "accounts[0]",
        "accounts[1]",
        "organizationArns[0]",
        "organizationalUnitArns[0]",
        "alias",
      ],
    );
    assert.deepEqual(tree(result), ["ImageKeys web"]);
    assert.deepEqual(result.lookups, []);
  });

  it("refuses more receivers than a key policy holds, and no fewer", async () => {
    const accounts = (count: number) => Array.from({ length: count }, (_, i) => String(i).padStart(12, "0"));
    const size = (count: number) => renderKeyPolicy({ ...PRIVATE, accounts: accounts(count) }).length;
    let most = 1;
    while (size(most + 1) <= 32768) most++;
    assert.ok(most > 400, `${most}`);
    await run({ accounts: accounts(most) });
    const result = await make({ accounts: accounts(most + 1) });
    assert.match(
      onlyError(result).message,
      new RegExp(`accounts: got ${size(most + 1)}, allowed is a key policy of at most 32768 bytes`),
    );
    assert.deepEqual(tree(result), ["ImageKeys web"]);
  });

  it("refuses a policy that only the partition's longer name makes too large, before the key is made", async () => {
    const accounts = Array.from({ length: 470 }, (_, i) => String(i).padStart(12, "0"));
    const result = await make({ accounts, regions: ["us-gov-west-1"] }, { config: { "aws:region": "us-gov-west-1" } });
    assert.match(onlyError(result).message, /accounts: got 3\d{4}, allowed is a key policy of at most 32768 bytes/);
    assert.deepEqual(all(result, "aws:kms:Key"), []);
  });

  it("refuses a stack's name that an alias cannot have", async () => {
    const { message } = onlyError(await make({}, { stack: "a b" }));
    assert.match(message, /- alias: got "alias\/ami\/web\/a b", allowed is at most 256 letters, digits and \/ _ -\./);
    assert.match(onlyError(await make({}, { stack: "s".repeat(250) })).message, /alias: got /);
  });

  it("makes keys in another account with that account's provider, and asks it who calls", async () => {
    const result = await runProgram(() => {
      const provider = new aws.Provider("backup", { region: "eu-west-1" });
      new ImageKeys("web", { regions: ["eu-west-1"] }, { providers: [provider] });
    });
    assertFine(result);
    const { urn, id } = only(result, "pulumi:providers:aws");
    for (const type of ["aws:kms:Key", "aws:kms:Alias"]) assert.equal(only(result, type).provider, `${urn}::${id}`);
    assert.deepEqual([...new Set(result.lookups.map(({ provider }) => provider))], [`${urn}::${id}`]);
  });

  it("is the same in a preview, with ARNs that are not known yet", async () => {
    const args = { regions: ["eu-west-1", "us-west-2"], accounts: ["444455556666"] };
    const preview = await run(args, { preview: true });
    assert.deepEqual(tree(preview), tree(await run(args)));
    assert.equal(
      only(preview, "aws:kms:Key", "web-eu-west-1").inputs.policy,
      renderKeyPolicy({ ...PRIVATE, accounts: args.accounts }),
    );
    assert.equal(only(preview, "aws:kms:Alias", "web-eu-west-1-alias").inputs.targetKeyId, "[unknown]");
  });
});
