import assert from "node:assert/strict";
import { CreateImageCommand, DescribeImagesCommand, DescribeSnapshotsCommand } from "@aws-sdk/client-ec2";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { imageBoots } from "../../../components/gates/imageBoots";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import type { MachineBehaviour } from "../../support/emulator/instances";
import { ACCOUNT, deeds, ec2Client, gateAws, launch, Voice } from "./scene";

const DIGEST = "abc123";
const STACK = "pulumi-ami-lifecycle/dev";
const line = (text: string, token = DIGEST): string => `[   12.34] [ami-lifecycle] ${token} ${text}\n`;
const SIZES =
  line("size before: 900000000 /") + line("size after: 800000000 /") + line("size after: 5000000 /srv/data");

describe("components/gates/imageBoots: the image's size", () => {
  let aws: Emulator;
  let ec2: EC2Client;

  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    ec2 = ec2Client(aws);
  });
  beforeEach(() => aws.reset());

  /** A base instance with that console, and the image made from it. */
  async function baked(text: string, tags: { [key: string]: string } = {}): Promise<{ base: string; imageId: string }> {
    const from = await aws.baseImage();
    aws.machine({ imageId: from }, { console: [{ text }] });
    const base = await launch(ec2, from);
    const all = { "ami-lifecycle:source": base, "ami-lifecycle:stack": STACK, ...tags };
    const Tags = Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
    const made = await ec2.send(
      new CreateImageCommand({
        InstanceId: base,
        Name: "web/dev/1.0.0",
        TagSpecifications: [{ ResourceType: "image", Tags }],
      }),
    );
    const imageId = made.ImageId!;
    const good: MachineBehaviour = { pendingMs: 10, console: [{ atMs: 20, text: line("OK", `${DIGEST}.boot`) }] };
    aws.machine({ tag: ["ami-lifecycle:proof", imageId] }, good);
    aws.clearRequests();
    return { base, imageId };
  }

  async function prove(imageId: string): Promise<Voice> {
    const voice = new Voice();
    await imageBoots(
      gateAws(aws),
      {
        what: "web 1.0.0",
        imageId,
        account: ACCOUNT,
        digest: DIGEST,
        snapshotTags: { "ami-lifecycle:stack": STACK },
        userDataBase64: "",
        instanceType: "t3.micro",
        limitMinutes: 1,
      },
      voice.say,
      voice.warn,
    );
    return voice;
  }

  const sizeOf = (tags: { Key?: string; Value?: string }[] = []) =>
    tags.find(({ Key }) => Key === "ami-lifecycle:size")?.Value;

  it("is what the bake said of all disks, on the image and its snapshots", async () => {
    const { imageId } = await baked(SIZES + line("OK"));
    const { said, warned } = await prove(imageId);
    assert.ok(said.includes("web 1.0.0: 768 MiB in use"), said.join("\n"));
    assert.deepEqual(warned, []);
    const [image] = (await ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }))).Images!;
    assert.equal(sizeOf(image!.Tags), "805000000");
    const ids = image!.BlockDeviceMappings!.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
    const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: ids }));
    assert.deepEqual(
      Snapshots.map(({ Tags }) => sizeOf(Tags)),
      Snapshots.map(() => "805000000"),
    );
    // The stack's own tag is in the request: a policy can ask for it.
    assert.ok(aws.requests("CreateTags").every(({ params }) => Object.values(params).includes(STACK)));
  });

  it("is not written a second time, nor for a copy", async () => {
    const { imageId } = await baked(SIZES, { "ami-lifecycle:size": "1" });
    await prove(imageId);
    assert.deepEqual(deeds(aws), ["CreateTags", "RunInstances", "TerminateInstances"]);
    const copy = await aws
      .reset()
      .then(() => baked(SIZES, { "ami-lifecycle:source": "us-east-1/ami-0123456789abcdef0" }));
    await prove(copy.imageId);
    assert.deepEqual(deeds(aws), ["CreateTags", "RunInstances", "TerminateInstances"]);
  });

  it("is not guessed when the console is of another build or has nothing of it", async () => {
    for (const text of ["", line("OK"), SIZES.replaceAll(DIGEST, "other1")]) {
      await aws.reset();
      const { base, imageId } = await baked(text);
      const { said, warned } = await prove(imageId);
      assert.ok(said.includes(`web 1.0.0: the console of ${base} no longer says how large the image is`));
      assert.deepEqual([warned, deeds(aws)], [[], ["CreateTags", "RunInstances", "TerminateInstances"]]);
    }
  });

  it("fails nothing when it cannot be written", async () => {
    const { imageId } = await baked(SIZES);
    aws.fault({ action: "CreateTags", error: "UnauthorizedOperation", match: { "ResourceId.1": new RegExp(imageId) } });
    const { warned } = await prove(imageId);
    assert.match(
      warned.join(),
      /^web 1\.0\.0: the image's size was not written to its tag ami-lifecycle:size: .*Unauthorized/,
    );
  });
});
