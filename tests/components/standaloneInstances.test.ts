import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { StandaloneInstances, type StandaloneInstancesArgs } from "../../components";
import { type ProgramOptions, runProgram } from "../support/mocks";
import { all, assertFine, only, problemPaths, tree } from "../support/reading";

const IMAGE = "ami-0123456789abcdef0";
const TEMPLATE = { launchTemplateId: "lt-0123456789abcdef0", launchTemplateVersion: 3 };
const INSTANCE = "aws:ec2:Instance";
const ZONES = ["us-east-1a", "us-east-1b"];

const make = (args: Partial<StandaloneInstancesArgs> = {}, options: ProgramOptions = {}, name = "web") =>
  runProgram(() => {
    const made = new StandaloneInstances(name, { count: 3, zones: ZONES, ...args });
    const { instanceIds, privateIps, publicIps, connect, ssh, rdp, securityGroupId, launchTemplateId } = made;
    return { instanceIds, privateIps, publicIps, connect, ssh, rdp, securityGroupId, launchTemplateId };
  }, options);

async function run(...args: Parameters<typeof make>) {
  const result = await make(...args);
  assertFine(result);
  return result;
}
type Result = Awaited<ReturnType<typeof make>>;
const names = (result: Result) =>
  all(result, INSTANCE)
    .map(({ name }) => name)
    .sort();
const THREE = ["web-us-east-1a-1", "web-us-east-1a-2", "web-us-east-1b-1"];

