import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Inputs } from "../../../components/internal/resourceRules";
import { itTells, texts } from "./refusals";
import { NAME_RULES } from "../../../components/internal/resourceRules/names";

class Later {}
const LATER = new Later();

const INSTANCE = "aws:ec2/instance:Instance";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const GROUP = "aws:autoscaling/group:Group";
const COPY = "aws:ec2/amiCopy:AmiCopy";
const IMAGE = "aws:ec2/amiFromInstance:AmiFromInstance";
const VOLUME = "aws:ebs/volume:Volume";
const PERMISSION = "aws:ec2/amiLaunchPermission:AmiLaunchPermission";
const KEY = "arn:aws:kms:eu-west-1:111122223333:key/0123";
const OWN_KEY = KEY.replace("eu-west-1", "us-east-1");

/** What is refused: type, inputs, and what the text begins with. */
const REFUSED: [type: string, inputs: Inputs, text: string][] = [
  [IMAGE, { name: "ab" }, 'name: got "ab", allowed is 3 to 128 letters'],
  [IMAGE, { name: "web:1.0.0" }, 'name: got "web:1.0.0"'],
  [IMAGE, { name: "web", description: "x".repeat(256) }, "description: got"],
  [IMAGE, { name: "web", tags: { "aws:x": "1" } }, 'tags["aws:x"]: allowed is keys that do not start with aws:'],
  [IMAGE, { tags: Object.fromEntries([...Array(51).keys()].map((i) => [`k${i}`, ""])) }, "tags: got 51, allowed is at most 50"],
  [TEMPLATE, { name: "a b" }, 'name: got "a b"'],
  [TEMPLATE, { userData: "not base64!" }, "userData: allowed is base64"],
  [TEMPLATE, { userData: Buffer.alloc(16_385).toString("base64") }, 'userData: got "16385 bytes", allowed is at most 16384'],
  [INSTANCE, { userData: "é".repeat(8_193) }, 'userData: got "16386 bytes"'],
  [INSTANCE, { userDataBase64: Buffer.alloc(16_385).toString("base64") }, "userDataBase64: got"],
  [INSTANCE, { instanceType: "large" }, 'instanceType: got "large"'],
  [INSTANCE, { ami: "ami-12" }, 'ami: got "ami-12"'],
  [INSTANCE, { metadataOptions: { httpPutResponseHopLimit: 65 } }, "metadataOptions.httpPutResponseHopLimit: got 65"],
  [INSTANCE, { rootBlockDevice: { volumeType: "st1", volumeSize: 500 } }, 'rootBlockDevice.volumeType: got "st1"'],
  [INSTANCE, { rootBlockDevice: { volumeType: "gp3", volumeSize: 8, iops: 6000 } }, "rootBlockDevice.iops: got 6000, allowed is at most 500 IOPS a GiB for gp3 (4000 here)"],
  [INSTANCE, { ebsBlockDevices: [{}, { volumeType: "gp2", throughput: 200 }] }, "ebsBlockDevices[1].throughput: got 200, allowed is throughput only for gp3"],
  [INSTANCE, { rootBlockDevice: { kmsKeyId: OWN_KEY } }, "rootBlockDevice.kmsKeyId: allowed is a key only with encrypted: true"],
  [INSTANCE, { rootBlockDevice: { kmsKeyId: KEY, encrypted: true } }, `rootBlockDevice.kmsKeyId: got "${KEY}", allowed is a key of us-east-1`],
  [TEMPLATE, { blockDeviceMappings: [{ ebs: { volumeType: "gp3", throughput: 2001, iops: 16_000 } }] }, "blockDeviceMappings[0].ebs.throughput: got 2001"],
  [TEMPLATE, { blockDeviceMappings: [{ deviceName: "/dev/sdf" }, { deviceName: "/dev/sdf" }] }, 'blockDeviceMappings[1].deviceName: got "/dev/sdf", allowed is each device once'],
  [INSTANCE, { ebsBlockDevices: [{ deviceName: "/dev/sdf", volumeSize: 1 }, { deviceName: "/dev/sdf", volumeSize: 2 }] }, 'ebsBlockDevices[1].deviceName: got "/dev/sdf", allowed is each device once'],
  [INSTANCE, { rootBlockDevice: { volumeType: "gp3", throughput: 1000 } }, "rootBlockDevice.throughput: got 1000, allowed is at most 0.25 MiB/s an IOPS"],
  [INSTANCE, { rootBlockDevice: { volumeType: "gp3", volumeSize: "8", iops: "6000" } }, "rootBlockDevice.iops: got 6000, allowed is at most 500"],
  [INSTANCE, { rootBlockDevice: { tags: { "aws:x": "1" } } }, 'rootBlockDevice.tags["aws:x"]: allowed is keys that do not start with aws:'],
  [TEMPLATE, { tagSpecifications: [{}, { tags: { "aws:x": "1" } }] }, 'tagSpecifications[1].tags["aws:x"]: allowed is keys'],
  [TEMPLATE, { userData: "hello" }, "userData: allowed is base64"],
  [GROUP, { availabilityZones: ["us-east-1a"], tags: [{ key: "aws:x", value: "1", propagateAtLaunch: true }] }, 'tags[0].key: got "aws:x"'],
  [GROUP, { availabilityZones: ["us-east-1a"], tags: [{ key: "a", value: "1" }, { key: "a", value: "2" }] }, 'tags[1].key: got "a", allowed is each key once'],
  [GROUP, { availabilityZones: ["us-east-1a"], minSize: "3", maxSize: "2" }, "minSize: got 3, allowed is at most maxSize (2)"],
  [
    GROUP,
    { availabilityZones: ["us-east-1a"], instanceRefresh: { preferences: { minHealthyPercentage: 50, maxHealthyPercentage: 160 } } },
    "instanceRefresh.preferences.maxHealthyPercentage: got 160, allowed is at most 100 above minHealthyPercentage (150 here)",
  ],
  [
    GROUP,
    { availabilityZones: ["us-east-1a"], launchTemplate: { id: "lt-1" }, instanceRefresh: { preferences: { autoRollback: "true" } } },
    "launchTemplate.version: allowed is a version's number",
  ],
  [INSTANCE, { tags: { ["k".repeat(128)]: "" } }, `tags["${"k".repeat(128)}"]: allowed is keys of 1 to 127`],
  ["aws:iam/role:Role", { tags: { ["k".repeat(129)]: "" } }, `tags["${"k".repeat(129)}"]: allowed is keys of 1 to 128`],
  ["aws:alb/targetGroup:TargetGroup", { name: "web-" }, 'name: got "web-"'],
  ["aws:s3/bucketV2:BucketV2", { bucket: "Web" }, 'bucket: got "Web"'],
  ["aws:scheduler/schedule:Schedule", { scheduleExpression: "at(2030-13-41T00:00:00)" }, 'scheduleExpression: got "at(2030-13-41T00:00:00)", allowed is a time that there is'],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "cron(0 3 ? * 8 *)" }, 'scheduleExpression: got "cron(0 3 ? * 8 *)", allowed is weekdays of 1 to 7'],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "cron(0 22-29 * * ? *)" }, "scheduleExpression: got"],
  [VOLUME, { type: "gp3", size: 2, iops: 3001 }, "iops: got 3001, allowed is at most 500 IOPS a GiB for gp3, and 3000 at any size (3000 here)"],
  ["aws:autoscaling/schedule:Schedule", { minSize: 1, desiredCapacity: 0 }, "minSize: got 1, allowed is at most desiredCapacity (0)"],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "at(2030-11-20T13:00:00)" }, 'scheduleExpression: got "at(2030-11-20T13:00:00)"'],
  [VOLUME, { size: 20_000 }, "size: got 20000, allowed is 1 to 16384 GiB for gp2"],
  [VOLUME, { type: "io1", size: 10, iops: 501 }, "iops: got 501, allowed is at most 50 IOPS a GiB for io1 (500 here)"],
  [COPY, { name: "web", kmsKeyId: "alias/web", encrypted: true }, 'kmsKeyId: got "alias/web", allowed is an ARN of a KMS key'],
  [COPY, { name: "web", kmsKeyId: KEY.replace("key/0123", "alias/ami"), encrypted: true }, 'kmsKeyId: got "arn:aws:kms:eu-west-1:111122223333:alias/ami", allowed is a key of us-east-1'],
  [COPY, { name: "web", kmsKeyId: KEY, encrypted: true }, `kmsKeyId: got "${KEY}", allowed is a key of us-east-1`],
  [COPY, { name: "web", sourceAmiRegion: "Ireland" }, 'sourceAmiRegion: got "Ireland"'],
  [GROUP, { availabilityZones: ["us-east-1a"], minSize: 3, maxSize: 2 }, "minSize: got 3, allowed is at most maxSize (2)"],
  [GROUP, { availabilityZones: ["us-east-1a"], desiredCapacity: 5, maxSize: 2 }, "desiredCapacity: got 5, allowed is at most maxSize (2)"],
  [GROUP, { minSize: 1, maxSize: 1 }, "vpcZoneIdentifiers: allowed is at least one subnet"],
  [GROUP, { availabilityZones: ["us-east-1a"], name: "web:1" }, 'name: got "web:1"'],
  [GROUP, { availabilityZones: ["us-east-1a"], maxInstanceLifetime: 3600 }, "maxInstanceLifetime: got 3600"],
  [
    GROUP,
    { availabilityZones: ["us-east-1a"], launchTemplate: { version: "$Latest" }, instanceRefresh: { preferences: { autoRollback: true } } },
    'launchTemplate.version: got "$Latest", allowed is a version\'s number',
  ],
  [PERMISSION, { accountId: "1" }, 'accountId: got "1", allowed is an account id'],
  [PERMISSION, {}, "accountId: allowed is exactly one of"],
  [PERMISSION, { accountId: "111122223333", group: "all" }, 'accountId: got "accountId, group", allowed is exactly one of'],
  [PERMISSION, { group: "some" }, 'group: got "some", allowed is all'],
  ["aws:kms/key:Key", { rotationPeriodInDays: 30, enableKeyRotation: true }, "rotationPeriodInDays: got 30, allowed is whole days, 90"],
  ["aws:kms/key:Key", { rotationPeriodInDays: 90 }, "rotationPeriodInDays: allowed is only with enableKeyRotation"],
  ["aws:kms/key:Key", { deletionWindowInDays: 3 }, "deletionWindowInDays: got 3"],
  ["aws:kms/alias:Alias", { name: "alias/aws/mine" }, 'name: got "alias/aws/mine"'],
  ["aws:ssm/parameter:Parameter", { name: "/aws/mine" }, 'name: got "/aws/mine"'],
  ["aws:ssm/parameter:Parameter", { name: "a/b" }, 'name: got "a/b"'],
  ["aws:ssm/parameter:Parameter", { name: `/${"a/".repeat(15)}a` }, "name: got"],
  ["aws:lb/loadBalancer:LoadBalancer", { name: "internal-web" }, 'name: got "internal-web"'],
  ["aws:lb/targetGroup:TargetGroup", { name: "web-" }, 'name: got "web-"'],
  ["aws:ec2/securityGroup:SecurityGroup", { name: "sg-web" }, 'name: got "sg-web"'],
  ["aws:ec2/tag:Tag", { key: "AWS:x", value: "" }, 'key: got "AWS:x"'],
  ["aws:autoscaling/schedule:Schedule", { recurrence: "0 25 * * *" }, 'recurrence: got "0 25 * * *"'],
  ["aws:autoscaling/schedule:Schedule", { timeZone: "Berlin" }, 'timeZone: got "Berlin"'],
  ["aws:autoscaling/schedule:Schedule", { minSize: 4, maxSize: 2 }, "minSize: got 4"],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "cron(0 3 * * *)" }, 'scheduleExpression: got "cron(0 3 * * *)", allowed is six fields'],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "rate(1 days)" }, 'scheduleExpression: got "rate(1 days)", allowed is the unit in the singular'],
  ["aws:imagebuilder/imagePipeline:ImagePipeline", { schedule: { scheduleExpression: "daily" } }, 'schedule.scheduleExpression: got "daily"'],
  ["aws:backup/plan:Plan", { rules: [{}, { schedule: "cron(0 3 1 * 1 *)" }] }, "rules[1].schedule: got"],
  ["aws:dlm/lifecyclePolicy:LifecyclePolicy", { policyDetails: { schedules: [{ createRule: { cronExpression: "cron(*/5 * * * ? *)" } }] } }, "policyDetails.schedules[0].createRule.cronExpression: got"],
]; // prettier-ignore

