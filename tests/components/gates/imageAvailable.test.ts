import assert from "node:assert/strict";
import { CreateImageCommand, DeregisterImageCommand } from "@aws-sdk/client-ec2";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { imageAvailable } from "../../../components/gates/imageAvailable";
import type { ImageAvailableInput } from "../../../components/gates/imageAvailable";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import type { ImageBehaviour } from "../../support/emulator/images";
import { ACCOUNT, MINUTES, STRANGER, Voice, deeds, ec2Client, failure, gateAws, launch } from "./scene";

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

  it("gives up a pending one at the limit", async () => {
    const id = await baked({ pendingMs: 600_000 });
    const said = await failure(gate(id, { limitMinutes: 80 * MINUTES }));
    assert.match(said, new RegExp(`^web 1\\.0\\.0: the image ${id} in us-east-1 is pending, wanted available\n`));
  });

  it("says why an image failed, and how to clear it away; touches nothing", async () => {
    const id = await baked({ fail: "the key is not accessible" });
    const said = await failure(gate(id));
    const [first, ...rest] = said.split("\n");
    assert.equal(
      first,
      `web 1.0.0: the image ${id} in us-east-1 is failed (the key is not accessible), wanted available`,
    );
    assert.deepEqual(
      rest.map((line) => line.trim()),
      [
        "Where to look:",
        `aws ec2 describe-images --region us-east-1 --image-ids ${id}`,
        "How to go on:",
        "it never became usable: clear it away, then make it anew:",
        `aws ec2 deregister-image --region us-east-1 --image-id ${id} --delete-associated-snapshots`,
        "pulumi refresh && pulumi up",
      ],
    );
    assert.deepEqual(deeds(aws), []);
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
