import { MachineImage } from "pulumi-ami-lifecycle";

const image = new MachineImage("base", {
  version: "1.0.0",
  recipe: { os: "debian-12", steps: [{ upgrade: true }, { packages: ["chrony"] }, { service: { name: "chrony" } }] },
});

/** Known only when the image has booted and passed its checks. */
export const imageId = image.verifiedImageId;
