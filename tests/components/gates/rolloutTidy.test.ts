/** What is tidied after a rollout: the template's default version, and versions nobody needs. Never part of the fact. */
import assert from "node:assert/strict";
import { DeleteLaunchTemplateVersionsCommand, ModifyLaunchTemplateCommand } from "@aws-sdk/client-ec2";
import type { RolloutInput } from "../../../components/gates/rolloutFinished";
import { rolloutScene } from "./rolloutScene";
import { MINUTES, Voice, deeds, failure } from "./scene";

const TYPES = ["t3.micro", "t3.small", "t3.medium", "t3.large", "t3.xlarge", "t3.2xlarge", "t3a.micro", "t3a.small"];

describe("components/gates/rolloutFinished: what is tidied afterwards", () => {
  const scene = rolloutScene();
  const { at, fleet, gate, versions, assertAllOn, defaultVersion } = scene;
  let aws: typeof scene.aws;
  before(() => (aws = scene.aws));

  const numbers = async () => (await versions()).map((one) => one.VersionNumber!).sort((a, b) => a - b);
  /** A fleet on version 1 of a template with that many versions. */
  const many = async (count: number, types = TYPES): Promise<void> => {
    scene.template = await scene.templates(...types.slice(0, count));
    await fleet(1);
  };
  const roll = async (more: Partial<RolloutInput>) => {
    const voice = new Voice();
    await gate(more, {}, voice);
    return voice;
  };
  /** Does something between the move of the default version and the deletion. */
  const meanwhile = (act: () => Promise<unknown>): void => {
    let begun: Promise<unknown> | undefined;
    aws.fault({
      action: "DescribeAutoScalingGroups",
      delayMs: 200,
      match: () => aws.requests("ModifyLaunchTemplate").length > 0 && (begun ??= act()) !== undefined,
    });
  };

  it("the default version moves with success, and only then", async () => {
    await fleet();
    aws.refresh("web", { stepMs: 60_000 });
    const seen: (number | undefined)[] = [];
    const voice = new Voice(() => {
      aws.advance(30_000);
      void defaultVersion().then((now) => seen.push(now));
    });
    await gate({}, {}, voice);
    assert.ok(seen.length > 3 && seen.slice(0, -1).every((now) => now === 1), seen.join());
    assert.equal(await defaultVersion(), 2);
    assert.deepEqual(deeds(aws), ["StartInstanceRefresh", "ModifyLaunchTemplate"]);
    await gate();
    assert.deepEqual(deeds(aws), ["StartInstanceRefresh", "ModifyLaunchTemplate"], "it is right already");
  });

  for (const [name, end, more] of [
    ["failed", "Failed", {}],
    ["was rolled back", "RollbackSuccessful", {}],
    ["failed, and is left alone", "Failed", { autoRollback: false }],
    ["is still under way", "Successful", { limitMinutes: 60 * MINUTES }],
  ] as const) {
    it(`nothing is tidied when the rollout ${name}`, async () => {
      await many(4);
      aws.refresh("web", { stepMs: end === "Successful" ? 60_000 : 15, end, times: 1 });
      await failure(gate({ keepTemplateVersions: 1, target: at("4"), ...more }));
      assert.deepEqual([await defaultVersion(), await numbers()], [1, [1, 2, 3, 4]]);
      assert.ok(
        deeds(aws).every((action) => !/LaunchTemplate/.test(action)),
        deeds(aws).join(),
      );
    });
  }

  it("the newest are kept, and what was live before; all others go", async () => {
    await many(8);
    const voice = await roll({ target: at("8"), keepTemplateVersions: 3 });
    assert.deepEqual(await numbers(), [1, 6, 7, 8]);
    assert.deepEqual([await defaultVersion(), voice.warned], [8, []]);
    assert.equal(voice.said.at(-1), `fleet web: deleted 4 old versions of ${scene.template}`);
    await assertAllOn("8", 1);
  });

  it("none goes when there are no more than are to be kept", async () => {
    await many(4);
    const voice = await roll({ target: at("4"), keepTemplateVersions: 4 });
    assert.deepEqual(await numbers(), [1, 2, 3, 4]);
    assert.equal(aws.requests("DeleteLaunchTemplateVersions").length, 0);
    assert.match(voice.said.at(-1)!, /1 of 1 instances in service/);
  });

  it("none that is newer than what is live goes: back on an old version, the others stay", async () => {
    await many(8);
    await roll({ target: at("4"), keepTemplateVersions: 1 });
    assert.deepEqual(await numbers(), [1, 4, 5, 6, 7, 8]);
  });

  it("none that an instance runs goes, though its equal is live", async () => {
    await many(5, ["t3.micro", "t3.small", "t3.medium", "t3.large", "t3.micro"]);
    await roll({ target: at("5"), proven: at("2"), keepTemplateVersions: 1 });
    assert.deepEqual(await scene.running(), ["1"]);
    assert.deepEqual(await numbers(), [1, 2, 5]);
    assert.equal(await defaultVersion(), 5);
  });

  it("versions that come in pages are all seen", async () => {
    await many(8);
    aws.templatePage(3);
    await roll({ target: at("8"), keepTemplateVersions: 2 });
    assert.deepEqual(await numbers(), [1, 7, 8]);
  });

  it("a move that is refused is a warning: the gate passes, nothing is deleted, and the next run does both", async () => {
    await many(4);
    aws.fault({ action: "ModifyLaunchTemplate", error: "UnauthorizedOperation" });
    const more = { target: at("4"), keepTemplateVersions: 1 };
    const voice = await roll(more);
    await assertAllOn("4", 1);
    assert.equal(voice.warned.length, 1);
    assert.match(
      voice.warned[0]!,
      new RegExp(
        `^fleet web: runs version 4 of ${scene.template}, but its default version was not moved or its old versions were not ` +
          "deleted: UnauthorizedOperation: You are not authorized to perform this operation\\..*The next rollout tries again; " +
          `or: aws ec2 modify-launch-template --region us-east-1 --launch-template-id ${scene.template} --default-version 4$`,
      ),
    );
    assert.deepEqual([await defaultVersion(), await numbers()], [1, [1, 2, 3, 4]]);
    aws.clearFaults();
    assert.deepEqual((await roll(more)).warned, []);
    assert.deepEqual([await defaultVersion(), await numbers()], [4, [1, 4]]);
  });

  it("a deletion that is refused is a warning: the gate passes, and the default is moved", async () => {
    await many(4);
    aws.fault({ action: "DeleteLaunchTemplateVersions", error: "UnauthorizedOperation" });
    const voice = await roll({ target: at("4"), keepTemplateVersions: 1 });
    assert.equal(voice.warned.length, 1);
    assert.match(voice.warned[0]!, /old versions were not deleted: UnauthorizedOperation: /);
    assert.deepEqual([await defaultVersion(), await numbers()], [4, [1, 2, 3, 4]]);
    await assertAllOn("4", 1);
  });

  it("credentials that expire when only this is left: a warning of one line, and the gate passes", async () => {
    await many(4);
    aws.fault({ action: "ModifyLaunchTemplate", error: "ExpiredToken" });
    const voice = await roll({ target: at("4"), keepTemplateVersions: 1 });
    assert.match(voice.warned.join("\n"), /^.*: AWS no longer accepts the credentials \(ModifyLaunchTemplate\): .*$/);
  });

  it("a version that AWS keeps is a warning with its reason; the others go", async () => {
    await many(5);
    meanwhile(() =>
      scene.ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: scene.template, DefaultVersion: "3" })),
    );
    const voice = await roll({ target: at("5"), keepTemplateVersions: 1 });
    assert.deepEqual(await numbers(), [1, 3, 5]);
    assert.equal(voice.said.at(-1), `fleet web: deleted 2 old versions of ${scene.template}`);
    assert.deepEqual(voice.warned, [
      `fleet web: AWS kept old versions of the launch template ${scene.template}: 3: Version 3 is the default version and cannot be deleted.`,
    ]);
  });

  it("a version that somebody deleted meanwhile is no warning", async () => {
    await many(4);
    meanwhile(() =>
      scene.ec2.send(new DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId: scene.template, Versions: ["2"] })),
    );
    const voice = await roll({ target: at("4"), keepTemplateVersions: 1 });
    assert.deepEqual([await numbers(), voice.warned], [[1, 4], []]);
  });

  it("throttling is waited out", async () => {
    await many(4);
    for (const action of ["ModifyLaunchTemplate", "DeleteLaunchTemplateVersions"])
      aws.fault({ action, status: 503, times: 4 });
    const voice = await roll({ target: at("4"), keepTemplateVersions: 1 });
    assert.deepEqual([await numbers(), await defaultVersion(), voice.warned], [[1, 4], 4, []]);
  });
});
