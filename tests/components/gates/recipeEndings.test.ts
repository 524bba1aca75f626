/** How a base instance may end other than well: what the gate says of it, what it leaves, and what the next run does. */
import assert from "node:assert/strict";
import { DescribeImagesCommand, StopInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { GOOD, STARTED, line, recipeScene } from "./recipeScene";
import { MINUTES, Voice, alive, deeds, failure, launch, parts, stateOf } from "./scene";

const ANEW = "pulumi up --replace 'urn:base'";
const MEND = [
  "mend the recipe and run `pulumi up` again: a new base instance is made",
  `if the recipe is right (a mirror was down): ${ANEW}`,
];
const NO_IMAGE = "No image was made, and nothing downstream was touched.";

describe("components/gates/recipeFinished: every other ending", () => {
  const scene = recipeScene();
  const { machine, gate } = scene;
  let aws: typeof scene.aws;
  let ec2: typeof scene.ec2;
  before(() => ({ aws, ec2 } = scene));

  /** What the hint to make a new base instance comes to: the next run's gate, on another instance. */
  const assertNewOnePasses = async (): Promise<void> => gate(await machine(GOOD));
  const assertNoImage = async (): Promise<void> => {
    const own = await ec2.send(new DescribeImagesCommand({ Owners: ["self"] }));
    assert.deepEqual(
      own.Images!.map((one) => one.ImageId),
      [scene.base],
    );
  };

  for (const [name, failed] of Object.entries({
    "a step failed": "step 2/2 run (exit 1)",
    "its checks failed": "check 1/2 http http://127.0.0.1/ (exit 1)",
    "the clean-up failed": "cleanup (exit 1)",
  })) {
    it(`${name}: tells the machine's evidence, at once and again, touches nothing; a new instance passes`, async () => {
      const console = [{ text: "noise\n" + STARTED + line("| expected 200, got 502") + line(`FAILED ${failed}`) }];
      const id = await machine({ console, then: "stopped", afterMs: 60_000 });
      for (const state of ["running", "stopped"]) {
        assert.equal(await stateOf(ec2, id), state);
        const said = parts(await failure(gate(id)));
        assert.equal(said.first, `web 1.0.0: the base instance ${id} did not finish its recipe: ${failed}`);
        assert.deepEqual(said.evidence, ["expected 200, got 502"]);
        assert.deepEqual(said.look, [
          `aws ec2 get-console-output --region us-east-1 --instance-id ${id} --output text`,
        ]);
        assert.deepEqual([said.next, said.state], [MEND, NO_IMAGE]);
        aws.advance(60_000);
      }
      assert.deepEqual(deeds(aws), []);
      await assertNoImage();
      await assertNewOnePasses();
    });
  }

  const TERMINATED: { [by: string]: [reason: string, meaning: RegExp | undefined, next: RegExp | undefined] } = {
    somebody: [
      "Client.UserInitiatedShutdown: User initiated shutdown",
      /^somebody did it by the API/,
      /^find out who: aws cloudtrail lookup-events .*AttributeValue=i-\w+$/,
    ],
    "the end of a Spot instance": [
      "Server.SpotInstanceTermination: Spot instance termination",
      /^AWS took a Spot instance back$/,
      /On-Demand instance/,
    ],
    "lack of capacity": [
      "Server.InsufficientInstanceCapacity: Insufficient capacity to satisfy instance request",
      /^AWS had no capacity or a fault of its own$/,
      /^another instance type or subnet/,
    ],
    "a key that cannot be used": [
      "Client.InternalError: Client error on launch",
      /KMS key of an encrypted volume cannot be used/,
      /aws kms describe-key/,
    ],
    "the machine itself": ["Client.InstanceInitiatedShutdown: Instance initiated shutdown", undefined, undefined],
  };
  for (const [by, [message, meaning, next]] of Object.entries(TERMINATED)) {
    it(`terminated by ${by}: tells AWS's reason, what it means and what to do; a new instance passes`, async () => {
      const itself = by === "the machine itself";
      const behaviour = { console: [{ text: STARTED }], afterMs: 60_000 };
      const id = await machine(
        itself
          ? { ...behaviour, then: "stopped" }
          : { ...behaviour, then: "terminated", reason: { code: message.split(": ")[0]!, message } },
        itself ? { InstanceInitiatedShutdownBehavior: "terminate" } : {},
      );
      const said = parts(await failure(gate(id, {}, {}, new Voice(() => aws.advance(60_000)))));
      assert.equal(
        said.first,
        `web 1.0.0: the base instance ${id} was terminated (${message}) before its recipe finished: there is nothing to take an image of`,
      );
      if (meaning) assert.match(said.evidence[0]!, meaning);
      assert.deepEqual(said.evidence.slice(meaning ? 1 : 0), [STARTED.trimEnd()]);
      assert.equal(said.next[0], `make a new one: ${ANEW}`);
      assert.equal(said.next.length, next ? 2 : 1);
      if (next) assert.match(said.next[1]!, next);
      assert.equal(said.state, NO_IMAGE);
      assert.deepEqual(deeds(aws), []);
      assert.deepEqual(await alive(ec2), []);
      await assertNewOnePasses();
    });
  }

  it("terminated by somebody by the API, in the middle: named with AWS's reason", async () => {
    const id = await machine({ console: [{ text: STARTED }] });
    const voice = new Voice(() => void ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] })));
    const said = parts(await failure(gate(id, {}, {}, voice)));
    assert.match(said.first, /was terminated \(Client\.UserInitiatedShutdown: User initiated shutdown\) before/);
    assert.match(said.evidence[0]!, /^somebody did it by the API/);
  });

  it("forgotten by AWS, which does so some time after the end: told as terminated, with its last words", async () => {
    const id = await machine({ console: [{ text: STARTED }] });
    const forgets = new Voice(() => aws.fault({ action: "DescribeInstances", error: "InvalidInstanceID.NotFound" }));
    const said = parts(await failure(gate(id, {}, {}, forgets)));
    assert.match(said.first, /the base instance i-\w+ was terminated before its recipe finished/);
    assert.deepEqual([said.evidence, said.next], [[STARTED.trimEnd()], [`make a new one: ${ANEW}`]]);
  });

  it("stopped by somebody: named with AWS's reason; never called powered off", async () => {
    const id = await machine({ console: [{ text: STARTED }] });
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    const said = parts(await failure(gate(id)));
    assert.equal(
      said.first,
      `web 1.0.0: the base instance ${id} was stopped (Client.UserInitiatedShutdown: User initiated shutdown) without ` +
        'saying that its recipe finished; the last it said was "step 1/2 packages: start"',
    );
    assert.deepEqual(said.evidence.slice(1), [STARTED.trimEnd()]);
    assert.match(said.evidence[0]!, /by the API/);
    assert.ok(
      said.next.some((text) => text.includes(ANEW)),
      said.next.join("\n"),
    );
    assert.equal(said.state, NO_IMAGE);
    assert.equal(await stateOf(ec2, id), "stopped");
    await assertNewOnePasses();
  });

  it("stopped by somebody: says how to find out who, and does not send the reader to the recipe", async () => {
    const id = await machine({ console: [{ text: STARTED }] });
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    const { next } = parts(await failure(gate(id)));
    assert.match(next.join("\n"), new RegExp(`aws cloudtrail lookup-events .*AttributeValue=${id}`));
    assert.doesNotMatch(next.join("\n"), /mend the recipe/);
  });

  it("powered off without a marker, its console never said a word of ours", async () => {
    const id = await machine({ console: [{ text: "Linux version 6.1\ncloud-init: no user data\n" }], then: "stopped" });
    const said = parts(await failure(gate(id)));
    assert.equal(said.first, `web 1.0.0: the base instance ${id} powered off without saying that its recipe finished`);
    assert.deepEqual(said.evidence, ["Linux version 6.1", "cloud-init: no user data"]);
    assert.deepEqual(said.next, MEND);
    assert.deepEqual(deeds(aws), []);
  });

  it("never started: pending until the limit; that it cannot be stopped yet is told with the command", async () => {
    const id = await machine({ pendingMs: 600_000 });
    const said = parts(await failure(gate(id, { limitMinutes: 100 * MINUTES })));
    assert.match(
      said.first,
      new RegExp(`the base instance ${id} was pending at "no progress line yet"; it could NOT be stopped`),
    );
    assert.match(said.first, /\(IncorrectInstanceState: /);
    assert.match(said.first, new RegExp(`: aws ec2 stop-instances --region us-east-1 --instance-ids ${id}$`));
    assert.deepEqual(said.next, ["raise `limitMinutes`, or make the recipe faster; then: " + ANEW]);
    assert.equal(await stateOf(ec2, id), "pending");
    aws.machine({}, GOOD);
    await gate(await launch(ec2, scene.base));
  });

  it("still running at the limit: stopped; the next run says so again and stops nothing", async () => {
    const id = await machine({ console: [{ text: STARTED }] });
    const said = parts(await failure(gate(id, { limitMinutes: 100 * MINUTES })));
    assert.match(
      said.first,
      /^web 1\.0\.0: the recipe did not finish within \S+ minutes; the base instance i-\w+ was running at /,
    );
    assert.match(said.first, /; it has been stopped, so that it costs no more than its volumes$/);
    assert.deepEqual(said.evidence, [STARTED.trimEnd()]);
    assert.deepEqual([await stateOf(ec2, id), deeds(aws)], ["stopped", ["StopInstances"]]);
    assert.match(parts(await failure(gate(id))).first, /was stopped \(Client\.UserInitiatedShutdown/);
    assert.deepEqual(deeds(aws), ["StopInstances"]);
    await assertNoImage();
    await assertNewOnePasses();
  });

  it("the stop itself is refused: told with the error and the command; the machine goes on", async () => {
    const id = await machine({ console: [{ text: STARTED }] });
    aws.fault({ action: "StopInstances", error: "UnauthorizedOperation" });
    const said = parts(await failure(gate(id, { limitMinutes: 100 * MINUTES })));
    assert.match(said.first, /the recipe did not finish within/);
    assert.match(
      said.first,
      /; it could NOT be stopped \(UnauthorizedOperation: You are not authorized[^)]*\) and goes on costing until it powers off by its own limit: aws ec2 stop-instances/,
    );
    assert.equal(await stateOf(ec2, id), "running");
  });

  it("gone when it was to be stopped: told as that", async () => {
    const id = await machine({ console: [{ text: STARTED }] });
    aws.fault({ action: "StopInstances", error: "InvalidInstanceID.NotFound" });
    assert.match(parts(await failure(gate(id, { limitMinutes: 100 * MINUTES }))).first, /; it is gone$/);
  });

  it("finished, but still running at the limit: stopped, and taken as it is by the next run", async () => {
    const id = await machine({ console: [{ text: STARTED + line("OK") }] });
    const said = parts(await failure(gate(id, { limitMinutes: 100 * MINUTES })));
    assert.match(said.first, /^web 1\.0\.0: the recipe finished, but the base instance i-\w+ was still running after /);
    assert.deepEqual(said.next, ["run `pulumi up` again: the finished, stopped instance is taken as it is"]);
    assert.equal(await stateOf(ec2, id), "stopped");
    await gate(id);
  });
});
