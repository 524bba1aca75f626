/** A rollout that was interrupted, and run again: it is joined, never started twice. */
import assert from "node:assert/strict";
import { UpdateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { rolloutScene } from "./rolloutScene";
import { MINUTES, Voice, deeds, expire, failure, parts } from "./scene";

describe("components/gates/rolloutFinished: interrupted, and run again", () => {
  const scene = rolloutScene();
  const { at, fleet, targetGroup, gate, slowly, members, running, start, begun, assertAllOn, defaultVersion } = scene;
  let aws: typeof scene.aws;
  before(() => (aws = scene.aws));

  const started = () => aws.requests("StartInstanceRefresh").filter(({ status }) => status === 200).length;
  const joins = /^fleet web: joined the instance refresh [0-9a-f-]{36} that is under way$/;

  for (const [when, said] of [
    ["as soon as it was started", /started$/],
    ["in the middle", /InProgress, 33 %/],
    ["while it baked", /Baking/],
  ] as const) {
    it(`killed ${when}: the next run joins, and one refresh was started in all`, async () => {
      await fleet();
      aws.refresh("web", { stepMs: 60_000 });
      const killed = slowly(said, () => {
        throw new Error("killed");
      });
      await assert.rejects(gate({ bakeTime: 60 }, {}, killed), { message: "killed" });
      assert.deepEqual(deeds(aws), ["StartInstanceRefresh"]);
      const voice = slowly();
      await gate({ bakeTime: 60 }, {}, voice);
      assert.match(voice.said[0]!, joins);
      assert.equal(started(), 1);
      await assertAllOn("2");
    });

    it(`credentials that expired ${when} are named; the next run joins, and one refresh was started in all`, async () => {
      await fleet();
      aws.refresh("web", { stepMs: 60_000 });
      const ended = parts(
        await failure(
          gate(
            { bakeTime: 60 },
            {},
            slowly(said, () => expire(aws)),
          ),
        ),
      );
      assert.match(ended.first, /^AWS no longer accepts the credentials \(DescribeInstanceRefreshes\): ExpiredToken/);
      assert.match(ended.next[0]!, /^sign in again and run `pulumi up`: it joins what is already under way/);
      assert.deepEqual(deeds(aws), ["StartInstanceRefresh"]);
      aws.clearFaults();
      const voice = slowly();
      await gate({ bakeTime: 60 }, {}, voice);
      assert.match(voice.said[0]!, joins);
      assert.equal(started(), 1);
      await assertAllOn("2");
    });
  }

  it("credentials that expired, and a refresh that ended meanwhile: the next run starts none and passes", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 60_000 });
    await failure(
      gate(
        {},
        {},
        slowly(/started$/, () => expire(aws)),
      ),
    );
    aws.clearFaults();
    aws.advance(10 * 60_000);
    const voice = new Voice();
    await gate({}, {}, voice);
    assert.equal(started(), 1);
    assert.deepEqual(voice.said, [`fleet web: 3 of 3 instances in service on ${scene.template} version 2`]);
  });

  it("credentials that expired, and a refresh that failed meanwhile: the next run starts another and passes", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 60_000, end: "Failed", atPercent: 60, times: 1 });
    await failure(
      gate(
        {},
        {},
        slowly(/started$/, () => expire(aws)),
      ),
    );
    aws.clearFaults();
    aws.advance(10 * 60_000);
    assert.deepEqual(await running(), ["1", "2", "2"]);
    aws.refresh("web", { stepMs: 15 });
    await gate();
    assert.equal(started(), 2);
    await assertAllOn("2");
  });

  it("credentials that expire on the way back: both are told; the next run mends it", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 15, end: "Failed", atPercent: 60, reason: "unhealthy", times: 1 });
    const said = await failure(
      gate(
        {},
        {},
        slowly(/going back/, () => expire(aws)),
      ),
    );
    assert.match(said, /^fleet web: the rollout to lt-\w+ version 2 ended Failed\n {2}It said:\n {4}unhealthy\n/);
    assert.match(
      said,
      /\n {2}Going back to lt-\w+ version 1 failed too: AWS no longer accepts the credentials \(\w+\): /,
    );
    aws.clearFaults();
    assert.deepEqual(await running(), ["1", "2", "2"]);
    await gate();
    await assertAllOn("2");
  });

  it("interrupted on the way back: the next run leaves that alone and says so; the one after it passes", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 15, end: "Failed", atPercent: 60, reason: "unhealthy", times: 1 });
    const voice = new Voice(() => {
      const said = voice.said.at(-1)!;
      if (/going back/.test(said)) aws.refresh("web", { stepMs: 60_000 });
      if (/version 1 started$/.test(said)) aws.fault({ action: "DescribeInstanceRefreshes", reset: true });
    });
    const said = await failure(gate({}, { patienceSeconds: 0.05 }, voice));
    assert.match(said, /Going back to lt-\w+ version 1 failed too: AWS did not answer \(DescribeInstanceRefreshes\)/);
    aws.clearFaults();
    const next = parts(await failure(gate()));
    assert.match(
      next.first,
      /^fleet web: the instance refresh \S+ to lt-\w+ version 1 is (Pending|InProgress); wanted is lt-\w+ version 2$/,
    );
    assert.match(next.next[1]!, /aws autoscaling cancel-instance-refresh --region us-east-1/);
    aws.advance(10 * 60_000);
    await assertAllOn("1");
    aws.refresh("web", { stepMs: 15 });
    await gate();
    await assertAllOn("2");
  });

  it("somebody's refresh to another version: named, not disturbed; passes when it has ended", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 60_000 });
    const id = (await start("3")).InstanceRefreshId!;
    const said = parts(await failure(gate()));
    assert.equal(
      said.first,
      `fleet web: the instance refresh ${id} to ${scene.template} version 3 is Pending; wanted is ${scene.template} version 2`,
    );
    assert.deepEqual(said.next, [
      "wait until it ends and run `pulumi up` again",
      "or end it: aws autoscaling cancel-instance-refresh --region us-east-1 --auto-scaling-group-name web",
    ]);
    assert.deepEqual(
      (await begun()).map((one) => one.InstanceRefreshId),
      [id],
    );
    aws.advance(10 * 60_000);
    await assertAllOn("3");
    aws.refresh("web", { stepMs: 15 });
    await gate();
    await assertAllOn("2");
  });

  it("joined, and failed: goes back as if it were its own", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 60_000, end: "Failed", atPercent: 60, reason: "unhealthy", times: 1 });
    await start();
    const voice = slowly();
    const said = parts(await failure(gate({}, {}, voice)));
    assert.match(voice.said[0]!, joins);
    assert.match(said.state!, /^`live`, the group and every instance in service say lt-\w+ version 1, as before\.$/);
    await assertAllOn("1");
  });

  it("the limit is reached: left under way and joined; what failed after all is gone back from", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 60_000, end: "Failed", atPercent: 60, reason: "unhealthy", times: 1 });
    const first = parts(await failure(gate({ limitMinutes: 80 * MINUTES })));
    assert.match(first.first, /did not finish within \S+ minutes: Pending, 0 %$/);
    assert.equal(await defaultVersion(), 1);
    const said = parts(await failure(gate({}, {}, new Voice(() => aws.advance(60_000)))));
    assert.match(said.first, /ended Failed$/);
    assert.equal(started(), 2, "there, and back");
    await assertAllOn("1");
  });

  it("an unhealthy fleet at the limit, without going back: the next run starts nothing and passes when it is mended", async () => {
    await fleet(2, { TargetGroupARNs: [await targetGroup()] });
    aws.targets({ state: "unhealthy", reason: "Target.Timeout" });
    await failure(gate({ limitMinutes: 500 * MINUTES, proven: undefined }));
    aws.targets({ state: "healthy" });
    await gate({ proven: undefined });
    assert.equal(started(), 1);
    await assertAllOn("2", 2);
  });

  it("moved by hand afterwards: the next run names the version again, and replaces nothing", async () => {
    await fleet();
    await gate();
    const before = await members();
    await scene.autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "web", LaunchTemplate: scene.version("3") }),
    );
    await gate({ proven: at("2") });
    await assertAllOn("2");
    assert.deepEqual(await members(), before);
  });
});
