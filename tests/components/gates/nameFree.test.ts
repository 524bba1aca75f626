import assert from "node:assert/strict";
import { CreateImageCommand, CreateTagsCommand, DeregisterImageCommand } from "@aws-sdk/client-ec2";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { nameFree } from "../../../components/gates/nameFree";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import { STRANGER, Voice, deeds, ec2Client, failure, gateAws, launch } from "./scene";

const NAME = "web/dev/1.0.0";

describe("components/gates/nameFree", () => {
  let aws: Emulator;
  let ec2: EC2Client;

  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    ec2 = ec2Client(aws);
  });
  beforeEach(() => aws.reset());

  const gate = (timing = {}, account?: string, voice = new Voice()) =>
    nameFree(
      gateAws(aws, timing, "us-east-1", account),
      {
        what: "web 1.0.0",
        name: NAME,
        tags: {},
        limitMinutes: 1,
      },
      voice.say,
      voice.warn,
    );

  it("passes when the name is free, and asks for this account's images of that name only", async () => {
    await aws.baseImage("us-east-1", "web/dev/1.0.1");
    aws.clearRequests();
    await gate();
    assert.deepEqual(
      aws.requests().map(({ action, params }) => [action, params]),
      [["DescribeImages", { "Owner.1": "self", "Filter.1.Name": "name", "Filter.1.Value.1": NAME }]],
    );
  });

  it("passes when the name is taken in another region or account, or was given up", async () => {
    await aws.baseImage("eu-west-1", NAME);
    const ImageId = await aws.baseImage("us-east-1", NAME);
    await gate({}, STRANGER);
    await ec2.send(new DeregisterImageCommand({ ImageId }));
    await gate();
  });

  it("never has a proven image removed: a fleet may run it", async () => {
    const id = await aws.baseImage("us-east-1", NAME);
    const Tags = [{ Key: "ami-lifecycle:verified", Value: "0123456789abcdef" }];
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
    const said = await failure(gate());
    assert.doesNotMatch(said, /deregister/);
    assert.match(said, /it was proven, and a fleet may run it: do not remove it/);
    assert.match(said, /pulumi stack export --version N \| pulumi stack import/);
  });

  it("refuses a name that is taken, with what the image says of itself and how to remove it; touches nothing", async () => {
    const id = await aws.baseImage("us-east-1", NAME);
    const Tags = [
      { Key: "ami-lifecycle:stack", Value: "project/dev" },
      { Key: "ami-lifecycle:recipe", Value: "0123456789abcdef" },
    ];
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
    aws.clearRequests();
    const said = await failure(gate());
    assert.ok(
      said.startsWith(
        `web 1.0.0: the name ${NAME} is taken in us-east-1 by ${id} (available), which this stack's state does not know\n`,
      ),
      said,
    );
    assert.match(said, /\n {4}made \d{4}-\d\d-\d\dT\S+ by project\/dev\n/);
    assert.match(said, /\n {4}ami-lifecycle:recipe=0123456789abcdef\n/);
    assert.match(
      said,
      new RegExp(`aws ec2 deregister-image --region us-east-1 --image-id ${id} --delete-associated-snapshots\n`),
    );
    assert.match(said, /\n {2}Nothing was made, and nothing was removed\.$/);
    assert.deepEqual(deeds(aws), []);
  });

  it("says that somebody else made an image without the stack's tag", async () => {
    await aws.baseImage("us-east-1", NAME);
    assert.match(await failure(gate()), /\n {4}made \S+ by somebody else\n/);
  });

  for (const [state, behaviour] of [
    ["pending", { pendingMs: 60_000 }],
    ["failed", { fail: "Client.InternalError" }],
  ] as const) {
    it(`counts a ${state} image: it has the name too`, async () => {
      const machine = await launch(ec2, await aws.baseImage());
      aws.image({ name: NAME }, behaviour);
      const id = (await ec2.send(new CreateImageCommand({ InstanceId: machine, Name: NAME }))).ImageId!;
      assert.match(await failure(gate()), new RegExp(`by ${id} \\(${state}\\)`));
    });
  }

  it("waits out throttling, and does not take a refusal for a free name", async () => {
    aws.fault({ action: "DescribeImages", error: "RequestLimitExceeded", times: 3 });
    await gate();
    aws.fault({ action: "DescribeImages", error: "UnauthorizedOperation" });
    await assert.rejects(gate(), /not authorized/);
  });
});
