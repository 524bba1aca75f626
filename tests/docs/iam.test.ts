/** docs/iam: the policies allow every call that is made, and no more than they say. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Statement {
  Sid: string;
  Effect: string;
  Action: string[];
  Resource: string | string[];
  Condition?: object;
}

const policy = (name: string): Statement[] =>
  (JSON.parse(readFileSync(`docs/iam/${name}.json`, "utf8")) as { Statement: Statement[] }).Statement;
const recorded = (name: string): string[] =>
  JSON.parse(readFileSync(`tests/fixtures/calls/${name}.json`, "utf8")) as string[];

const allows = (statements: Statement[], call: string): boolean =>
  statements.some(
    ({ Effect, Action }) =>
      Effect === "Allow" &&
      Action.some((one) => one === call || (one.endsWith("*") && call.startsWith(one.slice(0, -1)))),
  );

const SERVICE: { [sdkPackage: string]: string } = {
  "client-ec2": "ec2",
  "client-auto-scaling": "autoscaling",
  "client-elastic-load-balancing-v2": "elasticloadbalancing",
  "client-ssm": "ssm",
  "client-sts": "sts",
};

/** Every command of the AWS SDK in the gates' sources, as IAM names it. */
function callsOfGates(folder = "components/gates"): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return callsOfGates(path);
    const source = readFileSync(path, "utf8");
    const imports = [...source.matchAll(/\{([^{}]*Command[^{}]*)\} = await import\("@aws-sdk\/([\w-]+)"\)/g)];
    return imports.flatMap(([, names, from]) =>
      [...names!.matchAll(/(\w+)Command\b/g)].map(([, name]) => `${SERVICE[from!] ?? from}:${name}`),
    );
  });
}

