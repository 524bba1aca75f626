import assert from "node:assert/strict";
import { allInstanceTypes } from "../../components/internal/instanceTypes";
import { checkByRules } from "../../simulation/rules";
import { VCPU_QUOTAS } from "../../simulation/rules/vcpus";
import type { RecordedResource, Wire, WireObject } from "../../simulation/types";
import { secret, UNKNOWN } from "../../simulation/wire";
import { fixture, simulate, type Run } from "./command";
import { resource as recorded } from "./difference/resources";

interface Data {
  summary: { errors: number; warnings: number };
  problems: { severity: string; message: string; path?: string; source?: string }[];
  notes: string[];
}

let made = 0;
/** A resource of us-east-1. */
const resource = (type: string, inputs: WireObject, more: Partial<RecordedResource> = {}): RecordedResource =>
  recorded(type, more.name ?? `r${(made += 1)}`, inputs, { region: "us-east-1", ...more });

const check = (...resources: RecordedResource[]) => checkByRules({ resources, lookups: [] });
const messages = (...resources: RecordedResource[]) => check(...resources).problems.map(({ message }) => message);

const INSTANCE = "aws:ec2/instance:Instance";
const IMAGE = "aws:ec2/amiFromInstance:AmiFromInstance";
const FOREIGN = "aws:ec2/ami:Ami";
const COPY = "aws:ec2/amiCopy:AmiCopy";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const GROUP = "aws:autoscaling/group:Group";
const TAG = "aws:ec2/tag:Tag";
const PERMISSION = "aws:ec2/amiLaunchPermission:AmiLaunchPermission";

