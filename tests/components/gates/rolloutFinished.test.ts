import assert from "node:assert/strict";
import { rolloutScene } from "./rolloutScene";
import { MINUTES, STRANGER, Voice, deeds, failure } from "./scene";

describe("components/gates/rolloutFinished", () => {
  const scene = rolloutScene();
  const { templates, at, fleet, targetGroup, gate, group, running, start, begun, assertAllOn } = scene;
  let aws: typeof scene.aws;
  before(() => (aws = scene.aws));

  it("moves group and instances to the target and passes when all run it", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 60_000 });
    const voice = new Voice(() => aws.advance(40_000));
    await gate({}, {}, voice);
    await assertAllOn("2");
    const { params } = aws.requests("StartInstanceRefresh")[0]!;
    assert.equal(params["DesiredConfiguration.LaunchTemplate.Version"], "2");
    assert.deepEqual([params["Preferences.AutoRollback"], params["Preferences.SkipMatching"]], ["true", "true"]);
    assert.deepEqual(
      [params["Preferences.MinHealthyPercentage"], params["Preferences.MaxHealthyPercentage"]],
      ["90", "110"],
    );
    assert.ok(
      voice.said.some((text) => /instance refresh InProgress, \d+ %, \d instances to go/.test(text)),
      voice.said.join("\n"),
    );
    assert.match(voice.said.at(-1)!, /3 of 3 instances in service on lt-\w+ version 2/);
  });

  it("starts nothing when group and instances are on the target", async () => {
    await fleet();
    await gate({ target: at("1") });
    assert.deepEqual(deeds(aws), []);
  });

  it("passes for a fleet without instances, and moves its template", async () => {
    await fleet(0);
    await gate();
    assert.equal((await group()).LaunchTemplate!.Version, "2");
  });

  it("does not ask AWS to go back to what was never proven", async () => {
    await fleet();
    await gate({ proven: undefined });
    assert.equal(aws.requests("StartInstanceRefresh")[0]!.params["Preferences.AutoRollback"], "false");
    await assertAllOn("2");
  });

  it("mends a first rollout that failed: a later version replaces whatever runs", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 15, end: "Failed", times: 1 });
    const said = await failure(gate({ proven: undefined }));
    assert.match(said, /`live` was not written; the group keeps the template it has now/);
    assert.deepEqual(deeds(aws), ["StartInstanceRefresh"]);
    await gate({ proven: undefined, target: at("3") });
    await assertAllOn("3");
  });

  it("fails with AWS's reason and activities, after it has gone back", async () => {
    await fleet();
    aws.refresh("web", {
      stepMs: 15,
      end: "Failed",
      atPercent: 60,
      reason: "Instances failed health checks",
      times: 1,
    });
    aws.activity("web", {
      status: "Failed",
      description: "Launching a new EC2 instance",
      message: "You have requested more vCPU capacity",
    });
    const said = await failure(gate());
    assert.match(said, /the rollout to lt-\w+ version 2 ended Failed/);
    assert.match(said, /Instances failed health checks/);
    assert.match(said, /Launching a new EC2 instance: You have requested more vCPU capacity/);
    assert.match(said, /`live`, the group and every instance in service say lt-\w+ version 1, as before/);
    await assertAllOn("1");
    assert.equal((await begun()).length, 2);
  });

  it("fails after AWS has rolled back, and does nothing more", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 15, end: "RollbackSuccessful", reason: "alarm web-5xx went off" });
    const said = await failure(gate());
    assert.match(said, /ended RollbackSuccessful/);
    assert.match(said, /alarm web-5xx went off/);
    await assertAllOn("1");
    assert.deepEqual(deeds(aws), ["StartInstanceRefresh"]);
  });

  it("goes back itself when AWS's rollback failed", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 15, end: "RollbackFailed", times: 1 });
    assert.match(await failure(gate()), /ended RollbackFailed/);
    await assertAllOn("1");
  });

  it("says so when going back failed too", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 15, end: "Failed" });
    assert.match(await failure(gate()), /Going back to lt-\w+ version 1 ended Failed too/);
  });

  it("leaves the fleet alone after a failure when going back is turned off", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 15, end: "Failed", atPercent: 60 });
    await failure(gate({ autoRollback: false }));
    assert.deepEqual(deeds(aws), ["StartInstanceRefresh"]);
  });

  it("goes back when somebody cancelled the refresh", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 15, end: "Cancelled", times: 1 });
    assert.match(await failure(gate()), /ended Cancelled/);
    await assertAllOn("1");
  });

  it("joins a refresh to the same target", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 300 });
    const id = (await start()).InstanceRefreshId!;
    const voice = new Voice();
    await gate({}, {}, voice);
    assert.equal(aws.requests("StartInstanceRefresh").length, 1);
    assert.ok(voice.said.some((text) => text.includes(`joined the instance refresh ${id}`)));
    await assertAllOn("2");
  });

  it("refuses to disturb a refresh to another target", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 60_000 });
    const id = (await start("3")).InstanceRefreshId!;
    const said = await failure(gate());
    assert.match(
      said,
      new RegExp(`instance refresh ${id} to lt-\\w+ version 3 is Pending; wanted is lt-\\w+ version 2`),
    );
    assert.equal(aws.requests("StartInstanceRefresh").length, 1);
  });

  it("leaves the refresh under way at the time limit, and joins it in the next run", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 60_000 });
    assert.match(await failure(gate({ limitMinutes: 80 * MINUTES })), /did not finish within .* Pending, 0 %/);
    aws.advance(10 * 60_000);
    await gate();
    assert.equal(aws.requests("StartInstanceRefresh").length, 1);
    await assertAllOn("2");
  });

  it("goes back when the refresh succeeded and the targets never become healthy", async () => {
    await fleet(3, { TargetGroupARNs: [await targetGroup()] });
    aws.targets({ state: "unhealthy", reason: "Target.ResponseCodeMismatch" });
    const voice = new Voice();
    const said = await failure(gate({ limitMinutes: 1500 * MINUTES }, {}, voice));
    assert.match(said, /not every instance runs lt-\w+ version 2 in health after/);
    assert.match(said, /target i-\w+ unhealthy \(Target\.ResponseCodeMismatch\)/);
    assert.match(said, /\n {2}`live`, the group and every instance in service say lt-\w+ version 1, as before\.$/);
    assert.ok(voice.said.some((text) => /going back to lt-\w+ version 1$/.test(text)));
    await assertAllOn("1");
    assert.deepEqual(deeds(aws), ["StartInstanceRefresh", "UpdateAutoScalingGroup", "StartInstanceRefresh"]);
    assert.deepEqual(
      (await begun()).map((refresh) => refresh.Status),
      ["Successful", "Successful"],
    );
  });

  it("leaves an unhealthy fleet alone when nothing was proven before, or going back is turned off", async () => {
    await fleet(2, { TargetGroupARNs: [await targetGroup()] });
    aws.targets({ state: "unhealthy", reason: "Target.Timeout" });
    for (const [more, version] of [
      [{ proven: undefined }, "2"],
      [{ autoRollback: false, target: at("3") }, "3"],
    ] as const) {
      const said = await failure(gate({ limitMinutes: 1000 * MINUTES, ...more }));
      assert.match(said, /\n {2}`live` was not written; the group keeps the template it has now\.$/);
      await assertAllOn(version, 2);
    }
    assert.deepEqual(deeds(aws), ["StartInstanceRefresh", "StartInstanceRefresh"]);
  });

  it("keeps the rollout's own failure when going back fails", async () => {
    await fleet(3, { TargetGroupARNs: [await targetGroup()] });
    aws.targets({ state: "unhealthy", reason: "Target.Timeout" });
    aws.fault({ action: "UpdateAutoScalingGroup", error: "AccessDenied" });
    const unhealthy = await failure(gate({ limitMinutes: 1500 * MINUTES }));
    assert.match(unhealthy, /^fleet web: not every instance runs lt-\w+ version 2 in health/);
    assert.match(unhealthy, /target i-\w+ unhealthy \(Target\.Timeout\)/);
    assert.match(unhealthy, /\n {2}Going back to lt-\w+ version 1 failed too: /);
    await assertAllOn("2");
    aws.clearFaults();
    aws.refresh("web", { stepMs: 15, end: "Failed", reason: "unhealthy", times: 1 });
    aws.fault({ action: "StartInstanceRefresh", error: "AccessDenied", after: 1 });
    aws.fault({ action: "UpdateAutoScalingGroup", error: "AccessDenied" });
    const ended = await failure(gate({ target: at("3") }));
    assert.match(ended, /^fleet web: the rollout to lt-\w+ version 3 ended Failed\n {2}It said:\n {4}unhealthy\n/);
    assert.match(ended, /\n {2}Going back to lt-\w+ version 1 failed too: /);
  });

  it("believes the load balancer: waits for healthy targets, and fails when they never are", async () => {
    await fleet(2, { TargetGroupARNs: [await targetGroup()] });
    aws.targets({ state: "initial", reason: "Elb.RegistrationInProgress", times: 3 });
    await gate();
    assert.ok(aws.requests("DescribeTargetHealth").length >= 4);
    aws.targets({ state: "unhealthy", reason: "Target.ResponseCodeMismatch" });
    const said = await failure(gate({ limitMinutes: 80 * MINUTES }));
    assert.match(said, /target i-\w+ unhealthy \(Target\.ResponseCodeMismatch\)/);
  });

  it("waits out throttling, faults of the service and broken connections", async () => {
    await fleet();
    aws.fault({ action: "DescribeAutoScalingGroups", error: "Throttling", times: 3 });
    aws.fault({ action: "StartInstanceRefresh", status: 503, times: 5 });
    aws.fault({ action: "DescribeInstanceRefreshes", reset: true, times: 5 });
    await gate();
    await assertAllOn("2");
  });

  it("refuses credentials of another account before it asks for anything else", async () => {
    await fleet();
    assert.match(await failure(gate({ account: STRANGER })), /Auto Scaling group web is in account 444455556666/);
    assert.deepEqual(
      aws.requests().map((request) => request.action),
      ["GetCallerIdentity"],
    );
  });

  it("says so when the group is gone", async () => {
    assert.match(await failure(gate()), /Auto Scaling group web does not exist in us-east-1/);
  });

  it("joins its own refresh when the answer to starting it was lost", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 200 });
    aws.fault({ action: "StartInstanceRefresh", reset: true, late: true, times: 1 });
    await gate();
    await assertAllOn("2");
  });

  it("rolls nothing for a change of tags alone, and names the new template for instances to come", async () => {
    scene.template = await templates("t3.micro", "t3.micro+blue");
    await fleet();
    await gate();
    assert.deepEqual(await begun(), []);
    assert.deepEqual(await running(), ["1", "1", "1"]);
    assert.equal((await group()).LaunchTemplate!.Version, "2");
  });

  it("replaces no instance that is equal to what is rolled back to", async () => {
    scene.template = await templates("t3.micro", "t3.small", "t3.micro");
    await fleet();
    const before = (await group()).Instances!.map((one) => one.InstanceId);
    await gate({ target: at("3"), proven: at("2") });
    assert.deepEqual(
      (await group()).Instances!.map((one) => one.InstanceId),
      before,
    );
  });

  it("mends a fleet that a failed rollout left on two versions, although the proven one is set back", async () => {
    scene.template = await templates("t3.micro", "t3.small", "t3.micro");
    await fleet();
    aws.refresh("web", { stepMs: 15, end: "Failed", atPercent: 50, reason: "unhealthy" });
    await failure(gate());
    assert.deepEqual([...new Set(await running())].sort(), ["1", "2"]);
    aws.refresh("web", { stepMs: 15 });
    await gate({ target: at("3") });
    assert.deepEqual(await running(), ["1", "1", "1"]);
    assert.equal((await group()).LaunchTemplate!.Version, "3");
  });
});
