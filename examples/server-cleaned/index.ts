import * as pulumi from "@pulumi/pulumi";
import { MachineImage } from "pulumi-ami-lifecycle";

const config = new pulumi.Config();

const image = new MachineImage("web", {
  version: "1.0.0",
  fromInstanceId: config.require("server"),
  recipe: {
    os: "debian-12",
    checks: [{ service: "nginx" }],
    keepUsers: ["deploy"], // every other login user goes, with its keys
  },
  // The server's services start once on the base instance, and once more when the image is proven: a group that lets
  // out what the recipe needs, and nothing to databases and queues.
  baseInstance: { subnetId: config.require("buildSubnet"), securityGroupIds: [config.require("buildGroup")] },
  // When the version is verified: keepRawImage: false,
});

export const imageId = image.verifiedImageId;
