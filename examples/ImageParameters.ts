import { AutoScalingFleet, ImageParameters, ImageVersions } from "pulumi-ami-lifecycle";

const [versions, current] = [["1.0.0", "1.1.0"], "1.1.0"];
const web = new ImageVersions("web", {
  versions,
  current,
  recipe: { os: "debian-12", steps: [{ packages: ["nginx"] }] },
  copyTo: ["eu-west-1"],
});
const fleet = new AutoScalingFleet("web", { imageId: web.currentImageId, version: current });
const parameters = new ImageParameters("web", {
  imageIds: Object.fromEntries(
    versions.map((version) => [
      version,
      { "us-east-1": web.verifiedImageIdIn(version), "eu-west-1": web.verifiedImageIdIn(version, "eu-west-1") },
    ]),
  ),
  current,
  live: fleet.liveImageId, // `current` moves after the fleet
});

export const names = parameters.names; // for launch templates: resolve:ssm:/ami/web/dev/current