/** What AWS takes. */
const TAKEN: [type: string, inputs: Inputs][] = [
  [IMAGE, { name: "web/dev (1) [x] 'a'@_-.0", tags: { "ami-lifecycle:line": "web" } }],
  [INSTANCE, { instanceType: "t3.small", ami: "ami-0123456789abcdef0", userData: "x".repeat(16_384) }],
  [INSTANCE, { ami: "ami-assumed-ubuntu-us-east-1", rootBlockDevice: { iops: 9000, throughput: 900 } }],
  [INSTANCE, { rootBlockDevice: { volumeType: "gp3", volumeSize: LATER, iops: LATER, throughput: 125, kmsKeyId: LATER, encrypted: true } }],
  [TEMPLATE, { name: "web-1", userData: LATER, blockDeviceMappings: LATER, imageId: "resolve:ssm:/ami/web" }],
  [GROUP, { vpcZoneIdentifiers: LATER, minSize: 0, maxSize: LATER, desiredCapacity: 0, maxInstanceLifetime: 0 }],
  [COPY, { name: "web", encrypted: LATER, kmsKeyId: OWN_KEY }],
  [COPY, { name: "web", encrypted: true, kmsKeyId: OWN_KEY.replace("key/0123", "alias/ami") }],
  [PERMISSION, { organizationArn: LATER }],
  ["aws:autoscaling/schedule:Schedule", { minSize: -1, maxSize: -1, desiredCapacity: 0, recurrence: "0 6 * * MON-FRI", timeZone: "Europe/Berlin" }],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "rate(1 day)" }],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "rate(5 minutes)" }],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "cron(0/5 8-17 ? * 2#1 *)" }],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "cron(0 8 1W * ? *)" }],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "cron(0 8 L * ? *)" }],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "cron(15 10 ? * 6L 2026-2040)" }],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "cron(0 10 ? * MON-FRI *)" }],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "cron(0/15 * * * ? *)" }],
  ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: "cron(0 0 ? * L *)" }],
  ["aws:backup/plan:Plan", { rules: [{ schedule: "cron(0 5 ? * * *)" }] }],
  ["aws:scheduler/schedule:Schedule", { scheduleExpression: "at(2030-01-01T00:00:00)" }],
  ["aws:ssm/parameter:Parameter", { name: "plain" }],
  ["aws:ssm/parameter:Parameter", { name: "/ami/web/dev/1.0.0" }],
  // The IOPS that make the ratio are known only later, or come with every volume.
  [INSTANCE, { rootBlockDevice: { volumeType: "gp3", iops: LATER, throughput: 1000 } }],
  [INSTANCE, { rootBlockDevice: { volumeType: "gp3", volumeSize: 2, iops: 3000 } }],
  // Nothing, as the provider takes it.
  [INSTANCE, { ami: null, userData: null, rootBlockDevice: { volumeType: "", kmsKeyId: null, iops: null }, ebsBlockDevices: null }],
  [TEMPLATE, { name: "", description: "", userData: "", instanceType: "", tags: null, blockDeviceMappings: [null, { ebs: null }] }],
  [PERMISSION, { accountId: "111122223333", group: "", organizationArn: null }],
  [COPY, { name: "web", kmsKeyId: "", sourceAmiRegion: null, tags: { note: "" } }],
  [GROUP, { availabilityZones: ["us-east-1a"], minSize: "1", maxSize: "2", desiredCapacity: null, launchTemplate: { version: LATER }, instanceRefresh: { preferences: { autoRollback: true } } }],
  [GROUP, { availabilityZones: ["us-east-1a"], minSize: 20_000, maxSize: 40_000, desiredCapacityType: "memory-mib" }],
  [GROUP, { availabilityZones: ["us-east-1a"], tags: [{ key: "k".repeat(128), value: "" }] }],
  ["aws:kms/key:Key", { rotationPeriodInDays: 90, enableKeyRotation: "true", tags: { ["k".repeat(128)]: "" } }],
  // The provider encodes what is not encoded, and measures what it sends.
  [INSTANCE, { userData: Buffer.alloc(16_384).toString("base64") }],
  [TEMPLATE, { userData: Buffer.alloc(300).toString("base64").replace(/.{76}/g, "$&\n") }],
  // 0 is nothing where the provider takes it for that, and what is written otherwise is the same.
  [INSTANCE, { rootBlockDevice: { volumeType: "gp2", iops: 0, throughput: 0, volumeSize: 0 } }],
  [VOLUME, { type: "gp2", size: 10, iops: 0 }],
  [GROUP, { availabilityZones: ["us-east-1a"], minSize: 1, maxSize: 2, desiredCapacity: 0 }],
  [IMAGE, { name: 12345, tags: { a: 1, b: true } }],
  [PERMISSION, { accountId: 111122223333 }],
  [IMAGE, { name: "web", tags: { smile: "😀".repeat(200) } }],
  [INSTANCE, { ebsBlockDevices: [{ deviceName: "/dev/sdf" }, { deviceName: "/dev/sdf" }] }],
  ["aws:scheduler/schedule:Schedule", { scheduleExpression: "rate(1 hours)" }],
  ["aws:imagebuilder/imagePipeline:ImagePipeline", { schedule: { scheduleExpression: "cron(0 0 * * SUN *)" } }],
  // What only croner refuses, or AWS does not look at.
  ...["0 22-2 * * ? *", "0 3 ? * FRI-MON *", "0 3 1 NOV-FEB ? *", "0 3 L-3 * ? *", "0 3 1 1 ? 2020", "0 3 ? * 6#3 *", "0 3 ? * 2-6/2 *"].map(
    (cron): [string, Inputs] => ["aws:cloudwatch/eventRule:EventRule", { scheduleExpression: `cron(${cron})` }],
  ),
  ...["0/5 * * * *", "0 22-2 * * *", "0 3 * * FRI-MON", "0 3 * NOV-FEB 7"].map(
    (recurrence): [string, Inputs] => ["aws:autoscaling/schedule:Schedule", { recurrence }],
  ),
  ["random:index/randomId:RandomId", { name: "", tags: { "aws:x": "" } }],
]; // prettier-ignore

