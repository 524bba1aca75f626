import * as pulumi from "@pulumi/pulumi";
import { AutoScalingFleet, MachineImage } from "pulumi-ami-lifecycle";

const config = new pulumi.Config();
/** It needs a way to the package mirrors. */
const buildSubnet = config.require("buildSubnet");

const image = new MachineImage("web", {
  version: "1.0.0",
  recipe: { os: "debian-12", steps: [{ packages: ["nginx"] }, { service: { name: "nginx" } }] },
  baseInstance: { subnetId: buildSubnet, associatePublicIpAddress: false },
  proof: { subnetId: buildSubnet },
});

const fleet = new AutoScalingFleet("web", {
  imageId: image.verifiedImageId,
  port: 80,
  subnetIds: config.requireObject<string[]>("privateSubnets"),
  loadBalancerSubnetIds: config.requireObject<string[]>("publicSubnets"),
});

export const url = fleet.url;
