import assert from "node:assert/strict";
import { CreateImageCommand, DeregisterImageCommand } from "@aws-sdk/client-ec2";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { imageAvailable } from "../../../components/gates/imageAvailable";
import type { ImageAvailableInput } from "../../../components/gates/imageAvailable";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import type { ImageBehaviour } from "../../support/emulator/images";
import { ACCOUNT, MINUTES, STRANGER, Voice, deeds, ec2Client, expire, failure, gateAws, launch, parts } from "./scene";

describe("components/gates/imageAvailable", () => {
  let aws: Emulator;
  let ec2: EC2Client;

  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    ec2 = ec2Client(aws);
  });
  beforeEach(() => aws.reset());

  const gate = (imageId: string, more: Partial<ImageAvailableInput> = {}, voice = new Voice()) =>
    imageAvailable(gateAws(aws), { what: "web 1.0.0", imageId, account: ACCOUNT, limitMinutes: 1, ...more }, voice.say);
  const baked = async (behaviour: ImageBehaviour): Promise<string> => {
    const machine = await launch(ec2, await aws.baseImage());
    aws.image({ name: "web/dev/1.0.0" }, behaviour);
    const made = await ec2.send(new CreateImageCommand({ InstanceId: machine, Name: "web/dev/1.0.0" }));
    aws.clearRequests();
    return made.ImageId!;
  };

  it("passes for an available image, and gives it", async () => {
    const id = await baked({});
    const image = await gate(id);
    assert.deepEqual([image.ImageId, image.State], [id, "available"]);
    assert.match(image.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? "", /^snap-/);
  });

  it("waits for a pending one, and says so", async () => {
    const id = await baked({ pendingMs: 60_000 });
    const voice = new Voice(() => aws.advance(40_000));
    await gate(id, {}, voice);
    assert.deepEqual(
      voice.said.map((text) => text.replace(/ \(.*\)$/, "")),
      Array(voice.said.length).fill(`web 1.0.0: image ${id} is pending`),
    );
    assert.ok(voice.said.length > 0);
  });

  it("gives up a pending one at the limit, touches nothing, and goes on waiting in the next run", async () => {
    const id = await baked({ pendingMs: 600_000 });
    const said = parts(await failure(gate(id, { limitMinutes: 80 * MINUTES })));
    assert.equal(said.first, `web 1.0.0: the image ${id} in us-east-1 is pending, wanted available`);
    assert.equal(
      said.next[0],
      "it may only be slow: run `pulumi up` again, it goes on waiting. Or clear it away, then make it anew:",
    );
    assert.deepEqual(deeds(aws), []);
    aws.advance(500_000);
    await gate(id, {}, new Voice(() => aws.advance(40_000)));
  });

  it("says why an image failed, and how to clear it away; touches nothing", async () => {
    const id = await baked({ fail: "an internal error occurred" });
    const said = await failure(gate(id));
    const [first, ...rest] = said.split("\n");
    assert.equal(
      first,
      `web 1.0.0: the image ${id} in us-east-1 is failed (an internal error occurred), wanted available`,
    );
    assert.deepEqual(
      rest.map((line) => line.trim()),
      [
        "Where to look:",
        `aws ec2 describe-images --region us-east-1 --image-ids ${id}`,
        "How to go on:",
        "it cannot become usable: clear it away, then make it anew:",
        `aws ec2 deregister-image --region us-east-1 --image-id ${id} --delete-associated-snapshots`,
        "pulumi refresh && pulumi up",
      ],
    );
    assert.deepEqual(deeds(aws), []);
  });

  it("names the key when AWS's reason is about one, whatever it is called, and only then", async () => {
    for (const [fail, about] of [
      ["Given key ID is not accessible. You must have DescribeKey permissions on the default CMK", true],
      ["Client.InvalidKMSKey.InvalidState", true],
      ["The KMS key arn:aws:kms:us-east-1:111122223333:key/1 is disabled", true],
      ["The snapshot is not accessible", false],
      ["An internal error has occurred while processing a monkey's request", false],
    ] as const) {
      await aws.reset();
      const said = parts(await failure(gate(await baked({ fail }))));
      assert.ok(said.first.includes(`is failed (${fail})`), said.first);
      assert.equal(/^mend the key first: it must be enabled, in this region/.test(said.next[0]!), about, fail);
    }
  });

  it("names credentials that expire while it waits; the next run passes", async () => {
    const id = await baked({ pendingMs: 60_000 });
    const said = parts(await failure(gate(id, {}, new Voice(() => expire(aws)))));
    assert.match(said.first, /^AWS no longer accepts the credentials \(DescribeImages\): ExpiredToken/);
    assert.match(said.next[0]!, /^sign in again and run `pulumi up`/);
    aws.clearFaults();
    aws.advance(60_000);
    await gate(id);
  });

  it("says that an image is gone, after it has looked more than once, and never to deregister it", async () => {
    const id = await baked({});
    await ec2.send(new DeregisterImageCommand({ ImageId: id }));
    aws.clearRequests();
    const said = await failure(gate(id));
    assert.match(
      said,
      new RegExp(`^web 1\\.0\\.0: the image ${id} in us-east-1 does not exist any more, wanted available\n`),
    );
    assert.match(
      said,
      /somebody deregistered it: bring it back from the Recycle Bin, or let `pulumi refresh` forget it/,
    );
    assert.match(said, /only the newest version can be made anew/);
    assert.doesNotMatch(said, /deregister-image/);
    assert.equal(aws.requests("DescribeImages").length, 4);
  });

  it("finds a new image that AWS does not know yet", async () => {
    const id = await baked({});
    aws.fault({ action: "DescribeImages", error: "InvalidAMIID.NotFound", times: 3 });
    assert.equal((await gate(id)).ImageId, id);
  });

  it("refuses credentials of another account: with them a good image looks gone", async () => {
    const id = await baked({});
    const said = await failure(gate(id, { account: STRANGER }));
    assert.match(
      said,
      new RegExp(`^The gate's credentials are of account ${ACCOUNT}, but image ${id} is in account ${STRANGER}\\.`),
    );
    assert.deepEqual(
      aws.requests().map(({ action }) => action),
      ["GetCallerIdentity"],
    );
  });

  it("does not ask who it is when the account is not known", async () => {
    await gate(await baked({}), { account: undefined });
    assert.deepEqual(aws.requests("GetCallerIdentity"), []);
  });
});