describe("a program that AWS would refuse", function () {
  this.timeout(60_000);
  let run: Run;
  let data: Data;

  before(async () => {
    run = await simulate(["--json", "--cwd", fixture("refused")]);
    data = JSON.parse(run.out) as Data;
  });

  const told = (name: string) =>
    data.problems.filter(({ path }) => path === name).map(({ severity, message }) => `${severity}: ${message}`);

  it("has errors, each with its resource and its line", () => {
    assert.equal(run.code, 1);
    assert.deepEqual(data.summary, { ...data.summary, errors: 6, warnings: 4 });
    const lines = Object.fromEntries(data.problems.map(({ path, source }) => [path, source]));
    assert.deepEqual(lines, {
      again: "index.ts:30",
      arm: "index.ts:34",
      base: "index.ts:20",
      copy: "index.ts:26",
      elsewhere: "index.ts:36",
      group: "index.ts:39",
      misspelt: "index.ts:37",
      old: "index.ts:35",
      shared: "index.ts:31",
      "site/site-targets": "index.ts:8",
    });
  });

  it("is told what AWS allows of names, volumes and keys", () => {
    assert.match(told("site/site-targets")[0] ?? "", /^error: name: got "site-", allowed is 1 to 32 letters/);
    assert.match(told("base")[0] ?? "", /^error: rootBlockDevice\.iops: got 6000, allowed is at most 500 IOPS a GiB/);
    assert.match(told("copy")[0] ?? "", /^error: kmsKeyId: got "alias\/site", allowed is an ARN of a KMS key/);
    assert.match(told("again")[0] ?? "", /^error: name: .* in us-east-1 \(InvalidAMIName\.Duplicate: image has it\)/);
    assert.match(told("shared")[0] ?? "", /^warning: imageId: allowed is an image under a key of your own/);
  });

  it("is told what type does not fit its image, found through copies down to the base instance", () => {
    assert.deepEqual(told("arm"), [
      "error: instanceType: got \"t4g.small\", allowed is a type of x86_64, the image's architecture. Use another type, or an image of the type's architecture.",
    ]);
    assert.match(told("old")[0] ?? "", /^error: instanceType: got "m4\.large", allowed is a type that boots uefi/);
  });

  it("is warned of what is not offered, with the date of the data", () => {
    assert.match(told("elsewhere")[0] ?? "", /^warning: .*"p4d\.24xlarge", allowed is a type that us-west-1 offers \(as of moto [\d.]+ \(Apache-2\.0\), \d{4}-\d\d-\d\d\)/); // prettier-ignore
    assert.match(told("misspelt")[0] ?? "", /^warning: .*"t3\.smal".* Did you mean "t3\.small"\.$/);
    assert.match(told("group")[0] ?? "", /^warning: launchTemplate: got "m7i\.large in us-east-1e", allowed is a zone of us-east-1a/); // prettier-ignore
  });

  it("is told which quotas it passes, by name and code", () => {
    const quotas = data.notes.filter((note) => note.includes("quota"));
    assert.deepEqual(
      quotas.map((note) => note.replace(/\. Ask.*/, "")),
      [
        'us-east-1: up to 44 vCPUs of On-Demand Instances, and AWS\'s default for "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances" (quota L-1216C47A) is 5',
        'us-east-1: up to 6 Elastic IP addresses, and AWS\'s default for "EC2-VPC Elastic IPs" (quota L-0263D0A3) is 5',
        'us-west-1: up to 96 vCPUs of On-Demand Instances, and AWS\'s default for "Running On-Demand P instances" (quota L-417A185B) is 0',
      ],
    );
  });

  it("is told in the order of its lines", () => {
    for (const severity of ["error", "warning"]) {
      const lines = data.problems
        .filter((one) => one.severity === severity)
        .map(({ source }) => Number(source?.split(":")[1]));
      assert.deepEqual(
        lines,
        [...lines].sort((a, b) => a - b),
      );
    }
  });

  it("is told before any answer about it: that is not the whole", async () => {
    const questions = [["--cost"], ["--timeline"], ["--scenario", "capacity=t3.small@us-east-1a"]];
    for (const { code, out } of await Promise.all(
      questions.map((one) => simulate(["--cwd", fixture("refused"), ...one])),
    )) {
      assert.equal(code, 1);
      assert.match(
        out.split("\n\n")[0]?.replaceAll("\n", " ") ?? "",
        /; but the program has 6 errors: `pulumi up` does not come to this/,
      );
    }
  });

  it("is told in the text too, at most 100 columns wide", async () => {
    const { out, code } = await simulate(["--cwd", fixture("refused")]);
    assert.equal(code, 1);
    assert.match(out, /^dev: \d+ resources in 3 regions, 0 gates, 10 problems \(6 errors, 4 warnings\)\n\nProblems\n/);
    assert.match(out, /\n {4}at site\/site-targets {2}index\.ts:8\n/);
    assert.deepEqual(out.split("\n").filter((line) => line.length > 100), []); // prettier-ignore
  });
});

