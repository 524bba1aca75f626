import assert from "node:assert/strict";
import { CreateTagsCommand, DescribeSnapshotsCommand, ModifyImageAttributeCommand } from "@aws-sdk/client-ec2";
import { EC2Client } from "@aws-sdk/client-ec2";
import { imageStarts } from "../../../components/gates/imageStarts";
import type { ImageStartsInput } from "../../../components/gates/imageStarts";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import type { MachineBehaviour } from "../../support/emulator/instances";
import {
  ACCOUNT,
  MINUTES,
  STRANGER,
  Voice,
  alive,
  deeds,
  ec2Client,
  failure,
  gateAws,
  instances,
  launch,
} from "./scene";

const PROOF = "ami-lifecycle:proof";

describe("components/gates/imageStarts", () => {
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
    imageId = await aws.baseImage("us-east-1", "golden");
    aws.clearRequests();
  });

  const boots = (behaviour: MachineBehaviour): void => aws.machine({ tag: [PROOF, imageId] }, behaviour);
  const gate = (more: Partial<ImageStartsInput> = {}, timing = {}, voice = new Voice(), account?: string) =>
    imageStarts(
      gateAws(aws, timing, "us-east-1", account),
      {
        what: "web 1.0.0",
        imageId,
        account: ACCOUNT,
        owner: ACCOUNT,
        adopter: "project/dev",
        snapshotTags: {},
        instanceType: "t3.micro",
        limitMinutes: 1,
        ...more,
      },
      voice.say,
      voice.warn,
    );

  it("passes when both status checks do, leaves no instance, and changes nothing of the image", async () => {
    boots({ pendingMs: 5_000, statusAfterMs: 12_000 });
    const voice = new Voice(() => aws.advance(3_000));
    await gate({ snapshotTags: { "ami-lifecycle:line": "web" } }, {}, voice);
    assert.deepEqual(await alive(ec2), []);
    assert.deepEqual(deeds(aws), ["RunInstances", "TerminateInstances"]);
    const { UserData = "" } = aws.requests("RunInstances")[0]!.params;
    // The second net: it ends by itself, long after the gate would have ended it.
    assert.equal(Buffer.from(UserData, "base64").toString(), "#!/bin/sh\nshutdown -h +31\n");
    assert.ok(voice.said.some((text) => /is pending, system status unknown/.test(text)));
    assert.ok(voice.said.some((text) => /is running, system status initializing/.test(text)));
    assert.equal(voice.said.at(-1), `web 1.0.0: ${imageId} booted and passed EC2's status checks`);
  });

  it("tags the snapshots of a copy, which is the stack's own", async () => {
    await gate({ adopter: undefined, snapshotTags: { "ami-lifecycle:line": "web" } });
    const { Snapshots } = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
    const own = Snapshots!.find((one) => one.Description!.includes(imageId))!;
    assert.deepEqual(own.Tags, [{ Key: "ami-lifecycle:line", Value: "web" }]);
  });

  it("refuses another owner's image before anything is launched", async () => {
    const said = await failure(gate({ owner: STRANGER }));
    assert.match(said, new RegExp(`the image ${imageId} is owned by ${ACCOUNT}, wanted ${STRANGER}\n`));
    assert.deepEqual(deeds(aws), []);
  });

  it("takes a shared image of the owner named, with the credentials of its own account", async () => {
    await ec2.send(
      new ModifyImageAttributeCommand({ ImageId: imageId, LaunchPermission: { Add: [{ UserId: STRANGER }] } }),
    );
    await gate({ account: STRANGER, owner: ACCOUNT }, {}, new Voice(), STRANGER);
    assert.deepEqual(await alive(new EC2Client(aws.client("us-east-1", STRANGER))), []);
    assert.deepEqual(
      aws.requests("RunInstances").map((one) => [one.account, one.status]),
      [[STRANGER, 200]],
    );
  });

  for (const [maker, way] of [
    ["project/dev", "this is that stack: keep the version in `versions` without adopting it"],
    ["project/other", "promote it from that stack instead"],
  ] as const) {
    it(`refuses an image of ${maker}, which may delete it, and says how to free one that nobody holds`, async () => {
      const Tags = [{ Key: "ami-lifecycle:stack", Value: maker }];
      await ec2.send(new CreateTagsCommand({ Resources: [imageId], Tags }));
      aws.clearRequests();
      const said = await failure(gate());
      assert.match(said, new RegExp(`was made by the stack ${maker}, which deletes it when it retires its version\n`));
      assert.ok(said.includes(way), said);
      assert.ok(said.includes(`delete-tags --region us-east-1 --resources ${imageId} --tags Key=ami-lifecycle:stack`));
      assert.deepEqual(deeds(aws), []);
    });
  }

  it("fails at its limit when a status check does not pass, and leaves no instance", async () => {
    boots({ status: "impaired", console: [{ text: "kernel panic\n" }] });
    const said = await failure(gate({ limitMinutes: 100 * MINUTES }));
    assert.match(
      said,
      new RegExp(
        `the image ${imageId} did not pass EC2's status checks on throwaway instance i-\\w+ within .* minutes ` +
          "\\(system impaired, instance impaired\\)\n {2}It said:\n {4}kernel panic\n",
      ),
    );
    assert.match(said, /kept but not verified/);
    assert.deepEqual(await alive(ec2), []);
  });

  it("fails with AWS's reason when the instance ends first", async () => {
    boots({
      then: "terminated",
      statusAfterMs: 60_000,
      reason: { code: "Client.InternalError", message: "Client.InternalError: Client error on launch" },
    });
    const said = await failure(gate());
    assert.match(said, /before it ended: terminated \(Client\.InternalError: Client error on launch\)/);
    assert.match(said, /look at the key of the image's snapshots/);
  });

  it("ends what an earlier run of this stack left, and not another stack's proof of the same image", async () => {
    const proofOf = (stack: string) =>
      launch(ec2, imageId, {
        TagSpecifications: [
          {
            ResourceType: "instance",
            Tags: [
              { Key: PROOF, Value: imageId },
              { Key: "ami-lifecycle:stack", Value: stack },
            ],
          },
        ],
      });
    const [left, others] = [await proofOf("project/dev"), await proofOf("project/other")];
    await gate({ snapshotTags: { "ami-lifecycle:stack": "project/dev" } });
    assert.equal((await instances(ec2, left))[0]!.State!.Name, "terminated");
    assert.equal((await instances(ec2, others))[0]!.State!.Name, "running");
  });

  it("takes a type that suits the image where none is asked for", async () => {
    imageId = await aws.baseImage("us-east-1", "golden-arm", "arm64");
    await gate({ imageId, instanceType: undefined });
    assert.equal(aws.requests("RunInstances")[0]!.params.InstanceType, "t4g.small");
  });
});
