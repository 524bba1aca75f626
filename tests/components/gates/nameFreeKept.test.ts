/** An image in the way that no state knows: what is proven, in use, or somebody else's is explained and left alone. */
import assert from "node:assert/strict";
import { CreateTagsCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { nameFree } from "../../../components/gates/nameFree";
import { LEFT, NAME, OWN, nameScene } from "./nameFreeScene";
import { ACCOUNT, STRANGER, Voice, alive, failure, gateAws, launch, parts } from "./scene";

describe("components/gates/nameFree: what it leaves alone", () => {
  const scene = nameScene();
  const { gate, orphan, image, snapshotsOf, proof, assertKept } = scene;
  let aws: typeof scene.aws;
  let ec2: typeof scene.ec2;
  before(() => ({ aws, ec2 } = scene));

  it("an image that is being proven is another run's: kept, and its instance left alone", async () => {
    const id = await orphan();
    const theirs = await proof(id);
    aws.clearRequests();
    assert.match(await failure(gate()), new RegExp(`instances run from it: ${theirs}`));
    await assertKept(id);
    assert.deepEqual((await alive(ec2)).sort(), [scene.machine, theirs].sort());
  });

  it("a proven image of its own is kept, and nobody is told to remove it", async () => {
    const id = await orphan({ ...OWN, "ami-lifecycle:verified": "abc123" });
    const said = await failure(gate());
    assert.match(said, /it was proven, and a fleet may run it: do not remove it/);
    assert.doesNotMatch(said, /deregister-image/);
    assert.equal(parts(said).state, LEFT);
    await assertKept(id);
  });

  for (const [whose, tags] of Object.entries<{ [key: string]: string }>({
    "another stack's": { ...OWN, "ami-lifecycle:stack": "project/prod" },
    "another line's": { ...OWN, "ami-lifecycle:line": "api" },
    "another version's": { ...OWN, "ami-lifecycle:version": "1.0.1" },
    "another base instance's": { ...OWN, "ami-lifecycle:source": "i-00000000000000001" },
    "somebody's without a stack": { "ami-lifecycle:line": "web", "ami-lifecycle:version": "1.0.0" },
    "somebody's without tags": {},
  })) {
    it(`${whose} image is kept and explained`, async () => {
      const id = await orphan(tags);
      const voice = new Voice();
      const said = parts(await failure(gate(1, voice)));
      assert.match(
        said.first,
        new RegExp(`^web 1\\.0\\.0: the name ${NAME} is taken in us-east-1 by ${id} \\(available\\)`),
      );
      assert.match(said.evidence[0]!, /^made \d{4}-\S+ by /);
      for (const [key, value] of Object.entries(tags)) assert.ok(said.evidence.includes(`${key}=${value}`), key);
      assert.match(said.next[1]!, new RegExp(`deregister-image --region us-east-1 --image-id ${id} `));
      assert.deepEqual([said.state, voice.warned], [LEFT, []]);
      await assertKept(id);
    });
  }

  it("nothing is its own when it does not know its own tags", async () => {
    const id = await orphan({});
    await failure(gate(1, new Voice(), ACCOUNT, {}));
    await assertKept(id);
  });

  it("nothing is removed where the account is not known, and nothing is asked with another account's credentials", async () => {
    const id = await orphan();
    const unknown = nameFree(
      gateAws(aws),
      { what: "web 1.0.0", name: NAME, tags: OWN, limitMinutes: 1 },
      () => undefined,
      () => undefined,
    );
    assert.match(await failure(unknown), /is taken in us-east-1/);
    assert.match(await failure(gate(1, new Voice(), STRANGER)), /credentials are of account 111122223333, but image/);
    await assertKept(id);
  });

  it("an orphan that somebody starts to prove while it is looked at is kept: their run is alive", async () => {
    const id = await orphan();
    let looks = 0;
    let theirs: Promise<string> | undefined;
    // The third look is answered only after their instance was launched.
    const launched = () => ++looks === 3 && (theirs = proof(id)) !== undefined;
    aws.fault({ action: "DescribeImages", delayMs: 300, match: launched });
    const said = await failure(gate());
    assert.match(said, new RegExp(`instances run from it: ${await theirs!}`));
    assert.deepEqual([(await image(id))!.State, (await snapshotsOf(id)).length], ["available", 1]);
  });

  it("an image that an instance runs from is kept, and the instance named; removed when that is gone", async () => {
    const id = await orphan();
    const user = await launch(ec2, id);
    const left = await proof(id);
    aws.clearRequests();
    const said = parts(await failure(gate()));
    assert.equal(said.evidence[1], `instances run from it: ${[user, left].join(", ")}`);
    assert.equal(said.state, LEFT);
    await assertKept(id);
    assert.deepEqual((await alive(ec2)).sort(), [scene.machine, user, left].sort());
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [user, left] }));
    await gate();
    assert.deepEqual([await image(id), await alive(ec2)], [undefined, [scene.machine]]);
  });

  it("a stopped instance of it is a user too", async () => {
    const id = await orphan();
    aws.machine({ imageId: id }, { then: "stopped" });
    const user = await launch(ec2, id);
    assert.match(await failure(gate()), new RegExp(`instances run from it: ${user}\n`));
  });

  it("an image that was proven while it was waited for is kept", async () => {
    const id = await orphan(OWN, { pendingMs: 60_000 });
    const Tags = [{ Key: "ami-lifecycle:verified", Value: "abc123" }];
    const proven = () =>
      void ec2.send(new CreateTagsCommand({ Resources: [id], Tags })).then(() => aws.advance(60_000));
    assert.match(await failure(gate(1, new Voice(proven))), /it was proven/);
    assert.equal((await image(id))!.State, "available");
  });
});
