import { AutoScalingFleet, ImageVersions } from "pulumi-ami-lifecycle";

const web = new ImageVersions("web", {
  versions: ["1.0.0", "1.1.0"], // append to bake, remove to retire
  current: "1.0.0", // set it back to roll back
  recipe: { os: "debian-12", steps: [{ packages: ["nginx"] }] },
  copyTo: ["eu-west-1"],
});
const fleet = new AutoScalingFleet("web", { imageId: web.currentImageId, version: web.current });

export const images = web.images; // for another stack to promote
export const live = fleet.liveImageId;
