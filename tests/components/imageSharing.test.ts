import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ImageKeys, ImageSharing, type ImageSharingArgs } from "../../components";
import { ACCOUNT } from "../support/mockOutputs";
import { type ProgramOptions, runProgram } from "../support/mocks";
import { all, assertFine, only, onlyError, tree } from "../support/reading";

const REGIONS = ["us-east-1", "eu-west-1", "us-west-2", "ap-south-1"];
const ORGANIZATION = "arn:aws:organizations::111122223333:organization/o-a1b2c3d4e5";
const UNIT = "arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-11111111";
const ONE = "444455556666";
const OTHER = "777788889999";
const image = (region: string) => `ami-0000000000000000${REGIONS.indexOf(region)}`;
const keyIn = (region: string) => `arn:aws:kms:${region}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const byRegion = <T>(regions: string[], of: (region: string) => T): { [region: string]: T } =>
  Object.fromEntries(regions.map((region) => [region, of(region)]));

/** What AWS tells of an image with two volumes besides its root. */
const lookups: ProgramOptions["lookups"] = {
  "aws:ec2/getAmi:getAmi": ({ region }) => ({
    id: image(String(region)),
    imageId: image(String(region)),
    rootDeviceName: "/dev/sda1",
    rootSnapshotId: `snap-${String(region)}-root`,
    blockDeviceMappings: ["sda1", "sdf", "sdg"].map((device) => ({
      deviceName: `/dev/${device}`,
      ebs: { snapshot_id: `snap-${String(region)}-${device === "sda1" ? "root" : device}` },
    })),
  }),
};

const make = (regions: string[], args: Partial<ImageSharingArgs> = {}, options: ProgramOptions = {}) =>
  runProgram(
    () => {
      const given = { imageIds: byRegion(regions, image), kmsKeyArns: byRegion(regions, keyIn) };
      return { sharedImageIds: new ImageSharing("share", { ...given, ...args }).sharedImageIds };
    },
    { lookups, ...options },
  );

async function run(regions: string[], args: Partial<ImageSharingArgs> = {}, options: ProgramOptions = {}) {
  const result = await make(regions, args, options);
  assertFine(result);
  return result;
}

describe("ImageSharing", () => {
  for (const count of [1, 2, 4]) {
    it(`gives each of ${count} regions' images, and the snapshots of theirs, to each account`, async () => {
      const regions = REGIONS.slice(0, count);
      const result = await run(regions, { accounts: [ONE, OTHER], volumes: ["/dev/sdf", "/dev/sdg"] });
      const sorted = [...regions].sort();
      assert.deepEqual(tree(result), [
        "ImageSharing share",
        ...sorted.flatMap((region) =>
          [ONE, OTHER].map((account) => `  aws:ec2:AmiLaunchPermission share-${region}-${account}`),
        ),
        ...sorted.flatMap((region) =>
          [ONE, OTHER].flatMap((account) =>
            ["root", "sdf", "sdg"].map(
              (volume) => `  aws:ec2:SnapshotCreateVolumePermission share-${region}-${account}-${volume}`,
            ),
          ),
        ),
      ]);
      for (const region of regions) {
        for (const account of [ONE, OTHER]) {
          const name = `share-${region}-${account}`;
          const launch = only(result, "aws:ec2:AmiLaunchPermission", name);
          assert.deepEqual(launch.inputs, { imageId: image(region), accountId: account, region });
          assert.deepEqual(launch.options, {});
          assert.deepEqual(launch.dependsOn, [`${name}-root`, `${name}-sdf`, `${name}-sdg`]);
          for (const volume of ["root", "sdf", "sdg"]) {
            const snapshot = only(result, "aws:ec2:SnapshotCreateVolumePermission", `${name}-${volume}`);
            assert.deepEqual(snapshot.inputs, { snapshotId: `snap-${region}-${volume}`, accountId: account, region });
            assert.deepEqual([snapshot.options, snapshot.dependsOn], [{}, []]);
          }
        }
      }
      assert.deepEqual(result.outputs, { sharedImageIds: byRegion(regions, image) });
    });
  }

  it("asks for each region's image once, by its id, of its own account", async () => {
    const regions = REGIONS.slice(0, 2);
    const result = await run(regions, { accounts: [ONE, OTHER], volumes: ["/dev/sdf"] });
    const asked = result.lookups.filter(({ token }) => token === "aws:ec2/getAmi:getAmi");
    assert.deepEqual(
      asked.map(({ args }) => args),
      regions.map((region) => ({
        owners: ["self"],
        filters: [{ name: "image-id", values: [image(region)] }],
        region,
      })),
    );
    assert.equal(result.lookups.length, 3);
  });

  it("gives organisations and units the image alone, and asks nothing for that: AWS shares snapshots with accounts", async () => {
    const result = await run(["eu-west-1"], {
      organizationArns: [ORGANIZATION],
      organizationalUnitArns: [UNIT],
      volumes: ["/dev/sdf"],
    });
    assert.deepEqual(tree(result), [
      "ImageSharing share",
      "  aws:ec2:AmiLaunchPermission share-eu-west-1-o-a1b2c3d4e5",
      "  aws:ec2:AmiLaunchPermission share-eu-west-1-ou-ab12-11111111",
    ]);
    const inputs = all(result, "aws:ec2:AmiLaunchPermission").map((one) => one.inputs);
    assert.deepEqual(inputs, [
      { imageId: image("eu-west-1"), organizationArn: ORGANIZATION, region: "eu-west-1" },
      { imageId: image("eu-west-1"), organizationalUnitArn: UNIT, region: "eu-west-1" },
    ]);
    assert.deepEqual(result.lookups, []);
  });

  it("shares nothing where there is no image", async () => {
    assert.deepEqual(tree(await run([], { accounts: [ONE] })), ["ImageSharing share"]);
  });

  it("shares with no account before its snapshots are shared with it", async () => {
    const ended: string[] = [];
    await run(
      ["eu-west-1"],
      { accounts: [ONE], organizationArns: [ORGANIZATION], volumes: ["/dev/sdf"] },
      {
        before: async ({ type, name }) => {
          if (type.includes("Snapshot")) await new Promise((resolve) => setTimeout(resolve, 20));
          if (type.startsWith("aws:")) ended.push(name);
        },
      },
    );
    assert.equal(ended[0], "share-eu-west-1-o-a1b2c3d4e5");
    assert.equal(ended.at(-1), `share-eu-west-1-${ONE}`);
  });

  it("says that an image is shared only when every permission is there", async () => {
    const order: string[] = [];
    const result = await runProgram(
      () => {
        const region = "eu-west-1";
        const imageIds = { [region]: image(region) };
        const kmsKeyArns = { [region]: keyIn(region) };
        const sharing = new ImageSharing("share", { imageIds, kmsKeyArns, accounts: [ONE, OTHER] });
        sharing.sharedImageIds.apply(() => order.push("shared"));
      },
      {
        lookups,
        before: async ({ name }) => {
          if (name !== `share-eu-west-1-${OTHER}`) return;
          await new Promise((resolve) => setTimeout(resolve, 20));
          order.push(name);
        },
      },
    );
    assertFine(result);
    assert.deepEqual(order, [`share-eu-west-1-${OTHER}`, "shared"]);
  });

  it("refuses a volume that the image does not have, and the root declared again; the account gets no image", async () => {
    for (const given of ["/dev/sdh", "/dev/sda1"]) {
      const result = await make(["eu-west-1"], { accounts: [ONE], volumes: [given] });
      const error = onlyError(result);
      assert.ok(pulumi.ResourceError.isInstance(error));
      assert.equal(
        error.message,
        `ImageSharing "share": ${image("eu-west-1")} in eu-west-1: 1 problem\n` +
          `  - volumes: got "${given}", allowed is volumes that the image has besides its root (/dev/sdf, /dev/sdg). ` +
          "Remove it, or share a version whose recipe declares it.",
      );
      assert.deepEqual(all(result, "aws:ec2:AmiLaunchPermission"), []);
    }
  });

  it("refuses to share with the images' own account, once AWS has said which it is", async () => {
    const result = await make(["eu-west-1", "us-west-2"], { accounts: [ONE, ACCOUNT] });
    const error = onlyError(result);
    assert.ok(pulumi.ResourceError.isInstance(error));
    assert.equal(
      error.message,
      'ImageSharing "share": 1 problem\n' +
        `  - accounts[1]: got "${ACCOUNT}", allowed is accounts other than the images' own. Remove it.`,
    );
    assert.deepEqual(all(result, "aws:ec2:AmiLaunchPermission"), []);
    assert.deepEqual(all(result, "aws:ec2:SnapshotCreateVolumePermission"), []);
  });

  it("refuses a key that turns out to be none of the region's before it gives anything away", async () => {
    for (const given of ["alias/aws/ebs", keyIn("us-east-1")]) {
      const kmsKeyArns = { "eu-west-1": pulumi.output(Promise.resolve(given)) };
      const result = await make(["eu-west-1"], { kmsKeyArns, accounts: [ONE] });
      const { message } = onlyError(result);
      assert.ok(message.startsWith(`ImageSharing "share": 1 problem\n  - kmsKeyArns["eu-west-1"]: got "${given}"`));
      assert.deepEqual(tree(result), ["ImageSharing share"]);
    }
  });

  it("refuses everything that is wrong at once, and makes nothing", async () => {
    const result = await make([], {
      imageIds: { "eu-west-1": "ubuntu", "us-west-2": image("us-west-2"), "us-east-1": image("us-east-1") },
      kmsKeyArns: { "eu-west-1": keyIn("us-east-1"), "us-west-2": "alias/aws/ebs" },
      accounts: ["all", ONE, ONE],
      organizationArns: ["o-a1b2c3d4e5"],
      organizationalUnitArns: ["ou-ab12-11111111"],
      volumes: ["/dev/sdf", "/dev/sdf"],
    });
    const [first, ...lines] = onlyError(result).message.split("\n");
    assert.equal(first, 'ImageSharing "share": 9 problems');
    assert.deepEqual(
      lines.map((line) => /^ {2}- (.+?): (?:got .+, )?allowed is .+\. .+\.$/.exec(line)?.[1]),
      [
        'imageIds["eu-west-1"]',
        'kmsKeyArns["us-east-1"]',
        'kmsKeyArns["us-west-2"]',
        'kmsKeyArns["eu-west-1"]',
        "accounts[0]",
        "accounts[2]",
        "organizationArns[0]",
        "organizationalUnitArns[0]",
        "volumes[1]",
      ],
    );
    assert.deepEqual(tree(result), ["ImageSharing share"]);
    assert.deepEqual(result.lookups, []);
  });

  it("shares what a provider of another account holds with that provider", async () => {
    const result = await runProgram(
      () => {
        const provider = new aws.Provider("backup", { region: "eu-west-1" });
        const region = "eu-west-1";
        new ImageSharing(
          "share",
          { imageIds: { [region]: image(region) }, kmsKeyArns: { [region]: keyIn(region) }, accounts: [ONE] },
          { providers: [provider] },
        );
      },
      { lookups },
    );
    assertFine(result);
    const { urn, id } = only(result, "pulumi:providers:aws");
    for (const { provider, type } of result.resources.filter(({ custom, type }) => custom && type.includes("ec2"))) {
      assert.equal(provider, `${urn}::${id}`, type);
    }
    assert.deepEqual([...new Set(result.lookups.map(({ provider }) => provider))], [`${urn}::${id}`]);
  });

  it("is the same in a preview, whatever of images and keys is not known yet", async () => {
    const program = () => {
      const keys = new ImageKeys("keys", { regions: ["eu-west-1"] });
      const copy = new aws.ec2.AmiCopy("copy", { sourceAmiId: image("us-east-1"), sourceAmiRegion: "us-east-1" });
      new ImageSharing("share", {
        imageIds: { "eu-west-1": copy.id },
        kmsKeyArns: { "eu-west-1": keys.keyArnIn("eu-west-1") },
        accounts: [ONE],
        organizationArns: [ORGANIZATION],
        volumes: ["/dev/sdf"],
      });
    };
    const preview = await runProgram(program, { lookups, preview: true });
    assertFine(preview);
    assert.deepEqual(tree(preview), tree(await runProgram(program, { lookups })));
    const launch = only(preview, "aws:ec2:AmiLaunchPermission", `share-eu-west-1-${ONE}`);
    assert.deepEqual([launch.inputs.imageId, launch.inputs.accountId], ["[unknown]", ONE]);
    const snapshot = only(preview, "aws:ec2:SnapshotCreateVolumePermission", `share-eu-west-1-${ONE}-sdf`);
    assert.deepEqual([snapshot.inputs.snapshotId, snapshot.inputs.accountId], ["[unknown]", ONE]);
  });
});
