import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { LaunchTemplate, type LaunchTemplateArgs } from "../../components";
import { type ProgramOptions, runProgram } from "../support/mocks";
import { assertFine, only, problemPaths, tree } from "../support/reading";

const IMAGE = "ami-0123456789abcdef0";
const INSTANCE = "i-0123456789abcdef0";
const TEMPLATE = "aws:ec2:LaunchTemplate";
const LOOKUP = "aws:ec2/getInstance:getInstance";

const SERVER = {
  ami: "ami-0aaaaaaaaaaaaaaaa",
  instanceType: "m7i.large",
  keyName: "admin",
  subnetId: "subnet-11111111",
  vpcSecurityGroupIds: ["sg-11111111", "sg-22222222"],
  iamInstanceProfile: "web-profile",
  ebsOptimized: true,
  tags: { Name: "shop", team: "web", "aws:autoscaling:groupName": "g", "ami-lifecycle:proof": IMAGE },
  userDataBase64: "c2VjcmV0",
};
const server = (more: object = {}): ProgramOptions => ({
  lookups: { [LOOKUP]: (args) => ({ ...args, ...SERVER, ...more }) },
});

const make = (args: LaunchTemplateArgs, options: ProgramOptions = {}, name = "web") =>
  runProgram(() => {
    const made = new LaunchTemplate(name, args);
    const { launchTemplateId, arn, launchTemplateName, latestVersion, imageId, launchCommand } = made;
    return { launchTemplateId, arn, launchTemplateName, latestVersion, imageId, launchCommand };
  }, options);

async function run(...args: Parameters<typeof make>) {
  const result = await make(...args);
  assertFine(result);
  return result;
}

const tagged = (tags: object) => ["instance", "volume"].map((resourceType) => ({ resourceType, tags }));

