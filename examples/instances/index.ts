import * as pulumi from "@pulumi/pulumi";
import { MachineImage, StandaloneInstances } from "pulumi-ami-lifecycle";

const image = new MachineImage("worker", {
  version: "1.0.0",
  recipe: {
    os: "debian-12",
    steps: [{ packages: ["nginx"] }, { service: { name: "nginx" } }],
    checks: [{ http: { url: "http://127.0.0.1/" } }],
  },
});

// Three more: pulumi config set count 4. Those that exist stay as they are.
const workers = new StandaloneInstances("worker", {
  count: new pulumi.Config().requireNumber("count"),
  zones: ["us-east-1a", "us-east-1b"],
  imageId: image.verifiedImageId,
});

export const ids = workers.instanceIds;
export const connect = workers.connect;
