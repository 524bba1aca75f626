/** How a throwaway instance may end other than well. Whatever happens, none is left that costs something. */
import assert from "node:assert/strict";
import { DescribeImagesCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { imageBoots } from "../../../components/gates/imageBoots";
import type { ImageBootsInput } from "../../../components/gates/imageBoots";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import type { MachineBehaviour } from "../../support/emulator/instances";
import { ACCOUNT, MINUTES, Voice, alive, deeds, ec2Client, expire, failure, gateAws, instances, parts } from "./scene";

const DIGEST = "abc123";
const PROOF = "ami-lifecycle:proof";
const AGAIN = [
  "the machine was at fault (capacity, network): run `pulumi up` again, the same image is booted once more",
  "the image is at fault: bake a new version; a version that was never verified may be removed from the list",
];
const NOT_VERIFIED = "The image is kept but not verified, so nothing uses it.";
const line = (text: string, token = `${DIGEST}.boot`): string => `[ami-lifecycle] ${token} ${text}\n`;
const GOOD: MachineBehaviour = { console: [{ text: line("OK") }] };

describe("components/gates/imageBoots: every other ending", () => {
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

  const gate = (
    behaviour: MachineBehaviour,
    more: Partial<ImageBootsInput> = {},
    voice = new Voice(),
    timing = {},
  ): Promise<void> => {
    aws.machine({ tag: [PROOF, imageId] }, behaviour);
    return imageBoots(
      gateAws(aws, timing),
      {
        what: "web 1.0.0",
        imageId,
        account: ACCOUNT,
        digest: DIGEST,
        snapshotTags: { "ami-lifecycle:line": "web" },
        userDataBase64: "IyEvYmluL3NoCg==",
        instanceType: "t3.micro",
        limitMinutes: 1,
        ...more,
      },
      voice.say,
      voice.warn,
    );
  };
  /** How the gate ends. No instance is left that costs something. */
  const ending = async (...how: Parameters<typeof gate>) => {
    const said = parts(await failure(gate(...how)));
    assert.deepEqual(await alive(ec2), []);
    return said;
  };
  const proof = async () => (await instances(ec2)).at(-1)!.InstanceId!;
  /** The image is as it was, and the next run's gate passes with it. */
  const assertNextRunPasses = async (): Promise<void> => {
    const { Images } = await ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
    assert.equal(Images![0]!.State, "available");
    assert.ok(!Images![0]!.Tags?.some(({ Key }) => Key === "ami-lifecycle:verified"));
    await gate(GOOD);
  };

  const ENDED: { [by: string]: [code: string, text: string, meaning: RegExp, next: RegExp] } = {
    "a key that is not usable": [
      "Client.InternalError",
      "Client error on launch",
      /KMS key of an encrypted volume cannot be used/,
      /look at the key of the image's snapshots \(aws kms describe-key\)/,
    ],
    "a key that is disabled": [
      "Client.InvalidKMSKey.InvalidState",
      "The KMS key provided is in an incorrect state",
      /KMS key of an encrypted volume cannot be used/,
      /kms:Decrypt, kms:CreateGrant/,
    ],
    "the storage quota": [
      "Client.VolumeLimitExceeded",
      "Volume limit exceeded",
      /^the quota of EBS storage is used up$/,
      /^raise the quota, or remove volumes$/,
    ],
    "a snapshot that is gone": [
      "Client.InvalidSnapshot.NotFound",
      "The snapshot was not found",
      /^a snapshot of the image is gone$/,
      /^bake a new version$/,
    ],
    somebody: [
      "Client.UserInitiatedShutdown",
      "User initiated shutdown",
      /^somebody did it by the API/,
      /aws cloudtrail lookup-events .*AttributeValue=i-\w+$/,
    ],
    "the end of a Spot instance": [
      "Server.SpotInstanceTermination",
      "Spot instance termination",
      /^AWS took a Spot instance back$/,
      /On-Demand/,
    ],
    "lack of capacity": [
      "Server.InsufficientInstanceCapacity",
      "Insufficient capacity",
      /^AWS had no capacity/,
      /another instance type or subnet/,
    ],
  };
  for (const [by, [code, text, meaning, next]] of Object.entries(ENDED)) {
    it(`ended by ${by}: tells AWS's reason, what it means and what to do; the next run passes`, async () => {
      const reason = { code, message: `${code}: ${text}` };
      const said = await ending({ console: [{ text: "booting\n" }], then: "terminated", reason });
      assert.equal(
        said.first,
        `web 1.0.0: the throwaway instance ${await proof()} of image ${imageId} ended without a verdict: terminated (${code}: ${text})`,
      );
      assert.match(said.evidence[0]!, meaning);
      assert.equal(said.evidence[1], "booting");
      assert.match(said.look[0]!, /^aws ec2 get-console-output --region us-east-1 --instance-id i-\w+ --output text/);
      assert.match(said.next[0]!, next);
      assert.deepEqual([said.next.slice(1), said.state], [AGAIN, NOT_VERIFIED]);
      await assertNextRunPasses();
    });
  }

  it("powered itself off without a verdict: told with its last words; the next run passes", async () => {
    const said = await ending({ console: [{ text: "booting\nkernel panic\n" }], then: "stopped" });
    assert.match(
      said.first,
      /ended without a verdict: terminated \(Client\.InstanceInitiatedShutdown: Instance initiated shutdown\)$/,
    );
    assert.deepEqual([said.evidence, said.next, said.state], [["booting", "kernel panic"], AGAIN, NOT_VERIFIED]);
    await assertNextRunPasses();
  });

  it("stopped by somebody: told, and terminated all the same", async () => {
    const stop = async () => ec2.send(new StopInstancesCommand({ InstanceIds: [await proof()] }));
    const voice = new Voice(() => void (voice.said.length === 2 && stop()));
    const said = await ending({ console: [{ text: "booting\n" }] }, {}, voice);
    assert.match(said.first, /ended without a verdict: stopp(ed|ing) \(Client\.UserInitiatedShutdown: /);
    assert.match(said.evidence[0]!, /^somebody did it by the API/);
  });

  it("a check failed: the evidence is told, at once, and the next run passes", async () => {
    const text = line("| expected 200, got 502") + line("FAILED check 1/1 http http://127.0.0.1/ (exit 1)");
    const said = await ending({ console: [{ text }] });
    assert.equal(
      said.first,
      `web 1.0.0: the image ${imageId} booted on ${await proof()}, but: check 1/1 http http://127.0.0.1/ (exit 1)`,
    );
    assert.deepEqual([said.evidence, said.next, said.state], [["expected 200, got 502"], AGAIN, NOT_VERIFIED]);
    await assertNextRunPasses();
  });

  it("never started: pending until the limit", async () => {
    const said = await ending({ pendingMs: 600_000 }, { limitMinutes: 100 * MINUTES });
    assert.match(
      said.first,
      /gave no verdict within \S+ minutes; its instance i-\w+ was pending at "no progress line yet"$/,
    );
    assert.deepEqual([said.evidence, said.state], [[], NOT_VERIFIED]);
    await assertNextRunPasses();
  });

  it("still running at the limit: told where it was, and terminated", async () => {
    const console = [{ text: line("check 1/2 http http://127.0.0.1/: start") }];
    const said = await ending({ console }, { limitMinutes: 100 * MINUTES });
    assert.match(said.first, /was running at "check 1\/2 http http:\/\/127\.0\.0\.1\/: start"$/);
    await assertNextRunPasses();
  });

  it("a console that is gone, or has only an earlier boot's words, is no verdict", async () => {
    const gone = await ending({ ...GOOD, then: "stopped", expiresMs: 0 });
    assert.match(gone.first, /ended without a verdict: terminated/);
    assert.deepEqual(gone.evidence, []);
    const earlier = line("OK", DIGEST) + line("OK", "fff999.boot");
    const said = await ending({ console: [{ text: earlier }], then: "stopped" });
    assert.match(said.first, /ended without a verdict: terminated/);
  });

  it("a console that is empty for a while, or cut to its last 64 KB, is read all the same", async () => {
    const voice = new Voice(() => aws.advance(20_000));
    await gate({ console: [{ atMs: 100_000, text: line("OK") }] }, {}, voice);
    assert.ok(voice.said.length >= 5, `${voice.said.length}`);
    await gate({ console: [{ text: "x".repeat(70_000) + "\n" + line("OK") }] });
  });

  it("credentials that expire in the middle are named; the instance that is left is swept by the next run", async () => {
    const voice = new Voice(() => void (voice.said.length === 2 && expire(aws)));
    const said = parts(await failure(gate({ console: [{ text: "booting\n" }] }, {}, voice)));
    assert.match(said.first, /^AWS no longer accepts the credentials \(\w+\): ExpiredToken: /);
    assert.match(said.next[0]!, /^sign in again and run `pulumi up`/);
    const left = await proof();
    assert.equal(voice.warned.length, 1);
    assert.ok(voice.warned[0]!.startsWith(`the throwaway instance ${left} in us-east-1 could not be terminated (`));
    assert.ok(voice.warned[0]!.endsWith(`aws ec2 terminate-instances --region us-east-1 --instance-ids ${left}`));
    aws.clearFaults();
    assert.deepEqual(await alive(ec2), [left]);
    const next = new Voice();
    await gate(GOOD, {}, next);
    assert.equal(next.said[0], `web 1.0.0: terminated what an earlier run left: ${left}`);
    assert.deepEqual([next.warned, await alive(ec2)], [[], []]);
  });

  it("a warning is one line, also of credentials that have expired", async () => {
    const voice = new Voice(() => void (voice.said.length === 2 && expire(aws)));
    await failure(gate({ console: [{ text: "booting\n" }] }, {}, voice));
    assert.match(
      voice.warned.join(),
      /^the throwaway instance i-\w+ in us-east-1 could not be terminated \(AWS no longer accepts the credentials.*$/,
    );
  });

  it("what could not be terminated is swept by the next run", async () => {
    aws.fault({ action: "TerminateInstances", error: "UnauthorizedOperation" });
    const voice = new Voice();
    await failure(gate({ console: [{ text: line("FAILED check 1/1 command (exit 1)") }] }, {}, voice));
    assert.match(voice.warned.join(), /could not be terminated \(UnauthorizedOperation/);
    aws.clearFaults();
    assert.equal((await alive(ec2)).length, 1);
    await gate(GOOD);
    assert.deepEqual(await alive(ec2), []);
  });

  for (const action of ["DescribeInstances", "GetConsoleOutput"]) {
    it(`a permission that is missing in the middle (${action}) is told at once, and the instance terminated`, async () => {
      // The sweep's look, by tag, is allowed.
      aws.fault({ action, error: "UnauthorizedOperation", match: ({ "Filter.1.Name": name }) => name === undefined });
      await assert.rejects(gate({}), { name: "UnauthorizedOperation" });
      aws.clearFaults();
      assert.deepEqual(deeds(aws), ["CreateTags", "RunInstances", "TerminateInstances"]);
      await assertNextRunPasses();
    });
  }

  it("an instance that AWS does not know yet is waited for; one that it no longer knows has ended", async () => {
    const byId = ({ "InstanceId.1": id }: { [name: string]: string }) => id !== undefined;
    aws.fault({ action: "DescribeInstances", error: "InvalidInstanceID.NotFound", match: byId, times: 3 });
    await gate(
      { console: [{ text: "booting\n" }, { atMs: 60_000, text: line("OK") }] },
      {},
      new Voice(() => aws.advance(20_000)),
    );
    const forgotten = new Voice(() => {
      if (forgotten.said.length === 2)
        aws.fault({ action: "DescribeInstances", error: "InvalidInstanceID.NotFound", match: byId });
    });
    const said = await ending({ console: [{ text: "booting\n" }] }, {}, forgotten);
    assert.match(said.first, /ended without a verdict: unknown$/);
    assert.deepEqual(said.evidence, ["booting"]);
  });

  it("no capacity in any zone: tells each zone's refusal, and launches nothing; the next run passes", async () => {
    aws.fault({ action: "RunInstances", error: "InsufficientInstanceCapacity" });
    const said = await ending(GOOD);
    assert.equal(said.first, "web 1.0.0: no throwaway instance could be launched in us-east-1");
    assert.ok(said.evidence.length > 1);
    for (const refusal of said.evidence) assert.match(refusal, /^subnet-\w+: InsufficientInstanceCapacity: /);
    assert.match(said.next[0]!, /try another `proof\.instanceType`/);
    assert.equal(said.state, "The image is kept but not verified, so nothing uses it.");
    aws.clearFaults();
    await assertNextRunPasses();
  });

  it("an instance profile that EC2 never gets to know is given up", async () => {
    const message = "Value (proof) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name";
    aws.fault({ action: "RunInstances", error: "InvalidParameterValue", message });
    const said = await ending(GOOD);
    assert.match(said.evidence.join(), /Invalid IAM Instance Profile name/);
    assert.equal(aws.requests("RunInstances").length, 13);
  });
});
