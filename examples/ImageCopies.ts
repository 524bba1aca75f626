import { ImageCopies, MachineImage } from "pulumi-ami-lifecycle";

const image = new MachineImage("web", {
  version: "1.0.0",
  recipe: { os: "debian-12", steps: [{ packages: ["nginx"] }] },
});
const copies = new ImageCopies("web-recovery", {
  sourceImageId: image.verifiedImageId,
  sourceRegion: image.region,
  imageName: image.imageName,
  line: "web",
  version: "1.0.0",
  recipeDigest: image.recipeDigest,
  regions: ["eu-west-1", "ap-southeast-2"],
  proofs: { "eu-west-1": { subnetId: "subnet-0123456789abcdef0" } },
});

export const imageIds = copies.verifiedImageIds;