describe("docs/iam", () => {
  const gates = policy("gates");

  it("lets the gates do every call in their sources", () => {
    const calls = [...new Set(callsOfGates())];
    assert.ok(calls.length >= 18, `${calls.length} calls found`);
    // AWS deletes an image's snapshots only for who may.
    const needed = [...calls, "ec2:DeleteSnapshot"];
    assert.deepEqual(
      needed.filter((call) => !allows(gates, call)),
      [],
    );
  });

  for (const stack of ["dev", "prod"]) {
    it(`lets ${stack} do every call that was recorded of it`, () => {
      const together = [...gates, ...policy("fleet"), ...policy("balancer"), ...policy("sharing"), ...policy(stack)];
      const calls = recorded(stack);
      assert.ok(calls.length > 40);
      assert.deepEqual(
        calls.filter((call) => !allows(together, call)),
        [],
      );
    });

    it(`allows ${stack} nothing that another stack's resources could suffer from`, () => {
      for (const { Sid, Action, Resource, Condition } of [
        ...gates,
        ...policy("fleet"),
        ...policy("balancer"),
        ...policy(stack),
      ]) {
        assert.ok(
          !Action.includes("*") && !Action.some((one) => /^\w+:\*$/.test(one)),
          `${Sid} allows a whole service`,
        );
        const onlyLooks = Action.every((one) => /^\w+:(Describe|Get|List)/.test(one));
        assert.ok(onlyLooks || Resource !== "*" || Condition, `${Sid} allows ${Action.join(", ")} on everything`);
        const condition = JSON.stringify(Condition ?? {});
        if (Action.some((one) => /^ec2:(Deregister|DeleteSnapshot)/.test(one))) {
          assert.ok(condition.includes('"aws:ResourceTag/ami-lifecycle:stack":"pulumi-ami-lifecycle/dev"'), Sid);
        }
        if (Action.some((one) => /^ec2:(Terminate|Stop)/.test(one))) {
          assert.match(condition, /aws:ResourceTag\/ami-lifecycle:(proof|base)/, Sid);
        }
        // Who may tag anything with :stack, :base or :proof may end anything.
        const machines = [Resource].flat().some((one) => /image|snapshot|instance|volume/.test(one));
        if (Action.includes("ec2:CreateTags") && machines) {
          assert.match(condition, /ec2:CreateAction|aws:ResourceTag\/ami-lifecycle:/, Sid);
        }
      }
    });
  }

  describe("fleet and network", () => {
    const together = [
      ...policy("fleet"),
      ...policy("balancer"),
      ...policy("network"),
      ...policy("dns"),
      ...policy("prod"),
    ];
    const calls = (service: string, ...names: string[]) => names.map((name) => `${service}:${name}`);

    /** What the Terraform AWS provider calls, by its sources, for the resources that a fleet is made of. */
    const PROVIDER: { [type: string]: string[] } = {
      "autoscaling.Group": calls(
        "autoscaling",
        ...["CreateAutoScalingGroup", "UpdateAutoScalingGroup", "DeleteAutoScalingGroup", "CreateOrUpdateTags"],
        ...["DeleteTags", "EnableMetricsCollection", "DisableMetricsCollection", "PutWarmPool", "DeleteWarmPool"],
        ...["AttachLoadBalancerTargetGroups", "DetachLoadBalancerTargetGroups", "SetInstanceProtection"],
        ...["DescribeAutoScalingGroups", "DescribeScalingActivities", "DescribeWarmPool", "DescribeTrafficSources"],
      ),
      "autoscaling.LifecycleHook": calls(
        "autoscaling",
        ...["PutLifecycleHook", "DeleteLifecycleHook", "DescribeLifecycleHooks"],
      ),
      "autoscaling.Notification": calls(
        "autoscaling",
        ...["PutNotificationConfiguration", "DeleteNotificationConfiguration", "DescribeNotificationConfigurations"],
      ),
      "autoscaling.Policy": calls("autoscaling", "PutScalingPolicy", "DeletePolicy", "DescribePolicies"),
      "autoscaling.Schedule": calls(
        "autoscaling",
        ...["PutScheduledUpdateGroupAction", "DeleteScheduledAction", "DescribeScheduledActions"],
      ),
      "cloudwatch.Dashboard": calls("cloudwatch", "PutDashboard", "GetDashboard", "DeleteDashboards"),
      "cloudwatch.MetricAlarm": calls(
        "cloudwatch",
        ...["PutMetricAlarm", "DescribeAlarms", "DeleteAlarms", "ListTagsForResource", "TagResource", "UntagResource"],
      ),
      "ec2.SecurityGroup": calls("ec2", "CreateSecurityGroup", "DeleteSecurityGroup", "DescribeSecurityGroups"),
      "ec2.DefaultSecurityGroup": calls("ec2", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress"),
      "ec2.VpcEndpoint": calls("ec2", "CreateVpcEndpoint", "DeleteVpcEndpoints", "DescribeVpcEndpoints"),
      "lb.Listener": calls("elasticloadbalancing", "CreateListener", "ModifyListener", "DeleteListener"),
      "lb.ListenerRule": calls("elasticloadbalancing", "CreateRule", "ModifyRule", "SetRulePriorities", "DeleteRule"),
      "lb.LoadBalancer": calls(
        "elasticloadbalancing",
        ...["CreateLoadBalancer", "ModifyLoadBalancerAttributes", "SetSubnets", "SetSecurityGroups"],
        ...["DeleteLoadBalancer", "DescribeLoadBalancers", "DescribeLoadBalancerAttributes"],
      ),
      "lb.TargetGroup": calls(
        "elasticloadbalancing",
        ...["CreateTargetGroup", "ModifyTargetGroup", "ModifyTargetGroupAttributes", "DeleteTargetGroup"],
      ),
      "route53.HealthCheck": calls(
        "route53",
        ...["CreateHealthCheck", "GetHealthCheck", "UpdateHealthCheck", "DeleteHealthCheck", "ChangeTagsForResource"],
      ),
      "route53.Record": calls(
        "route53",
        ...["ChangeResourceRecordSets", "ListResourceRecordSets", "GetHostedZone", "GetChange"],
      ),
      "ssm.Parameter": calls("ssm", "PutParameter", "DeleteParameter", "GetParameter"),
      "s3.Bucket": calls(
        "s3",
        ...["CreateBucket", "DeleteBucket", "DeleteObject", "DeleteObjectVersion", "ListBucket", "ListBucketVersions"],
        ...["GetAccelerateConfiguration", "GetBucketAcl", "GetBucketCORS", "GetBucketLocation", "GetBucketLogging"],
        ...["GetBucketObjectLockConfiguration", "GetBucketPolicy", "GetBucketRequestPayment", "GetBucketTagging"],
        ...["GetBucketVersioning", "GetBucketWebsite", "GetEncryptionConfiguration", "GetLifecycleConfiguration"],
        ...["GetReplicationConfiguration", "PutBucketTagging"],
      ),
      "s3.BucketLifecycleConfiguration": calls("s3", "PutLifecycleConfiguration", "GetLifecycleConfiguration"),
      "s3.BucketPolicy": calls("s3", "PutBucketPolicy", "GetBucketPolicy", "DeleteBucketPolicy"),
      "s3.BucketPublicAccessBlock": calls("s3", "PutBucketPublicAccessBlock", "GetBucketPublicAccessBlock"),
      "s3.BucketServerSideEncryptionConfiguration": calls("s3", "PutEncryptionConfiguration"),
    };

    it("have every resource of the sources in the list", () => {
      const parts = readdirSync("components/parts").filter((file) => /^(fleet|balancer|accessLogs|network)/.test(file));
      const own = ["fleetNetwork", "failoverRecords", "recoveryRegion"].map((name) => `components/${name}.ts`);
      const sources = [...own, ...parts.map((file) => `components/parts/${file}`)];
      const types = sources.flatMap((file) =>
        [...readFileSync(file, "utf8").matchAll(/new aws\.(\w+\.\w+)\(/g)].map(([, type]) => type!),
      );
      assert.ok(types.length >= 15, `${types.length}`);
      assert.deepEqual(
        types.filter((type) => PROVIDER[type] === undefined),
        [],
      );
    });

    it("allow every call of the list", () => {
      const missing = Object.values(PROVIDER)
        .flat()
        .filter((call) => !allows(together, call));
      assert.deepEqual(missing, []);
    });

    it("launch instances from launch templates only", () => {
      const launching = policy("fleet").filter(({ Action }) => Action.includes("ec2:RunInstances"));
      assert.match(JSON.stringify(launching), /"Condition":\{"ArnLike":\{"ec2:LaunchTemplate"/);
      assert.equal(launching.length, 1);
    });
  });

  describe("sharing", () => {
    const sharing = policy("sharing");

    /** What the Terraform AWS provider calls, by its sources, for ImageKeys, ImageSharing and ImageRetention. */
    const PROVIDER: { [source: string]: string[] } = {
      "kms/key.go": [
        ...["CreateKey", "DescribeKey", "EnableKeyRotation", "DisableKeyRotation", "GetKeyPolicy", "PutKeyPolicy"],
        ...["GetKeyRotationStatus", "ListResourceTags", "TagResource", "UntagResource", "UpdateKeyDescription"],
        ...["ScheduleKeyDeletion"],
      ].map((call) => `kms:${call}`),
      "kms/alias.go": ["kms:CreateAlias", "kms:ListAliases", "kms:UpdateAlias", "kms:DeleteAlias"],
      "ec2/ec2_ami_launch_permission.go": ["ec2:ModifyImageAttribute", "ec2:DescribeImageAttribute"],
      "ec2/ec2_ami_data_source.go": ["ec2:DescribeImages"],
      "ec2/ebs_snapshot_create_volume_permission.go": [
        ...["ec2:ModifySnapshotAttribute", "ec2:DescribeSnapshotAttribute", "ec2:DescribeSnapshots"],
      ],
      "rbin/rule.go": [
        ...["CreateRule", "GetRule", "UpdateRule", "DeleteRule", "ListTagsForResource", "TagResource", "UntagResource"],
      ].map((call) => `rbin:${call}`),
    };

    it("allows every call of the provider's sources, and no other", () => {
      const calls = Object.values(PROVIDER).flat();
      assert.deepEqual(
        calls.filter((call) => !allows(sharing, call)),
        [],
      );
      const allowed = sharing.flatMap(({ Action }) => Action);
      assert.deepEqual(
        allowed.filter((call) => !calls.includes(call)),
        [],
      );
    });

    it("allows no change but of what carries the stack's tag, or is made with it, or has the stack's name", () => {
      const stack = '"pulumi-ami-lifecycle/dev"';
      for (const { Sid, Effect, Action, Resource, Condition } of sharing) {
        if (Effect === "Deny" || Action.every((one) => /^\w+:(Describe|Get|List)/.test(one))) continue;
        if ([Resource].flat().every((one) => one.endsWith(":alias/ami/web/dev"))) continue;
        const condition = JSON.stringify(Condition ?? {});
        const own = condition.includes(`"StringEquals":{"aws:ResourceTag/ami-lifecycle:stack":${stack}}`);
        // What is made has no tag yet; nor may anything that has one be taken over.
        const made =
          condition.includes(`"StringEquals":{"aws:RequestTag/ami-lifecycle:stack":${stack}}`) &&
          condition.includes('"Null":{"aws:ResourceTag/ami-lifecycle:stack":"true"');
        assert.ok(own || made, Sid);
        if (!own)
          assert.ok(
            Action.every((one) => /:(Create|TagResource)/.test(one)),
            Sid,
          );
      }
    });

    it("never lets an image or a snapshot be made public", () => {
      const denied = sharing.filter(({ Effect }) => Effect === "Deny");
      assert.deepEqual(
        denied.map(({ Action, Resource, Condition }) => ({ Action, Resource, Condition })),
        [
          {
            Action: ["ec2:ModifyImageAttribute", "ec2:ModifySnapshotAttribute"],
            Resource: "*",
            Condition: { StringEquals: { "ec2:Add/group": "all" } },
          },
        ],
      );
    });
  });

  describe("backup", () => {
    const backup = policy("backup");
    // What of the gates' kit the two commands use, besides their own calls.
    const kit = ["DescribeInstances", "DescribeInstanceStatus"].map((call) => `ec2:${call}`);
    const calls = [...new Set([...callsOfGates("cli/servers"), ...kit, "sts:GetCallerIdentity"])];

    it("lets backup and restore do every call in their sources, and no other", () => {
      assert.ok(calls.includes("ec2:CreateImage") && calls.includes("ec2:RunInstances"), calls.join(", "));
      assert.deepEqual(
        calls.filter((call) => !allows(backup, call)),
        [],
      );
      // Tags are given with CreateImage and RunInstances; a profile's role is passed.
      const more = ["ec2:CreateTags", "iam:PassRole"];
      const allowed = backup.flatMap(({ Action }) => Action);
      assert.deepEqual(
        allowed.filter((call) => !calls.includes(call) && !more.includes(call)),
        [],
      );
    });

    it("lets them tag only what they make, launch only what is marked as restored, and end nothing", () => {
      const conditions = (call: string, resource: string) =>
        backup
          .filter(
            ({ Action, Resource }) => Action.includes(call) && [Resource].flat().some((one) => one.includes(resource)),
          )
          .map(({ Condition }) => JSON.stringify(Condition));
      for (const kind of ["image/", "snapshot/", "instance/", "volume/"])
        for (const condition of conditions("ec2:CreateTags", kind)) assert.match(condition, /ec2:CreateAction/);
      for (const kind of ["image/", "snapshot/"])
        assert.match(
          conditions("ec2:CreateImage", kind).join(),
          /^\{"StringLike":\{"aws:RequestTag\/ami-lifecycle:backup"/,
        );
      assert.match(conditions("ec2:RunInstances", "instance/").join(), /aws:RequestTag\/ami-lifecycle:restored/);
      assert.match(conditions("ec2:RunInstances", "image/").join(), /"ec2:Owner":"\$\{aws:PrincipalAccount\}"/);
    });
  });

  it("lets status do every call in its sources, and no other: it only looks", () => {
    const status = policy("status");
    // What of the gates it uses, besides its own calls.
    const calls = [...new Set([...callsOfGates("cli/status"), "ec2:DescribeLaunchTemplateVersions"])].sort();
    assert.deepEqual(status.flatMap(({ Action }) => Action).sort(), calls);
    assert.ok(calls.every((call) => /^\w+:(Describe|Get)/.test(call)));
  });

  describe("drill", () => {
    const drill = policy("drill");
    // What of the gates' kit and of status it uses, besides its own calls.
    const kit = [
      "DescribeInstances",
      "DescribeInstanceStatus",
      "DescribeSubnets",
      "DescribeImages",
      "GetConsoleOutput",
    ];
    const used = [...kit, "RunInstances", "TerminateInstances"].map((call) => `ec2:${call}`);
    const shared = ["ssm:GetParametersByPath", "autoscaling:DescribeAutoScalingGroups"];
    const calls = [...new Set([...callsOfGates("cli/drill"), ...used, ...shared])];

    it("lets a drill do every call in its sources, and no other", () => {
      assert.ok(calls.includes("ec2:DescribeLaunchTemplateVersions"), calls.join(", "));
      // Tags are given with RunInstances; the role of the template's profile is passed.
      const needed = [...calls, "ec2:CreateTags", "iam:PassRole"].sort();
      assert.deepEqual([...new Set(drill.flatMap(({ Action }) => Action))].sort(), needed);
    });

    it("uses what it shares with others, and no more of it", () => {
      const sources = readdirSync("cli/drill").map((file) => readFileSync(join("cli/drill", file), "utf8"));
      const imported = sources.flatMap((text) => [...text.matchAll(/import \{([^}]+)\} from "([^"]+)"/g)]);
      const of = (from: RegExp) =>
        imported
          .filter(([, , path]) => from.test(path!))
          .flatMap(([, names]) => names!.split(","))
          .map((name) => name.trim())
          .filter((name) => name !== "" && !name.startsWith("type "))
          .sort();
      assert.deepEqual(of(/status\/calls$/), ["groupsNamed", "imagesById", "parametersBelow"]);
      assert.deepEqual(of(/kit\/instances$/), ["describeInstance", "instancesWith", "terminate"]);
      assert.deepEqual(of(/kit\/throwaway$/), ["discard", "isOfWindows", "launch", "tagged", "tellInterruption"]);
      assert.deepEqual(of(/kit\/(bootWatch|statusWatch|placement)$/), [
        ...["candidateSubnets", "endsItself", "watchBoot", "watchStatus"],
      ]);
    });

    it("launches instances and volumes only with the tag of a throwaway one, and ends no others", () => {
      const conditions = (call: string, resource: string) =>
        drill
          .filter(
            ({ Action, Resource }) =>
              Action.includes(call) && [Resource].flat().some((one) => one === "*" || one.includes(resource)),
          )
          .map(({ Condition }) => Condition);
      for (const kind of [":instance/", ":volume/"]) {
        assert.deepEqual(conditions("ec2:RunInstances", kind), [
          { Null: { "aws:RequestTag/ami-lifecycle:proof": "false" } },
        ]);
        assert.deepEqual(conditions("ec2:CreateTags", kind), [
          { StringEquals: { "ec2:CreateAction": "RunInstances" } },
        ]);
      }
      assert.deepEqual(conditions("ec2:TerminateInstances", ":instance/"), [
        { Null: { "aws:ResourceTag/ami-lifecycle:proof": "false" } },
      ]);
      assert.deepEqual(conditions("ec2:CreateTags", "image/"), []);
      assert.equal(conditions("ec2:RunInstances", "launch-template/").length, 1);
    });
  });

  it("lets failover and failback do every call in their sources, and no other", () => {
    // What of the gates and of status they use: groups, their activities and targets, the account, the home region's records.
    const shared = [
      ...["autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeScalingActivities", "sts:GetCallerIdentity"],
      ...["elasticloadbalancing:DescribeTargetHealth", "ssm:GetParametersByPath"],
    ];
    const calls = [...new Set([...callsOfGates("cli/recovery"), ...shared])].sort();
    const actions = policy("failover").flatMap(({ Action }) => Action);
    assert.deepEqual([...actions].sort(), calls);
  });

  it("does not let prod bake", () => {
    const prod = [...gates, ...policy("fleet"), ...policy("balancer"), ...policy("prod")];
    for (const call of ["ec2:CreateImage", "ec2:RegisterImage"]) assert.ok(!allows(prod, call), call);
    assert.ok(allows(policy("dev"), "ec2:CreateImage"));
  });

  it("keeps each policy within IAM's 6,144 characters", () => {
    for (const name of [
      "gates",
      "fleet",
      "balancer",
      "dev",
      "prod",
      "sharing",
      "backup",
      "status",
      "failover",
      "drill",
      "network",
      "dns",
    ]) {
      const size = JSON.stringify(JSON.parse(readFileSync(`docs/iam/${name}.json`, "utf8"))).length;
      assert.ok(size <= 6144, `${name}: ${size}`);
    }
  });
});
