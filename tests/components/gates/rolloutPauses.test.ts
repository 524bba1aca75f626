/** Checkpoints and bake time: sent as given, and waited for. */
import assert from "node:assert/strict";
import type { RolloutInput } from "../../../components/gates/rolloutFinished";
import { rolloutScene } from "./rolloutScene";
import { MINUTES, Voice, failure, parts } from "./scene";

const PAUSES = { checkpointPercentages: [25, 50, 100], checkpointDelay: 600, bakeTime: 300 };

describe("components/gates/rolloutFinished: checkpoints and bake time", () => {
  const scene = rolloutScene();
  const { fleet, gate, running, begun, assertAllOn, defaultVersion, wishes } = scene;
  let aws: typeof scene.aws;
  before(() => (aws = scene.aws));

  const asked = (wish: { [name: string]: string } | undefined) =>
    Object.fromEntries(Object.entries(wish ?? {}).filter(([name]) => /Checkpoint|Bake/.test(name)));

  it("are sent exactly as given", async () => {
    const given: [Partial<RolloutInput>, { [name: string]: string }][] = [
      [{}, {}],
      [{ checkpointPercentages: [], bakeTime: 0 }, {}],
      [{ bakeTime: 1 }, { BakeTime: "1" }],
      [
        { checkpointPercentages: [1, 100], checkpointDelay: 0 },
        { "CheckpointPercentages.member.1": "1", "CheckpointPercentages.member.2": "100", CheckpointDelay: "0" },
      ],
      [{ checkpointPercentages: [100] }, { "CheckpointPercentages.member.1": "100" }],
    ];
    await fleet(1);
    for (const [i, [more, sent]] of given.entries()) {
      aws.clearRequests();
      const voice = new Voice(() => aws.advance(1000));
      await gate({ ...more, target: scene.at(i % 2 === 0 ? "2" : "1"), proven: undefined }, {}, voice);
      assert.deepEqual(asked(wishes()[0]), sent);
      assert.equal(wishes().length, 1);
    }
  });

  it("are waited for: each pause, none at the last checkpoint, and the bake time; passes only then", async () => {
    await fleet(4);
    aws.refresh("web", { stepMs: 1000 });
    let minutes = 0;
    const shown = new Map<string, number>();
    const halted: (string | undefined)[][] = [];
    const voice = new Voice(() => {
      aws.advance(60_000);
      minutes++;
      const [, what] = /instance refresh (\w+, \d+ %)/.exec(voice.said.at(-1)!) ?? [];
      if (what) shown.set(what, (shown.get(what) ?? 0) + 1);
      if (what === "InProgress, 50 %") void running().then((now) => halted.push(now));
    });
    await gate(PAUSES, {}, voice);
    await assertAllOn("2", 4);
    assert.ok(minutes >= 25, `${minutes} minutes`);
    assert.ok(minutes <= 30, `${minutes} minutes: it paused where it must not`);
    for (const [what, least] of [
      ["InProgress, 25 %", 9],
      ["InProgress, 50 %", 9],
      ["Baking, 100 %", 4],
    ] as const) {
      assert.ok((shown.get(what) ?? 0) >= least, `${what}: ${shown.get(what)} minutes`);
    }
    assert.deepEqual(halted[0], ["1", "1", "2", "2"]);
    assert.equal(await defaultVersion(), 2);
  });

  for (const [where, status] of [
    ["at a checkpoint", /InProgress, 25 %/],
    ["while it bakes", /Baking, 100 %/],
  ] as const) {
    it(`the limit reached ${where}: the rollout goes on, and is joined by the next run`, async () => {
      await fleet(4);
      aws.refresh("web", { stepMs: 20_000 });
      const pauses = where === "while it bakes" ? { bakeTime: 600 } : PAUSES;
      // Time stands still when it has come to there.
      const until = new Voice(() => status.test(until.said.at(-1)!) || aws.advance(20_000));
      const said = parts(await failure(gate({ ...pauses, limitMinutes: 1000 * MINUTES }, {}, until)));
      assert.match(said.first, /^fleet web: the rollout did not finish within \S+ minutes: /);
      assert.match(said.first, status);
      assert.match(said.next[0]!, /^the instance refresh goes on: run `pulumi up` again to join it/);
      assert.match(said.next[1]!, /aws autoscaling rollback-instance-refresh --region us-east-1/);
      assert.equal(said.state, "The instance refresh is still under way; `live` still names the version before.");
      assert.equal(await defaultVersion(), 1);
      const voice = new Voice(() => aws.advance(120_000));
      await gate(pauses, {}, voice);
      assert.match(voice.said[0]!, /^fleet web: joined the instance refresh \S+ that is under way$/);
      assert.equal((await begun()).length, 1);
      await assertAllOn("2", 4);
    });
  }

  it("a first rollout pauses too, with nothing proven to go back to", async () => {
    await fleet(2);
    let minutes = 0;
    const voice = new Voice(() => {
      aws.advance(60_000);
      minutes++;
    });
    await gate({ proven: undefined, checkpointPercentages: [50, 100], checkpointDelay: 600 }, {}, voice);
    assert.ok(minutes >= 10, `${minutes} minutes`);
    await assertAllOn("2", 2);
  });
});
