/** A copy from its start to the gates before it: how often it is started, what its key does to it, what is in its way. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CopyImageCommand, DeregisterImageCommand, DescribeImagesCommand } from "@aws-sdk/client-ec2";
import type { EC2Client } from "@aws-sdk/client-ec2";
import { imageAvailable } from "../../../components/gates/imageAvailable";
import { startRetryHook } from "../../../components/gates/kit/hooks";
import { nameFree } from "../../../components/gates/nameFree";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import { runProgram } from "../../support/mocks";
import { ACCOUNT, Voice, alive, ec2Client, failure, gateAws, parts } from "./scene";

const BUSY =
  "creating EC2 AMI (web/dev/1.0.0) from source EC2 AMI (ami-0123456789abcdef0): operation error EC2: CopyImage, https " +
  "response error StatusCode: 400, RequestID: 01234567, api error ResourceLimitExceeded: Too many snapshot copies in " +
  "progress. The limit is 20 for this destination region.";
const HALF_MADE =
  "waiting for EC2 AMI (ami-0123456789abcdef0) create: unexpected state 'failed', wanted target 'available'";

describe("components/gates: a copy that AWS does not start at once", () => {
  before(() => (process.env.AMI_LIFECYCLE_POLL_SECONDS = "0.002"));
  after(() => delete process.env.AMI_LIFECYCLE_POLL_SECONDS);

  /** The hook's answer at its n-th error, what it said, and how many ms it took. */
  async function hook(error: string, tries: number) {
    let made: pulumi.ErrorHook | undefined;
    await runProgram(() => {
      const owner = new pulumi.ComponentResource("test:index:Owner", "owner");
      made = startRetryHook(owner, "web-1.0.0-eu-west-1");
    });
    const said: string[] = [];
    const log = pulumi.log as unknown as { info: unknown; warn: unknown };
    const { info, warn } = log;
    log.info = log.warn = (text: string) => Promise.resolve(void said.push(text));
    const begun = Date.now();
    try {
      const errors = [error, ...Array<string>(tries - 1).fill(BUSY)];
      const answer = await Promise.resolve(
        made!.callback({ urn: "", id: "", name: "", type: "", failedOperation: "create", errors }),
      ).catch((thrown: unknown) => thrown as Error);
      return { answer, said, ms: Date.now() - begun };
    } finally {
      Object.assign(log, { info, warn });
    }
  }

  // A poll of 0.002 s for 10 makes delays 5,000 times shorter: ten minutes are 120 ms.
  for (const [tries, least, most] of [
    [1, 7.5, 15],
    [5, 120, 240],
    [98, 300, 600],
  ] as const) {
    it(`the limit reached ${tries} times: said, waited for, and tried again`, async () => {
      const { answer, said, ms } = await hook(BUSY, tries);
      assert.equal(answer, true);
      assert.equal(said.length, 1);
      assert.match(said[0]!, new RegExp(`^web-1\\.0\\.0-eu-west-1: AWS is busy, try ${tries + 1} in \\d+ s$`));
      assert.ok(ms >= Math.floor(least / 5) - 1, `${ms} ms`);
      assert.ok(ms < most / 5 + 500, `${ms} ms`);
    });
  }

  it("the limit reached 99 times: given up with the reason, before the engine gives up without one", async () => {
    for (const tries of [99, 100]) {
      const { answer, ms } = await hook(BUSY, tries);
      assert.ok(answer instanceof Error);
      const said = parts(answer.message);
      assert.equal(said.first, `web-1.0.0-eu-west-1: AWS has refused to start it ${tries} times`);
      assert.deepEqual(said.evidence, [BUSY]);
      assert.match(said.next.join("\n"), /20 at a time to one region[^]*raise the quota `Concurrent snapshot copies`/);
      assert.equal(said.state, "Nothing was made; the next `pulumi up` makes only what is missing.");
      assert.ok(ms < 100, "it does not wait any more");
    }
  });

  it("refused for good, at any try: not tried again", async () => {
    const refused = BUSY.replace("ResourceLimitExceeded", "UnauthorizedOperation");
    for (const tries of [1, 5, 99]) assert.deepEqual((await hook(refused, tries)).answer, false);
  });

  it("begun, and not usable in the end: never started again, and told what to do", async () => {
    for (const error of [
      HALF_MADE,
      HALF_MADE.replace(/unexpected.*/, "timeout while waiting for state to become 'available'"),
    ]) {
      const { answer, said } = await hook(error, 1);
      assert.equal(answer, false);
      assert.equal(said.length, 1);
      assert.match(said[0]!, /^web-1\.0\.0-eu-west-1: it was begun and did not become usable.*run `pulumi up` again/);
    }
    assert.deepEqual((await hook(BUSY.replace("ResourceLimitExceeded", "X"), 1)).said, []);
  });
});

