import * as pulumi from "@pulumi/pulumi";
import { LaunchTemplate, MachineImage } from "pulumi-ami-lifecycle";

const image = new MachineImage("api", {
  version: "1.0.0",
  recipe: { os: "debian-12", steps: [{ packages: ["nginx"] }], checks: [{ command: "nginx -t" }] },
});

// Type, key pair, security groups, profile and tags of the server; its image and its user data are not taken over.
const template = new LaunchTemplate("api", {
  fromInstanceId: new pulumi.Config().require("server"),
  imageId: image.verifiedImageId,
});

export const launch = template.launchCommand;
