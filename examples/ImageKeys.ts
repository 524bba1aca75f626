import { ImageKeys, MachineImage } from "pulumi-ami-lifecycle";

const regions = ["us-east-1", "eu-west-1"];
const keys = new ImageKeys("web", { regions, accounts: ["444455556666"], rotationDays: 180 });

const image = new MachineImage("web", {
  version: "1.0.0",
  recipe: { os: "debian-12", steps: [{ packages: ["nginx"] }] },
  baseInstance: { rootVolume: { kmsKeyArn: keys.keyArnIn("us-east-1") } }, // the stack's own region
  copyTo: ["eu-west-1"],
  copyKmsKeyArns: { "eu-west-1": keys.keyArnIn("eu-west-1") },
});

export const keyArns = keys.keyArns;
export const imageIds = image.verifiedImageIds;
