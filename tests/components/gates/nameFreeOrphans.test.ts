/** An image in the way that no state knows: what is this stack's own and unproven goes, with its snapshots. */
import assert from "node:assert/strict";
import { DescribeSnapshotsCommand } from "@aws-sdk/client-ec2";
import { LEFT, NAME, OWN, nameScene } from "./nameFreeScene";
import { ACCOUNT, MINUTES, Voice, alive, deeds, expire, failure, parts } from "./scene";

describe("components/gates/nameFree: what an interrupted run left", () => {
  const scene = nameScene();
  const { gate, orphan, image, snapshotsOf } = scene;
  let aws: typeof scene.aws;
  let ec2: typeof scene.ec2;
  before(() => ({ aws, ec2 } = scene));

  const warning = (id: string): string =>
    `web 1.0.0: removed ${id} in us-east-1 with its snapshots: an interrupted run of this stack had left it under the ` +
    `name ${NAME}, and nothing was proven of it`;

  for (const [state, behaviour] of [
    ["available", {}],
    ["failed", { fail: "an internal error occurred" }],
  ] as const) {
    it(`its own ${state} orphan: removed with its snapshots, with a warning; the name is free again`, async () => {
      const id = await orphan(OWN, behaviour);
      assert.equal((await snapshotsOf(id)).length, 1);
      const voice = new Voice();
      await gate(1, voice);
      assert.deepEqual([await image(id), await snapshotsOf(id)], [undefined, []]);
      assert.deepEqual([voice.warned, voice.said], [[warning(id)], []]);
      assert.deepEqual(await alive(ec2), [scene.machine]);
      assert.deepEqual(deeds(aws), ["CreateTags", "DeregisterImage"]);
      await gate(1, voice);
      assert.equal(voice.warned.length, 1);
      await orphan();
    });
  }

  it("a server's raw image likewise, by `raw` in place of `version`; never a version for a raw image", async () => {
    const { "ami-lifecycle:version": version, ...others } = OWN;
    const RAW = { ...others, "ami-lifecycle:raw": version };
    const id = await orphan(RAW);
    assert.match(await failure(gate()), /the name web\/dev\/1\.0\.0 is taken/);
    const voice = new Voice();
    await gate(1, voice, ACCOUNT, RAW);
    assert.deepEqual([await image(id), voice.warned], [undefined, [warning(id)]]);
    await orphan(OWN);
    assert.match(await failure(gate(1, voice, ACCOUNT, RAW)), /the name web\/dev\/1\.0\.0 is taken/);
  });

  it("its own pending orphan: waited for, then removed with its snapshots", async () => {
    const id = await orphan(OWN, { pendingMs: 60_000 });
    const voice = new Voice(() => aws.advance(25_000));
    await gate(1, voice);
    assert.deepEqual([await image(id), await snapshotsOf(id), voice.warned], [undefined, [], [warning(id)]]);
    assert.deepEqual(
      [...new Set(voice.said)],
      [`web 1.0.0: an interrupted run left ${id}; it is removed as soon as it is no longer pending`],
    );
    assert.ok(voice.said.length >= 2);
  });

  it("its own orphan, still pending past the limit: explained, and left alone", async () => {
    const id = await orphan(OWN, { pendingMs: 600_000 });
    const voice = new Voice();
    const said = parts(await failure(gate(80 * MINUTES, voice)));
    assert.equal(
      said.first,
      `web 1.0.0: the name ${NAME} is taken in us-east-1 by ${id} (pending), which this stack's state does not know`,
    );
    assert.match(said.evidence[1]!, /^still pending after \d+s$/);
    assert.deepEqual([said.state, deeds(aws), voice.warned], [LEFT, [], []]);
    aws.advance(600_000);
    await gate(1, voice);
    assert.deepEqual([await image(id), await snapshotsOf(id)], [undefined, []]);
  });

  it("snapshots that stay are told with AWS's reason and the command, and say by their tags whose they are", async () => {
    const id = await orphan(OWN, { snapshotsStay: "missing-permissions" });
    const [snapshot] = await snapshotsOf(id);
    const voice = new Voice();
    await gate(1, voice);
    assert.equal(await image(id), undefined);
    assert.equal(voice.warned.length, 1);
    assert.match(
      voice.warned[0]!,
      new RegExp(`^web 1\\.0\\.0: removed ${id} in us-east-1 but not all of its snapshots: `),
    );
    assert.ok(
      voice.warned[0]!.endsWith(
        `; ${snapshot} stayed (missing-permissions): aws ec2 delete-snapshot --region us-east-1 --snapshot-id ${snapshot}`,
      ),
      voice.warned[0],
    );
    const kept = await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshot!] }));
    const tags = Object.fromEntries(kept.Snapshots![0]!.Tags!.map(({ Key, Value }) => [Key, Value]));
    assert.deepEqual(tags, { ...OWN, "ami-lifecycle:recipe": "abc123" });
  });

  it("an image that AWS shows a while longer after its removal is waited for, and removed once", async () => {
    const id = await orphan(OWN, { lingerMs: 300 });
    const voice = new Voice();
    await gate(1, voice);
    assert.deepEqual([deeds(aws), voice.warned], [["CreateTags", "DeregisterImage"], [warning(id)]]);
    assert.ok(aws.requests("DescribeImages").length > 3);
    assert.equal(await image(id), undefined);
  });

  it("an image that AWS never stops to show is told at the limit", async () => {
    const id = await orphan(OWN, { lingerMs: 600_000 });
    const said = parts(await failure(gate(100 * MINUTES)));
    assert.match(said.first, new RegExp(`is taken in us-east-1 by ${id} \\(available\\)`));
    assert.equal(said.evidence[1], "it was deregistered, and AWS still shows it");
    assert.equal(said.state, `Nothing was made. ${id} was deregistered.`);
    aws.advance(600_000);
    await gate();
  });

  it("a removal that AWS refuses is explained; the next run removes it", async () => {
    const id = await orphan();
    aws.fault({ action: "DeregisterImage", error: "UnauthorizedOperation" });
    const voice = new Voice();
    const said = parts(await failure(gate(1, voice)));
    assert.match(said.evidence[1]!, /^it could not be removed: UnauthorizedOperation: You are not authorized/);
    assert.match(said.next[1]!, new RegExp(`deregister-image --region us-east-1 --image-id ${id}`));
    assert.deepEqual([said.state, voice.warned], [LEFT, []]);
    aws.clearFaults();
    await gate(1, voice);
    assert.deepEqual([await image(id), voice.warned], [undefined, [warning(id)]]);
  });

  it("a removal whose answer was lost is done once, and told", async () => {
    const id = await orphan();
    aws.fault({ action: "DeregisterImage", reset: true, late: true, times: 4 });
    const voice = new Voice();
    await gate(1, voice);
    assert.deepEqual([await image(id), voice.warned], [undefined, [warning(id)]]);
  });

  it("credentials that expire in the middle are named; the next run removes it", async () => {
    const id = await orphan(OWN, { pendingMs: 60_000 });
    const said = parts(await failure(gate(1, new Voice(() => expire(aws)))));
    assert.match(said.first, /^AWS no longer accepts the credentials \(\w+\): ExpiredToken/);
    aws.clearFaults();
    aws.advance(60_000);
    assert.equal((await image(id))!.State, "available");
    await gate();
    assert.equal(await image(id), undefined);
  });
});
