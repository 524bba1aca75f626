import assert from "node:assert/strict";
import { StopInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { serverReady } from "../../../components/gates/serverReady";
import type { ServerReadyInput } from "../../../components/gates/serverReady";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import type { MachineBehaviour } from "../../support/emulator/instances";
import { ACCOUNT, MINUTES, STRANGER, Voice, deeds, ec2Client, failure, gateAws, launch, parts } from "./scene";

describe("components/gates/serverReady", () => {
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
    imageId = await aws.baseImage();
  });

  async function server(behaviour: MachineBehaviour = {}): Promise<string> {
    aws.machine({ imageId }, behaviour);
    const id = await launch(ec2, imageId);
    aws.clearRequests();
    return id;
  }

  const gate = (instanceId: string, more: Partial<ServerReadyInput> = {}, voice = new Voice(), account?: string) =>
    serverReady(
      gateAws(aws, {}, "us-east-1", account),
      { what: "web 1.0.0", instanceId, account: ACCOUNT, reboot: true, limitMinutes: 1, ...more },
      voice.say,
      voice.warn,
    );

  it("passes for a server that runs, says that it is rebooted, and does nothing itself", async () => {
    const [id, voice] = [await server(), new Voice()];
    await gate(id, {}, voice);
    assert.deepEqual(voice.said, [`web 1.0.0: the server ${id} is rebooted while its image is taken`]);
    assert.deepEqual(voice.warned, []);
    assert.deepEqual(deeds(aws), []);
  });

  it("warns of what an image taken without a reboot lacks", async () => {
    const [id, voice] = [await server(), new Voice()];
    await gate(id, { reboot: false }, voice);
    assert.deepEqual(voice.said, []);
    assert.deepEqual(voice.warned, [
      `web 1.0.0: the image of ${id} is taken while it runs, without a reboot: its file systems are as after a power ` +
        "cut, and what programs hold in memory is not in it",
    ]);
  });

  it("passes silently for a server that is stopped: nothing is rebooted, and nothing is lost", async () => {
    const id = await server();
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    for (const reboot of [true, false]) {
      const voice = new Voice();
      await gate(id, { reboot }, voice);
      assert.deepEqual([voice.said, voice.warned], [[], []]);
    }
  });

  it("waits for a server that is starting", async () => {
    const id = await server({ pendingMs: 5_000 });
    const voice = new Voice(() => aws.advance(3_000));
    await gate(id, {}, voice);
    assert.match(voice.said[0]!, /^web 1\.0\.0: waiting for the server i-\w+, which is pending \(\d+s\)$/);
    assert.match(voice.said.at(-1)!, /is rebooted while its image is taken$/);
  });

  it("waits for a server that is stopping, and takes it stopped", async () => {
    const id = await server({ then: "stopped", stoppingMs: 5_000 });
    const voice = new Voice(() => aws.advance(3_000));
    await gate(id, {}, voice);
    assert.match(voice.said[0]!, /which is stopping/);
    assert.ok(!voice.said.some((text) => text.includes("rebooted")));
  });

  it("gives up at its limit", async () => {
    const id = await server({ pendingMs: 600_000 });
    assert.match(await failure(gate(id, { limitMinutes: 100 * MINUTES })), /in us-east-1 it is pending, wanted/);
  });

  it("fails for a server that was terminated, and says what is left to do", async () => {
    const id = await server();
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    const { first, look, next, state } = parts(await failure(gate(id)));
    assert.equal(
      first,
      `web 1.0.0: no image can be taken of the server ${id}: in us-east-1 it is terminated, wanted running or stopped`,
    );
    assert.deepEqual(look, [`aws ec2 describe-instances --region us-east-1 --instance-ids ${id}`]);
    assert.deepEqual(next, [
      "name a server of this region and account",
      "it is gone for good: an image of it can only be made of a backup (`ami-lifecycle restore`)",
    ]);
    assert.equal(state, "No image was made.");
  });

  it("fails for one that is not known here, after a few looks: AWS may show a new one late", async () => {
    const said = await failure(gate("i-0123456789abcdef0"));
    assert.match(said, /the server i-0123456789abcdef0: in us-east-1 it does not exist, wanted running or stopped\n/);
    assert.equal(aws.requests("DescribeInstances").length, 3);
  });

  it("asks nothing about it with another account's credentials", async () => {
    const id = await server();
    const said = await failure(gate(id, {}, new Voice(), STRANGER));
    assert.match(said, new RegExp(`credentials are of account ${STRANGER}, but server ${id} is in account ${ACCOUNT}`));
    assert.deepEqual(
      aws.requests().map(({ action }) => action),
      ["GetCallerIdentity"],
    );
  });
});
