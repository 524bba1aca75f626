import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { InstanceBackups, type InstanceBackupsArgs } from "../../components";
import { ACCOUNT } from "../support/mockOutputs";
import { type ProgramOptions, runProgram, UNKNOWN } from "../support/mocks";
import { all, assertFine, only, onlyError, problemPaths, tree } from "../support/reading";

const keyIn = (region: string) => `arn:aws:kms:${region}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`;
const TARGET = { targetTags: { backup: "daily" } };
const POLICY = "aws:dlm:LifecyclePolicy";

const make = (
  args: Partial<InstanceBackupsArgs> = {},
  options: ProgramOptions = {},
  opts?: pulumi.ComponentResourceOptions,
  name = "daily",
) =>
  runProgram(
    () => {
      const { policyId, policyArn, roleArn, listCommand } = new InstanceBackups(name, { ...TARGET, ...args }, opts);
      return { policyId, policyArn, roleArn, listCommand };
    },
    { stack: "prod", ...options },
  );

async function run(...args: Parameters<typeof make>) {
  const result = await make(...args);
  assertFine(result);
  return result;
}

const details = (result: Awaited<ReturnType<typeof make>>) =>
  only(result, POLICY).inputs.policyDetails as { [field: string]: unknown } & {
    schedules: { [field: string]: unknown }[];
  };
const scheduleOf = (result: Awaited<ReturnType<typeof make>>) => details(result).schedules[0]!;

