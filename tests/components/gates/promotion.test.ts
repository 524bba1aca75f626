/** An image from one account to another: what dev shares, prod copies under its own key, boots, and keeps. */
import assert from "node:assert/strict";
import {
  CopyImageCommand,
  CreateTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  EC2Client,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
} from "@aws-sdk/client-ec2";
import type { Image } from "@aws-sdk/client-ec2";
import { imageBoots } from "../../../components/gates/imageBoots";
import { sourceVerified } from "../../../components/gates/sourceVerified";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import { ACCOUNT as DEV, STRANGER as PROD, Voice, alive, ec2Client, failure, gateAws } from "./scene";

const DIGEST = "0123456789abcdef";

describe("promotion from dev's account to prod's", () => {
  let aws: Emulator;
  let dev: EC2Client;
  let prod: EC2Client;
  let imageId: string;

  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    dev = ec2Client(aws);
    prod = new EC2Client(aws.client("us-east-1", PROD));
  });
  beforeEach(async () => {
    await aws.reset();
    imageId = await aws.baseImage("us-east-1", "web/dev/1.0.0");
    const Tags = [{ Key: "ami-lifecycle:verified", Value: DIGEST }];
    await dev.send(new CreateTagsCommand({ Resources: [imageId], Tags }));
    aws.clearRequests();
  });

  const described = async (ec2: EC2Client, id: string): Promise<Image | undefined> =>
    (await ec2.send(new DescribeImagesCommand({ Filters: [{ Name: "image-id", Values: [id] }] }))).Images![0];
  const snapshotOf = (image: Image | undefined): string => image!.BlockDeviceMappings![0]!.Ebs!.SnapshotId!;
  const shareImage = () =>
    dev.send(new ModifyImageAttributeCommand({ ImageId: imageId, LaunchPermission: { Add: [{ UserId: PROD }] } }));
  const shareSnapshot = async () =>
    dev.send(
      new ModifySnapshotAttributeCommand({
        SnapshotId: snapshotOf(await described(dev, imageId)),
        CreateVolumePermission: { Add: [{ UserId: PROD }] },
      }),
    );
  const gate = (owner = DEV) =>
    sourceVerified(gateAws(aws, {}, "us-east-1", PROD), { what: "web 1.0.0", imageId, owner, boot: true });
  const copy = async () => {
    const KmsKeyId = await aws.kmsKey("us-east-1", "Enabled", PROD);
    const request = { SourceImageId: imageId, SourceRegion: "us-east-1", Name: "web/prod/1.0.0" };
    const { ImageId } = await prod.send(new CopyImageCommand({ ...request, Encrypted: true, KmsKeyId }));
    return { id: ImageId!, key: KmsKeyId };
  };
  const boots = (id: string) => {
    aws.machine({ tag: ["ami-lifecycle:proof", id] }, { console: [{ text: `[ami-lifecycle] ${DIGEST}.boot OK\n` }] });
    return imageBoots(
      gateAws(aws, {}, "us-east-1", PROD),
      {
        what: "web 1.0.0",
        imageId: id,
        account: PROD,
        digest: DIGEST,
        snapshotTags: {},
        userDataBase64: Buffer.from("#!/bin/sh").toString("base64"),
        instanceType: "t3.micro",
        limitMinutes: 1,
      },
      new Voice().say,
      new Voice().warn,
    );
  };

  it("is whole: prod's copy is under prod's key, booted there, and outlives dev's image", async () => {
    await shareSnapshot();
    await shareImage();
    await gate();
    const { id, key } = await copy();
    await boots(id);
    const own = await described(prod, id);
    assert.deepEqual([own!.OwnerId, own!.BlockDeviceMappings![0]!.Ebs!.KmsKeyId], [PROD, key]);
    assert.ok(aws.requests("RunInstances").every(({ account }) => account === PROD));
    assert.deepEqual(await alive(prod), []);

    await dev.send(new DeregisterImageCommand({ ImageId: imageId, DeleteAssociatedSnapshots: true }));
    assert.equal((await described(prod, id))!.State, "available");
    await boots(id);
    assert.deepEqual(await alive(prod), []);
  });

  it("is refused before anything is copied: not shared, or another owner's than dev's stack says", async () => {
    assert.match(await failure(gate()), /does not exist in us-east-1, or is not shared/);
    await shareImage();
    assert.match(await failure(gate("777788889999")), new RegExp(`is owned by ${DEV}, wanted 777788889999`));
    assert.deepEqual(aws.requests("CopyImage"), []);
  });

  it("needs the snapshots' permissions too, which is why sharing gives both", async () => {
    await shareImage();
    await gate();
    await assert.rejects(copy(), /You do not have permission to access the storage of this ami/);
  });
});