describe("StandaloneInstances", () => {
  it("are instances, a template, a group without ingress and a profile for Session Manager", async () => {
    const result = await run({ imageId: IMAGE });
    assert.deepEqual(tree(result), [
      "StandaloneInstances web",
      "  LaunchTemplate web",
      "    aws:ec2:LaunchTemplate web-template",
      ...THREE.map((name) => `  aws:ec2:Instance ${name}`),
      "  aws:ec2:SecurityGroup web-sg",
      "  aws:iam:InstanceProfile web-profile",
      "  aws:iam:Role web-role",
      "  aws:iam:RolePolicyAttachment web-session-manager",
    ]);
    const template = only(result, "aws:ec2:LaunchTemplate");
    const group = only(result, "aws:ec2:SecurityGroup");
    assert.deepEqual(group.inputs, {
      description: "Instances of web",
      vpcId: "vpc-assumed-us-east-1-default",
      ingress: [],
      egress: [
        {
          protocol: "-1",
          fromPort: 0,
          toPort: 0,
          description: "All",
          cidrBlocks: ["0.0.0.0/0"],
          ipv6CidrBlocks: ["::/0"],
        },
      ],
    });
    assert.equal(template.inputs.imageId, IMAGE);
    assert.equal(template.inputs.vpcSecurityGroupIds, undefined);
    assert.deepEqual(template.inputs.iamInstanceProfile, {
      name: only(result, "aws:iam:InstanceProfile").outputs.name,
    });
    const instance = only(result, INSTANCE, "web-us-east-1b-1");
    const tags = { Name: "web-us-east-1b-1" };
    assert.deepEqual(instance.inputs, {
      launchTemplate: { id: template.id, version: "7" },
      subnetId: "subnet-assumed-us-east-1b",
      vpcSecurityGroupIds: [group.id],
      rootBlockDevice: { volumeType: "gp3", encrypted: true, deleteOnTermination: true, tags },
      ebsBlockDevices: [],
      tags,
    });
    assert.deepEqual(instance.options, {
      ignoreChanges: ["associatePublicIpAddress", "launchTemplate", "ebsBlockDevices", "rootBlockDevice.kmsKeyId"],
      customTimeouts: { create: "15m", delete: "30m" },
    });
    const id = (name: string) => only(result, INSTANCE, name).id;
    const each = (of: (name: string) => string) => Object.fromEntries(THREE.map((name) => [name, of(name)]));
    assert.deepEqual(result.outputs, {
      instanceIds: each(id),
      privateIps: each(() => "10.0.0.5"),
      publicIps: {},
      connect: each((name) => `aws ssm start-session --region us-east-1 --target ${id(name)}`),
      ssh: {},
      rdp: each(
        (name) =>
          `aws ssm start-session --region us-east-1 --target ${id(name)} --document-name AWS-StartPortForwardingSession --parameters portNumber=3389,localPortNumber=13389   # then: mstsc /v:localhost:13389`,
      ),
      securityGroupId: group.id,
      launchTemplateId: template.id,
    });
  });

  it("are launched from a template that is given, which nothing is made beside", async () => {
    const result = await run({ ...TEMPLATE, tags: { team: "web" } });
    assert.deepEqual(tree(result), ["StandaloneInstances web", ...THREE.map((name) => `  aws:ec2:Instance ${name}`)]);
    assert.deepEqual(only(result, INSTANCE, "web-us-east-1a-2").inputs, {
      launchTemplate: { id: TEMPLATE.launchTemplateId, version: "3" },
      subnetId: "subnet-assumed-us-east-1a",
      tags: { Name: "web-us-east-1a-2", team: "web" },
    });
    assert.equal(result.outputs.launchTemplateId, TEMPLATE.launchTemplateId);
    assert.equal(result.outputs.securityGroupId, undefined);
  });

  it("keep their names when their number or the zones change", async () => {
    const of = async (count: number, zones: string[]) => names(await run({ ...TEMPLATE, count, zones }));
    const four = await of(4, ZONES);
    assert.deepEqual(
      (await of(5, ZONES)).filter((name) => four.includes(name)),
      four,
    );
    assert.deepEqual(
      await of(3, ZONES),
      four.filter((name) => name !== "web-us-east-1b-2"),
    );
    const third = await of(4, [...ZONES, "us-east-1c"]);
    assert.deepEqual(third, [...four.filter((name) => name !== "web-us-east-1b-2"), "web-us-east-1c-1"]);
    assert.deepEqual(
      (await of(4, ["us-east-1b"])).slice(0, 2),
      four.filter((name) => name.includes("1b")),
    );
    assert.deepEqual(await of(0, []), []);
  });

  it("take every option", async () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:111122223333:key/1-2";
    const tags = { team: "web", Name: "shop" };
    const result = await run({
      imageId: pulumi.output(IMAGE),
      count: 1,
      zones: ["eu-west-1a"],
      subnetIds: { "eu-west-1a": "subnet-assumed-eu-west-1a" },
      keep: false,
      architecture: "arm64",
      rootVolume: { sizeGiB: 40, kmsKeyArn },
      volumes: [{ deviceName: "/dev/sdf", sizeGiB: 125, type: "st1", kmsKeyArn }],
      userData: "#!/bin/sh\n",
      keyName: "admin",
      instanceProfile: "own",
      monitoring: false,
      http: true,
      https: true,
      sshCidrs: ["203.0.113.0/24", "2001:db8::/48"],
      rdpCidrs: ["198.51.100.7/32"],
      publicIp: true,
      sshUser: "ubuntu",
      region: "eu-west-1",
      tags,
    });
    const instance = only(result, INSTANCE, "web-eu-west-1a-1");
    const volume = { encrypted: true, deleteOnTermination: true, kmsKeyId: kmsKeyArn, tags };
    assert.deepEqual(instance.inputs.rootBlockDevice, { volumeSize: 40, volumeType: "gp3", ...volume });
    assert.deepEqual(instance.inputs.ebsBlockDevices, [
      { deviceName: "/dev/sdf", volumeSize: 125, volumeType: "st1", ...volume },
    ]);
    assert.deepEqual(
      [instance.inputs.associatePublicIpAddress, instance.inputs.region, instance.inputs.tags],
      [true, "eu-west-1", tags],
    );
    assert.deepEqual(instance.options.ignoreChanges, ["associatePublicIpAddress"]);
    const { inputs } = only(result, "aws:ec2:LaunchTemplate");
    assert.deepEqual(
      [inputs.instanceType, inputs.keyName, inputs.iamInstanceProfile, inputs.monitoring, inputs.region],
      ["t4g.small", "admin", { name: "own" }, { enabled: false }, "eu-west-1"],
    );
    assert.equal(inputs.userData, Buffer.from("#!/bin/sh\n").toString("base64"));
    const tcp = (port: number, description: string) => ({ protocol: "tcp", fromPort: port, toPort: port, description });
    const internet = { cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] };
    assert.deepEqual(only(result, "aws:ec2:SecurityGroup").inputs.ingress, [
      { ...tcp(80, "HTTP"), ...internet },
      { ...tcp(443, "HTTPS"), ...internet },
      { ...tcp(22, "SSH"), cidrBlocks: ["203.0.113.0/24"], ipv6CidrBlocks: ["2001:db8::/48"] },
      { ...tcp(3389, "RDP"), cidrBlocks: ["198.51.100.7/32"] },
    ]);
    assert.deepEqual(all(result, "aws:iam:Role"), []);
    assert.deepEqual(
      [result.outputs.publicIps, result.outputs.ssh, result.outputs.rdp],
      [
        { "web-eu-west-1a-1": "203.0.113.5" },
        { "web-eu-west-1a-1": "ssh -i admin.pem ubuntu@203.0.113.5" },
        { "web-eu-west-1a-1": "mstsc /v:203.0.113.5" },
      ],
    );
  });

  it("are in groups that are given, with no Session Manager where it is turned off", async () => {
    const result = await run({ imageId: IMAGE, securityGroupIds: ["sg-11111111"], sessionManager: false, count: 1 });
    assert.deepEqual(tree(result), [
      "StandaloneInstances web",
      "  LaunchTemplate web",
      "    aws:ec2:LaunchTemplate web-template",
      "  aws:ec2:Instance web-us-east-1a-1",
    ]);
    assert.deepEqual(only(result, INSTANCE).inputs.vpcSecurityGroupIds, ["sg-11111111"]);
  });

  it("are made with the caller's provider", async () => {
    const result = await runProgram(() => {
      const provider = new aws.Provider("other", { region: "us-east-1" });
      new StandaloneInstances("web", { count: 2, zones: ZONES, imageId: IMAGE }, { providers: [provider] });
    });
    assertFine(result);
    const { urn, id } = only(result, "pulumi:providers:aws");
    const made = result.resources.filter(({ custom, type }) => custom && type.startsWith("aws:"));
    assert.deepEqual([...new Set(made.map(({ provider }) => provider))], [`${urn}::${id}`]);
    assert.deepEqual([...new Set(result.lookups.map(({ provider }) => provider))], [`${urn}::${id}`]);
  });

  it("are the same in a preview that does not know the image yet", async () => {
    const program = () => {
      const copy = new aws.ec2.AmiCopy("copy", { sourceAmiId: IMAGE, sourceAmiRegion: "eu-west-1" });
      new StandaloneInstances("web", { count: 3, zones: ZONES, imageId: copy.id });
    };
    const [preview, update] = [await runProgram(program, { preview: true }), await runProgram(program)];
    assertFine(preview);
    assert.deepEqual(tree(preview), tree(update));
    assert.equal(only(preview, "aws:ec2:LaunchTemplate").inputs.imageId, "[unknown]");
    assert.equal(only(preview, INSTANCE, "web-us-east-1a-1").inputs.subnetId, "subnet-assumed-us-east-1a");
  });

  it("refuse everything that is wrong at once, and make nothing", async () => {
    const refused = async (args: Partial<StandaloneInstancesArgs>, name = "web") => {
      const result = await make(args, {}, name);
      assert.deepEqual(tree(result), [`StandaloneInstances ${name}`]);
      assert.deepEqual(result.lookups, []);
      return problemPaths(result);
    };
    assert.deepEqual(await refused({}), ["imageId"]);
    assert.deepEqual(await refused({ imageId: IMAGE, ...TEMPLATE }), ["imageId"]);
    assert.deepEqual(await refused({ launchTemplateId: TEMPLATE.launchTemplateId }), ["launchTemplateVersion"]);
    assert.deepEqual(await refused({ imageId: IMAGE, launchTemplateVersion: 1 }), ["launchTemplateVersion"]);
    assert.deepEqual(await refused({ ...TEMPLATE, instanceType: "t3.nano", http: true, publicIp: true }), [
      ...["instanceType", "http", "publicIp"],
    ]);
    assert.deepEqual(
      await refused({ imageId: IMAGE, securityGroupIds: ["x"], http: true, https: false, sshCidrs: [] }),
      [...["securityGroupIds[0]", "http", "sshCidrs"]],
    );
    assert.deepEqual(
      await refused(
        {
          imageId: "ubuntu",
          count: 1.5,
          zones: ["us-east-1", "us-east-1a", "us-east-1a"],
          subnetIds: { "us-east-1b": "x" },
          region: "eu-west-1",
          architecture: "arm64",
          instanceType: "t3.small",
          keyName: "",
          instanceProfile: "a b",
          sessionManager: true,
          sshUser: "a b",
          userData: "x".repeat(16_385),
          rootVolume: { type: "st1" },
          volumes: [{ sizeGiB: 5 }],
          sshCidrs: ["0.0.0.0/0"],
          rdpCidrs: ["::/0"],
          tags: { "aws:x": "y" },
        },
        "n".repeat(52),
      ),
      [
        ...["count", "imageId", "instanceType", "keyName", "instanceProfile", "sshUser", "userData", "rootVolume.type"],
        ...["volumes[0].deviceName", "sshCidrs[0]", "rdpCidrs[0]", 'tags["aws:x"]', "name"],
        ...["zones[0]", "zones[0]", "zones[1]", "zones[2]", "zones[2]"],
        ...['subnetIds["us-east-1b"]', 'subnetIds["us-east-1b"]', 'subnetIds["us-east-1"]', 'subnetIds["us-east-1a"]'],
        ...['subnetIds["us-east-1a"]', "sessionManager"],
      ],
    );
    assert.deepEqual(await refused({ imageId: IMAGE, zones: [] }), ["zones"]);
  });
});
