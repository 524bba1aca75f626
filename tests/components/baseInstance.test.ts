import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { BaseInstance, type BaseInstanceArgs } from "../../components";
import { recipeDigest, renderRecipe } from "../../components/internal/recipe";
import { type ProgramOptions, runProgram } from "../support/mocks";
import { all, assertFine, only, RECIPE, tagsOf, tree } from "../support/reading";

const DIGEST = recipeDigest(RECIPE);

async function run(args: Partial<BaseInstanceArgs> = {}, options: ProgramOptions = {}) {
  const result = await runProgram(() => {
    const base = new BaseInstance("base", { recipe: RECIPE, ...args });
    const { instanceId, arn, instanceUrn, subnetId, securityGroupIds, instanceProfile, instanceType, connect } = base;
    return { instanceId, arn, instanceUrn, subnetId, securityGroupIds, instanceProfile, instanceType, connect };
  }, options);
  assertFine(result);
  return result;
}

describe("BaseInstance", () => {
  it("is an instance and a security group, from the newest image of the system", async () => {
    const result = await run();
    assert.deepEqual(tree(result), ["BaseInstance base", "  aws:ec2:Instance base", "  aws:ec2:SecurityGroup base-sg"]);
    assert.deepEqual(
      result.lookups.map(({ token, args }) => [token, args]).sort(),
      [
        ["aws:index/getRegion:getRegion", {}],
        [
          "aws:ssm/getParameter:getParameter",
          { name: "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id" },
        ],
      ].sort(),
    );
  });

  it("runs the recipe once, hardened, and stops by itself", async () => {
    const result = await run({ limitMinutes: 90 });
    const instance = only(result, "aws:ec2:Instance");
    const tags = { Name: "base", "ami-lifecycle:recipe": DIGEST };
    const base = { "ami-lifecycle:base": "pulumi-ami-lifecycle/dev/BaseInstance(base)" };
    assert.deepEqual(instance.inputs, {
      ami: "ami-assumed-canonical-ubuntu-24.04-amd64-ebs-gp3-us-east-1",
      ebsBlockDevices: [],
      instanceInitiatedShutdownBehavior: "stop",
      instanceType: "t3.small",
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { deleteOnTermination: true, encrypted: true, volumeType: "gp3", tags },
      tags: { ...tags, ...base },
      userDataBase64: renderRecipe(RECIPE, { limitMinutes: 90 }).userDataBase64,
      userDataReplaceOnChange: true,
      vpcSecurityGroupIds: [only(result, "aws:ec2:SecurityGroup").id],
    });
    assert.deepEqual(instance.options, {
      ignoreChanges: ["ami", "associatePublicIpAddress"],
      // AWS would change these in place and start the machine, whose user data never runs again.
      replaceOnChanges: [
        "instanceType",
        "rootBlockDevice.volumeSize",
        "rootBlockDevice.volumeType",
        "vpcSecurityGroupIds",
        "iamInstanceProfile",
      ],
      customTimeouts: { create: "15m" },
    });
    assert.deepEqual(instance.hooks, {});
  });

  it("is replaced by what the caller changes, not by what AWS or the publisher does", async () => {
    const ignored = async (args: Partial<BaseInstanceArgs>) =>
      only(await run(args), "aws:ec2:Instance").options.ignoreChanges;
    const baseImageId = "ami-0123456789abcdef0";
    assert.deepEqual(await ignored({ baseImageId }), ["associatePublicIpAddress"]);
    for (const associatePublicIpAddress of [true, false]) {
      assert.deepEqual(await ignored({ settings: { associatePublicIpAddress } }), ["ami"]);
      const both = await ignored({ baseImageId, settings: { associatePublicIpAddress } });
      assert.deepEqual(both ?? [], []);
    }
  });

  it("has a security group that lets nothing in", async () => {
    const group = only(await run(), "aws:ec2:SecurityGroup");
    assert.equal(group.inputs.ingress, undefined);
    assert.equal(group.inputs.vpcId, undefined);
    assert.deepEqual(group.inputs.egress, [
      {
        protocol: "-1",
        fromPort: 0,
        toPort: 0,
        cidrBlocks: ["0.0.0.0/0"],
        ipv6CidrBlocks: ["::/0"],
        description: "Package mirrors",
      },
    ]);
  });

  it("encrypts every volume, under the key given, and deletes it with the instance", async () => {
    const key = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555";
    const result = await run({
      settings: {
        rootVolume: { sizeGiB: 20, type: "gp3", iops: 4000, throughput: 500, kmsKeyArn: key },
        volumes: [
          { deviceName: "/dev/sdf", sizeGiB: 10 },
          { deviceName: "/dev/sdg", sizeGiB: 125, type: "st1", kmsKeyArn: key },
        ],
      },
      tags: { team: "web" },
    });
    const { rootBlockDevice, ebsBlockDevices } = only(result, "aws:ec2:Instance").inputs;
    const always = {
      encrypted: true,
      deleteOnTermination: true,
      tags: { Name: "base", team: "web", "ami-lifecycle:recipe": DIGEST },
    };
    assert.deepEqual(rootBlockDevice, {
      ...always,
      volumeSize: 20,
      volumeType: "gp3",
      iops: 4000,
      throughput: 500,
      kmsKeyId: key,
    });
    assert.deepEqual(ebsBlockDevices, [
      { ...always, deviceName: "/dev/sdf", volumeSize: 10, volumeType: "gp3" },
      { ...always, deviceName: "/dev/sdg", volumeSize: 125, volumeType: "st1", kmsKeyId: key },
    ]);
  });

  it("takes everything of the network and of access as given", async () => {
    const result = await run({
      baseImageId: "ami-0123456789abcdef0",
      settings: {
        instanceType: "m7i.large",
        subnetId: "subnet-0123",
        associatePublicIpAddress: false,
        securityGroupIds: ["sg-1", "sg-2"],
        keyName: "mine",
        instanceProfile: "artefacts",
      },
    });
    assert.deepEqual(tree(result), ["BaseInstance base", "  aws:ec2:Instance base"]);
    const { inputs } = only(result, "aws:ec2:Instance");
    assert.equal(inputs.ami, "ami-0123456789abcdef0");
    assert.equal(inputs.instanceType, "m7i.large");
    assert.equal(inputs.subnetId, "subnet-0123");
    assert.equal(inputs.associatePublicIpAddress, false);
    assert.deepEqual(inputs.vpcSecurityGroupIds, ["sg-1", "sg-2"]);
    assert.equal(inputs.keyName, "mine");
    assert.equal(inputs.iamInstanceProfile, "artefacts");
    assert.deepEqual(
      result.lookups.map(({ token }) => token),
      ["aws:index/getRegion:getRegion"],
    );
    assert.equal(result.outputs.instanceProfile, "artefacts");
  });

  it("makes its security group in the VPC of the subnet given", async () => {
    const lookups = { "aws:ec2/getSubnet:getSubnet": () => ({ id: "subnet-0123", vpcId: "vpc-9" }) };
    const result = await run({ settings: { subnetId: "subnet-0123" } }, { lookups });
    assert.equal(only(result, "aws:ec2:SecurityGroup").inputs.vpcId, "vpc-9");
    assert.equal(result.outputs.subnetId, "subnet-0123");
  });

  it("lets Session Manager in when asked, with the one policy it needs", async () => {
    const result = await run({ settings: { sessionManager: true }, tags: { team: "web" } });
    assert.deepEqual(tree(result), [
      "BaseInstance base",
      "  aws:ec2:Instance base",
      "  aws:ec2:SecurityGroup base-sg",
      "  aws:iam:InstanceProfile base-profile",
      "  aws:iam:Role base-role",
      "  aws:iam:RolePolicyAttachment base-session-manager",
    ]);
    const role = only(result, "aws:iam:Role");
    assert.deepEqual(JSON.parse(role.inputs.assumeRolePolicy as string), {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
    });
    assert.deepEqual(only(result, "aws:iam:RolePolicyAttachment").inputs, {
      role: role.outputs.name,
      policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    });
    const profile = only(result, "aws:iam:InstanceProfile");
    assert.deepEqual(profile.inputs, { role: role.outputs.name, tags: { team: "web" } });
    assert.deepEqual(profile.dependsOn, ["base-role", "base-session-manager"]);
    const instance = only(result, "aws:ec2:Instance");
    assert.equal(instance.inputs.iamInstanceProfile, profile.outputs.name);
    assert.ok(instance.dependsOn.includes("base-profile"));
  });

  it("uses the policy of the region's own partition", async () => {
    const result = await run({ settings: { sessionManager: true } }, { config: { "aws:region": "cn-north-1" } });
    assert.equal(
      only(result, "aws:iam:RolePolicyAttachment").inputs.policyArn,
      "arn:aws-cn:iam::aws:policy/AmazonSSMManagedInstanceCore",
    );
  });

  it("hands the region to every child and look-up that is regional, and to none when none is given", async () => {
    const settings = { subnetId: "subnet-assumed-eu-west-1a", sessionManager: true };
    const given = await run({ region: "eu-west-1", settings });
    for (const { type, inputs } of given.resources) {
      assert.equal(inputs.region, type.startsWith("aws:iam/") ? undefined : "eu-west-1", type);
    }
    for (const { token, args } of given.lookups) {
      assert.equal(args.region, token.includes("getPartition") ? undefined : "eu-west-1", token);
    }
    assert.match(given.outputs.connect as string, /^aws ssm start-session --region eu-west-1 --target i-[0-9a-f]{17}$/);
    const absent = await run({ settings: { sessionManager: true } });
    for (const { inputs, type } of absent.resources) assert.equal(inputs.region, undefined, type);
    for (const { args, token } of absent.lookups) assert.equal(args.region, undefined, token);
  });

  it("tags everything taggable; the caller may name it, but not overrule the digest", async () => {
    const result = await run({ tags: { Name: "mine", team: "web" }, settings: { sessionManager: true } });
    const own = { Name: "mine", team: "web", "ami-lifecycle:recipe": DIGEST };
    const owner = { "ami-lifecycle:base": "pulumi-ami-lifecycle/dev/BaseInstance(base)" };
    assert.deepEqual(tagsOf(only(result, "aws:ec2:Instance")), { ...own, ...owner });
    assert.deepEqual(tagsOf(only(result, "aws:ec2:SecurityGroup")), own);
    for (const type of ["aws:iam:Role", "aws:iam:InstanceProfile"]) {
      assert.deepEqual(tagsOf(only(result, type)), { Name: "mine", team: "web" }, type);
    }
  });

  it("takes arm64's image and type for an arm64 recipe", async () => {
    const { inputs } = only(await run({ recipe: { ...RECIPE, architecture: "arm64" } }), "aws:ec2:Instance");
    assert.equal(inputs.instanceType, "t4g.small");
    assert.match(inputs.ami as string, /arm64/);
  });

  it("honours a caller's provider and options", async () => {
    const result = await runProgram(() => {
      const other = new aws.Provider("other", { region: "eu-west-1" });
      new BaseInstance(
        "base",
        { recipe: RECIPE, settings: { sessionManager: true } },
        { provider: other, protect: true },
      );
    });
    assertFine(result);
    const provider = only(result, "pulumi:providers:aws");
    const reference = `${provider.urn}::${provider.id}`;
    const made = result.resources.filter((resource) => resource.custom && resource !== provider);
    assert.equal(made.length, 5);
    for (const resource of made) {
      assert.equal(resource.provider, reference, resource.type);
      assert.equal(resource.options.protect, true, resource.type);
    }
    for (const lookup of result.lookups) assert.equal(lookup.provider, reference, lookup.token);
  });

  it("gives its outputs", async () => {
    const result = await run();
    const instance = only(result, "aws:ec2:Instance");
    assert.deepEqual(result.outputs, {
      instanceId: instance.id,
      arn: instance.outputs.arn,
      instanceUrn: instance.urn,
      subnetId: "subnet-default",
      securityGroupIds: [only(result, "aws:ec2:SecurityGroup").id],
      instanceType: "t3.small",
      connect: `aws ssm start-session --region us-east-1 --target ${instance.id}`,
    });
    assert.equal(all(result, "BaseInstance")[0]?.outputs.recipeDigest, DIGEST);
  });
});
