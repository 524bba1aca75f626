import assert from "node:assert/strict";
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateTagsCommand,
} from "@aws-sdk/client-ec2";
import { DeleteParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { run } from "../../cli/status";
import type { Report } from "../../cli/status/report";
import { UsageError } from "../../simulation/usageError";
import { ec2Client, launch } from "../components/gates/scene";
import { type Emulator, emulator } from "../support/emulator/emulator";
import { captured } from "./servers";

const REGIONS = ["us-east-1", "us-west-2"];
const ARGS = ["--line", "web", "--stack", "prod", ...REGIONS.flatMap((region) => ["--region", region])];

describe("ami-lifecycle status", function () {
  this.timeout(60_000);
  let aws: Emulator;
  const images: { [version: string]: { [region: string]: string } } = {};
  let template = "";
  let arn = "";
  const autoScaling = () => new AutoScalingClient(aws.client());

  const put = (of: string, Value: string, region = "us-east-1") =>
    new SSMClient(aws.client(region)).send(
      new PutParameterCommand({ Name: `/ami/web/prod/${of}`, Value, Type: "String", Overwrite: true }),
    );
  const remove = (of: string, region = "us-east-1") =>
    new SSMClient(aws.client(region)).send(new DeleteParameterCommand({ Name: `/ami/web/prod/${of}` }));
  const live = (version: string, at: string) =>
    put(
      "live",
      JSON.stringify({
        ...{ version, imageId: images[version]!["us-east-1"], group: arn },
        ...{ launchTemplateId: template, launchTemplateVersion: at },
      }),
    );
  const tag = (region: string, id: string, tags: { [key: string]: string }) =>
    ec2Client(aws, region).send(
      new CreateTagsCommand({
        Resources: [id],
        Tags: Object.entries(tags).map(([key, Value]) => ({ Key: `ami-lifecycle:${key}`, Value })),
      }),
    );

  /** Two versions in two regions, and a fleet of two that runs the first. */
  async function world(): Promise<void> {
    for (const version of ["1.0.0", "1.1.0"]) {
      images[version] = {};
      for (const region of REGIONS) {
        const id = await aws.baseImage(region, `web/prod/${version}`);
        images[version][region] = id;
        await tag(region, id, { line: "web", version, verified: "0123456789abcdef" });
        await put(version, id, region);
      }
    }
    for (const region of REGIONS) {
      await put("current", images["1.0.0"]![region]!, region);
      await put("candidate", images["1.1.0"]![region]!, region);
      await put("pointers", "{}", region);
    }
    const ec2 = ec2Client(aws);
    const data = (version: string) => ({ ImageId: images[version]!["us-east-1"], InstanceType: "t3.small" as const });
    const made = await ec2.send(
      new CreateLaunchTemplateCommand({ LaunchTemplateName: "web", LaunchTemplateData: data("1.0.0") }),
    );
    template = made.LaunchTemplate!.LaunchTemplateId!;
    const next = { LaunchTemplateId: template, LaunchTemplateData: data("1.1.0") };
    await ec2.send(new CreateLaunchTemplateVersionCommand(next));
    const group = {
      ...{ AutoScalingGroupName: "web-1234567", MinSize: 2, MaxSize: 4, VPCZoneIdentifier: await aws.subnet() },
      LaunchTemplate: { LaunchTemplateId: template, Version: "1" },
    };
    await autoScaling().send(new CreateAutoScalingGroupCommand(group));
    const { AutoScalingGroups } = await autoScaling().send(new DescribeAutoScalingGroupsCommand({}));
    arn = AutoScalingGroups![0]!.AutoScalingGroupARN!;
    await live("1.0.0", "1");
    aws.clearRequests();
  }

  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
  });
  beforeEach(async () => {
    await aws.reset();
    await world();
  });

  const shown = (...more: string[]) => captured(aws, run, [...ARGS, ...more]);
  const data = async (...more: string[]) => {
    const { out, code } = await shown("--json", ...more);
    return { ...(JSON.parse(out) as Report & { version: number }), code };
  };

  it("shows versions, fleets and pointers of every region, and no drift where there is none", async () => {
    const { out, code } = await shown("--check");
    const [one, two] = REGIONS.map((region) => [images["1.0.0"]![region], images["1.1.0"]![region]] as const);
    assert.equal(
      out,
      [
        "web in prod: 2 versions in 2 regions",
        "",
        "  VERSION  REGION     POINTERS   IMAGE                  STATE   INSTANCES",
        `  1.0.0    us-east-1  current    ${one![0]}  proven  2 in fleets`,
        `           us-west-2  current    ${two![0]}  proven  –`,
        `  1.1.0    us-east-1  candidate  ${one![1]}  proven  –`,
        `           us-west-2  candidate  ${two![1]}  proven  –`,
        "",
        "  FLEET        REGION     LIVE   IN SERVICE  RUNNING  WARM",
        "  web-1234567  us-east-1  1.0.0  2 of 2      2 1.0.0  –",
        "",
        "No drift.",
        "",
      ].join("\n"),
    );
    assert.equal(code, 0);
  });

  it("gives the same as data", async () => {
    const { version, line, stack, regions, versions, drift, unanswered } = await data();
    assert.deepEqual([version, line, stack, drift, unanswered], [1, "web", "prod", [], []]);
    assert.deepEqual(regions[0], {
      region: "us-east-1",
      pointers: { current: "1.0.0", candidate: "1.1.0" },
      fleets: [
        {
          group: "web-1234567",
          live: {
            version: "1.0.0",
            imageId: images["1.0.0"]!["us-east-1"],
            template: { id: template, version: "1" },
          },
          ...{ desired: 2, inService: 2, healthy: 2, running: { "1.0.0": 2 }, warm: {} },
        },
      ],
    });
    assert.deepEqual(regions[1], {
      ...{ region: "us-west-2", pointers: { current: "1.0.0", candidate: "1.1.0" }, fleets: [] },
    });
    assert.deepEqual(versions[0]!.regions["us-east-1"], {
      ...{ id: images["1.0.0"]!["us-east-1"], state: "available", verified: true },
      ...{ inFleets: 2, warm: 0, others: 0 },
    });
  });

  it("only looks, and asks little", async () => {
    await shown();
    const asked = aws.requests().map(({ action }) => action);
    assert.deepEqual(
      [...new Set(asked)].filter((action) => !/^(Describe|Get)/.test(action)),
      [],
    );
    assert.ok(asked.length <= 12, asked.join(" "));
  });

  it("counts what runs an image besides the fleet, and not what proves it", async () => {
    const ec2 = ec2Client(aws);
    const image = images["1.1.0"]!["us-east-1"]!;
    await launch(ec2, image);
    const proof = await launch(ec2, image);
    await tag("us-east-1", proof, { proof: image });
    const { versions } = await data();
    const { inFleets, others } = versions[1]!.regions["us-east-1"]!;
    assert.deepEqual([inFleets, others], [0, 1]);
  });

  it("shows an instance refresh under way", async () => {
    aws.refresh("web-1234567", { stepMs: 600_000 });
    const LaunchTemplate = { LaunchTemplateId: template, Version: "2" };
    const start = { AutoScalingGroupName: "web-1234567", DesiredConfiguration: { LaunchTemplate } };
    await autoScaling().send(new StartInstanceRefreshCommand(start));
    const { regions } = await data();
    assert.match(regions[0]!.fleets[0]!.refresh!.status, /^(Pending|InProgress)$/);
    const { out } = await shown();
    assert.match(out, /web-1234567 in us-east-1: (Pending|InProgress), \d+ %$/m);
  });

  it("names what contradicts: instances and live, live and current, pointers of two regions", async () => {
    await live("1.1.0", "2");
    await put("current", images["1.1.0"]!["us-west-2"]!, "us-west-2");
    const { drift, code } = await data("--check");
    assert.deepEqual(drift, [
      "live in us-east-1 says 1.1.0, current 1.0.0",
      `web-1234567 in us-east-1 is set to ${template} version 1, live says ${template} version 2`,
      "web-1234567 in us-east-1: 2 of 2 instances run 1.0.0, live says 1.1.0",
      "current says 1.0.0 in us-east-1, 1.1.0 in us-west-2",
    ]);
    assert.equal(code, 1);
    assert.equal((await data()).code, 0, "without --check it is only shown");
  });

  it("names images that are gone, not proven, or missing in a region", async () => {
    await put("1.2.0", "ami-0123456789abcdef9");
    await remove("1.1.0", "us-west-2");
    const bare = await aws.baseImage("us-east-1", "web/prod/1.3.0");
    await tag("us-east-1", bare, { version: "1.3.0" });
    const { drift } = await data();
    assert.deepEqual(drift, [
      "1.2.0 in us-east-1: its parameter names ami-0123456789abcdef9, which is not there",
      `1.3.0 in us-east-1: ${bare} (available) has no record that it was proven`,
      `candidate in us-west-2 names ${images["1.1.0"]!["us-west-2"]}, which is no version's`,
      `1.1.0 in us-west-2: no parameter names ${images["1.1.0"]!["us-west-2"]}`,
      "1.2.0 is in us-east-1, and not in us-west-2",
      "1.3.0 is in us-east-1, and not in us-west-2",
    ]);
  });

  it("knows an image from outside by its parameter, and its proof by the stack's own record", async () => {
    for (const region of REGIONS) {
      const id = await aws.baseImage(region, "somebody's");
      await tag(region, id, { "verified/pulumi-ami-lifecycle/prod": "adopted" });
      await put("0.9.0", id, region);
    }
    const { versions, drift } = await data();
    assert.deepEqual([versions[0]!.version, versions[0]!.regions["us-west-2"]!.verified, drift], ["0.9.0", true, []]);
  });

  it("names a region that does not answer, and shows the others", async () => {
    aws.fault({ action: "*", region: "us-west-2", error: "AuthFailure", message: "not enabled" });
    const { out, code } = await shown();
    assert.equal(code, 1);
    assert.match(out, /^Did not answer\n {2}- us-west-2: AuthFailure: not enabled/m);
    assert.match(out, /1\.0\.0 +us-east-1 +current/);
    assert.doesNotMatch(out, /Drift|No drift/);
  });

  it("says that there is nothing", async () => {
    const { out, code } = await captured(aws, run, ["--line", "shop", "--stack", "prod", "--region", "us-east-1"]);
    assert.deepEqual([out, code], ["shop in prod: nothing in us-east-1\n", 0]);
  });

  it("takes line, stack and regions from the stack's config", async () => {
    const { out } = await captured(aws, run, ["--stack", "prod"]);
    assert.match(out, /^web in prod: 2 versions in 2 regions$/m);
  });

  it("refuses a wrong call, with everything that is wrong", async () => {
    const wrong = captured(aws, run, ["--line", "Web Shop", "--stack", "a/b", "--region", "mars"]);
    await assert.rejects(wrong, (error: Error) => {
      assert.ok(error instanceof UsageError);
      for (const path of ["--line", "--stack", "--region"]) assert.ok(error.message.includes(path), error.message);
      return true;
    });
    assert.deepEqual(aws.requests(), []);
  });
});
