import { ImageRetention, ImageVersions } from "pulumi-ami-lifecycle";

const keep = new ImageRetention("web", { regions: ["us-east-1", "eu-west-1"], imageDays: 30 });

// After the rules, so that a version that is retired goes to the bin.
const web = new ImageVersions(
  "web",
  {
    versions: ["1.0.0"],
    current: "1.0.0",
    recipe: { os: "debian-12", steps: [{ packages: ["nginx"] }] },
    copyTo: ["eu-west-1"],
  },
  { dependsOn: keep },
);

export const imageId = web.currentImageId;
