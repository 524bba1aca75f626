import { MachineImage } from "pulumi-ami-lifecycle";

const image = new MachineImage("web", {
  version: "1.0.0",
  recipe: {
    os: "ubuntu-24.04",
    architecture: "arm64",
    steps: [{ packages: ["nginx"] }, { file: { path: "/var/www/html/index.html", content: "Hello" } }],
    checks: [{ http: { url: "http://127.0.0.1/", contains: "Hello" } }],
  },
  copyTo: ["eu-west-1"],
  copyKmsKeyArns: { "eu-west-1": "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555" },
});

export const imageIds = image.verifiedImageIds;
