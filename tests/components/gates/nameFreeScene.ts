/** What the tests of a taken name share: an image under the name that no state knows, and the gate in front of it. */
import assert from "node:assert/strict";
import { CreateImageCommand, DescribeImagesCommand, DescribeSnapshotsCommand } from "@aws-sdk/client-ec2";
import type { EC2Client, Image } from "@aws-sdk/client-ec2";
import { nameFree } from "../../../components/gates/nameFree";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import type { ImageBehaviour } from "../../support/emulator/images";
import { ACCOUNT, Voice, deeds, ec2Client, gateAws, launch } from "./scene";

export const NAME = "web/dev/1.0.0";
/** The tags by which an image is this stack's own. */
export const OWN = {
  "ami-lifecycle:line": "web",
  "ami-lifecycle:version": "1.0.0",
  "ami-lifecycle:stack": "project/dev",
  "ami-lifecycle:source": "i-0123456789abcdef0",
};
export const LEFT = "Nothing was made, and nothing was removed.";

export class NameScene {
  aws!: Emulator;
  ec2!: EC2Client;
  /** A base instance, as a bake has it: an image made of it is never in its use. */
  machine = "";

  readonly gate = (
    limitMinutes = 1,
    voice = new Voice(),
    account: string | undefined = ACCOUNT,
    tags: { [key: string]: string } = OWN,
  ): Promise<void> =>
    nameFree(
      gateAws(this.aws),
      { what: "web 1.0.0", name: NAME, account, tags: { ...tags, "ami-lifecycle:recipe": "abc123" }, limitMinutes },
      voice.say,
      voice.warn,
    );

  readonly orphan = async (tags: { [key: string]: string } = OWN, behaviour: ImageBehaviour = {}): Promise<string> => {
    this.aws.image({ name: NAME }, behaviour);
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const TagSpecifications = Tags.length > 0 ? [{ ResourceType: "image" as const, Tags }] : undefined;
    const command = new CreateImageCommand({ InstanceId: this.machine, Name: NAME, TagSpecifications });
    const made = await this.ec2.send(command);
    this.aws.clearRequests();
    return made.ImageId!;
  };

  readonly image = async (id: string): Promise<Image | undefined> => {
    const Filters = [{ Name: "image-id", Values: [id] }];
    return (await this.ec2.send(new DescribeImagesCommand({ Filters }))).Images![0];
  };

  readonly snapshotsOf = async (id: string): Promise<string[]> => {
    const all = await this.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
    return all.Snapshots!.flatMap((one) => (one.Description!.includes(id) ? [one.SnapshotId!] : []));
  };

  /** A throwaway instance that proves the image. */
  readonly proof = (id: string): Promise<string> =>
    launch(this.ec2, id, {
      TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "ami-lifecycle:proof", Value: id }] }],
    });

  readonly assertKept = async (id: string): Promise<void> => {
    assert.deepEqual(deeds(this.aws), []);
    assert.equal((await this.image(id))!.State, "available");
    assert.equal((await this.snapshotsOf(id)).length, 1);
  };
}

export function nameScene(): NameScene {
  const scene = new NameScene();
  before(async function () {
    this.timeout(300_000);
    scene.aws = await emulator();
    scene.ec2 = ec2Client(scene.aws);
  });
  beforeEach(async () => {
    await scene.aws.reset();
    scene.machine = await launch(scene.ec2, await scene.aws.baseImage());
  });
  return scene;
}
