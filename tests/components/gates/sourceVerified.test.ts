import assert from "node:assert/strict";
import { CreateTagsCommand, ModifyImageAttributeCommand } from "@aws-sdk/client-ec2";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { sourceVerified } from "../../../components/gates/sourceVerified";
import type { SourceVerifiedInput } from "../../../components/gates/sourceVerified";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import { ACCOUNT, STRANGER, deeds, ec2Client, failure, gateAws } from "./scene";

const DIGEST = "0123456789abcdef";

describe("components/gates/sourceVerified", () => {
  let aws: Emulator;
  let ec2: EC2Client;
  let imageId: string;

  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    ec2 = ec2Client(aws);
  });
  beforeEach(async () => {
    await aws.reset();
    imageId = await aws.baseImage("us-east-1", "web/dev/1.0.0");
    aws.clearRequests();
  });

  const gate = (more: Partial<SourceVerifiedInput> = {}, account?: string, timing = {}) =>
    sourceVerified(gateAws(aws, timing, "us-east-1", account), {
      what: "web 1.0.0 to eu-west-1",
      imageId,
      boot: true,
      ...more,
    });
  const record = (Value: string) =>
    ec2.send(new CreateTagsCommand({ Resources: [imageId], Tags: [{ Key: "ami-lifecycle:verified", Value }] }));
  const share = () =>
    ec2.send(new ModifyImageAttributeCommand({ ImageId: imageId, LaunchPermission: { Add: [{ UserId: STRANGER }] } }));

  it("passes for an image with the record of its proof, whether or not the copy is booted", async () => {
    await record(DIGEST);
    aws.clearRequests();
    await gate();
    await gate({ boot: false });
    assert.deepEqual(
      aws.requests().map(({ action }) => action),
      ["DescribeImages", "DescribeImages"],
    );
  });

  it("refuses an image without the record, and touches nothing", async () => {
    for (const boot of [true, false]) {
      const said = await failure(gate({ boot }));
      assert.ok(
        said.startsWith(
          `web 1.0.0 to eu-west-1: nothing was copied: the source image ${imageId} in us-east-1 is not verified ` +
            "(no tag ami-lifecycle:verified)\n",
        ),
        said,
      );
      assert.match(said, /prove it first/);
    }
    assert.deepEqual(deeds(aws), []);
  });

  it("waits for a record that AWS shows late", async () => {
    // Slowly enough for the record to be written in between, on a busy computer too; and not before the first answer.
    const gated = gate({}, undefined, { pollSeconds: 0.5 });
    while (!aws.requests("DescribeImages")[0]?.status) await new Promise((resolve) => setTimeout(resolve, 1));
    await record(DIGEST);
    await gated;
    assert.ok(aws.requests("DescribeImages").length >= 2);
  });

  it("refuses an image that was never booted, at once, even where the copy is booted", async () => {
    await record(`unbooted ${DIGEST}`);
    aws.clearRequests();
    for (const boot of [true, false]) {
      const said = await failure(gate({ boot }));
      assert.match(said, new RegExp(`the source image ${imageId} was never booted: its boot proof is turned off\n`));
    }
    assert.equal(aws.requests("DescribeImages").length, 2);
  });

  it("accepts another account's image, whose tags it does not see, only when the copy is booted", async () => {
    await record(DIGEST);
    await share();
    aws.clearRequests();
    await gate({ owner: ACCOUNT }, STRANGER);
    assert.deepEqual(
      aws.requests().map(({ action, account }) => [action, account]),
      [
        ["DescribeImages", STRANGER],
        ["GetCallerIdentity", STRANGER],
      ],
    );
    assert.match(
      await failure(gate({ boot: false, owner: ACCOUNT }, STRANGER)),
      /is not verified \(no tag ami-lifecycle:verified\)/,
    );
    assert.match(
      await failure(gate({}, STRANGER)),
      /is another account's \(111122223333\), and nobody says whose it must be/,
    );
  });

  it("refuses another account's image that is not shared, and one that does not exist", async () => {
    await record(DIGEST);
    const gone = "ami-0123456789abcdef0";
    for (const [id, gated] of [
      [imageId, gate({}, STRANGER)],
      [gone, gate({ imageId: gone })],
    ] as const) {
      assert.match(
        await failure(gated),
        new RegExp(`the source image ${id} does not exist in us-east-1, or is not shared`),
      );
    }
  });

  it("refuses the placeholder, and nothing, without asking AWS", async () => {
    for (const id of ["ami-00000000000000000", ""]) {
      const said = await failure(gate({ imageId: id }));
      assert.match(said, /^web 1\.0\.0 to eu-west-1: nothing was copied: the source stack has no verified image/);
    }
    assert.deepEqual(aws.requests(), []);
  });

  it("refuses an image that is not owned by the account named, at once", async () => {
    await record(DIGEST);
    aws.clearRequests();
    await gate({ owner: ACCOUNT });
    const said = await failure(gate({ owner: STRANGER }));
    assert.match(said, new RegExp(`the source image ${imageId} is owned by ${ACCOUNT}, wanted ${STRANGER}\n`));
    assert.equal(aws.requests("DescribeImages").length, 2);
  });

  for (const [what, billing, says] of [
    ["Windows", { usageOperation: "RunInstances:0002", platformDetails: "Windows" }, "Windows"],
    ["Marketplace", { marketplace: "abcdefghijklmnop" }, "AWS Marketplace"],
  ] as const) {
    it(`refuses another account's ${what} image, which AWS does not copy, and takes one's own`, async () => {
      aws.image({ name: "billed" }, { billing });
      imageId = await aws.baseImage("us-east-1", "billed");
      await record(DIGEST);
      await share();
      aws.clearRequests();
      const said = await failure(gate({}, STRANGER));
      assert.match(said, new RegExp(`the source image ${imageId} \\(${says}\\) has a billing code`));
      assert.deepEqual(deeds(aws), []);
      await gate();
    });
  }

  it("takes an adopter's record for one, which each stack keeps by itself", async () => {
    const Tags = [{ Key: "ami-lifecycle:verified/project/dev", Value: "adopted" }];
    await ec2.send(new CreateTagsCommand({ Resources: [imageId], Tags }));
    await gate({ boot: false });
  });
});
