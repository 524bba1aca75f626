import { AutoScalingFleet, MachineImage, RecoveryRegion } from "pulumi-ami-lifecycle";

const image = new MachineImage("web", {
  version: "1.0.0",
  recipe: { os: "ubuntu-24.04", steps: [{ packages: ["nginx"] }], checks: [{ http: { url: "http://127.0.0.1/" } }] },
  copyTo: ["us-west-2"],
});
const fleet = { version: "1.0.0", line: "web", minSize: 2, maxSize: 10, port: 80 };
const web = new AutoScalingFleet("web", { ...fleet, imageId: image.verifiedImageId });

// A group without instances, and everything around it, from the region's own copy.
const recovery = new RecoveryRegion(
  "web-us-west-2",
  {
    region: "us-west-2",
    home: "us-east-1",
    strategy: "pilot-light",
    rtoMinutes: 20,
    fleet: { ...fleet, imageId: image.verifiedImageIdIn("us-west-2") },
  },
  { dependsOn: [web] },
);

export const url = web.url;
export const recoveryUrl = recovery.url;