describe("InstanceBackups", () => {
  it("is a policy and its role with the managed policy for images", async () => {
    const result = await run({ tags: { team: "web" } });
    assert.deepEqual(tree(result), [
      "InstanceBackups daily",
      "  aws:dlm:LifecyclePolicy daily",
      "  aws:iam:Role daily-role",
      "  aws:iam:RolePolicyAttachment daily-images",
    ]);
    const own = (Name: string) => ({ Name, team: "web", "ami-lifecycle:stack": "pulumi-ami-lifecycle/prod" });
    const role = only(result, "aws:iam:Role");
    assert.deepEqual(JSON.parse(role.inputs.assumeRolePolicy as string).Statement, [
      { Effect: "Allow", Principal: { Service: "dlm.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    assert.deepEqual(role.inputs.tags, own("daily-role"));
    assert.deepEqual(only(result, "aws:iam:RolePolicyAttachment").inputs, {
      role: role.outputs.name,
      policyArn: "arn:aws:iam::aws:policy/service-role/AWSDataLifecycleManagerServiceRoleForAMIManagement",
    });
    const policy = only(result, POLICY);
    assert.deepEqual(policy.inputs, {
      description: "Backups of instances by daily",
      executionRoleArn: role.outputs.arn,
      state: "ENABLED",
      policyDetails: {
        policyType: "IMAGE_MANAGEMENT",
        resourceTypes: ["INSTANCE"],
        targetTags: { backup: "daily" },
        parameters: { noReboot: true },
        schedules: [
          {
            name: "daily",
            copyTags: true,
            variableTags: { "ami-lifecycle:backup": "$(instance-id)" },
            createRule: { interval: 24, intervalUnit: "HOURS", times: "03:00" },
            retainRule: { count: 7 },
            crossRegionCopyRules: [],
          },
        ],
      },
      tags: own("daily"),
    });
    assert.ok(policy.dependsOn.includes("daily-images"));
    assert.deepEqual(policy.options, {});
    assert.deepEqual(result.outputs, {
      policyId: policy.id,
      policyArn: policy.outputs.arn,
      roleArn: role.outputs.arn,
      listCommand: `aws ec2 describe-images --region us-east-1 --owners self --filters Name=tag:aws:dlm:lifecycle-policy-id,Values=${policy.id} --query 'sort_by(Images,&CreationDate)[].[CreationDate,ImageId,Name]' --output text`,
    });
  });

  it("works with a role that is given, and makes none", async () => {
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/backups`;
    const result = await run({ roleArn: pulumi.output(roleArn) });
    assert.deepEqual(tree(result), ["InstanceBackups daily", "  aws:dlm:LifecyclePolicy daily"]);
    assert.equal(only(result, POLICY).inputs.executionRoleArn, roleArn);
    assert.equal(result.outputs.roleArn, roleArn);
    assert.deepEqual(
      result.lookups.map(({ token }) => token),
      ["aws:index/getRegion:getRegion"],
    );
  });

  it("takes every option", async () => {
    const result = await run({
      schedule: { everyHours: 12, startTime: "22:30" },
      retain: { interval: 3, unit: "MONTHS" },
      deprecate: { interval: 2, unit: "WEEKS" },
      reboot: true,
      imageTags: { kind: "backup" },
      enabled: false,
      region: "eu-west-1",
      copies: {
        "us-west-2": { retain: { interval: 30 }, deprecate: { interval: 10 }, kmsKeyArn: keyIn("us-west-2") },
        "ap-south-1": { retain: { interval: 1, unit: "YEARS" }, encrypted: false },
      },
      volumeKmsKeyArns: [keyIn("eu-west-1"), keyIn("eu-west-1")],
    });
    const { inputs, dependsOn } = only(result, POLICY);
    assert.deepEqual([inputs.state, inputs.region], ["DISABLED", "eu-west-1"]);
    assert.deepEqual(details(result).parameters, { noReboot: false });
    assert.deepEqual(scheduleOf(result), {
      name: "daily",
      copyTags: true,
      variableTags: { "ami-lifecycle:backup": "$(instance-id)" },
      tagsToAdd: { kind: "backup" },
      createRule: { interval: 12, intervalUnit: "HOURS", times: "22:30" },
      retainRule: { interval: 3, intervalUnit: "MONTHS" },
      deprecateRule: { interval: 2, intervalUnit: "WEEKS" },
      crossRegionCopyRules: [
        {
          targetRegion: "us-west-2",
          encrypted: true,
          cmkArn: keyIn("us-west-2"),
          copyTags: true,
          retainRule: { interval: 30, intervalUnit: "DAYS" },
          deprecateRule: { interval: 10, intervalUnit: "DAYS" },
        },
        {
          targetRegion: "ap-south-1",
          encrypted: false,
          copyTags: true,
          retainRule: { interval: 1, intervalUnit: "YEARS" },
        },
      ],
    });
    assert.ok(dependsOn.includes("daily-keys"));
    const { policy, role } = only(result, "aws:iam:RolePolicy", "daily-keys").inputs;
    assert.equal(role, only(result, "aws:iam:Role").outputs.name);
    for (const { Resource } of JSON.parse(policy as string).Statement as { Resource: string[] }[])
      assert.deepEqual(Resource, [keyIn("eu-west-1"), keyIn("us-west-2")]);
    assert.match(String(result.outputs.listCommand), /--region eu-west-1 /);
  });

  it("takes a cron expression, and counts what it deprecates", async () => {
    const result = await run({
      schedule: { cron: "cron(0 3 ? * MON-FRI *)" },
      retain: { count: 10 },
      deprecate: { count: 5 },
    });
    assert.deepEqual(scheduleOf(result).createRule, { cronExpression: "cron(0 3 ? * MON-FRI *)" });
    assert.deepEqual(scheduleOf(result).deprecateRule, { count: 5 });
  });

  it("is of the provider's partition, region and account", async () => {
    const china = await run({}, { config: { "aws:region": "cn-north-1" } });
    assert.match(String(only(china, "aws:iam:RolePolicyAttachment").inputs.policyArn), /^arn:aws-cn:iam::aws:policy\//);
    const other = await runProgram(() => {
      const provider = new aws.Provider("other", { region: "eu-west-1" });
      new InstanceBackups("daily", TARGET, { providers: [provider] });
    });
    assertFine(other);
    const { urn, id } = only(other, "pulumi:providers:aws");
    for (const type of [POLICY, "aws:iam:Role", "aws:iam:RolePolicyAttachment"])
      assert.equal(only(other, type).provider, `${urn}::${id}`);
    assert.deepEqual([...new Set(other.lookups.map(({ provider }) => provider))], [`${urn}::${id}`]);
  });

  it("refuses everything that is wrong at once, and makes nothing", async () => {
    const result = await make(
      {
        targetTags: {},
        schedule: { everyHours: 5, startTime: "3:00" },
        retain: { count: 0 },
        deprecate: { count: 1001 },
        copies: {
          "us-east-1": { retain: { interval: 0 } },
          "eu-west-1": { retain: { count: 3 }, kmsKeyArn: "alias/x" },
        },
        imageTags: { "aws:x": "y" },
        tags: { "ami-lifecycle:x": "y" },
        region: "us-east-1",
        roleArn: "backups",
        volumeKmsKeyArns: ["alias/x"],
      },
      {},
      undefined,
      `n${"o".repeat(60)}`,
    );
    assert.match(onlyError(result).message, /^InstanceBackups "no+": 15 problems\n/);
    assert.deepEqual(problemPaths(result), [
      ...["targetTags", "schedule.everyHours", "schedule.startTime", "retain.count", "deprecate.count"],
      ...['copies["us-east-1"]', 'copies["us-east-1"].retain.interval', 'copies["eu-west-1"].retain.count'],
      ...['copies["eu-west-1"].kmsKeyArn', 'imageTags["aws:x"]'],
      ...['tags["ami-lifecycle:x"]', "roleArn", "volumeKmsKeyArns[0]", "name", "volumeKmsKeyArns"],
    ]);
    assert.equal(result.resources.length, 1);
    assert.deepEqual(result.lookups, []);
  });

  const later = (value: unknown): unknown => pulumi.output(Promise.resolve(value));
  for (const [what, args, message] of [
    ["a cron expression", { schedule: { cron: later("rate(1 day)") } }, /schedule\.cron: got "rate\(1 day\)"/],
    ["a number", { retain: { count: later(1001) } }, /retain\.count: got 1001/],
    ["an age", { retain: { interval: 5 }, deprecate: { interval: later(6) } }, /deprecate\.interval: got 6/],
    ["tags", { targetTags: later({}) }, /targetTags: got 0/],
    [
      "a copy's key",
      { copies: { "eu-west-1": { retain: { interval: 5 }, kmsKeyArn: later(keyIn("us-east-1")) } } },
      /copies\["eu-west-1"\]: got .+ allowed is a key of eu-west-1/,
    ],
  ] as const) {
    it(`refuses ${what} that turns out to be wrong, before the policy is made`, async () => {
      const result = await make(args as never);
      const { message: said } = onlyError(result);
      assert.match(said, /^InstanceBackups "daily": 1 problem\n/);
      assert.match(said, message);
      assert.deepEqual(all(result, POLICY), []);
    });
  }

  it("shows in a preview what is known", async () => {
    const result = await run(
      {
        copies: {
          "eu-west-1": {
            retain: { interval: 5 },
            kmsKeyArn: new pulumi.StackReference("organization/keys/prod").getOutput("arn") as pulumi.Output<string>,
          },
        },
      },
      { preview: true, stacks: { "organization/keys/prod": { arn: UNKNOWN } } },
    );
    assert.equal(scheduleOf(result).copyTags, true);
    assert.deepEqual(scheduleOf(result).retainRule, { count: 7 });
    assert.equal(only(result, "aws:iam:RolePolicy").inputs.policy, "[unknown]");
    assert.deepEqual((scheduleOf(result).crossRegionCopyRules as { [field: string]: unknown }[])[0], {
      targetRegion: "eu-west-1",
      encrypted: true,
      cmkArn: "[unknown]",
      copyTags: true,
      retainRule: { interval: 5, intervalUnit: "DAYS" },
    });
  });
});
