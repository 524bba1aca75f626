/** A console that comes late, cut, of another boot or not at all; credentials and permissions that are missing. */
import assert from "node:assert/strict";
import { GOOD, STARTED, TOKEN, line, recipeScene } from "./recipeScene";
import { Voice, deeds, expire, failure, parts, stateOf } from "./scene";

const ANEW = "pulumi up --replace 'urn:base'";
const MEND = [
  "mend the recipe and run `pulumi up` again: a new base instance is made",
  `if the recipe is right (a mirror was down): ${ANEW}`,
];
const NO_IMAGE = "No image was made, and nothing downstream was touched.";

describe("components/gates/recipeFinished: what it reads, and with what credentials", () => {
  const scene = recipeScene();
  const { machine, gate } = scene;
  let aws: typeof scene.aws;
  let ec2: typeof scene.ec2;
  before(() => ({ aws, ec2 } = scene));

  it("a console that is empty for a while is waited for", async () => {
    const voice = new Voice(() => aws.advance(20_000));
    const id = await machine({
      console: [{ atMs: 100_000, text: STARTED + line("OK") }],
      then: "stopped",
      afterMs: 120_000,
    });
    await gate(id, {}, {}, voice);
    assert.match(voice.said[0]!, /is running, no progress line yet/);
    assert.ok(voice.said.length >= 5, `${voice.said.length}`);
  });

  it("a console cut to its last 64 KB is read all the same, for an OK and for a failure", async () => {
    const much = Array.from({ length: 3000 }, (_, n) => `log line ${n} of a talkative package manager\n`).join("");
    await gate(await machine({ console: [{ text: STARTED + much + line("OK") }], then: "stopped" }));
    const said = parts(
      await failure(
        gate(await machine({ console: [{ text: STARTED + much + line("FAILED step 1/2 packages (exit 1)") }] })),
      ),
    );
    assert.match(said.first, /did not finish its recipe: step 1\/2 packages \(exit 1\)$/);
    assert.equal(said.evidence.at(-2), "log line 2999 of a talkative package manager");
    const cut = await machine({ console: [{ text: line("OK") + much }], then: "stopped" });
    assert.match(parts(await failure(gate(cut))).first, /powered off without saying that its recipe finished$/);
  });

  it("an OK of an earlier boot does not count: this build's own is waited for", async () => {
    const id = await machine({
      console: [{ text: line("OK", "fff999") }, { atMs: 100_000, text: STARTED + line("OK") }],
      then: "stopped",
      afterMs: 120_000,
    });
    const voice = new Voice(() => aws.advance(20_000));
    await gate(id, {}, {}, voice);
    assert.ok(voice.said.length >= 5, `${voice.said.length}`);
    const other = await machine({ console: [{ text: line("OK", "fff999") }], then: "stopped" });
    const said = parts(await failure(gate(other)));
    assert.equal(
      said.first,
      `web 1.0.0: the base instance ${other} is stopped, but its console is of another recipe (fff999; wanted ${TOKEN})`,
    );
    assert.deepEqual(said.next, MEND);
  });

  it("a console that AWS no longer has: evidence expired, and nothing is made of it", async () => {
    const id = await machine({ ...GOOD, expiresMs: 0 });
    const said = parts(await failure(gate(id)));
    assert.equal(
      said.first,
      `web 1.0.0: the base instance ${id} is stopped and AWS no longer has its console: evidence expired (it is kept about an hour)`,
    );
    assert.deepEqual([said.evidence, said.state], [[], NO_IMAGE]);
  });

  it("credentials that expire in the middle are named; the next run passes on the same instance", async () => {
    const id = await machine({
      console: [{ text: STARTED }, { atMs: 60_000, text: line("OK") }],
      then: "stopped",
      afterMs: 90_000,
    });
    const said = parts(await failure(gate(id, {}, {}, new Voice(() => expire(aws)))));
    assert.match(
      said.first,
      /^AWS no longer accepts the credentials \(Describe\w+\): ExpiredToken: The security token/,
    );
    assert.match(said.next[0]!, /^sign in again and run `pulumi up`: it joins what is already under way/);
    aws.clearFaults();
    assert.equal(await stateOf(ec2, id), "running");
    await gate(id, {}, {}, new Voice(() => aws.advance(30_000)));
    assert.deepEqual(deeds(aws), []);
  });

  it("a permission that is missing for the console is told at once, and the machine goes on", async () => {
    const id = await machine({ console: [{ text: STARTED }] });
    aws.fault({ action: "GetConsoleOutput", error: "UnauthorizedOperation" });
    await assert.rejects(gate(id), { name: "UnauthorizedOperation" });
    assert.deepEqual([await stateOf(ec2, id), deeds(aws)], ["running", []]);
  });
});
