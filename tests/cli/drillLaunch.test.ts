import assert from "node:assert/strict";
import { type LaunchRequest, type Measured, proveLaunch, UNTIL_TAG } from "../../cli/drill/launch";
import { gateAws, instances, launch, MINUTES, parts, Voice } from "../components/gates/scene";
import { type Emulator, emulator } from "../support/emulator/emulator";
import { costing, DIGEST, type DrillScene, line, PROOF, recovery } from "./drillScene";
import { AWAY } from "./statusScene";

describe("the launch of a drill", function () {
  this.timeout(60_000);
  let aws: Emulator;
  let scene: DrillScene;
  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
  });
  beforeEach(async () => {
    await aws.reset();
    scene = await recovery(aws);
  });
  afterEach(() => assert.deepEqual(new Set(aws.requests().map(({ region }) => region)), new Set([AWAY])));

  const boots = (behaviour: object) => aws.machine({ tag: [PROOF, scene.imageId] }, behaviour);
  function prove(more: Partial<LaunchRequest> = {}, voice = new Voice(), timing = {}): Promise<Measured> {
    const image = {
      id: scene.imageId,
      state: "available",
      isWindows: false,
      isEncrypted: false,
      digest: DIGEST,
      proof: "booted" as const,
      tags: {},
    };
    const request = { what: "web 1.1.0 in eu-west-1", record: scene.record, image, limitMinutes: 1, ...more };
    return proveLaunch(gateAws(aws, timing, AWAY), request, voice, Date.now);
  }

  it("ends at its limit, and leaves nothing", async () => {
    boots({ console: [{ text: line("boot: start") }] });
    const { failure, passedMs, runningMs, left } = await prove({ limitMinutes: 100 * MINUTES });
    const said = parts(failure!.error.message);
    assert.equal(failure!.kind, "boot-failed");
    assert.match(said.first, /gave no verdict within .+ minutes; its instance i-\w+ was running at "boot: start"$/);
    assert.match(said.next.join("\n"), /run the drill again\n.+it would not serve/);
    assert.equal(said.state, undefined);
    assert.deepEqual([passedMs, left, typeof runningMs], [null, [], "number"]);
    assert.deepEqual(await costing(scene), []);
  });

  it("says in which status an image without checks was, at its limit", async () => {
    boots({ status: "impaired" });
    const image = {
      id: scene.imageId,
      state: "available",
      isWindows: false,
      isEncrypted: false,
      proof: "booted" as const,
    };
    const { failure } = await prove({ limitMinutes: 100 * MINUTES, image: { ...image, tags: {} } });
    assert.match(
      failure!.error.text.what,
      /did not pass EC2's status checks .+\(system impaired, instance impaired\)$/,
    );
    assert.deepEqual(await costing(scene), []);
  });

  it("ends also an instance whose launch was never answered", async () => {
    boots({});
    aws.fault({ action: "RunInstances", error: "InternalError", late: true });
    const { failure, instanceId, left } = await prove({}, new Voice(), { patienceSeconds: 0.1 });
    assert.deepEqual([failure?.kind, instanceId, left], ["launch-failed", null, []]);
    assert.equal((await instances(scene.away.ec2)).length, 1);
    assert.deepEqual(await costing(scene), []);
  });

  it("asks once more when the instance is still there after it was terminated", async () => {
    boots({ console: [{ text: line("OK") }] });
    aws.fault({ action: "TerminateInstances", error: "UnauthorizedOperation", times: 1 });
    const { failure, left } = await prove();
    assert.deepEqual([failure, left], [undefined, []]);
    assert.deepEqual(await costing(scene), []);
  });

  it("ends what a killed drill has left, and neither one under way nor a gate's proof", async () => {
    boots({ console: [{ text: line("OK") }] });
    const tagged = (more: { [key: string]: string }) => {
      const Tags = Object.entries({ [PROOF]: scene.imageId, ...more }).map(([Key, Value]) => ({ Key, Value }));
      return launch(scene.away.ec2, scene.imageId, { TagSpecifications: [{ ResourceType: "instance", Tags }] });
    };
    const until = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const old = await tagged({ [UNTIL_TAG]: until(-1) });
    const other = await tagged({ [UNTIL_TAG]: until(1) });
    const gate = await tagged({});
    const voice = new Voice();
    await prove({}, voice);
    assert.deepEqual((await costing(scene)).sort(), [other, gate].sort());
    assert.ok(voice.said.includes(`web 1.1.0 in eu-west-1: terminated what an earlier drill left: ${old}`));
  });
});
