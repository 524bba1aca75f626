import { AutoScalingFleet, ImageVersions } from "pulumi-ami-lifecycle";

const web = new ImageVersions("web", {
  versions: ["1.0.0"], // append to bake; remove to retire
  current: "1.0.0", // set it back to roll back
  recipe: {
    os: "ubuntu-24.04",
    architecture: "arm64",
    steps: [
      { packages: ["nginx"] },
      { file: { path: "/var/www/html/index.html", content: "<h1>Hello</h1>\n" } },
      { service: { name: "nginx" } },
    ],
    checks: [{ http: { url: "http://127.0.0.1/", contains: "Hello" } }],
  },
});

const fleet = new AutoScalingFleet("web", {
  imageId: web.currentImageId,
  version: web.current,
  architecture: web.architecture,
  minSize: 2,
  maxSize: 6,
  port: 80,
  rollout: { checkpointPercentages: [50, 100], checkpointDelay: 300, bakeTime: 120 },
});

export const url = fleet.url;
export const live = fleet.liveImageId;