describe("what AWS refuses of a resource", () => {
  itTells(REFUSED, TAKEN);

  it("is told all at once", () => {
    const wrong = {
      name: "a",
      description: "x".repeat(256),
      tags: { "aws:x": 1 },
      kmsKeyId: "alias/x",
      sourceAmiRegion: "x",
    };
    assert.equal(texts(COPY, wrong).length, 6);
  });

  it("can be told of any inputs at all", () => {
    const types = [...new Set([...REFUSED, ...TAKEN].map(([type]) => type)), ...Object.keys(NAME_RULES), "toString"];
    const fields = [...new Set([...REFUSED, ...TAKEN].flatMap(([, inputs]) => Object.keys(inputs)))];
    const value = fc.oneof(
      ...[fc.constant(LATER), fc.constant(null), fc.string(), fc.integer(), fc.boolean()],
      fc.array(fc.dictionary(fc.constantFrom("volumeType", "schedule", "ebs"), fc.anything())),
      fc.dictionary(fc.constantFrom("volumeType", "volumeSize", "schedules", "launchTemplate"), fc.anything()),
    );
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.dictionary(fc.constantFrom(...fields), value), (type, inputs) => {
        for (const text of texts(type, inputs)) assert.match(text, /allowed is .+\. .+\.$/s);
      }),
      { numRuns: 500 },
    );
  });
});