describe("LaunchTemplate", () => {
  it("is one launch template, with IMDSv2 alone", async () => {
    const result = await run({ imageId: IMAGE });
    assert.deepEqual(tree(result), ["LaunchTemplate web", "  aws:ec2:LaunchTemplate web-template"]);
    const template = only(result, TEMPLATE);
    assert.deepEqual(template.inputs, {
      description: "Instances of web",
      imageId: IMAGE,
      instanceType: "t3.small",
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      updateDefaultVersion: true,
      tagSpecifications: tagged({ Name: "web" }),
    });
    assert.deepEqual(template.options, {});
    assert.deepEqual(result.outputs, {
      launchTemplateId: template.id,
      arn: template.outputs.arn,
      launchTemplateName: template.outputs.name,
      latestVersion: 7,
      imageId: IMAGE,
      launchCommand: `aws ec2 run-instances --region us-east-1 --launch-template LaunchTemplateId=${template.id},Version=7`,
    });
  });

  it("takes every option", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/1-2";
    const result = await run({
      imageId: pulumi.output(IMAGE),
      architecture: "arm64",
      securityGroupIds: ["sg-11111111"],
      instanceProfile: "web",
      keyName: "admin",
      userData: "#!/bin/sh\necho hi\n",
      volumes: [
        { deviceName: "/dev/xvda", sizeGiB: 30, type: "io2", iops: 1000, kmsKeyArn },
        { deviceName: "/dev/sdf", sizeGiB: 5, throughput: 200 },
      ],
      monitoring: false,
      ebsOptimized: true,
      region: "eu-west-1",
      tags: { team: "web", Name: "other" },
    });
    const { inputs } = only(result, TEMPLATE);
    assert.deepEqual(inputs, {
      description: "Instances of web",
      imageId: IMAGE,
      instanceType: "t4g.small",
      vpcSecurityGroupIds: ["sg-11111111"],
      iamInstanceProfile: { name: "web" },
      keyName: "admin",
      userData: Buffer.from("#!/bin/sh\necho hi\n").toString("base64"),
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeSize: 30,
            volumeType: "io2",
            iops: 1000,
            encrypted: "true",
            kmsKeyId: kmsKeyArn,
            deleteOnTermination: "true",
          },
        },
        {
          deviceName: "/dev/sdf",
          ebs: { volumeSize: 5, volumeType: "gp3", throughput: 200, encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      ebsOptimized: "true",
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: false },
      updateDefaultVersion: true,
      tagSpecifications: tagged({ team: "web", Name: "other" }),
      tags: { team: "web", Name: "other" },
      region: "eu-west-1",
    });
    assert.match(String(result.outputs.launchCommand), /--region eu-west-1 /);
  });

  describe("made from an instance", () => {
    it("takes type, key pair, groups, profile, EBS optimisation, image and tags, not the user data", async () => {
      const result = await run({ fromInstanceId: INSTANCE }, server());
      const { inputs, id } = only(result, TEMPLATE);
      assert.deepEqual(
        [inputs.imageId, inputs.instanceType, inputs.keyName, inputs.vpcSecurityGroupIds, inputs.iamInstanceProfile],
        [SERVER.ami, "m7i.large", "admin", SERVER.vpcSecurityGroupIds, { name: "web-profile" }],
      );
      assert.deepEqual([inputs.ebsOptimized, inputs.userData], ["true", undefined]);
      assert.deepEqual(inputs.tagSpecifications, tagged({ Name: "shop", team: "web" }));
      assert.deepEqual(
        result.lookups.filter(({ token }) => token === LOOKUP).map(({ args }) => args),
        [{ instanceId: INSTANCE }],
      );
      assert.equal(
        result.outputs.launchCommand,
        `aws ec2 run-instances --region us-east-1 --launch-template LaunchTemplateId=${id},Version=7 --subnet-id subnet-11111111`,
      );
      assert.equal(result.outputs.imageId, SERVER.ami);
    });

    it("prefers what is given", async () => {
      const result = await run(
        {
          fromInstanceId: INSTANCE,
          imageId: IMAGE,
          instanceType: "t3.nano",
          securityGroupIds: ["sg-33333333"],
          instanceProfile: "other",
          keyName: "mine",
          ebsOptimized: false,
          userData: "x",
          region: "eu-west-1",
          tags: { Name: "copy" },
        },
        server(),
      );
      const { inputs } = only(result, TEMPLATE);
      assert.deepEqual(
        [inputs.imageId, inputs.instanceType, inputs.keyName, inputs.vpcSecurityGroupIds, inputs.iamInstanceProfile],
        [IMAGE, "t3.nano", "mine", ["sg-33333333"], { name: "other" }],
      );
      assert.deepEqual([inputs.ebsOptimized, inputs.userData], ["false", Buffer.from("x").toString("base64")]);
      assert.deepEqual(inputs.tagSpecifications, tagged({ Name: "copy", team: "web" }));
      assert.equal(result.lookups.find(({ token }) => token === LOOKUP)?.args.region, "eu-west-1");
    });

    it("takes no key pair and no profile where there is none", async () => {
      const bare = server({ keyName: "", iamInstanceProfile: "", tags: {} });
      const { inputs } = only(await run({ fromInstanceId: INSTANCE }, bare), TEMPLATE);
      assert.deepEqual([inputs.keyName, inputs.iamInstanceProfile], [undefined, undefined]);
      assert.deepEqual(inputs.tagSpecifications, tagged({ Name: "web" }));
    });

    it("takes the user data only when asked, as a secret", async () => {
      const result = await run({ fromInstanceId: INSTANCE, takeUserData: true }, server());
      assert.equal(result.lookups.find(({ token }) => token === LOOKUP)?.args.getUserData, true);
      assert.equal(only(result, TEMPLATE).inputs.userData, "[secret]");
      const none = await run({ fromInstanceId: INSTANCE, takeUserData: true }, server({ userDataBase64: "" }));
      assert.ok(["[secret]", undefined].includes(only(none, TEMPLATE).inputs.userData as string));
    });

    it("is the same in a preview that does not know the instance yet", async () => {
      const result = await runProgram(
        () => {
          const made = new aws.ec2.Instance("made", { ami: IMAGE, instanceType: "t3.nano" });
          new LaunchTemplate("web", { fromInstanceId: made.id });
        },
        { preview: true, ...server() },
      );
      assertFine(result);
      const { inputs } = only(result, TEMPLATE);
      assert.deepEqual([inputs.imageId, inputs.instanceType, inputs.vpcSecurityGroupIds], Array(3).fill("[unknown]"));
    });
  });

  it("asks the provider of the caller, and makes the template there", async () => {
    const result = await runProgram(() => {
      const provider = new aws.Provider("other", { region: "eu-west-1" });
      new LaunchTemplate("web", { fromInstanceId: INSTANCE }, { providers: [provider] });
    }, server());
    assertFine(result);
    const { urn, id } = only(result, "pulumi:providers:aws");
    assert.equal(only(result, TEMPLATE).provider, `${urn}::${id}`);
    assert.deepEqual([...new Set(result.lookups.map(({ provider }) => provider))], [`${urn}::${id}`]);
  });

  it("refuses everything that is wrong at once, and makes nothing", async () => {
    const refused = async (args: LaunchTemplateArgs, name = "web") => {
      const result = await make(args, {}, name);
      assert.deepEqual(tree(result), [`LaunchTemplate ${name}`]);
      assert.deepEqual(result.lookups, []);
      return problemPaths(result);
    };
    assert.deepEqual(await refused({}), ["imageId"]);
    assert.deepEqual(await refused({ imageId: IMAGE, takeUserData: true, userData: "x" }), [
      "takeUserData",
      "userData",
    ]);
    assert.deepEqual(
      await refused(
        {
          imageId: "ubuntu",
          fromInstanceId: "web-1",
          architecture: "arm64",
          instanceType: "t3.small",
          instanceProfile: "arn:aws:iam::111122223333:instance-profile/x",
          keyName: "",
          region: "moon",
          userData: "x".repeat(16_385),
          securityGroupIds: ["default"],
          tags: { "aws:x": "y" },
          volumes: [
            { sizeGiB: 1 },
            { deviceName: "/dev/sdf", sizeGiB: 0 },
            { deviceName: "/dev/sdf" },
            { deviceName: "the root" },
          ],
        },
        "web site",
      ),
      [
        ...["name", "imageId", "fromInstanceId", "instanceType", "instanceProfile", "keyName", "region", "userData"],
        ...["volumes[0].deviceName", "volumes[1].sizeGiB", "volumes[2].deviceName", "volumes[3].deviceName"],
        ...['tags["aws:x"]', "securityGroupIds[0]"],
      ],
    );
  });
});
