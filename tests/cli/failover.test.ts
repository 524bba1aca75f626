import assert from "node:assert/strict";
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateCommand, DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import { CreateTargetGroupCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import fc from "fast-check";
import { run as failback } from "../../cli/failback";
import { run as failover } from "../../cli/failover";
import { untilServing } from "../../cli/recovery/serving";
import { lowered, raised } from "../../cli/recovery/sizes";
import { UsageError } from "../../simulation/usageError";
import { ec2Client, failure, gateAws, MINUTES, parts, Voice } from "../components/gates/scene";
import { type Emulator, emulator } from "../support/emulator/emulator";
import { captured } from "./servers";

const [HOME, THERE] = ["us-east-1", "us-west-2"];
const NAMED = ["--line", "web", "--stack", "shop"];
const GROUP = "web-us-west-2-1234567";

describe("ami-lifecycle failover and failback", function () {
  this.timeout(60_000);
  let aws: Emulator;
  let template = "";
  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
  });

  const scaling = (region = THERE) => new AutoScalingClient(aws.client(region));
  const put = (region: string, of: string, value: object | string) =>
    new SSMClient(aws.client(region)).send(
      new PutParameterCommand({
        ...{ Name: `/ami/web/shop/${of}`, Type: "String", Overwrite: true },
        Value: typeof value === "string" ? value : JSON.stringify(value),
      }),
    );
  const sizes = async (region = THERE) => {
    const { AutoScalingGroups } = await scaling(region).send(new DescribeAutoScalingGroupsCommand({}));
    const { MinSize, MaxSize, DesiredCapacity, Instances } = AutoScalingGroups![0]!;
    return [MinSize, MaxSize, DesiredCapacity, Instances!.length];
  };
  async function group(region: string, name: string, size: number): Promise<string> {
    const ec2 = ec2Client(aws, region);
    const LaunchTemplateData = {
      ImageId: await aws.baseImage(region, `web/${region}`),
      InstanceType: "t3.small" as const,
    };
    const made = await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: "web", LaunchTemplateData }));
    template = made.LaunchTemplate!.LaunchTemplateId!;
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
    const elb = new ElasticLoadBalancingV2Client(aws.client(region));
    const targets = { Name: "web", Protocol: "HTTP", Port: 80, VpcId: Subnets![0]!.VpcId } as const;
    const { TargetGroups } = await elb.send(new CreateTargetGroupCommand(targets));
    await scaling(region).send(
      new CreateAutoScalingGroupCommand({
        ...{ AutoScalingGroupName: name, MinSize: size, MaxSize: 4, VPCZoneIdentifier: await aws.subnet(region) },
        LaunchTemplate: { LaunchTemplateId: template, Version: "1" },
        TargetGroupARNs: [TargetGroups![0]!.TargetGroupArn!],
      }),
    );
    const found = await scaling(region).send(new DescribeAutoScalingGroupsCommand({}));
    return found.AutoScalingGroups![0]!.AutoScalingGroupARN!;
  }
  const record = (more: object = {}) => ({
    ...{ strategy: "pilot-light", home: HOME, version: "1.1.0", imageId: "ami-0123456789abcdef0" },
    ...{ launchTemplateId: template, launchTemplateVersion: "1", groupName: GROUP },
    ...{ active: { minSize: 2, maxSize: 6 }, standby: { minSize: 0, maxSize: 4 }, rtoMinutes: 20, rpoMinutes: 43_200 },
    ...more,
  });

  beforeEach(async () => {
    await aws.reset();
    await group(THERE, GROUP, 0);
    await put(THERE, "recovery", record());
    aws.clearRequests();
  });

  const lose = () => aws.fault({ action: "*", region: HOME, reset: true });
  const over = (...more: string[]) => captured(aws, failover, ["--to", THERE, ...NAMED, ...more]);
  const back = (...more: string[]) => captured(aws, failback, ["--from", THERE, ...NAMED, ...more]);
  const updates = () => aws.requests("UpdateAutoScalingGroup").filter(({ status }) => status === 200);

  it("raises a pilot light and waits until it serves, with the home region lost: not one request goes there", async () => {
    lose();
    const { code, out, err } = await over("--yes");
    assert.equal(code, 0, err);
    assert.match(
      out,
      /^us-west-2 serves 1\.1\.0 with 2 instances\.\n {2}raised after +\d+ s\n {2}in service after +\d+ s\n {2}healthy after +\d+ s, target 20 min\n/,
    );
    assert.match(out, /in Pulumi\.shop\.yaml:\n {2}ami-lifecycle:activeRegion: us-west-2\n$/);
    assert.deepEqual(await sizes(), [2, 6, 2, 2]);
    assert.deepEqual([...new Set(aws.requests().map(({ region }) => region))], [THERE]);
    assert.equal(updates().length, 1);
  });

  it("gives the same as data", async () => {
    const { out } = await over("--yes", "--json");
    const { seconds, ...rest } = JSON.parse(out) as { seconds: object };
    assert.deepEqual(rest, {
      ...{ version: 1, region: THERE, line: "web", stack: "shop", group: GROUP, running: "1.1.0", instances: 2 },
      ...{ rtoMinutes: 20, inTime: true },
    });
    assert.deepEqual(Object.keys(seconds), ["raised", "inService", "healthy"]);
  });

  for (const action of ["GetParameter", "GetCallerIdentity", "UpdateAutoScalingGroup", "DescribeTargetHealth"]) {
    for (const late of action === "UpdateAutoScalingGroup" ? [false, true] : [false]) {
      it(`ends the same when ${action} fails ${late ? "after the work " : ""}and it is run again`, async () => {
        aws.fault({ action, error: "AccessDenied", times: 1, late });
        const first = await over("--yes");
        assert.equal(first.code, 1, first.out);
        assert.match(first.err, /AccessDenied/);
        assert.equal((await over("--yes")).code, 0);
        assert.deepEqual(await sizes(), [2, 6, 2, 2]);
      });
    }
  }

  it("does nothing when it serves already, and never makes a group smaller", async () => {
    const larger = { AutoScalingGroupName: GROUP, MinSize: 3, MaxSize: 9, DesiredCapacity: 3 };
    await scaling().send(new UpdateAutoScalingGroupCommand(larger));
    aws.clearRequests();
    const { code, out } = await over();
    assert.deepEqual([code, /with 3 instances/.test(out), updates().length], [0, true, 0]);
    assert.deepEqual(await sizes(), [3, 9, 3, 3]);
  });

  it("says what is missing at its limit, and keeps what came; the next one passes", async () => {
    aws.targets({ state: "unhealthy", reason: "Target.Timeout" });
    const standing = {
      name: GROUP,
      least: 2,
      limitMinutes: 200 * MINUTES,
      again: "ami-lifecycle failover",
      started: 0,
    };
    await scaling().send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: GROUP, MinSize: 2 }));
    const said = parts(await failure(untilServing(gateAws(aws, {}, THERE), standing, new Voice())));
    assert.match(said.first, /^us-west-2 does not serve after \S+ minutes$/);
    assert.equal(said.evidence.filter((text) => /^target i-\w+ unhealthy \(Target\.Timeout\)$/.test(text)).length, 2);
    assert.match(said.next[0]!, /run it again: ami-lifecycle failover$/);
    assert.deepEqual((await sizes()).slice(2), [2, 2]);
    aws.targets({ state: "healthy" });
    assert.equal((await over("--yes")).code, 0);
  });

  it("does not take an answer from before it was raised for success", async () => {
    await scaling().send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: GROUP, MinSize: 2 }));
    const raised = { name: GROUP, least: 3, limitMinutes: 100 * MINUTES, again: "again", started: 0 };
    const said = parts(await failure(untilServing(gateAws(aws, {}, THERE), raised, new Voice())));
    assert.deepEqual(said.evidence, ["2 of 3 instances are wanted"]);
  });

  it("says when the target was missed, and that it serves all the same", async () => {
    await put(THERE, "recovery", record({ rtoMinutes: 0 }));
    aws.fault({ action: "DescribeTargetHealth", delayMs: 1200, times: 1 });
    const { code, out } = await over("--yes");
    assert.equal(code, 0);
    assert.match(out, /healthy after +\d+ s, target 0 min: MISSED$/m);
  });

  it("warns when the group launches another template version than the record says", async () => {
    await put(THERE, "recovery", record({ launchTemplateVersion: "7" }));
    const { code, err } = await over("--yes");
    assert.equal(code, 0);
    assert.match(err, /warning: the group launches from lt-\w+ version 1, its record says lt-\w+ version 7/);
  });

  it("refuses what is no recovery region, has no group, or is of another account", async () => {
    for (const [value, said] of [
      ["soon", /The parameter \/ami\/web\/shop\/recovery of us-west-2 cannot be read/],
      [
        record({ strategy: "backup-restore", groupName: undefined }),
        /set `ami-lifecycle:activeRegion: us-west-2` in Pulumi\.shop\.yaml/,
      ],
      [record({ groupName: "gone" }), /the Auto Scaling group gone of the record does not exist in us-west-2/],
    ] as const) {
      await put(THERE, "recovery", value);
      const { code, err } = await over("--yes");
      assert.equal(code, 1);
      assert.match(err, said);
    }
    const none = await captured(aws, failover, ["--to", "eu-west-1", ...NAMED, "--yes"]);
    assert.match(none.err, /eu-west-1 has no parameter \/ami\/web\/shop\/recovery/);
    assert.equal(updates().length, 0);
  });

  it("asks, and without a terminal wants --yes; --dry-run does nothing", async () => {
    await assert.rejects(over(), UsageError);
    const { code, out } = await over("--dry-run");
    assert.equal(code, 0);
    assert.match(
      out,
      /^Would raise web-us-west-2-1234567 in us-west-2: 0 wanted \(0 to 4\) becomes 2 wanted \(2 to 6\), on lt-\w+ version 1\. Nothing was done\.\n$/,
    );
    assert.equal(updates().length, 0);
  });

  it("refuses a wrong call with everything that is wrong, before AWS is asked", async () => {
    const wrong = captured(aws, failover, ["--line", "Web Shop", "--stack", "a/b", "--limit-minutes", "0"]);
    await assert.rejects(wrong, (error: Error) => {
      assert.ok(error instanceof UsageError);
      for (const path of ["--to", "--line", "--stack", "--limit-minutes"])
        assert.ok(error.message.includes(path), path);
      return true;
    });
    assert.deepEqual(aws.requests(), []);
  });

  describe("back", () => {
    const home = async (size: number) => {
      const arn = await group(HOME, "web-1234567", size);
      await put(HOME, "live", {
        version: "1.1.0",
        imageId: "ami-0123456789abcdef0",
        launchTemplateId: "lt-0123456789abcdef0",
        launchTemplateVersion: "1",
        group: arn,
      });
    };

    it("lowers the group to what it waits with when home serves", async () => {
      await over("--yes");
      await home(2);
      const { code, out } = await back("--yes");
      assert.deepEqual([code, out], [0, "us-west-2 waits again: 0 wanted (0 to 4).\n"]);
      assert.deepEqual(await sizes(), [0, 4, 0, 0]);
      assert.match((await back()).out, /waits already/);
    });

    it("refuses while home does not serve, unless forced", async () => {
      await over("--yes");
      const denied = () => aws.fault({ action: "*", region: HOME, error: "AccessDenied" });
      for (const prepare of [() => undefined, denied]) {
        prepare();
        const { code, err } = await back("--yes");
        assert.equal(code, 1);
        assert.match(err, /the home region us-east-1 does not serve/);
        assert.match(err, /--force/);
      }
      assert.deepEqual(await sizes(), [2, 6, 2, 2]);
      assert.equal((await back("--yes", "--force")).code, 0);
      assert.deepEqual((await sizes()).slice(0, 3), [0, 4, 0]);
    });

    it("does nothing with --dry-run", async () => {
      await over("--yes");
      const { out } = await back("--dry-run", "--force", "--json");
      assert.deepEqual((JSON.parse(out) as { to: object }).to, { minSize: 0, maxSize: 4, desired: 0 });
      assert.deepEqual(await sizes(), [2, 6, 2, 2]);
    });
  });
});

describe("the sizes of a failover", () => {
  const size = fc
    .tuple(fc.nat(50), fc.nat(50), fc.nat(50))
    .map(([minSize, more, spare]) => ({ minSize, maxSize: minSize + more + spare, desired: minSize + more }));

  it("are never smaller than before, hold what is to be active, and are reached once", () => {
    fc.assert(
      fc.property(size, size, (now, active) => {
        const wanted = raised(now, active);
        for (const key of ["minSize", "maxSize", "desired"] as const) assert.ok(wanted[key] >= now[key]);
        assert.ok(wanted.minSize >= active.minSize && wanted.desired >= active.minSize);
        assert.ok(wanted.minSize <= wanted.desired && wanted.desired <= wanted.maxSize);
        assert.deepEqual(raised(wanted, active), wanted);
        const { minSize, maxSize } = active;
        assert.deepEqual(lowered(active), { minSize, maxSize, desired: minSize });
      }),
    );
  });
});
