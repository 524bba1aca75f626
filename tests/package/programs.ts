/** The files of a consumer's folder. */

export const PROJECT = `name: consumer
runtime: nodejs
`;

export const STACK = `config:
  aws:region: us-east-1
  consumer:size: "2"
`;

export const TSCONFIG = JSON.stringify({
  compilerOptions: {
    target: "es2022",
    module: "node16",
    moduleResolution: "node16",
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
  },
  include: ["*.ts"],
});

const BODY = `
const image = new MachineImage("web", {
  version: process.env.WRONG ? "one" : "1.0.0",
  recipe: {
    os: "ubuntu-24.04",
    steps: [{ packages: ["nginx"] }, { file: { path: "/var/www/html/index.html", content: "Hello" } }],
    checks: [{ http: { url: "http://127.0.0.1/", contains: "Hello" } }],
  },
  copyTo: [process.env.WRONG ? "eu-west" : "eu-west-1"],
});
const size = new pulumi.Config().requireNumber("size");
const fleet = new AutoScalingFleet("web", { imageId: image.verifiedImageId, minSize: size, maxSize: 10 });
`;

export const TYPESCRIPT = `import * as pulumi from "@pulumi/pulumi";
import { AutoScalingFleet, MachineImage } from "pulumi-ami-lifecycle";
${BODY}
export const group: pulumi.Output<string> = fleet.groupName;
`;

export const JAVASCRIPT = `const pulumi = require("@pulumi/pulumi");
const { AutoScalingFleet, MachineImage } = require("pulumi-ami-lifecycle");
${BODY}
exports.group = fleet.groupName;
`;

export const ESM = `import * as pulumi from "@pulumi/pulumi";
import { AutoScalingFleet, MachineImage } from "pulumi-ami-lifecycle";
${BODY}
export const group = fleet.groupName;
`;

/** Each line that is wrong must be refused, else the directive above it is itself an error. */
export const WRONG_TYPES = `import * as pulumi from "@pulumi/pulumi";
import { AutoScalingFleet, ImageVersions, MachineImage, type Recipe } from "pulumi-ami-lifecycle";

const recipe: Recipe = { os: "ubuntu-24.04", steps: [{ packages: ["nginx"] }] };
// @ts-expect-error a version is needed
new MachineImage("a", { recipe });
// @ts-expect-error versions are plain: they decide which resources exist
new ImageVersions("b", { versions: pulumi.output(["1.0.0"]), current: "1.0.0", recipe });
// @ts-expect-error it is packages, not package
const typo: Recipe = { os: "ubuntu-24.04", steps: [{ package: ["nginx"] }] };
// @ts-expect-error a number, not a text
new AutoScalingFleet("c", { imageId: "ami-0123456789abcdef0", minSize: "2" });
// @ts-expect-error there is no such argument
new AutoScalingFleet("d", { imageId: "ami-0123456789abcdef0", desiredCapacity: 2 });
// @ts-expect-error outputs are not for writing
new MachineImage("e", { version: "1.0.0", recipe }).verifiedImageId = pulumi.output("");
export const used = typo;
`;

/** A program's test as its author would write it: no engine, no AWS, no hooks. */
export const MOCKED = `const assert = require("node:assert");
const pulumi = require("@pulumi/pulumi");
const seen = [];
const value = (output) => new Promise((resolve) => output.apply(resolve));
(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      seen.push(type);
      return { id: name + "-id", state: { ...inputs, latestVersion: 1, arn: "arn:aws:x:us-east-1:111122223333:" + name } };
    },
    call: ({ token, inputs }) => (token === "aws:index/getRegion:getRegion" ? { region: "us-east-1", id: "us-east-1" } : { ...inputs, ids: ["subnet-a", "subnet-b"] }),
  }, "consumer", "dev");
  const { AutoScalingFleet, MachineImage } = require("pulumi-ami-lifecycle");
  const recipe = { os: "ubuntu-24.04", steps: [{ packages: ["nginx"] }] };
  const image = new MachineImage("web", { version: "1.0.0", recipe, copyTo: ["eu-west-1"] });
  const fleet = new AutoScalingFleet("web", { imageId: image.verifiedImageId });
  assert.equal(await value(image.verifiedImageId), "web-1.0.0-id");
  assert.deepEqual(await value(image.verifiedImageIds), { "us-east-1": "web-1.0.0-id", "eu-west-1": "web-1.0.0-eu-west-1-id" });
  assert.equal(await value(fleet.liveImageId), "web-1.0.0-id");
  await pulumi.runtime.disconnect();
  assert.ok(seen.includes("aws:ec2/amiCopy:AmiCopy"));
  console.log("3 of 3 hold");
})().catch((error) => { console.error(error); process.exit(1); });
`;

/** A program of somebody's own that takes the two keys of a line. */
export const LINE = `const pulumi = require("@pulumi/pulumi");
const aws = require("@pulumi/aws");
const config = new pulumi.Config("ami-lifecycle");
for (const version of config.requireObject("versions")) {
  new aws.ssm.Parameter(version, { type: "String", name: "/web/" + version, insecureValue: config.require("current") });
}
`;

export const LINE_STACK = `config:
  aws:region: us-east-1
  ami-lifecycle:versions: [1.0.0] # oldest first
  ami-lifecycle:current: 1.0.0
`;
