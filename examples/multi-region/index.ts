import { AutoScalingFleet, ImageVersions } from "pulumi-ami-lifecycle";

const HOME = "us-east-1";
const OTHER = "eu-west-1";

const web = new ImageVersions("web", {
  versions: ["1.0.0", "1.1.0"],
  current: "1.0.0",
  region: HOME,
  copyTo: [OTHER],
  recipe: { os: "amazon-linux-2023", steps: [{ packages: ["nginx"] }, { service: { name: "nginx" } }] },
});

// Each region runs its own copy, which was booted there: nothing of it needs the other region.
const fleets = [HOME, OTHER].map(
  (region) =>
    new AutoScalingFleet(`web-${region}`, {
      region,
      imageId: web.currentImageIds.apply((ids) => ids[region] ?? ""),
      version: web.current,
      minSize: 2,
      maxSize: 4,
    }),
);

export const groups = fleets.map(({ groupName }) => groupName);
