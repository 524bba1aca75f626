import assert from "node:assert/strict";
import { CreateTagsCommand, DeregisterImageCommand, RegisterImageCommand } from "@aws-sdk/client-ec2";
import { StartInstanceRefreshCommand } from "@aws-sdk/client-auto-scaling";
import { run } from "../../cli/status";
import type { Report } from "../../cli/status/report";
import { deeds, instances, launch } from "../components/gates/scene";
import { type Emulator, emulator } from "../support/emulator/emulator";
import { captured, command } from "./servers";
import { AWAY, HOME, RegionScene, whole } from "./statusScene";

const LINE = ["--line", "web", "--stack", "dev"];
const ARGS = [...LINE, "--region", HOME, "--region", AWAY];

describe("ami-lifecycle status", function () {
  this.timeout(60_000);
  let aws: Emulator;
  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
  });
  beforeEach(() => aws.reset());

  const status = (...more: string[]) => captured(aws, run, [...ARGS, ...more]);

  async function data(args = ARGS): Promise<Report & { code: number | null }> {
    const { out, code } = await captured(aws, run, [...args, "--json"]);
    return { ...(JSON.parse(out) as Report), code };
  }

  const messages = ({ drift }: Report): string[] => drift.map(({ message }) => message);

  it("shows a line as `pulumi up` leaves it, by five questions to each region, and changes nothing", async () => {
    const { home, away } = await whole(aws);
    const { out, err, code } = await status("--check");
    assert.equal(
      out,
      `web in stack dev, account 111122223333: us-east-1, eu-west-1

VERSION  REGION     IMAGE                  STATE     INSTANCES  POINTERS
1.0.0    us-east-1  ${home.images["1.0.0"]}  verified          0  previous
         eu-west-1  ${away.images["1.0.0"]}  verified          0  previous
1.1.0    us-east-1  ${home.images["1.1.0"]}  verified          3  current, candidate
         eu-west-1  ${away.images["1.1.0"]}  verified          2  current, candidate

GROUP                  REGION     LIVE   LIVE IMAGE             TEMPLATE
web-1234567            us-east-1  1.1.0  ${home.images["1.1.0"]}  ${home.template} 1
web-eu-west-1-7654321  eu-west-1  1.1.0  ${away.images["1.1.0"]}  ${away.template} 1

GROUP                  REGION     RUNS   INSTANCES  IN SERVICE  HEALTHY  WARM POOL  DESIRED
web-1234567            us-east-1  1.1.0          3           3        3          0        3
web-eu-west-1-7654321  eu-west-1  1.1.0          2           2        2          0        2

No drift.
`,
    );
    assert.deepEqual([err, code], ["", 0]);
    const asked = [
      ...["DescribeAutoScalingGroups", "DescribeImages", "DescribeInstanceRefreshes", "DescribeInstances"],
      "GetParametersByPath",
    ];
    for (const region of [HOME, AWAY]) {
      const actions = aws.requests().flatMap((one) => (one.region === region ? [one.action] : []));
      assert.deepEqual(actions.sort(), asked);
    }
    assert.deepEqual(deeds(aws), []);
  });

  it("shows a rollout under way, the warm pool and other instances", async () => {
    const { home } = await whole(aws);
    await home.image("1.2.0");
    await home.templateVersion("1.2.0");
    await home.put("1.2.0", home.images["1.2.0"]!);
    const waiting = await launch(home.ec2, home.images["1.0.0"]!);
    aws.warmPool(home.group, [{ instanceId: waiting, id: home.template, version: "1" }]);
    const own = await launch(home.ec2, home.images["1.0.0"]!);
    await home.ec2.send(new CreateTagsCommand({ Resources: [own], Tags: [{ Key: "Name", Value: "shop" }] }));
    aws.refresh(home.group, { stepMs: 60_000 });
    const to = { LaunchTemplate: { LaunchTemplateId: home.template, Version: "2" } };
    await home.autoScaling.send(
      new StartInstanceRefreshCommand({ AutoScalingGroupName: home.group, DesiredConfiguration: to }),
    );
    // It starts, and replaces one.
    aws.advance(125_000);
    const report = await data();
    const [fleet] = report.fleets;
    assert.deepEqual(
      fleet?.runs.map(({ version, inService, warmPool }) => ({ version, inService, warmPool })),
      [
        { version: "1.2.0", inService: 1, warmPool: 0 },
        { version: "1.1.0", inService: 2, warmPool: 0 },
        { version: "1.0.0", inService: 0, warmPool: 1 },
      ],
    );
    const { status: state, percentageComplete, instancesToUpdate } = fleet?.refresh ?? {};
    assert.deepEqual([state, percentageComplete, instancesToUpdate], ["InProgress", 33, 2]);
    assert.deepEqual(
      report.instances.map(({ instanceId, name, version }) => ({ instanceId, name, version })),
      [{ instanceId: own, name: "shop", version: "1.0.0" }],
    );
    const under = "(an instance refresh is InProgress, 33 %)";
    assert.deepEqual(messages(report), [
      "1.2.0 has no image in eu-west-1.",
      `1 of 3 instances of web-1234567 in us-east-1 runs 1.2.0, but live says 1.1.0 ${under}.`,
      `1 of 1 instances in the warm pool of web-1234567 in us-east-1 runs 1.0.0, but live says 1.1.0 ${under}.`,
    ]);
    assert.equal(report.code, 0);
    assert.equal((await status("--check")).code, 1);
  });

  it("says what was changed behind Pulumi's back", async () => {
    const { home, away } = await whole(aws);
    await away.put("current", away.images["1.0.0"]!);
    await home.ec2.send(new DeregisterImageCommand({ ImageId: home.images["1.0.0"] }));
    assert.deepEqual(messages(await data()), [
      `1.0.0 and previous in us-east-1 name ${home.images["1.0.0"]}, which is gone.`,
      "current is 1.1.0 in us-east-1, 1.0.0 in eu-west-1.",
      "current in eu-west-1 is 1.0.0, but proven to name 1.1.0.",
      "current in eu-west-1 is 1.0.0, but live says 1.1.0.",
    ]);
  });

  it("takes instances of an equal template version for what live says, and others not", async () => {
    const { home } = await whole(aws);
    await home.templateVersion("1.1.0");
    await home.live("1.1.0", "2");
    const [report] = [await data([...LINE, "--region", HOME])];
    assert.deepEqual(messages(report), [
      `web-1234567 in us-east-1 launches from ${home.template} version 1, but live says ${home.template} version 2.`,
    ]);
    await home.templateVersion("1.1.0", "#!/bin/sh\n");
    await home.live("1.1.0", "3");
    assert.match(
      messages(await data([...LINE, "--region", HOME]))[1]!,
      /^3 of 3 instances of web-1234567 .+ are not as lt-/,
    );
  });

  it("reads every page of parameters, and finds images from outside by them", async () => {
    const one = new RegionScene(aws, HOME);
    for (let minor = 0; minor < 11; minor++) await one.image(`1.${minor}.0`);
    const outside = await aws.baseImage(HOME, "theirs");
    const Tags = [{ Key: "ami-lifecycle:verified/pulumi-ami-lifecycle/dev", Value: "adopted" }];
    await one.ec2.send(new CreateTagsCommand({ Resources: [outside], Tags }));
    one.images["0.9.0"] = outside;
    await one.parameters({ current: "1.10.0", previous: "1.9.0", candidate: "1.10.0" });
    aws.clearRequests();
    const report = await data([...LINE, "--region", HOME]);
    assert.deepEqual(messages(report), []);
    assert.equal(aws.requests("GetParametersByPath").length, 2);
    assert.equal(report.versions.length, 12);
    const [image] = report.versions[0]!.images;
    assert.deepEqual([report.versions[0]!.version, image?.imageId, image?.verified], ["0.9.0", outside, "yes"]);
    assert.equal(report.versions.at(-1)!.version, "1.10.0");
  });

  it("takes another stack's image for what this one's records say it is", async () => {
    const one = new RegionScene(aws, HOME);
    const theirs = await one.image("1.4.0", true, "prod");
    one.images["2.0.0"] = theirs;
    await one.fleet("2.0.0", 1);
    await one.live("2.0.0");
    const alone = await data([...LINE, "--region", HOME]);
    assert.deepEqual(messages(alone), []);
    await one.parameters({ current: "2.0.0", candidate: "2.0.0" });
    const adopted = await data([...LINE, "--region", HOME]);
    assert.deepEqual(messages(adopted), []);
    for (const { versions, fleets } of [alone, adopted]) {
      assert.deepEqual(
        versions.map(({ version, images }) => [version, images.map(({ imageId }) => imageId)]),
        [["2.0.0", [theirs]]],
      );
      assert.equal(fleets[0]?.runs[0]?.version, "2.0.0");
    }
  });

  it("shows nothing of another stack, another line, or a raw image", async () => {
    const one = new RegionScene(aws, HOME);
    await one.image("1.0.0", true, "prod");
    const tags = { "ami-lifecycle:line": "web", "ami-lifecycle:raw": "x", "ami-lifecycle:stack": "p/dev" };
    await one.ec2.send(
      new RegisterImageCommand({
        Name: "web/dev/1.0.0/raw",
        RootDeviceName: "/dev/sda1",
        TagSpecifications: [
          { ResourceType: "image", Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
        ],
      }),
    );
    const report = await data([...LINE, "--region", HOME]);
    assert.deepEqual([report.versions, report.fleets, report.instances], [[], [], []]);
    assert.deepEqual(messages(report), [
      "There is nothing of web in stack dev in us-east-1: no image and no parameter.",
    ]);
    assert.deepEqual((await instances(one.ec2)).length, 0);
  });

  describe("when a region", () => {
    const lost = async (...more: string[]) => {
      const { out, code } = await status("--timeout", "3", ...more);
      assert.equal(code, 1);
      // The rest is shown, and compared only with itself.
      assert.match(out, /^web-1234567 +us-east-1 +1\.1\.0 /m);
      assert.match(out, /\n\nNo drift between the regions that answered\.\n$/);
      return /One region is not shown:\n([\s\S]*?)\n\n/.exec(out)?.[1]?.replaceAll(/\s+/g, " ");
    };

    it("does not answer, names it", async () => {
      await whole(aws);
      aws.fault({ action: "DescribeImages", region: AWAY, delayMs: 8000 });
      assert.equal(await lost(), " - eu-west-1: no answer to DescribeImages within 3 s");
    });

    it("breaks the connection or is out of order, says what it said last", async () => {
      await whole(aws);
      aws.fault({ action: "GetParametersByPath", region: AWAY, error: "InternalServerError", status: 500 });
      assert.match(
        (await lost())!,
        /^ - eu-west-1: no answer to GetParametersByPath within 3 s; it said last: InternalServerError: /,
      );
    });

    it("refuses access, names the action", async () => {
      await whole(aws);
      aws.fault({
        action: "DescribeAutoScalingGroups",
        region: AWAY,
        error: "AccessDenied",
        message: "not authorized",
      });
      assert.match(
        (await lost())!,
        /^ - eu-west-1: DescribeAutoScalingGroups: AccessDenied: not authorized .*docs\/iam\/status\.json/,
      );
    });

    it("is throttled, asks it again", async () => {
      await whole(aws);
      aws.fault({ action: "Describe*", region: AWAY, error: "RequestLimitExceeded", times: 4 });
      assert.equal((await status("--check")).code, 0);
    });
  });

  it("says that the credentials are over, of each region", async () => {
    aws.fault({ action: "*", error: "ExpiredToken" });
    const { out, code } = await status();
    assert.equal(code, 1);
    assert.match(out, /^2 regions are not shown:\n {2}- us-east-1: AWS no longer accepts the credentials/m);
    assert.doesNotMatch(out, /drift/i);
  });

  it("is a command, with the regions of the stack's config", async () => {
    await whole(aws);
    const { out, err, code } = await command(aws, ["status", "--check"]);
    assert.deepEqual([err, code], ["", 0]);
    assert.match(out, /^web in stack dev, account 111122223333: us-east-1 \(home\), eu-west-1\n/);
    const wrong = await command(aws, ["status", "--region", "here", "--timeout", "soon"]);
    assert.equal(wrong.code, 2);
    assert.match(
      wrong.err,
      /^ami-lifecycle status: 2 problems\n {2}- --region: .+\n {2}- --timeout: .+\nSee ami-lifecycle status --help\n$/,
    );
  });
});
