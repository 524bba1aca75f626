import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AutoScalingFleet, type AutoScalingFleetArgs, MachineImage } from "../../components";
import { type ProgramOptions, type Run, runProgram } from "../support/mocks";
import { all, assertFine, only, onlyError, RECIPE, tagsOf, tree } from "../support/reading";

const IMAGE = "ami-0123456789abcdef0";
const SUBNETS = ["subnet-assumed-us-east-1a", "subnet-assumed-us-east-1b", "subnet-assumed-us-east-1c"];

function fleet(args: Partial<AutoScalingFleetArgs> = {}, options: ProgramOptions = {}): Promise<Run> {
  return runProgram(() => {
    const { url, groupName, groupArn, launchTemplateId, liveParameter, liveImageId, connect, securityGroupId } =
      new AutoScalingFleet("web", { imageId: IMAGE, ...args });
    return {
      groupName,
      groupArn,
      launchTemplateId,
      liveParameter,
      liveImageId,
      connect,
      securityGroupId,
      ...(args.port && { url }),
    };
  }, options);
}

async function run(args: Partial<AutoScalingFleetArgs> = {}, options: ProgramOptions = {}): Promise<Run> {
  const result = await fleet(args, options);
  assertFine(result);
  return result;
}

const liveValue = async (args: Partial<AutoScalingFleetArgs> = {}, options: ProgramOptions = {}) =>
  JSON.parse(only(await run(args, options), "aws:ssm:Parameter").inputs.insecureValue as string) as {
    [field: string]: unknown;
  };

const targetGroupOf = (result: Run) =>
  (only(result, "awsx:lb:ApplicationLoadBalancer").outputs.defaultTargetGroup as { arn: string }).arn;