describe("rules between resources", () => {
  it("take what is unknown or secret for nothing, and never print a secret", () => {
    assert.deepEqual(messages(resource(IMAGE, { name: UNKNOWN }), resource(IMAGE, { name: UNKNOWN })), []);
    assert.deepEqual(
      messages(resource(IMAGE, { name: secret("x") }), resource(TEMPLATE, { userData: secret("!") })),
      [],
    );
    const hidden = (name: string) => resource("aws:ssm/parameter:Parameter", { name: secret(name) });
    assert.deepEqual(messages(hidden("/hush"), hidden("/hush")), []);
    assert.deepEqual(messages(resource(INSTANCE, { instanceType: secret("t3.hush") })), []);
  });

  it("know one name in two regions, or by two providers, for two things", () => {
    const image = (more: Partial<RecordedResource>) => resource(IMAGE, { name: "web/1.0.0" }, more);
    assert.deepEqual(messages(image({}), image({ region: "eu-west-1" }), image({ provider: "urn:other" })), []);
    assert.equal(messages(image({}), resource(COPY, { name: "web/1.0.0" })).length, 1);
    const role = (region: string) => resource("aws:iam/role:Role", { name: "web" }, { region });
    assert.equal(messages(role("us-east-1"), role("eu-west-1")).length, 1);
    const nowhere = () => recorded(IMAGE, `r${(made += 1)}`, { name: "web/1.0.0" });
    assert.deepEqual(messages(nowhere(), nowhere()), []);
    const parameter = (overwrite?: boolean) =>
      resource("aws:ssm/parameter:Parameter", { name: "/web", ...(overwrite !== undefined && { overwrite }) });
    assert.deepEqual(messages(parameter(), parameter(true)), []);
    assert.equal(messages(parameter(), parameter(false)).length, 1);
    // A bucket's name is taken in the whole world.
    const bucket = (more: Partial<RecordedResource>, type = "bucket:Bucket") =>
      resource(`aws:s3/${type}`, { bucket: "web" }, more);
    assert.equal(
      messages(bucket({}), bucket({ region: "eu-west-1", provider: "urn:other" }, "bucketV2:BucketV2")).length,
      1,
    );
    const group = (inputs: WireObject) => resource("aws:ec2/securityGroup:SecurityGroup", { name: "web", ...inputs });
    assert.deepEqual(
      messages(
        group({}),
        group({ vpcId: "vpc-1" }),
        group({ vpcId: "vpc-2" }),
        group({ vpcId: UNKNOWN }),
        group({ vpcId: UNKNOWN }),
      ),
      [],
    );
    assert.equal(messages(group({ vpcId: "vpc-1" }), group({ vpcId: "vpc-1" })).length, 1);
    const balancer = (type: string) => resource(type, { name: "web" });
    assert.equal(
      messages(balancer("aws:lb/loadBalancer:LoadBalancer"), balancer("aws:alb/loadBalancer:LoadBalancer")).length,
      1,
    );
  });

  it("warn where one replaces the other by its name, and AWS says nothing", () => {
    const pair = (type: string, one: WireObject, other = one, more: Partial<RecordedResource> = {}) =>
      check(resource(type, one, { name: "first" }), resource(type, other, { name: "second", ...more })).problems;
    const alarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
    const [told, ...rest] = pair(alarm, { name: "cpu" });
    assert.deepEqual([told?.severity, told?.path, rest], ["warning", "second", []]);
    assert.match(told?.message ?? "", /^name: got "cpu", allowed is a name of its own in us-east-1 \(one of the two replaces the other: first has it\)/); // prettier-ignore
    assert.deepEqual(pair(alarm, { name: "cpu" }, { name: "cpu" }, { region: "eu-west-1" }), []);
    const dashboard = "aws:cloudwatch/dashboard:Dashboard";
    assert.equal(pair(dashboard, { dashboardName: "a" }, { dashboardName: "a" }, { region: "eu-west-1" }).length, 1);
    for (const [type, name, within] of [
      ["aws:autoscaling/schedule:Schedule", "scheduledActionName", "autoscalingGroupName"],
      ["aws:autoscaling/policy:Policy", "name", "autoscalingGroupName"],
      ["aws:autoscaling/lifecycleHook:LifecycleHook", "name", "autoscalingGroupName"],
      ["aws:cloudwatch/eventRule:EventRule", "name", "eventBusName"],
    ] as const) {
      const named = (place: string): WireObject => ({ [name]: "night", [within]: place });
      const from = (urn: string) => ({
        inputs: { [name]: "night", [within]: UNKNOWN },
        inputsFrom: { [within]: [urn] },
      });
      const own = (problems: { message: string }[]) => problems.filter(({ message }) => message.includes("replaces"));
      assert.equal(own(pair(type, named("web"))).length, 1, type);
      assert.deepEqual(own(pair(type, named("web"), named("api"))), [], type);
      assert.match(
        own(pair(type, named("web")))[0]?.message ?? "",
        /a name of its own in its (Auto Scaling group|event bus) /,
      );
      // Of one place of this program it is one name; two outputs of another stack, or of a component, can be two places.
      const placeType = within === "eventBusName" ? "aws:cloudwatch/eventBus:EventBus" : GROUP;
      for (const [source, count] of [
        [resource(placeType, {}), 1],
        [resource("pulumi:pulumi:StackReference", {}), 0],
      ] as const) {
        const twice = [1, 2].map(() =>
          resource(type, from(source.urn).inputs, { inputsFrom: from(source.urn).inputsFrom }),
        );
        assert.equal(own(check(source, ...twice).problems).length, count, `${type} of ${source.type}`);
      }
    }
  });

  it("follow an image through its record", () => {
    const base = resource(INSTANCE, { instanceType: "t4g.small", ami: UNKNOWN });
    const image = resource(IMAGE, { sourceInstanceId: UNKNOWN, name: "web" }, { inputsFrom: { sourceInstanceId: [base.urn] } });
    const tag = resource(TAG, { resourceId: UNKNOWN, key: "verified", value: "x" }, { inputsFrom: { resourceId: [image.urn] } });
    const of = (instanceType: string) => resource(TEMPLATE, { imageId: UNKNOWN, instanceType }, { inputsFrom: { imageId: [tag.urn, image.urn] } });
    const group = (template: RecordedResource) => resource(GROUP, { availabilityZones: ["us-east-1a"], launchTemplate: { version: "1" } }, { dependsOn: [template.urn], inputsFrom: { launchTemplate: [template.urn] } });
    const [wrong, right] = [of("t3.small"), of("t4g.large")];
    assert.deepEqual(messages(base, image, tag, right, group(right)), []);
    const found = messages(base, image, tag, wrong, group(wrong));
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /^instanceType: got "t3\.small", allowed is a type of arm64, the image's architecture/);
  }); // prettier-ignore

  it("do not judge by sources that disagree, or that go in a circle", () => {
    const bases = ["t4g.small", "t3.small"].map((instanceType) => resource(INSTANCE, { instanceType }));
    const from = { inputsFrom: { ami: bases.map(({ urn }) => urn) } };
    assert.deepEqual(messages(...bases, resource(INSTANCE, { ami: UNKNOWN, instanceType: "t3.small" }, from)), []);
    const copy = resource(COPY, { name: "web", sourceAmiId: UNKNOWN }, { name: "round" });
    copy.inputsFrom = { sourceAmiId: [copy.urn] };
    assert.deepEqual(messages(copy, resource(INSTANCE, { ami: UNKNOWN, instanceType: "t3.small" }, { inputsFrom: { ami: [copy.urn] } })), []); // prettier-ignore
  });

  it("do not judge by look-ups that are told apart by their filters only", () => {
    const lookup = (architecture: string) => ({
      ...{ token: "aws:ec2/getAmi:getAmi", region: "us-east-1", certainty: "assumed" as const },
      args: {
        owners: ["137112412989"],
        filters: [
          { name: "name", values: ["al2023-ami-2023.*"] },
          { name: "architecture", values: [architecture] },
        ],
      },
    });
    const launch = (instanceType: string) =>
      resource(INSTANCE, { ami: "ami-assumed-al2023-ami-2023-us-east-1", instanceType });
    const told = (...lookups: ReturnType<typeof lookup>[]) =>
      checkByRules({ resources: [launch("t4g.small"), launch("t3.small")], lookups }).problems.length;
    assert.equal(told(lookup("arm64")), 1);
    assert.equal(told(lookup("arm64"), lookup("x86_64")), 0);
  });

  it("do not judge a group whose types have templates of their own", () => {
    const template = (ami: string) => resource(TEMPLATE, { imageId: `ami-assumed-ubuntu-${ami}-us-east-1` });
    const [intel, arm] = [template("amd64"), template("arm64")];
    const override = (instanceType: string) => ({ instanceType, launchTemplateSpecification: { version: "1" } });
    const policy = { launchTemplate: { overrides: [override("t3.small"), override("t4g.small")] } };
    const inputs = { availabilityZones: ["us-east-1a"], minSize: 1, maxSize: 1, mixedInstancesPolicy: policy };
    const group = (of: RecordedResource[], own: WireObject = inputs) =>
      resource(GROUP, own, { inputsFrom: { mixedInstancesPolicy: of.map(({ urn }) => urn) } });
    assert.deepEqual(messages(intel, arm, group([intel, arm])), []);
    // The one that is seen may be the group's, or a type's.
    assert.deepEqual(messages(intel, group([intel])), []);
    const common = { launchTemplate: { overrides: [override("t4g.small"), { instanceType: "t4g.large" }] } };
    const found = messages(intel, group([intel], { ...inputs, mixedInstancesPolicy: common }));
    assert.equal(found.length, 1);
    assert.match(found[0] ?? "", /got "t4g\.large", allowed is a type of x86_64/);
  });

  it("judge a group by the template that it names, not by one that it waits for", () => {
    const template = resource(TEMPLATE, { imageId: "ami-assumed-ubuntu-arm64-us-east-1", instanceType: "t3.small" });
    const inputs = { availabilityZones: ["us-east-1a"], launchTemplate: { id: "lt-1", version: "1" }, minSize: 1, maxSize: 1 };
    const dependsOn = [template.urn];
    assert.equal(messages(template, resource(GROUP, inputs, { dependsOn, inputsFrom: { launchTemplate: dependsOn } })).length, 1);
    const problemsOf = (...all: RecordedResource[]) => check(...all).problems.map(({ severity, path }) => [severity, path]);
    assert.deepEqual(problemsOf(template, resource(GROUP, inputs, { dependsOn, inputsFrom: { launchTemplate: dependsOn } })), [["error", template.name]]);
    // Nothing here launches it, which AWS takes.
    assert.deepEqual(problemsOf(template, resource(GROUP, inputs, { dependsOn })), [["warning", template.name]]);
  }); // prettier-ignore

  it("follow an instance to its template's image, and a chain of thousands of copies not to its end", () => {
    const template = resource(TEMPLATE, { imageId: "ami-assumed-ubuntu-arm64-us-east-1", instanceType: "t4g.small" });
    const from = { inputsFrom: { launchTemplate: [template.urn] } };
    const launch = (instanceType?: string) =>
      resource(INSTANCE, { launchTemplate: { version: "1" }, ...(instanceType !== undefined && { instanceType }) }, from);
    assert.deepEqual(messages(template, launch()), []);
    assert.match(messages(template, launch("t3.small")).join("\n"), /^instanceType: got "t3\.small", allowed is a type of arm64/);
    const copies = [...Array(5000).keys()].map((i) => resource(COPY, { name: `copy-${i}` }, i > 0 ? { inputsFrom: { sourceAmiId: [`urn:pulumi:dev::shop::${COPY}::copy-${i - 1}`] }, name: `copy-${i}` } : { name: "copy-0" }));
    const last = resource(INSTANCE, { ami: UNKNOWN, instanceType: "t3.small" }, { inputsFrom: { ami: [copies.at(-1)?.urn ?? ""] } });
    assert.deepEqual(messages(...copies, last), []);
  }); // prettier-ignore

  it("know Macs, patterns, and images whose architecture is known only later", () => {
    const launch = (ami: string, instanceType: string) => resource(INSTANCE, { ami, instanceType });
    const macos = "ami-assumed-amzn-ec2-macos-14.1-arm64-us-east-1";
    assert.deepEqual(messages(launch(macos, "mac2.metal")), []);
    assert.match(messages(launch(macos, "t4g.small")).join("\n"), /allowed is a type of arm64_mac/);
    const id = "ami-assumed-al2023-us-east-1";
    const lookup = (architecture: string) => ({
      ...{ token: "aws:ec2/getAmi:getAmi", region: "us-east-1", certainty: "assumed" as const },
      args: { filters: [{ name: "name", values: ["al2023*"] }, { name: "architecture", values: [architecture] }] },
    });
    const found = (architecture: string) =>
      checkByRules({ resources: [launch(id, "t4g.small")], lookups: [lookup(architecture)] }).problems.length;
    assert.deepEqual([found("x86_64"), found("*"), found("arm6?"), found("arm64")], [1, 0, 0, 0]);
    const foreign = (architecture?: string) => {
      const image = resource(FOREIGN, { name: "own", ...(architecture !== undefined && { architecture }) });
      return messages(image, resource(INSTANCE, { ami: UNKNOWN, instanceType: "t4g.small" }, { inputsFrom: { ami: [image.urn] } })).length;
    };
    assert.deepEqual([foreign(), foreign(""), foreign("x86_64"), foreign(UNKNOWN), foreign("arm64")], [1, 1, 1, 0, 0]);
  }); // prettier-ignore

  it("warn of types that the table does not have, and say no more of them", () => {
    const { problems } = check(
      resource(INSTANCE, { ami: "ami-assumed-ubuntu-amd64-us-east-1", instanceType: "m99g.large" }),
      resource(INSTANCE, { ami: "ami-assumed-amzn-ec2-macos-arm64-us-east-1", instanceType: "mac9.metal" }),
    );
    assert.deepEqual(problems.map(({ severity }) => severity), ["warning", "warning"]);
  }); // prettier-ignore

  it("tell a type that there is not, or not in the region, once and where it is said", () => {
    for (const instanceType of ["t3.smal", "hpc6a.48xlarge"]) {
      const template = resource(TEMPLATE, { instanceType }, { name: "template", region: "us-west-1" });
      const group = () =>
        resource(
          GROUP,
          { availabilityZones: ["us-west-1a"], minSize: 1, maxSize: 1, launchTemplate: { version: "1" } },
          { inputsFrom: { launchTemplate: [template.urn] }, region: "us-west-1" },
        );
      const { problems } = check(template, group(), group());
      assert.deepEqual(
        problems.map(({ severity, path }) => [severity, path]),
        [["warning", "template"]],
      );
      assert.ok(problems[0]?.message.startsWith(`instanceType: got "${instanceType}"`), problems[0]?.message);
    }
  });

  it("judge no zone that the table does not have, nor one that is only assumed while another will do", () => {
    const group = (zones: string[], region: string) =>
      resource(
        GROUP,
        {
          ...{ vpcZoneIdentifiers: zones.map((zone) => `subnet-assumed-${zone}`), minSize: 1, maxSize: 1 },
          mixedInstancesPolicy: { launchTemplate: { overrides: [{ instanceType: "t3.small" }] } },
        },
        { region },
      );
    assert.deepEqual(messages(group(["us-west-1a", "us-west-1c"], "us-west-1")), []);
    assert.deepEqual(messages(group(["us-east-1a", "us-east-1e"], "us-east-1")), []);
    assert.equal(messages(group(["us-east-1e"], "us-east-1")).length, 1);
    const local = { availabilityZone: "us-west-2-lax-1a", instanceType: "m4.large" };
    assert.deepEqual(messages(resource(INSTANCE, local, { region: "us-west-2" })), []);
  });

  it("are content with a group of which each zone has one of the types", () => {
    const overrides = (...types: string[]) => types.map((instanceType) => ({ instanceType }));
    const group = (...types: string[]) =>
      resource(GROUP, {
        ...{ availabilityZones: ["us-east-1a", "us-east-1e"], minSize: 1, maxSize: 1 },
        mixedInstancesPolicy: { launchTemplate: { overrides: overrides(...types) } },
      });
    assert.deepEqual(messages(group("t3.small", "m4.large")), []);
    assert.equal(messages(group("t3.small", "t3.large")).length, 2);
    // One of a region or account that the table does not know may be offered.
    assert.deepEqual(messages(resource(INSTANCE, { instanceType: "t3.small" }, { region: "us-nowhere-1" })), []);
  });

  it("refuse to share what is under AWS's key, publicly what is encrypted, and publicly what is blocked", () => {
    const share = (copied: WireObject, permission: WireObject, ...more: RecordedResource[]) => {
      const copy = resource(COPY, { name: "web", ...copied });
      const from = { inputsFrom: { imageId: [copy.urn] } };
      return messages(copy, resource(PERMISSION, { imageId: UNKNOWN, ...permission }, from), ...more);
    };
    const key = "arn:aws:kms:us-east-1:111122223333:key/1";
    const account = { accountId: "111122223333" };
    assert.match(share({ encrypted: true }, account).join("\n"), /^imageId: allowed is an image under a key of your own/);
    assert.deepEqual(share({ encrypted: true }, account, resource("aws:ebs/defaultKmsKey:DefaultKmsKey", { keyArn: key })), []);
    assert.deepEqual(share({ encrypted: true, kmsKeyId: key }, account), []);
    assert.deepEqual(share({ encrypted: true, kmsKeyId: UNKNOWN }, account), []);
    assert.deepEqual(share({}, { group: "all" }), []);
    assert.match(share({ encrypted: true, kmsKeyId: key }, { group: "all" }).join("\n"), /^group: allowed is only images that/);
    const block = resource("aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess", { state: "block-new-sharing" }, { name: "block" });
    assert.match(share({}, { group: "all" }, block).join("\n"), /^group: allowed is no public image while block blocks it/);
    const permission = resource(PERMISSION, { imageId: UNKNOWN, group: "all" }, { name: "public" });
    assert.deepEqual(messages(permission, { ...block, dependsOn: [permission.urn] }), []);
    for (const elsewhere of [{ region: "eu-west-1" }, { provider: "urn:other" }]) {
      assert.deepEqual(share({}, { group: "all" }, { ...block, ...elsewhere }), []);
      const other = resource("aws:ebs/defaultKmsKey:DefaultKmsKey", { keyArn: key }, elsewhere);
      assert.equal(share({ encrypted: true }, account, other).length, 1);
    }
    for (const kmsKeyId of [null, "", UNKNOWN, "arn:aws:kms:us-east-1:111122223333:alias/aws/ebs", "arn:aws:kms:us-east-1:111122223333:alias/own"])
      assert.match(share({ encrypted: "true", kmsKeyId }, { group: "all" }).at(-1) ?? "", /^group: allowed is only images that/, String(kmsKeyId));
  }); // prettier-ignore

  it("count On-Demand and Spot Instances each by their own quotas, and each account by itself", () => {
    const group = (percentage: number, more: Partial<RecordedResource> = {}) =>
      resource(
        GROUP,
        {
          ...{ availabilityZones: ["us-east-1a"], minSize: 0, maxSize: 4 },
          mixedInstancesPolicy: {
            instancesDistribution: { onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: percentage },
            launchTemplate: { overrides: [{ instanceType: "t3.small" }] },
          },
        },
        more,
      );
    const told = (...groups: RecordedResource[]) => check(...groups).notes.map((note) => note.split(", and ")[0]);
    assert.deepEqual(told(group(0)), ["us-east-1: up to 6 vCPUs of Spot Instances"]);
    assert.match(
      check(group(0)).notes.join("\n"),
      /"All Standard \(A, .*, Z\) Spot Instance Requests" \(quota L-34B43A08\) is 5/,
    );
    assert.deepEqual(told(group(100)), ["us-east-1: up to 8 vCPUs of On-Demand Instances"]);
    assert.deepEqual(told(group(50), group(50, { provider: "urn:other" })), [
      "us-east-1: up to 6 vCPUs of On-Demand Instances",
      "us-east-1: up to 6 vCPUs of On-Demand Instances",
    ]);
    assert.deepEqual(told(group(0), group(50)), [
      "us-east-1: up to 8 vCPUs of On-Demand Instances",
      "us-east-1: up to 8 vCPUs of Spot Instances",
    ]);
  });

  it("count Spot capacity, weights, sizes in vCPUs, and what is of the whole account once", () => {
    const grown = (inputs: WireObject, more: Partial<RecordedResource> = {}) =>
      resource(GROUP, { availabilityZones: ["us-east-1a"], minSize: 0, maxSize: 8, ...inputs }, more);
    const overrides = (weightedCapacity: string) => ({
      mixedInstancesPolicy: { launchTemplate: { overrides: [{ instanceType: "m5.xlarge", weightedCapacity }] } },
    });
    assert.match(check(grown(overrides("4"))).notes.join("\n"), /up to 8 vCPUs/);
    assert.match(check(grown(overrides("1"))).notes.join("\n"), /up to 32 vCPUs/);
    assert.match(check(grown({ ...overrides("1"), desiredCapacityType: "vcpu" })).notes.join("\n"), /up to 8 vCPUs/);
    assert.deepEqual(check(grown({ ...overrides("1"), desiredCapacityType: "memory-mib" })).notes, []);
    const spot = { instanceMarketOptions: { marketType: "spot" }, instanceType: "m5.4xlarge" };
    const later = grown({
      mixedInstancesPolicy: {
        instancesDistribution: UNKNOWN,
        launchTemplate: { overrides: [{ instanceType: "m5.xlarge" }] },
      },
    });
    assert.deepEqual(
      check(later).notes.map((note) => note.split(", and ")[0]),
      ["us-east-1: up to 32 vCPUs of On-Demand Instances", "us-east-1: up to 32 vCPUs of Spot Instances"],
    );
    for (const inputs of [
      { instanceMarketOptions: UNKNOWN },
      { tenancy: "host" },
      { hostId: UNKNOWN },
    ] as WireObject[]) {
      assert.deepEqual(
        check(resource(INSTANCE, { instanceType: "m5.4xlarge", ...inputs })).notes,
        [],
        JSON.stringify(inputs),
      );
    }
    const toldSpot = /^us-east-1: up to \d+ vCPUs of Spot Instances/;
    assert.match(
      check(resource(INSTANCE, spot)).notes.join("\n"),
      /^us-east-1: up to 16 vCPUs of Spot Instances[^\n]*$/,
    );
    const block = { instanceMarketOptions: { marketType: "capacity-block" }, instanceType: "p5.48xlarge" };
    assert.deepEqual(check(resource(INSTANCE, block)).notes, []);
    const template = resource(TEMPLATE, spot);
    const named = grown({ launchTemplate: { version: "1" } }, { inputsFrom: { launchTemplate: [template.urn] } });
    const own = check(template, named).notes;
    assert.deepEqual([own.length, toldSpot.test(own[0] ?? "")], [1, true]);
    assert.match(check(resource(INSTANCE, { instanceType: "gr6.4xlarge" })).notes.join("\n"), /G and VT/);
    const balancers = (loadBalancerType: Wire) =>
      check(
        ...[...Array(51).keys()].map((i) =>
          resource("aws:lb/loadBalancer:LoadBalancer", { name: `b${i}`, loadBalancerType }),
        ),
      ).notes.length;
    assert.deepEqual([balancers(null), balancers(""), balancers("gateway")], [1, 1, 0]);
    const health = [...Array(201).keys()].map((i) =>
      resource("aws:route53/healthCheck:HealthCheck", { type: "HTTPS" }, { region: i % 2 ? "us-east-1" : "eu-west-1" }),
    );
    assert.match(check(...health).notes.join("\n"), /^up to 201 health checks/);
  });

  it("know every type's quota, and no type's twice", () => {
    const uncounted: string[] = [];
    for (const type of allInstanceTypes()) {
      const of = (market: string) => VCPU_QUOTAS.filter((one) => one.market === market && one.family.test(type));
      assert.ok(of("Spot").length <= 1 && of("On-Demand").length <= 1, type);
      if (of("On-Demand").length === 0) uncounted.push(type);
    }
    // Macs run on dedicated hosts only.
    assert.ok(uncounted.length > 0 && uncounted.every((type) => type.startsWith("mac")), uncounted.join(", "));
    assert.equal(new Set(VCPU_QUOTAS.map(({ code }) => code)).size, VCPU_QUOTAS.length);
    for (const [type, code] of [
      ["inf2.xlarge", "L-1945791B"],
      ["trn1.2xlarge", "L-2C3B7624"],
      ["u-6tb1.56xlarge", "L-43DA4232"],
      ["is4gen.2xlarge", "L-1216C47A"],
    ] as const) {
      assert.match(check(resource(INSTANCE, { instanceType: type })).notes.join("\n"), new RegExp(code), type);
    }
  });

  it("count what awsx makes of addresses", () => {
    const vpc = (inputs: WireObject) => resource("awsx:ec2:Vpc", inputs, { kind: "remote" });
    const notes = check(
      vpc({}),
      vpc({ numberOfAvailabilityZones: 2 }),
      vpc({ natGateways: { strategy: "Single" } }),
      vpc({ natGateways: { elasticIpAllocationIds: UNKNOWN } }),
    ).notes;
    assert.deepEqual(notes.map((note) => note.slice(0, 43)), ["us-east-1: up to 6 Elastic IP addresses, and"].map((one) => one.slice(0, 43))); // prettier-ignore
  });
});
