import assert from "node:assert/strict";
import { answer, isModelled, isModelledLookup, isRegional } from "../../simulation/model";
import { architecturesOf } from "../../components/internal/instanceTypes";
import type { WireObject } from "../../simulation/types";
import { fromReadable, hasUnknown, readable, secret, UNKNOWN } from "../../simulation/wire";

const ask = (token: string, args: WireObject = {}, region = "eu-central-1", config = {}) =>
  answer(token, args, { region, config });

describe("the model of AWS", () => {
  it("knows what a region's name tells", () => {
    assert.equal(ask("aws:index/getPartition:getPartition", {}, "cn-north-1")?.result.partition, "aws-cn");
    assert.equal(ask("aws:index/getRegion:getRegion")?.result.region, "eu-central-1");
    assert.equal(ask("aws:index/getRegion:getRegion")?.certainty, "known");
  });

  it("assumes three zones and a default subnet in each", () => {
    const zones = ask("aws:index/getAvailabilityZones:getAvailabilityZones", {}, "ap-northeast-1")?.result.names;
    assert.deepEqual(zones, ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"]);
    const vpcId = ask("aws:ec2/getVpc:getVpc", { default: true })?.result.id ?? "";
    const subnets = (filters: WireObject[]) => ask("aws:ec2/getSubnets:getSubnets", { filters })?.result.ids;
    assert.deepEqual(subnets([{ name: "vpc-id", values: [vpcId] }]), [
      "subnet-assumed-eu-central-1a",
      "subnet-assumed-eu-central-1b",
      "subnet-assumed-eu-central-1c",
    ]);
    assert.deepEqual(subnets([{ name: "availability-zone", values: ["eu-central-1b"] }]), [
      "subnet-assumed-eu-central-1b",
    ]);
    assert.equal(subnets([{ name: "vpc-id", values: ["vpc-0123"] }]), undefined);
    assert.equal(subnets([{ name: "tag:Tier", values: ["private"] }]), undefined);
    const subnet = ask("aws:ec2/getSubnet:getSubnet", { id: "subnet-assumed-eu-central-1b" })?.result;
    assert.equal(subnet?.vpcId, vpcId);
    assert.equal(subnet?.availabilityZone, "eu-central-1b");
  });

  it("marks every assumed id as such, and leaves the account's own things unknown", () => {
    const name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64";
    const parameter = ask("aws:ssm/getParameter:getParameter", { name })?.result;
    assert.match(parameter?.value as string, /^ami-assumed-.*al2023.*arm64-eu-central-1$/);
    assert.equal(ask("aws:ssm/getParameter:getParameter", { name: "/mine" }), undefined);
    const image = ask("aws:ec2/getAmi:getAmi", { filters: [{ name: "name", values: ["debian-12-*"] }] })?.result;
    assert.equal(image?.id, "ami-assumed-debian-12-eu-central-1");
    assert.equal(image?.rootDeviceName, UNKNOWN);
    assert.equal(ask("aws:ec2/getAmi:getAmi", { filters: [{ name: "tag:line", values: ["web"] }] }), undefined);
    assert.equal(ask("aws:kms/getAlias:getAlias", { name: "alias/x" }), undefined);
  });

  it("takes the account from config when that leaves no choice", () => {
    const token = "aws:index/getCallerIdentity:getCallerIdentity";
    assert.equal(ask(token), undefined);
    const one = { "aws:allowedAccountIds": '["111122223333"]' };
    assert.equal(ask(token, {}, "us-east-1", one)?.result.accountId, "111122223333");
    assert.equal(ask(token, {}, "us-east-1", { "aws:allowedAccountIds": '["1", "2"]' }), undefined);
  });

  it("answers nothing without a region, and nothing it does not know", () => {
    assert.equal(answer("aws:index/getRegion:getRegion", {}, {}), undefined);
    assert.equal(ask("toString"), undefined);
  });

  it("tells an instance type's architecture and where it is offered", () => {
    assert.deepEqual(
      ["t4g.micro", "m7gd.large", "g5.xlarge", "c7i-flex.large", "im4gn.large", "odd"].map(architecturesOf),
      [["arm64"], ["arm64"], ["x86_64"], ["x86_64"], ["arm64"], undefined],
    );
    const filters = [{ name: "instance-type", values: ["t4g.micro"] }];
    const args = { filters, locationType: "availability-zone" };
    const offered = ask("aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings", args)?.result.locations;
    assert.deepEqual(offered, ["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
  });

  it("renders policy documents", () => {
    const principals = [{ type: "Service", identifiers: ["ec2.amazonaws.com"] }];
    const conditions = [{ test: "StringEquals", variable: "aws:x", values: ["1", "2"] }];
    const statements = [{ actions: ["sts:AssumeRole"], principals, conditions }];
    const json = ask("aws:iam/getPolicyDocument:getPolicyDocument", { statements })?.result.json;
    assert.deepEqual(JSON.parse(json as string), {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { Service: "ec2.amazonaws.com" },
          Condition: { StringEquals: { "aws:x": ["1", "2"] } },
        },
      ],
    });
  });

  it("knows which services have no regions", () => {
    assert.equal(isRegional("aws:iam/role:Role"), false);
    assert.equal(isRegional("aws:ec2/ami:Ami"), true);
    assert.equal(isRegional("awsx:lb:ApplicationLoadBalancer"), true);
    assert.equal(isRegional("pulumi:providers:aws"), false);
  });
});

describe("what counts as modelled", () => {
  it("is what the program makes itself, AWS's resources and other stacks; of all else nothing is known", () => {
    const modelled = (kind: "component" | "remote" | "custom" | "read", type: string) => isModelled({ kind, type });
    assert.ok(modelled("component", "shop:index:Site"));
    assert.ok(modelled("custom", "aws:s3/bucket:Bucket"));
    assert.ok(modelled("custom", "pulumi:providers:aws"));
    assert.ok(modelled("read", "pulumi:pulumi:StackReference"));
    for (const type of ["random:index/randomId:RandomId", "aws-native:s3:Bucket", "pulumi:providers:kubernetes"]) {
      assert.ok(!modelled("custom", type), type);
    }
    assert.ok(!modelled("custom", "pulumi-nodejs:dynamic:Resource"));
    assert.ok(!modelled("remote", "awsx:ec2:Vpc"));
    assert.ok(isModelledLookup("aws:ec2/getVpc:getVpc") && !isModelledLookup("aws:kms/getAlias:getAlias"));
  });
});

describe("values on the wire", () => {
  it("are masked for readers, and come back as unknown", () => {
    const value = { b: secret("hush"), a: [UNKNOWN, 1] };
    assert.deepEqual(readable(value), { a: ["[unknown]", 1], b: "[secret]" });
    assert.deepEqual(Object.keys(readable(value) as object), ["a", "b"]);
    assert.deepEqual(fromReadable(readable(value)), { a: [UNKNOWN, 1], b: secret(UNKNOWN) });
    assert.ok(hasUnknown(value) && !hasUnknown({ b: secret("hush") }));
  });
});
