/** How a rollout may end other than well. Afterwards every instance runs what was proven, and the next run passes. */
import assert from "node:assert/strict";
import {
  CancelInstanceRefreshCommand,
  RollbackInstanceRefreshCommand,
  SetInstanceHealthCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import type { RefreshRule } from "../../support/emulator/refreshRun";
import { rolloutScene } from "./rolloutScene";
import { MINUTES, Voice, deeds, failure, parts } from "./scene";

const NEXT = [
  "mend it in a new version and append that to the versions, or set `current` back; then run `pulumi up`",
  "the cause was not in the image (capacity, a quota, an alarm of something else, a cancelled refresh): run `pulumi up` again",
];

describe("components/gates/rolloutFinished: every other ending", () => {
  const scene = rolloutScene();
  const { at, fleet, targetGroup, gate, slowly, group, members, running, begun, assertAllOn, defaultVersion, wishes } =
    scene;
  let aws: typeof scene.aws;
  before(() => (aws = scene.aws));

  const asBefore = () =>
    `\`live\`, the group and every instance in service say ${scene.template} version 1, as before.`;
  const statuses = async () => (await begun()).map((one) => one.Status).reverse();
  /** The group and every instance run version 1, nothing is under way, and the template's default is as it was. */
  const assertAsBefore = async (count = 3): Promise<void> => {
    await assertAllOn("1", count);
    assert.equal(await defaultVersion(), 1);
    assert.ok((await statuses()).every((status) => !/InProgress|Pending|Baking|Cancelling/.test(status!)));
  };
  const assertNextRunPasses = async (count = 3): Promise<void> => {
    await gate();
    await assertAllOn("2", count);
    assert.equal(await defaultVersion(), 2);
  };

  const SCRIPTED: { [name: string]: [rule: RefreshRule, refreshes: string[]] } = {
    "failed at the start": [{ end: "Failed", atPercent: 0 }, ["Failed"]],
    "failed in the middle": [{ end: "Failed", atPercent: 30 }, ["Failed", "Successful"]],
    "failed at the end": [{ end: "Failed", atPercent: 100 }, ["Failed", "Successful"]],
    "was rolled back by AWS": [{ end: "RollbackSuccessful", atPercent: 60 }, ["RollbackSuccessful"]],
    "was rolled back by AWS, which failed": [
      { end: "RollbackFailed", atPercent: 60 },
      ["RollbackFailed", "Successful"],
    ],
    "was cancelled": [{ end: "Cancelled", atPercent: 60 }, ["Cancelled", "Successful"]],
  };
  for (const [name, [rule, refreshes]] of Object.entries(SCRIPTED)) {
    it(`a rollout that ${name}: AWS's reason, everything as before; the next run passes`, async () => {
      await fleet();
      aws.refresh("web", { stepMs: 15, reason: "Instances failed health checks", times: 1, ...rule });
      aws.activity("web", { status: "Failed", description: "Launching a new EC2 instance", message: "vCPU limit" });
      const said = parts(await failure(gate()));
      assert.equal(said.first, `fleet web: the rollout to ${scene.template} version 2 ended ${refreshes[0]}`);
      assert.deepEqual(said.evidence, ["Instances failed health checks", "Launching a new EC2 instance: vCPU limit"]);
      assert.deepEqual(said.look, [
        "aws autoscaling describe-instance-refreshes --region us-east-1 --auto-scaling-group-name web",
      ]);
      assert.deepEqual([said.next, said.state], [NEXT, asBefore()]);
      assert.deepEqual(await statuses(), refreshes);
      await assertAsBefore();
      await assertNextRunPasses();
    });
  }

  for (const [name, command, status] of [
    ["cancelled", new CancelInstanceRefreshCommand({ AutoScalingGroupName: "web" }), "Cancelled"],
    ["rolled back", new RollbackInstanceRefreshCommand({ AutoScalingGroupName: "web" }), "RollbackSuccessful"],
  ] as const) {
    it(`${name} by somebody in the middle: named, everything as before; the next run passes`, async () => {
      await fleet();
      aws.refresh("web", { stepMs: 60_000 });
      const somebody = slowly(/InProgress, 33 %/, () => void scene.autoScaling.send(command));
      const said = parts(await failure(gate({}, {}, somebody)));
      assert.equal(said.first, `fleet web: the rollout to ${scene.template} version 2 ended ${status}`);
      assert.match(said.evidence[0]!, /by the user$/);
      assert.equal(said.state, asBefore());
      await assertAsBefore();
      aws.refresh("web", { stepMs: 15 });
      await assertNextRunPasses();
    });
  }

  for (const size of [0, 1]) {
    it(`a fleet of ${size}: fails as any, and passes in the next run`, async () => {
      await fleet(size);
      aws.refresh("web", { stepMs: 15, end: "Failed", reason: "no capacity", times: 1 });
      const said = parts(await failure(gate()));
      assert.deepEqual([said.evidence, said.state], [["no capacity"], asBefore()]);
      await assertAsBefore(size);
      await assertNextRunPasses(size);
    });
  }

  it("an instance that AWS calls unhealthy: named at the limit, everything as before; the next run passes", async () => {
    await fleet(3, { LaunchTemplate: scene.version("2") });
    const InstanceId = (await members())[0]!;
    await scene.autoScaling.send(new SetInstanceHealthCommand({ InstanceId, HealthStatus: "Unhealthy" }));
    const said = parts(await failure(gate({ limitMinutes: 200 * MINUTES })));
    assert.match(said.first, /^fleet web: not every instance runs lt-\w+ version 2 in health after \S+ minutes$/);
    assert.deepEqual(said.evidence, ["3 of 3 instances are in service", `${InstanceId} is Unhealthy`]);
    assert.deepEqual(said.look, [
      "aws autoscaling describe-scaling-activities --region us-east-1 --auto-scaling-group-name web",
    ]);
    assert.match(said.next[0]!, /^the version is bad: append a mended one/);
    assert.equal(said.state, asBefore());
    await assertAsBefore();
    await assertNextRunPasses();
  });

  it("targets that never become healthy: named, everything as before; the next run passes when they are", async () => {
    await fleet(2, { LaunchTemplate: scene.version("2"), TargetGroupARNs: [await targetGroup()] });
    aws.targets({ state: "unhealthy", reason: "Target.Timeout" });
    const said = parts(await failure(gate({ limitMinutes: 200 * MINUTES })));
    assert.equal(said.evidence.filter((text) => /^target i-\w+ unhealthy \(Target\.Timeout\)$/.test(text)).length, 2);
    assert.equal(said.state, asBefore());
    await assertAsBefore(2);
    aws.targets({ state: "healthy" });
    await assertNextRunPasses(2);
  });

  it("a large fleet: the first ten that are not well are named, the others counted", async () => {
    await fleet(14, { MaxSize: 14, LaunchTemplate: scene.version("2"), TargetGroupARNs: [await targetGroup()] });
    aws.targets({ state: "unhealthy", reason: "Target.Timeout" });
    const { evidence } = parts(await failure(gate({ limitMinutes: 200 * MINUTES })));
    assert.deepEqual([evidence[0], evidence.at(-1)], ["14 of 14 instances are in service", "and 5 more"]);
    assert.equal(evidence.length, 11);
    aws.targets({ state: "healthy" });
  });

  it("a refresh that says Successful while one instance is of another version does not pass", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 15, passesOver: 1, times: 1 });
    const said = parts(await failure(gate({ limitMinutes: 1500 * MINUTES })));
    assert.match(said.first, /^fleet web: not every instance runs lt-\w+ version 2 in health/);
    const other = said.evidence.find((text) => text.includes(" runs "));
    assert.match(other!, new RegExp(`^i-\\w+ runs ${scene.template} version 1$`));
    assert.equal(said.state, asBefore());
    assert.deepEqual(await statuses(), ["Successful", "Successful"]);
    await assertAsBefore();
    await assertNextRunPasses();
  });

  it("a refresh that says Successful too early passes when the last instance is of the version, not before", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 15, passesOver: 1, times: 1 });
    let seen: (string | undefined)[] = [];
    const voice = new Voice(() => {
      if (seen.length > 0 || !/ runs lt-\w+ version 1/.test(voice.said.at(-1)!)) return;
      void running().then(async (now) => {
        seen = now;
        const old = (await group()).Instances!.find((one) => one.LaunchTemplate!.Version === "1")!.InstanceId!;
        await scene.ec2.send(new TerminateInstancesCommand({ InstanceIds: [old] }));
      });
    });
    await gate({}, {}, voice);
    assert.deepEqual(seen, ["1", "2", "2"]);
    await assertAllOn("2");
  });

  it("a way back that leaves an instance behind says which; the next run passes", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 15, end: "Failed", atPercent: 60, reason: "unhealthy", times: 1 });
    const voice = new Voice(() => {
      if (/going back/.test(voice.said.at(-1)!)) aws.refresh("web", { stepMs: 15, passesOver: 1, times: 1 });
    });
    const said = parts(await failure(gate({}, {}, voice)));
    assert.match(
      said.state!,
      new RegExp(
        `^The group is back on ${scene.template} version 1, but i-\\w+ runs ${scene.template} version 2\\. ` +
          "The next `pulumi up` tries again\\.$",
      ),
    );
    assert.deepEqual(await running(), ["1", "1", "2"]);
    await assertNextRunPasses();
  });

  it("moved by hand before: AWS is not asked to roll back, and a failure goes back to what was proven", async () => {
    await fleet();
    await scene.autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "web", LaunchTemplate: scene.version("3") }),
    );
    aws.refresh("web", { stepMs: 15, end: "Failed", atPercent: 60, reason: "unhealthy", times: 1 });
    const said = parts(await failure(gate()));
    assert.equal(wishes()[0]!.AutoRollback, "false");
    assert.equal(said.state, asBefore());
    await assertAsBefore();
    aws.clearRequests();
    await gate();
    assert.equal(wishes()[0]!.AutoRollback, "true", "the group is on what was proven again");
    await assertAllOn("2");
  });

  it("moved by hand before, and failed before an instance was replaced: the group is named back, nothing is replaced", async () => {
    await fleet();
    const before = await members();
    await scene.autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "web", LaunchTemplate: scene.version("3") }),
    );
    aws.refresh("web", { stepMs: 15, end: "Failed", atPercent: 0, reason: "unhealthy", times: 1 });
    aws.clearRequests();
    assert.equal(parts(await failure(gate())).state, asBefore());
    assert.deepEqual(deeds(aws), ["StartInstanceRefresh", "UpdateAutoScalingGroup"]);
    assert.deepEqual(await members(), before);
    await assertAsBefore();
  });

  it("back to an equal version: what runs it already is not replaced, and the group names the new one", async () => {
    scene.template = await scene.templates("t3.micro", "t3.small", "t3.micro");
    await fleet();
    const before = await members();
    aws.refresh("web", { stepMs: 15, end: "Failed", atPercent: 30, reason: "unhealthy", times: 1 });
    await failure(gate());
    const kept = (await members()).filter((id) => before.includes(id));
    assert.equal(kept.length, 2, "one was replaced, and replaced again");
    const back = await members();
    await gate({ target: at("3") });
    assert.deepEqual(await members(), back);
    assert.equal((await group()).LaunchTemplate!.Version, "3");
  });

  it("AWS starts no refresh and shows none: told, and nothing is changed", async () => {
    await fleet();
    aws.fault({ action: "StartInstanceRefresh", error: "InstanceRefreshInProgress" });
    const said = parts(await failure(gate()));
    assert.equal(said.first, "fleet web: AWS starts no instance refresh and shows none under way");
    assert.deepEqual(said.next, ["run `pulumi up` again"]);
    await assertAsBefore();
    aws.clearFaults();
    await assertNextRunPasses();
  });

  it("a start that AWS refuses is told in its words, and nothing is changed", async () => {
    await fleet();
    await assert.rejects(gate({ checkpointPercentages: [50, 20, 100] }), {
      name: "ValidationError",
      message: "CheckpointPercentages must be unique and in ascending order.",
    });
    assert.deepEqual(deeds(aws), ["StartInstanceRefresh"]);
    await assertAsBefore();
  });
});
