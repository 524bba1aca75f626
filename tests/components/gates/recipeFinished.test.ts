import assert from "node:assert/strict";
import { StopInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { recipeFinished } from "../../../components/gates/recipeFinished";
import type { RecipeFinishedInput } from "../../../components/gates/recipeFinished";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import type { MachineBehaviour } from "../../support/emulator/instances";
import { ACCOUNT, MINUTES, STRANGER, Voice, deeds, ec2Client, failure, gateAws, launch, stateOf } from "./scene";

const TOKEN = "abc123";
const line = (text: string, token = TOKEN): string => `[   12.34] cloud-init[812]: [ami-lifecycle] ${token} ${text}\n`;

describe("components/gates/recipeFinished", () => {
  let aws: Emulator;
  let ec2: EC2Client;
  let base: string;

  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    ec2 = ec2Client(aws);
  });
  beforeEach(async () => {
    await aws.reset();
    base = await aws.baseImage();
  });

  const machine = async (behaviour: MachineBehaviour): Promise<string> => {
    aws.machine({}, behaviour);
    return launch(ec2, base);
  };
  const gate = (instanceId: string, more: Partial<RecipeFinishedInput> = {}, timing = {}, voice = new Voice()) =>
    recipeFinished(
      gateAws(aws, timing),
      { what: "web 1.0.0", instanceId, account: ACCOUNT, token: TOKEN, limitMinutes: 1, urn: "urn:base", ...more },
      voice.say,
    );
  const finished = (more: MachineBehaviour = {}): MachineBehaviour => ({
    console: [
      { text: line("step 1/2 packages: start") },
      { atMs: 80, text: line("step 1/2 packages: ok") + line("OK") },
    ],
    then: "stopped",
    afterMs: 120,
    ...more,
  });

  it("passes when the machine said OK and has stopped, and tells how far it is", async () => {
    const voice = new Voice(() => aws.advance(30_000));
    const id = await machine({
      pendingMs: 20_000,
      console: [
        { atMs: 20_000, text: line("step 1/2 packages: start") },
        { atMs: 100_000, text: line("step 1/2 packages: ok") + line("OK") },
      ],
      then: "stopped",
      afterMs: 150_000,
      stoppingMs: 50_000,
    });
    await gate(id, {}, {}, voice);
    assert.equal(await stateOf(ec2, id), "stopped");
    assert.ok(
      voice.said.some((text) => text.includes("is running, step 1/2 packages: start")),
      voice.said.join("\n"),
    );
    assert.equal(voice.said.at(-1), `web 1.0.0: the recipe finished on ${id}`);
  });

  it("fails at once with the machine's evidence when a step failed", async () => {
    const text =
      line("step 1/2 packages: start") +
      line("| E: Unable to locate package nginxx") +
      line("FAILED step 1/2 packages (exit 100)");
    const said = await failure(gate(await machine({ console: [{ text: "noise\n" + text }] })));
    assert.match(
      said,
      /did not finish its recipe: step 1\/2 packages \(exit 100\)\n {2}It said:\n {4}E: Unable to locate package nginxx\n/,
    );
    assert.doesNotMatch(said, /noise/);
    assert.match(said, /pulumi up --replace 'urn:base'/);
    assert.match(said, /No image was made/);
  });

  it("fails with the console's last lines when there is no evidence", async () => {
    const noise = Array.from({ length: 50 }, (_, n) => `line ${n}\n`).join("");
    const said = await failure(
      gate(await machine({ console: [{ text: noise + line("FAILED cleanup (exit 1)") }], then: "stopped" })),
    );
    assert.match(said, /line 49\n/);
    assert.doesNotMatch(said, /line 20\n/);
  });

  it("fails when it powered off without a verdict, naming the last step", async () => {
    const id = await machine({ console: [{ text: line("step 2/2 run: start") }], then: "stopped" });
    const said = await failure(gate(id));
    assert.match(
      said,
      /powered off without saying that its recipe finished; the last it said was "step 2\/2 run: start"/,
    );
  });

  it("is not satisfied by another recipe's OK", async () => {
    const said = await failure(gate(await machine({ console: [{ text: line("OK", "fff999") }], then: "stopped" })));
    assert.match(said, /console is of another recipe \(fff999; wanted abc123\)/);
  });

  it("is not satisfied by a boot proof's OK", async () => {
    await failure(gate(await machine({ console: [{ text: line("OK", `${TOKEN}.boot`) }], then: "stopped" })));
  });

  it("fails when the machine is terminated, with AWS's reason", async () => {
    const reason = {
      code: "Server.SpotInstanceTermination",
      message: "Server.SpotInstanceTermination: Spot instance termination",
    };
    const id = await machine({
      console: [{ text: line("step 1/2 packages: start") }],
      then: "terminated",
      afterMs: 40,
      reason,
    });
    const said = await failure(gate(id));
    assert.match(
      said,
      /was terminated \(Server.SpotInstanceTermination: Spot instance termination\) before its recipe finished/,
    );
    assert.match(said, /step 1\/2 packages: start/);
  });

  it("stops the machine at the time limit", async () => {
    const id = await machine({ console: [{ text: line("step 1/2 upgrade: start") }] });
    const said = await failure(gate(id, { limitMinutes: 150 * MINUTES }));
    assert.match(
      said,
      /was running at "step 1\/2 upgrade: start"; it has been stopped, so that it costs no more than its volumes\n/,
    );
    assert.equal(await stateOf(ec2, id), "stopped");
  });

  it("says so when AWS never knew the machine", async () => {
    const said = await failure(gate("i-0123456789abcdef0", { limitMinutes: 100 * MINUTES }));
    assert.match(said, /i-0123456789abcdef0 is not known to AWS in us-east-1/);
    assert.deepEqual(deeds(aws), ["RegisterImage"]);
  });

  it("waits for a machine that AWS does not know yet", async () => {
    aws.fault({ action: "DescribeInstances", error: "InvalidInstanceID.NotFound", times: 3 });
    await gate(await machine(finished()));
  });

  for (const [name, fault] of Object.entries({
    throttling: { error: "RequestLimitExceeded", times: 4 },
    "faults of the service": { status: 503, times: 8 },
    "broken connections": { reset: true, times: 8 },
  })) {
    it(`waits out ${name}`, async () => {
      const id = await machine(finished());
      aws.fault({ action: "GetCallerIdentity", ...fault, times: 1 });
      aws.fault({ action: "DescribeInstances", ...fault });
      aws.fault({ action: "GetConsoleOutput", ...fault, after: 1, times: 1 });
      await gate(id);
      assert.ok(aws.requests("DescribeInstances").length > fault.times);
    });
  }

  it("gives up when AWS does not answer for too long", async () => {
    const id = await machine({});
    aws.fault({ action: "DescribeInstances", status: 500 });
    assert.match(await failure(gate(id, {}, { patienceSeconds: 0.1 })), /AWS did not answer \(DescribeInstances\)/);
  });

  it("names expired credentials as that", async () => {
    const id = await machine({});
    aws.fault({ action: "GetConsoleOutput", error: "RequestExpired", after: 1 });
    assert.match(await failure(gate(id)), /no longer accepts the credentials/);
  });

  it("does not wait for a permission", async () => {
    const id = await machine({});
    aws.fault({ action: "GetConsoleOutput", error: "UnauthorizedOperation" });
    await assert.rejects(gate(id), /not authorized/);
    assert.equal(aws.requests("GetConsoleOutput").length, 1);
  });

  it("refuses credentials of another account before it asks for anything else", async () => {
    const id = await machine(finished());
    aws.clearRequests();
    const said = await failure(gate(id, { account: STRANGER }));
    assert.match(said, /credentials are of account 111122223333, but base instance i-\w+ is in account 444455556666/);
    assert.deepEqual(
      aws.requests().map((request) => request.action),
      ["GetCallerIdentity"],
    );
  });

  it("waits for a console that AWS delivers late", async () => {
    const id = await machine({
      ...finished(),
      console: [{ text: line("OK") }],
      then: "stopped",
      afterMs: 0,
      consoleDelayMs: 150,
    });
    await gate(id, {}, { consoleGraceSeconds: 5 });
  });

  it("says that the evidence has expired when a stopped machine has no console any more", async () => {
    const id = await machine({ console: [{ text: line("OK") }], then: "stopped", expiresMs: 0 });
    assert.match(await failure(gate(id)), /no longer has its console: evidence expired/);
  });

  it("keeps what it read while the machine ran, even if the console is gone after the stop", async () => {
    await gate(await machine(finished({ afterMs: 300, expiresMs: 0 })));
  });

  it("reads machines whose latest console cannot be had", async () => {
    await gate(await machine(finished({ latest: "unsupported" })));
  });

  it("takes a machine that somebody stopped for one without a verdict", async () => {
    const id = await machine({ console: [{ text: line("step 1/2 packages: start") }] });
    await ec2.send(new StopInstancesCommand({ InstanceIds: [id] }));
    assert.match(
      await failure(gate(id)),
      /was stopped \(Client\.UserInitiatedShutdown: User initiated shutdown\) without saying that its recipe finished/,
    );
  });

  it("does not say that a finished recipe did not finish when the machine was then terminated", async () => {
    const id = await machine({ console: [{ text: line("OK") }] });
    aws.fault({ action: "DescribeInstances", delayMs: 1 });
    const ending = new Voice(() => void ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] })));
    const said = await failure(gate(id, {}, {}, ending));
    assert.match(said, /was terminated/);
    assert.doesNotMatch(said, /before its recipe finished/);
  });

  it("says that a machine which finished never powered off", async () => {
    const id = await machine({ console: [{ text: line("step 2/2 run: ok") + line("OK") }] });
    const said = await failure(gate(id, { limitMinutes: 100 * MINUTES }));
    assert.doesNotMatch(said, /the recipe did not finish/);
    assert.equal(await stateOf(ec2, id), "stopped");
  });
});