describe("components/gates: a copy and its key", () => {
  let aws: Emulator;
  let west: EC2Client;
  let source: string;

  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
    west = ec2Client(aws, "us-west-2");
  });
  beforeEach(async () => {
    await aws.reset();
    source = await aws.baseImage();
  });

  const NAME = "web/dev/1.0.0";
  const OWN = {
    "ami-lifecycle:line": "web",
    "ami-lifecycle:version": "1.0.0",
    "ami-lifecycle:stack": "project/dev",
    "ami-lifecycle:source": "us-east-1/ami-0123456789abcdef0",
  };
  const copy = async (KmsKeyId?: string): Promise<string> => {
    const Tags = Object.entries(OWN).map(([Key, Value]) => ({ Key, Value }));
    const made = await west.send(
      new CopyImageCommand({
        Name: NAME,
        SourceImageId: source,
        SourceRegion: "us-east-1",
        Encrypted: true,
        KmsKeyId,
        TagSpecifications: [{ ResourceType: "image", Tags }],
      }),
    );
    return made.ImageId!;
  };
  const gate = (imageId: string) =>
    imageAvailable(
      gateAws(aws, {}, "us-west-2"),
      { what: "web 1.0.0 in us-west-2", imageId, account: ACCOUNT, limitMinutes: 1 },
      new Voice().say,
    );
  const free = (voice = new Voice()) =>
    nameFree(
      gateAws(aws, {}, "us-west-2"),
      { what: "web 1.0.0 to us-west-2", name: NAME, account: ACCOUNT, tags: OWN, limitMinutes: 1 },
      voice.say,
      voice.warn,
    );

  it("a key that can be used is fine", async () => {
    assert.equal((await gate(await copy(await aws.kmsKey("us-west-2")))).State, "available");
  });

  for (const [name, key] of Object.entries({
    "that is disabled": () => aws.kmsKey("us-west-2", "Disabled"),
    "of another region": () => aws.kmsKey("eu-west-1"),
    "that does not exist": () =>
      Promise.resolve(`arn:aws:kms:us-west-2:${ACCOUNT}:key/00000000-0000-0000-0000-000000000000`),
  })) {
    it(`a key ${name}: the copy fails, and the message names the key; cleared away, the next copy passes`, async () => {
      const id = await copy(await key());
      const said = parts(await failure(gate(id)));
      assert.match(
        said.first,
        new RegExp(
          `^web 1\\.0\\.0 in us-west-2: the image ${id} in us-west-2 is failed \\(Given key ID is not accessible\\..*\\), wanted available$`,
        ),
      );
      assert.match(said.next[0]!, /^mend the key first: it must be enabled, in this region, .*kms:CreateGrant/);
      assert.ok(
        said.next.includes(
          `  aws ec2 deregister-image --region us-west-2 --image-id ${id} --delete-associated-snapshots`,
        ),
        said.next.join("\n"),
      );
      await west.send(new DeregisterImageCommand({ ImageId: id, DeleteAssociatedSnapshots: true }));
      await gate(await copy(await aws.kmsKey("us-west-2")));
    });
  }

  it("a failed copy that no state knows is removed by the next run, in its region, and made anew", async () => {
    const id = await copy(await aws.kmsKey("us-west-2", "Disabled"));
    const voice = new Voice();
    await free(voice);
    assert.match(
      voice.warned.join(),
      new RegExp(`^web 1\\.0\\.0 to us-west-2: removed ${id} in us-west-2 with its snapshots`),
    );
    assert.deepEqual((await west.send(new DescribeImagesCommand({ Owners: ["self"] }))).Images, []);
    assert.deepEqual(await alive(west), []);
    await gate(await copy(await aws.kmsKey("us-west-2")));
  });

  it("the same name in the source's region is no hindrance, and stays", async () => {
    const ImageId = await aws.baseImage("us-east-1", NAME);
    await free();
    const found = await ec2Client(aws).send(new DescribeImagesCommand({ ImageIds: [ImageId] }));
    assert.equal(found.Images![0]!.State, "available");
  });

  it("a reason that has nothing to do with a key does not speak of one; a source that is gone is told as AWS says it", async () => {
    aws.image({ region: "us-west-2" }, { fail: `The source image ${source} is no longer available` });
    const id = await copy(await aws.kmsKey("us-west-2"));
    await ec2Client(aws).send(new DeregisterImageCommand({ ImageId: source }));
    const said = parts(await failure(gate(id)));
    assert.match(
      said.first,
      new RegExp(`is failed \\(The source image ${source} is no longer available\\), wanted available$`),
    );
    assert.doesNotMatch(said.next.join("\n"), /key/);
  });
});
