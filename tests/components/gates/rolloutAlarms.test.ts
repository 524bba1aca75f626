/** CloudWatch alarms that end a rollout. The way back looks at none of them. */
import assert from "node:assert/strict";
import { UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import type { RolloutInput } from "../../../components/gates/rolloutFinished";
import { rolloutScene } from "./rolloutScene";
import { Voice, deeds, failure, parts } from "./scene";

const ALARM = "web-5xx";
const WATCHED = { "AlarmSpecification.Alarms.member.1": "web-latency", "AlarmSpecification.Alarms.member.2": ALARM };

describe("components/gates/rolloutFinished: alarms", () => {
  const scene = rolloutScene();
  const { fleet, slowly, group, members, running, begun, assertAllOn, defaultVersion, wishes } = scene;
  let aws: typeof scene.aws;
  before(() => (aws = scene.aws));

  const gate = (more: Partial<RolloutInput> = {}, voice = new Voice()) =>
    scene.gate({ alarmNames: ["web-latency", ALARM], ...more }, {}, voice);
  const asBefore = () =>
    `\`live\`, the group and every instance in service say ${scene.template} version 1, as before.`;
  const statuses = async () => (await begun()).map((one) => one.Status).reverse();
  const watched = (wish: { [name: string]: string } | undefined) =>
    Object.fromEntries(Object.entries(wish ?? {}).filter(([name]) => name.startsWith("Alarm")));
  /** Puts the alarm on when the gate has said something like that. */
  const alarmAt = (said: RegExp) => slowly(said, () => aws.alarm(ALARM, "ALARM"));
  const movedByHand = () =>
    scene.autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "web", LaunchTemplate: scene.version("3") }),
    );

  it("are sent exactly as given, and pass when none is on", async () => {
    await fleet();
    aws.alarm(ALARM, "OK");
    aws.alarm("web-latency", "INSUFFICIENT_DATA");
    await gate();
    assert.deepEqual(wishes().map(watched), [WATCHED]);
    await assertAllOn("2");
  });

  it("are not mentioned when there are none", async () => {
    await fleet();
    await gate({ alarmNames: undefined });
    await gate({ alarmNames: [], target: scene.at("3") });
    assert.deepEqual(wishes().map(watched), [{}, {}]);
  });

  it("on at the start: nothing is replaced, the alarm is named, everything as before; the next run passes", async () => {
    await fleet();
    const before = await members();
    aws.alarm(ALARM, "ALARM");
    const said = parts(await failure(gate()));
    assert.equal(said.first, `fleet web: the rollout to ${scene.template} version 2 ended RollbackSuccessful`);
    assert.match(said.evidence[0]!, /in ALARM state: web-5xx$/);
    assert.match(said.next[1]!, /an alarm of something else/);
    assert.equal(said.state, asBefore());
    assert.deepEqual(await members(), before);
    await assertAllOn("1");
    assert.deepEqual([deeds(aws), await defaultVersion()], [["StartInstanceRefresh"], 1]);
    aws.alarm(ALARM, "OK");
    await gate();
    await assertAllOn("2");
  });

  it("on at the start, without going back: the alarm is named, nothing is replaced, the group is left alone", async () => {
    await fleet();
    aws.alarm(ALARM, "ALARM");
    const said = parts(await failure(gate({ autoRollback: false })));
    assert.match(said.first, /ended Failed$/);
    assert.match(said.evidence[0]!, /in ALARM state: web-5xx$/);
    assert.equal(said.state, "`live` was not written; the group keeps the template it has now.");
    assert.equal(wishes()[0]!.AutoRollback, "false");
    assert.deepEqual(deeds(aws), ["StartInstanceRefresh"]);
    await assertAllOn("1");
  });

  const WHEN: [when: string, said: RegExp, more: Partial<RolloutInput>][] = [
    ["in the middle", /InProgress, 33 %/, {}],
    ["at a checkpoint", /InProgress, 33 %/, { checkpointPercentages: [33, 100], checkpointDelay: 600 }],
    ["while it bakes", /Baking, 100 %/, { bakeTime: 600 }],
  ];
  for (const [when, said, more] of WHEN) {
    it(`on ${when}: AWS goes back although the alarm stays on; the next run passes when it is off`, async () => {
      await fleet();
      aws.refresh("web", { stepMs: 60_000 });
      const ended = parts(await failure(gate(more, alarmAt(said))));
      assert.match(ended.first, /ended RollbackSuccessful$/);
      assert.match(ended.evidence[0]!, /in ALARM state: web-5xx$/);
      assert.equal(ended.state, asBefore());
      await assertAllOn("1");
      assert.deepEqual([deeds(aws), await defaultVersion()], [["StartInstanceRefresh"], 1]);
      aws.alarm(ALARM, "OK");
      aws.refresh("web", { stepMs: 15 });
      await gate();
      await assertAllOn("2");
    });

    it(`on ${when}, where AWS cannot go back: the gate does, without alarms, checkpoints and bake time`, async () => {
      await fleet();
      await movedByHand();
      aws.refresh("web", { stepMs: 60_000 });
      const settings = {
        bakeTime: 600,
        checkpointPercentages: [33, 100],
        checkpointDelay: when === "while it bakes" ? 0 : 600,
      };
      const ended = parts(await failure(gate(settings, alarmAt(said))));
      assert.match(ended.first, /ended Failed$/);
      assert.match(ended.evidence[0]!, /in ALARM state: web-5xx$/);
      assert.equal(ended.state, asBefore());
      const [there, back] = wishes();
      assert.deepEqual(watched(there), WATCHED);
      assert.deepEqual(Object.keys(there!).filter((name) => /Checkpoint|Bake/.test(name)).length, 4);
      assert.deepEqual(
        Object.keys(back!).filter((name) => /Alarm|Checkpoint|Bake/.test(name)),
        [],
      );
      assert.deepEqual([back!.AutoRollback, back!.SkipMatching, back!.MinHealthyPercentage], ["false", "true", "90"]);
      assert.deepEqual(await statuses(), ["Failed", "Successful"]);
      await assertAllOn("1");
    });

    it(`on ${when}, without going back: the group is left alone, with what was replaced`, async () => {
      await fleet();
      aws.refresh("web", { stepMs: 60_000 });
      const ended = parts(await failure(gate({ ...more, autoRollback: false }, alarmAt(said))));
      assert.match(ended.first, /ended Failed$/);
      assert.equal(ended.state, "`live` was not written; the group keeps the template it has now.");
      assert.deepEqual(deeds(aws), ["StartInstanceRefresh"]);
      assert.equal((await group()).LaunchTemplate!.Version, "1");
      assert.ok((await running()).includes("2"));
    });
  }

  it("an eleventh alarm is refused by AWS, and nothing is changed", async () => {
    await fleet();
    const alarmNames = Array.from({ length: 11 }, (_, n) => `alarm-${n}`);
    await assert.rejects(gate({ alarmNames }), { name: "ValidationError", message: /up to 10 alarms/ });
    await assertAllOn("1");
  });
});