describe("AutoScalingFleet", () => {
  it("is a template, a group, its policy and the record; a load balancer only with a port", async () => {
    const always = [
      "AutoScalingFleet web",
      "  aws:autoscaling:Group web",
      "  aws:autoscaling:Policy web-cpu",
      "  aws:ec2:LaunchTemplate web-template",
      "  aws:ec2:SecurityGroup web-lb-sg",
      "  aws:ec2:SecurityGroup web-sg",
      "  aws:iam:InstanceProfile web-profile",
      "  aws:iam:Role web-role",
      "  aws:iam:RolePolicyAttachment web-session-manager",
      "  aws:ssm:Parameter web-live",
      "  awsx:lb:ApplicationLoadBalancer web-lb",
    ];
    assert.deepEqual(tree(await run({ port: 80 })), always);
    assert.deepEqual(
      tree(await run()),
      always.filter((line) => !line.includes("web-lb")),
    );
    assert.deepEqual(tree(await run({ sessionManager: false })), [
      "AutoScalingFleet web",
      "  aws:autoscaling:Group web",
      "  aws:autoscaling:Policy web-cpu",
      "  aws:ec2:LaunchTemplate web-template",
      "  aws:ec2:SecurityGroup web-sg",
      "  aws:ssm:Parameter web-live",
    ]);
    assert.deepEqual(tree(await run({ instanceProfile: "mine" })), tree(await run({ sessionManager: false })));
  });

  it("has a hardened template of the image", async () => {
    const result = await run({ version: "1.0.0", userData: "#!/bin/sh\necho ö\n", tags: { team: "web" } });
    const instanceTags = { Name: "web", team: "web", "ami-lifecycle:version": "1.0.0" };
    const template = only(result, "aws:ec2:LaunchTemplate");
    assert.deepEqual(template.inputs, {
      description: "Instances of web",
      imageId: IMAGE,
      instanceType: "t3.small",
      vpcSecurityGroupIds: [only(result, "aws:ec2:SecurityGroup", "web-sg").id],
      iamInstanceProfile: { name: only(result, "aws:iam:InstanceProfile").outputs.name },
      userData: Buffer.from("#!/bin/sh\necho ö\n").toString("base64"),
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      tagSpecifications: [
        { resourceType: "instance", tags: instanceTags },
        { resourceType: "volume", tags: instanceTags },
      ],
      tags: { team: "web" },
    });
    assert.deepEqual(template.options, {});
  });

  it("has a group on a numeric version of the template, which only the gate moves", async () => {
    const result = await run({ tags: { team: "web" } });
    const group = only(result, "aws:autoscaling:Group");
    assert.deepEqual(group.inputs, {
      minSize: 2,
      maxSize: 4,
      vpcZoneIdentifiers: SUBNETS,
      launchTemplate: { id: only(result, "aws:ec2:LaunchTemplate").id, version: "7" },
      healthCheckType: "EC2",
      healthCheckGracePeriod: 120,
      enabledMetrics: [
        ...["GroupDesiredCapacity", "GroupInServiceInstances", "GroupMaxSize", "GroupMinSize", "GroupPendingInstances"],
        ...["GroupTerminatingInstances", "GroupTotalInstances"],
      ],
      waitForCapacityTimeout: "0",
      tags: [
        { key: "Name", value: "web", propagateAtLaunch: false },
        { key: "team", value: "web", propagateAtLaunch: false },
      ],
    });
    assert.deepEqual(group.options, {
      // The program never gives the size, so there is nothing to ignore: an ignored one would send the state's.
      ignoreChanges: ["launchTemplate", "mixedInstancesPolicy"],
      customTimeouts: { create: "15m", update: "15m", delete: "30m" },
    });
    assert.deepEqual(group.hooks, {});
  });

  it("never gives a size between the two", async () => {
    const group = only(await run({ minSize: 0, maxSize: 9, port: 80 }), "aws:autoscaling:Group");
    assert.equal("desiredCapacity" in group.inputs, false);
    assert.deepEqual([group.inputs.minSize, group.inputs.maxSize], [0, 9]);
  });

  it("acts on health checks when a new instance counts, not before", async () => {
    const grace = async (instanceWarmup?: number) =>
      only(await run({ rollout: { instanceWarmup } }), "aws:autoscaling:Group").inputs.healthCheckGracePeriod;
    assert.deepEqual([await grace(), await grace(30), await grace(0), await grace(600)], [120, 30, 0, 600]);
  });

  it("takes a type that suits the architecture, unless one is given", async () => {
    const type = async (args: Partial<AutoScalingFleetArgs>) =>
      only(await run(args), "aws:ec2:LaunchTemplate").inputs.instanceType;
    assert.equal(await type({}), "t3.small");
    assert.equal(await type({ architecture: "x86_64" }), "t3.small");
    assert.equal(await type({ architecture: pulumi.output("arm64") }), "t4g.small");
    assert.equal(await type({ architecture: "arm64", instanceType: "c7g.large" }), "c7g.large");
  });

  it("keeps the CPU at the target", async () => {
    const result = await run({ targetCpu: 70 });
    assert.deepEqual(only(result, "aws:autoscaling:Policy").inputs, {
      autoscalingGroupName: only(result, "aws:autoscaling:Group").outputs.name,
      policyType: "TargetTrackingScaling",
      targetTrackingConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: "ASGAverageCPUUtilization" },
        targetValue: 70,
      },
    });
  });

  it("puts awsx's load balancer in front, with groups and listener of its own making only", async () => {
    const result = await run({ port: 8080, healthPath: "/healthy", tags: { team: "web" } });
    const balancer = only(result, "awsx:lb:ApplicationLoadBalancer");
    assert.deepEqual(balancer.inputs, {
      subnetIds: SUBNETS,
      securityGroups: [only(result, "aws:ec2:SecurityGroup", "web-lb-sg").id],
      defaultSecurityGroup: { skip: true },
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      listener: { port: 80, protocol: "HTTP" },
      defaultTargetGroup: {
        vpcId: "vpc-assumed-us-east-1-default",
        port: 8080,
        protocol: "HTTP",
        targetType: "instance",
        deregistrationDelay: 60,
        healthCheck: { path: "/healthy", matcher: "200-399", interval: 15, healthyThreshold: 2, unhealthyThreshold: 3 },
        tags: { team: "web" },
      },
      tags: { team: "web" },
    });
    const group = only(result, "aws:autoscaling:Group");
    assert.deepEqual(group.inputs.targetGroupArns, [targetGroupOf(result)]);
    assert.equal(group.inputs.healthCheckType, "ELB");
    assert.equal(result.outputs.url, "http://web-lb.us-east-1.elb.amazonaws.com");
  });

  it("opens port 80 of the load balancer, and nothing else in the world", async () => {
    const result = await run({ port: 8080 });
    const everywhere = { cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] };
    const [balancer, instances] = ["web-lb-sg", "web-sg"].map((name) => only(result, "aws:ec2:SecurityGroup", name));
    assert.equal(all(result, "aws:ec2:SecurityGroup").length, 2);
    assert.deepEqual(balancer?.inputs.ingress, [
      { protocol: "tcp", fromPort: 80, toPort: 80, description: "HTTP", ...everywhere },
    ]);
    assert.deepEqual(balancer?.inputs.egress, [
      { protocol: "tcp", fromPort: 8080, toPort: 8080, description: "Instances", ...everywhere },
    ]);
    assert.deepEqual(instances?.inputs.ingress, [
      { protocol: "tcp", fromPort: 8080, toPort: 8080, securityGroups: [balancer?.id], description: "Load balancer" },
    ]);
    for (const group of [balancer, instances]) assert.equal(group?.inputs.vpcId, "vpc-assumed-us-east-1-default");
  });

  it("has no ingress at all without a port", async () => {
    const groups = all(await run(), "aws:ec2:SecurityGroup");
    assert.deepEqual(
      groups.map(({ name, inputs }) => [name, inputs.ingress]),
      [["web-sg", []]],
    );
  });

  it("records what is live behind the rollout gate, as a value that can be read", async () => {
    const result = await run({ version: "1.0.0", port: 80, healthPath: "/healthy", tags: { team: "web" } });
    const record = only(result, "aws:ssm:Parameter");
    const { insecureValue, ...inputs } = record.inputs;
    const description = "What the fleet web is proven to run. Written by pulumi-ami-lifecycle.";
    assert.deepEqual(inputs, { name: "/ami/web/dev/live", type: "String", description, tags: { team: "web" } });
    assert.deepEqual(JSON.parse(insecureValue as string), {
      version: "1.0.0",
      imageId: IMAGE,
      launchTemplateId: only(result, "aws:ec2:LaunchTemplate").id,
      launchTemplateVersion: "7",
      group: only(result, "aws:autoscaling:Group").outputs.arn,
      targetGroup: targetGroupOf(result),
      healthPath: "/healthy",
    });
    const gate = "AutoScalingFleet(web)/web-live:rolloutFinished";
    assert.deepEqual(record.hooks, { beforeCreate: [gate], beforeUpdate: [gate] });
    for (const needed of ["web", "web-cpu", "web-lb", "web-template"])
      assert.ok(record.dependsOn.includes(needed), needed);
  });

  it("records no target group where there is none", async () => {
    assert.deepEqual(Object.keys(await liveValue({ version: "1.0.0" })).sort(), [
      "group",
      "imageId",
      "launchTemplateId",
      "launchTemplateVersion",
      "version",
    ]);
  });

  it("waits with the record for the load balancer too", async () => {
    const log: string[] = [];
    const before: ProgramOptions["before"] = async ({ name, type }) => {
      if (type.includes("LoadBalancer")) await new Promise((resolve) => setTimeout(resolve, 50));
      log.push(name);
    };
    await run({ port: 80 }, { before });
    assert.ok(log.indexOf("web-lb") < log.indexOf("web-live"), log.join());
    assert.equal(log[log.length - 1], "web-live");
  });

  /** The template's version as AWS counts it: another one when any of its inputs is another. */
  async function live(args: Partial<AutoScalingFleetArgs> = {}): Promise<{ [field: string]: unknown }> {
    const outputs: ProgramOptions["outputs"] = ({ type, inputs }) =>
      type.includes("LaunchTemplate") ? { latestVersion: JSON.stringify(inputs) } : undefined;
    return liveValue(args, { outputs });
  }

  it("changes `live` with what makes instances different: image, type, user data, profile", async () => {
    const before = await live();
    for (const args of [
      { imageId: "ami-11111111111111111" },
      { instanceType: "t3.medium" },
      { userData: "#!/bin/sh" },
      { instanceProfile: "mine" },
      { sessionManager: false },
    ] as Partial<AutoScalingFleetArgs>[]) {
      assert.notDeepEqual(await live(args), before, JSON.stringify(args));
    }
  });

  it("changes `live` with the group, its load balancer and its health check: another fact to prove", async () => {
    const before = await live({ port: 80 });
    const another: ProgramOptions["outputs"] = ({ type }) =>
      type.includes("autoscaling/group") ? { arn: "arn:aws:autoscaling:us-east-1:111122223333:other" } : undefined;
    const differing = async (args: Partial<AutoScalingFleetArgs>, outputs?: ProgramOptions["outputs"]) => {
      const after = await liveValue({ port: 80, ...args }, { outputs });
      const { launchTemplateVersion, ...known } = before;
      assert.equal(typeof launchTemplateVersion, "string");
      return [...new Set([...Object.keys(known), ...Object.keys(after)])]
        .filter((field) => field !== "launchTemplateVersion" && after[field] !== before[field])
        .sort();
    };
    assert.deepEqual(await differing({}), []);
    assert.deepEqual(await differing({ healthPath: "/ready" }), ["healthPath"]);
    assert.deepEqual(await differing({ healthPath: "/" }), []);
    assert.deepEqual(await differing({ port: undefined }), ["healthPath", "targetGroup"]);
    assert.deepEqual(await differing({}, another), ["group"]);
  });

  it("does not change `live` with sizes, limits or targets alone", async () => {
    const before = await live();
    for (const args of [
      { minSize: 3, maxSize: 30 },
      { targetCpu: 90 },
      { rollout: { limitMinutes: 10, minHealthyPercentage: 90, maxHealthyPercentage: 120, autoRollback: false } },
    ] as Partial<AutoScalingFleetArgs>[]) {
      assert.deepEqual(await live(args), before, JSON.stringify(args));
    }
  });

  it("has nothing but tags of its own in the template when tags alone change: the gate takes such versions as equal", async () => {
    const template = async (tags?: { [key: string]: string }) =>
      only(await run({ tags }), "aws:ec2:LaunchTemplate").inputs;
    const { tags, tagSpecifications, ...before } = await template();
    const after = await template({ team: "web" });
    assert.notDeepEqual([after.tags, after.tagSpecifications], [tags, tagSpecifications]);
    assert.deepEqual({ ...after, tags, tagSpecifications }, { ...before, tags, tagSpecifications });
  });

  it("gives the live image only after the record was written", async () => {
    const log: string[] = [];
    const result = await runProgram(
      () => void new AutoScalingFleet("web", { imageId: IMAGE }).liveImageId.apply((id) => log.push(id)),
      {
        before: async ({ name }) => {
          if (name !== "web-live") return;
          await new Promise((resolve) => setTimeout(resolve, 50));
          log.push("record");
        },
      },
    );
    assertFine(result);
    assert.deepEqual(log, ["record", IMAGE]);
  });

  it("uses a verified image only after its proof", async () => {
    const result = await runProgram(() => {
      const image = new MachineImage("web", { version: "1.0.0", recipe: RECIPE });
      new AutoScalingFleet("web", { imageId: image.verifiedImageId });
    });
    assertFine(result);
    const template = only(result, "aws:ec2:LaunchTemplate");
    assert.ok(template.dependsOn.includes("web-1.0.0-verified"), template.dependsOn.join());
  });

  it("takes the subnets given, the load balancer others", async () => {
    const [a, b, c, d] = ["subnet-a", "subnet-b", "subnet-c", "subnet-d"];
    const lookups = {
      "aws:ec2/getSubnet:getSubnet": ({ id }: { id?: unknown }) => ({ id, vpcId: `vpc-of-${String(id)}` }),
    };
    const own = await run({ port: 80, subnetIds: [a, b], loadBalancerSubnetIds: [c, d] }, { lookups });
    assert.deepEqual(only(own, "aws:autoscaling:Group").inputs.vpcZoneIdentifiers, [a, b]);
    assert.deepEqual(only(own, "awsx:lb:ApplicationLoadBalancer").inputs.subnetIds, [c, d]);
    assert.equal(only(own, "aws:ec2:SecurityGroup", "web-sg").inputs.vpcId, "vpc-of-subnet-a");
    assert.ok(!own.lookups.some(({ token }) => token.includes("getSubnets")));
  });

  it("says what to do in a region with fewer than two default subnets", async () => {
    for (const ids of [[], ["subnet-1"], ["subnet-1", "subnet-1"]]) {
      const lookups = { "aws:ec2/getSubnets:getSubnets": () => ({ ids }) };
      const result = await fleet({}, { lookups });
      const text =
        `AutoScalingFleet "web": got ${ids.length} subnet(s), allowed are two or more in different zones. ` +
        "Give `subnetIds`, or make the region's default subnets (aws ec2 create-default-subnet).";
      assert.ok(result.thrown.length > 0);
      // The SDK may say which property it was about to write.
      for (const { message } of result.thrown) assert.ok(message.endsWith(text), message);
      assert.deepEqual(all(result, "aws:autoscaling:Group"), []);
    }
  });

  it("hands the region to every regional child, and to none when none is given", async () => {
    const given = await run({ region: "eu-west-1", port: 80 });
    for (const { type, inputs } of given.resources) {
      assert.equal(inputs.region, type.startsWith("aws:iam/") ? undefined : "eu-west-1", type);
    }
    for (const { token, args } of given.lookups) {
      assert.equal(args.region, token.includes("getPartition") ? undefined : "eu-west-1", token);
    }
    assert.match(given.outputs.connect as string, /--region eu-west-1 .*start-session --region eu-west-1 --target'/);
    const absent = await run({ port: 80 });
    for (const { type, inputs } of absent.resources) assert.equal(inputs.region, undefined, type);
  });

  it("makes the load balancer itself where a region is given: awsx looks subnets up in the provider's", async () => {
    const result = await run({ region: "eu-west-1", port: 80 });
    const made = ["LoadBalancer", "TargetGroup", "Listener"].map((type) => only(result, `aws:lb:${type}`));
    assert.deepEqual(all(result, "awsx:lb:ApplicationLoadBalancer"), []);
    // What awsx made in the provider's own region is the same resource under another URN.
    const awsx =
      "urn:pulumi:dev::pulumi-ami-lifecycle::pulumi-ami-lifecycle:index:AutoScalingFleet$awsx:lb:ApplicationLoadBalancer";
    assert.deepEqual(
      made.map(({ options }) => (options.aliases as unknown[]).slice(0, 1)), // the provider adds its old type
      [
        [`${awsx}$aws:lb/loadBalancer:LoadBalancer::web-lb`],
        [`${awsx}$aws:lb/targetGroup:TargetGroup::web-lb`],
        [`${awsx}$aws:lb/listener:Listener::web-lb-0`],
      ],
    );
    const [balancer, group] = made.map(({ inputs }) => inputs) as [
      { [field: string]: unknown },
      { [field: string]: unknown },
    ];
    assert.deepEqual([balancer.dropInvalidHeaderFields, balancer.desyncMitigationMode], [true, "defensive"]);
    const inAwsx = only(await run({ port: 80 }), "awsx:lb:ApplicationLoadBalancer").inputs.defaultTargetGroup as object;
    const { region, ...same } = group;
    assert.equal(region, "eu-west-1");
    assert.deepEqual({ ...same, vpcId: undefined }, { ...inAwsx, vpcId: undefined });
  });

  it("tags every taggable child", async () => {
    const result = await run({ port: 80, tags: { team: "web" } });
    for (const resource of result.resources) {
      if (/autoscaling|RolePolicyAttachment|AutoScalingFleet/.test(resource.type)) continue;
      assert.equal(tagsOf(resource).team, "web", resource.type);
    }
  });

  it("does not collide with one of the same name under another parent", async () => {
    const result = await runProgram(() => {
      class Team extends pulumi.ComponentResource {}
      new AutoScalingFleet("web", { imageId: IMAGE }, { parent: new Team("test:index:Team", "red") });
      new AutoScalingFleet("web", { imageId: IMAGE });
    });
    assertFine(result);
    assert.deepEqual(result.hookNames.sort(), [
      "AutoScalingFleet(web)/web-live:rolloutFinished",
      "Team(red)/AutoScalingFleet(web)/web-live:rolloutFinished",
    ]);
  });

  it("gives its outputs", async () => {
    const result = await run();
    const group = only(result, "aws:autoscaling:Group");
    assert.deepEqual(result.outputs, {
      groupName: group.outputs.name,
      groupArn: group.outputs.arn,
      launchTemplateId: only(result, "aws:ec2:LaunchTemplate").id,
      liveParameter: "/ami/web/dev/live",
      liveImageId: IMAGE,
      securityGroupId: only(result, "aws:ec2:SecurityGroup").id,
      connect:
        "aws autoscaling describe-auto-scaling-instances --region us-east-1 --query " +
        `"AutoScalingInstances[?AutoScalingGroupName=='${String(group.outputs.name)}'].` +
        "['aws ssm start-session --region us-east-1 --target', InstanceId]\" --output text",
    });
    onlyError(await fleet({ imageId: "web" }));
  });
});
