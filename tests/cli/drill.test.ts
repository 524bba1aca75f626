import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import { DeleteAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { DeleteLaunchTemplateCommand, DeregisterImageCommand } from "@aws-sdk/client-ec2";
import { DeleteParameterCommand } from "@aws-sdk/client-ssm";
import { DRILL_TAG, UNTIL_TAG } from "../../cli/drill/launch";
import type { Report } from "../../cli/drill/report";
import { UsageError } from "../../simulation/usageError";
import { deeds, instances } from "../components/gates/scene";
import { ROOT } from "../simulation/command";
import { type Emulator, emulator } from "../support/emulator/emulator";
import { tagSpecification } from "../support/emulator/protocol";
import { temporary } from "../support/temporary";
import {
  costing,
  DIGEST,
  drill,
  type DrillScene,
  GOOD,
  kinds,
  PROOF,
  recovery,
  reported,
  tag,
  WHERE,
} from "./drillScene";
import { AWAY } from "./statusScene";

describe("ami-lifecycle drill", function () {
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
  // Whatever happened: nothing is left, and nobody else was asked.
  afterEach(async () => {
    assert.deepEqual(new Set(aws.requests().map(({ region }) => region)), new Set([AWAY]));
    assert.deepEqual(await costing(scene), []);
  });

  const report = (...more: string[]) => reported(aws, ...more);
  const launches = () => aws.requests("RunInstances");
  const boots = (behaviour: object) => aws.machine({ tag: [PROOF, scene.imageId] }, { ...GOOD, ...behaviour });

  it("passes and measures: the data, to the field", async () => {
    const { code, err, ...data } = await report();
    assert.equal(code, 0, err);
    const id = launches().length === 1 ? (await instances(scene.away.ec2))[0]!.InstanceId! : "";
    const { startedAt, rpo } = data;
    assert.match(startedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(data, {
      format: 1,
      region: "eu-west-1",
      line: "web",
      stack: "dev",
      account: "111122223333",
      strategy: "pilot-light",
      home: "us-east-1",
      version: "1.1.0",
      imageId: scene.imageId,
      startedAt,
      passed: true,
      proof: "checks",
      instance: { id, subnetId: scene.record.subnetIds![0]! },
      seconds: { launch: 5, boot: 20, checks: 70, health: 30, remove: 5 },
      rto: {
        estimateSeconds: 125,
        targetMinutes: 15,
        met: true,
        assumption:
          "from the launch until the checks have passed, and 30 s (threshold × interval) until the slowest target group finds it healthy. " +
          "All instances are taken to be launched at once, and capacity for all of them to be there: one was launched.",
      },
      rpo: { imageMadeAt: rpo.imageMadeAt ?? null, ageMinutes: 46, targetMinutes: 1440, met: true },
      copies: { checked: 2, missing: [] },
      keys: { encrypted: false, ids: [], usable: null },
      removedEverything: true,
      left: [],
      problems: [],
    } satisfies Report);
    assert.deepEqual(deeds(aws), ["RunInstances", "TerminateInstances"]);
  });

  it("launches one instance as the group would, with the boot proof, marked as a throwaway one", async () => {
    await report();
    const { params } = launches()[0]!;
    assert.deepEqual(
      {
        ImageId: params.ImageId,
        template: [params["LaunchTemplate.LaunchTemplateId"], params["LaunchTemplate.Version"]],
        count: [params.MinCount, params.MaxCount],
        SubnetId: params.SubnetId,
        end: params.InstanceInitiatedShutdownBehavior,
        // The type, the security groups and the profile are the template's; nor is a public address asked for.
        others: Object.keys(params).filter((key) => /^(InstanceType|SecurityGroup|Iam|KeyName|Network)/.test(key)),
      },
      {
        ImageId: scene.imageId,
        template: [scene.record.launchTemplateId, "1"],
        count: ["1", "1"],
        SubnetId: scene.record.subnetIds![0],
        end: "terminate",
        others: [],
      },
    );
    assert.match(params.ClientToken!, /^[0-9a-f-]{36}$/);
    const packed = Buffer.from(params.UserData!, "base64");
    const text = (packed[0] === 0x1f ? gunzipSync(packed) : packed).toString();
    assert.match(text, new RegExp(`^#!/bin/bash\n# Boot proof of recipe ${DIGEST}`));
    for (const kind of ["instance", "volume"]) {
      const { [DRILL_TAG]: of, [UNTIL_TAG]: until = "", ...tags } = tagSpecification(params, kind);
      assert.match(of!, /^[0-9a-f-]{36}$/);
      // The limit of 30 minutes, and some to spare.
      assert.equal(Math.round((Date.parse(until) - Date.now()) / 60_000), 45);
      assert.deepEqual(tags, {
        Name: "drill of web 1.1.0 in eu-west-1",
        [PROOF]: scene.imageId,
        "ami-lifecycle:line": "web",
        "ami-lifecycle:version": "1.1.0",
        "ami-lifecycle:stack": "pulumi-ami-lifecycle/dev",
        "ami-lifecycle:source": "i-0123456789abcdef0",
      });
    }
  });

  it("has a report for people, and writes the data to a file as well", async () => {
    const file = path.join(temporary("drill"), "drill.json");
    const { code, out, err } = await drill(aws, [...WHERE, "--out", file]);
    assert.equal(code, 0, err);
    assert.match(out, /^Drill of web in stack dev, eu-west-1 \(pilot-light, stands in for us-east-1\): passed\n\n/);
    assert.match(out, /^boot {6}20 s {9}until it ran\nchecks {4}1 min 10 s {3}until it had passed its checks$/m);
    assert.match(out, /^RTO {7}2 min 5 s; the target is 15 minutes: met\nRPO {7}the image is 46 minutes old;/m);
    assert.ok(out.split("\n").every((one) => one.length <= 100));
    const data = JSON.parse(fs.readFileSync(file, "utf8")) as Report;
    assert.deepEqual([data.passed, data.rto.estimateSeconds], [true, 125]);
    fs.rmSync(path.dirname(file), { recursive: true });
  });

  it("takes line and stack from the stack's config, and never the region", async () => {
    const { code, out, err } = await drill(aws, ["--region", AWAY, "--cwd", ROOT, "--json"]);
    assert.equal(code, 0, err);
    const { line: of, stack } = JSON.parse(out) as Report;
    assert.deepEqual([of, stack], ["web", "dev"]);
  });

  it("tries the next zone where one has no capacity", async () => {
    const full = { SubnetId: new RegExp(scene.record.subnetIds![0]!) };
    aws.fault({ action: "RunInstances", error: "InsufficientInstanceCapacity", match: full });
    const { code, instance } = await report();
    assert.deepEqual([code, instance?.subnetId], [0, scene.record.subnetIds![1]]);
  });

  it("takes the region's default subnets where the record names none", async () => {
    await scene.put({ subnetIds: undefined });
    assert.equal((await report()).code, 0);
  });

  it("proves an image without checks of ours by EC2's status checks", async () => {
    const { away, imageId } = scene;
    await tag(away, imageId, "ami-lifecycle:verified", "adopted");
    boots({ console: [], statusAfterMs: 59_000 });
    const { code, proof, seconds } = await report();
    assert.deepEqual([code, proof, seconds.boot, seconds.checks], [0, "status-checks", 20, 40]);
    const text = Buffer.from(launches()[0]!.params.UserData!, "base64").toString();
    assert.equal(text, "#!/bin/sh\nshutdown -h +60\n");
  });

  it("fails when a target is missed", async () => {
    await scene.put({ rtoMinutes: 2, rpoMinutes: 45 });
    const found = await report();
    assert.deepEqual([found.code, found.passed, found.rto.met, found.rpo.met], [1, false, false, false]);
    assert.deepEqual(found.problems, [
      { kind: "rto-missed", message: "It would serve after 2 min 5 s; the target is 2 minutes." },
      { kind: "rpo-missed", message: "The image is 46 minutes old; the target is 45 minutes." },
    ]);
  });

  it("fails when copies are missing, gone, or not proven", async () => {
    const { away } = scene;
    const unverified = await away.image("1.2.0", false);
    const unbooted = await away.image("1.3.0", false);
    await tag(away, unbooted, "ami-lifecycle:verified", `unbooted ${DIGEST}`);
    await away.put("1.2.0", unverified);
    await away.put("1.3.0", unbooted);
    await away.ec2.send(new DeregisterImageCommand({ ImageId: away.images["1.0.0"] }));
    await away.ssm.send(new DeleteParameterCommand({ Name: "/ami/web/dev/1.1.0" }));
    const found = await report();
    assert.equal(found.code, 1);
    assert.deepEqual(
      found.problems.map(({ kind, message }) => `${kind}: ${message}`),
      [
        `copy-missing: The image of 1.0.0 in eu-west-1, ${away.images["1.0.0"]}, does not exist.`,
        `copy-missing: The image of 1.2.0 in eu-west-1, ${unverified}, is not verified (no tag ami-lifecycle:verified).`,
        `copy-missing: The image of 1.3.0 in eu-west-1, ${unbooted}, was never booted: its boot proof is turned off.`,
        "copy-missing: eu-west-1 has no parameter of 1.1.0, the version that its record names.",
      ],
    );
    assert.deepEqual(
      found.copies.missing.map(({ version, why }) => [version, why.split(" ")[0]]),
      [
        ["1.0.0", "does"],
        ["1.2.0", "is"],
        ["1.3.0", "was"],
      ],
    );
    // It is launched all the same: what there is is measured.
    assert.equal(found.rto.met, true);
  });

  it("launches nothing without an image or a template, and says all that is missing", async () => {
    const { away, imageId, record } = scene;
    await away.autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: away.group }));
    await away.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: away.template }));
    await away.ec2.send(new DeregisterImageCommand({ ImageId: imageId }));
    const gone = `${record.targetGroupArns![0]!.slice(0, -4)}0000`;
    await scene.put({ targetGroupArns: [gone] });
    aws.clearRequests();
    const found = await report();
    assert.deepEqual(kinds(found), [
      "image-unusable",
      "copy-missing",
      "template-missing",
      "group-missing",
      "target-group-missing",
    ]);
    assert.deepEqual([found.code, found.proof, found.rpo.ageMinutes, found.rpo.met], [1, null, null, false]);
    assert.deepEqual(deeds(aws), []);
    const { out } = await drill(aws, WHERE);
    assert.match(
      out,
      /: FAILED\n.+^instance {2}none\n.+^RTO {7}not known; the target is 15 minutes\n.+\nProblems: 5\n {2}- /ms,
    );
  });

  it("says that there is no record, or that it cannot be read", async () => {
    await scene.away.put("recovery", '{"strategy":"pilot-light"}');
    const broken = await drill(aws, WHERE);
    assert.deepEqual([broken.code, broken.out], [1, ""]);
    assert.match(broken.err, /\nThe parameter \/ami\/web\/dev\/recovery of eu-west-1 cannot be read as the record/);
    await scene.away.ssm.send(new DeleteParameterCommand({ Name: "/ami/web/dev/recovery" }));
    const none = await drill(aws, WHERE);
    assert.deepEqual([none.code, none.out], [1, ""]);
    assert.match(
      none.err,
      /\neu-west-1 has no parameter \/ami\/web\/dev\/recovery: .+\n {2}Nothing was launched\.\n$/s,
    );
    assert.deepEqual(launches(), []);
  });

  it("names the permission that is missing before anything is launched", async () => {
    aws.fault({ action: "DescribeLaunchTemplateVersions", error: "UnauthorizedOperation" });
    const { code, err } = await drill(aws, WHERE);
    assert.equal(code, 1);
    assert.match(
      err,
      /\nThe drill in eu-west-1 could not begin: DescribeLaunchTemplateVersions: UnauthorizedOperation.+drill\.json/s,
    );
  });

  it("refuses wrong calls, with every problem at once, and asks nobody", async () => {
    const wrong = async (...argv: string[]) => {
      try {
        await drill(aws, argv);
      } catch (error) {
        assert.ok(error instanceof UsageError);
        return error.message.split("\n");
      }
      return assert.fail("it ran");
    };
    const all = ["--line", "a_b", "--stack", "org/dev", "--limit-minutes", "0", "--out", "/no/such/drill.json"];
    const [first, ...problems] = await wrong(...all);
    assert.equal(first, "ami-lifecycle drill: 5 problems");
    assert.deepEqual(
      problems.map((one) => /--[a-z-]+/.exec(one)![0]),
      ["--region", "--limit-minutes", "--out", "--line", "--stack"].sort(
        (a, b) => order(problems, a) - order(problems, b),
      ),
    );
    assert.match((await wrong("--region", "moon")).join("\n"), /--region: got "moon"/);
    assert.match((await wrong(...WHERE, "--limit-minutes", "1.5")).join("\n"), /--limit-minutes: got "1\.5"/);
    assert.match((await wrong(...WHERE, "--out", os.tmpdir())).join("\n"), /--out: got /);
    assert.match((await wrong(...WHERE, "more")).join("\n"), /more/);
    assert.match((await wrong("--region", AWAY, "--cwd", "/")).join("\n"), /Without it, give --line, --stack, too/);
    assert.deepEqual(aws.requests(), []);
    // For the check after each test.
    await report();
  });
});

const order = (lines: string[], option: string): number => lines.findIndex((one) => one.includes(`${option}:`));
