import { ImageCopies, ImageKeys, ImageSharing } from "pulumi-ami-lifecycle";

const regions = ["us-east-1", "eu-west-1"];
const receivers = {
  accounts: ["444455556666"], // may launch and copy
  organizationArns: ["arn:aws:organizations::111122223333:organization/o-a1b2c3d4e5"], // may launch
};
const keys = new ImageKeys("web", { regions, ...receivers });
const copies = new ImageCopies("web", {
  sourceImageId: "ami-0123456789abcdef0",
  sourceRegion: "us-east-1",
  imageName: "web/shared/1.0.0",
  line: "web",
  version: "1.0.0",
  recipeDigest: "0123456789abcdef",
  regions,
  kmsKeyArns: Object.fromEntries(regions.map((region) => [region, keys.keyArnIn(region)])),
});
const sharing = new ImageSharing("web", {
  imageIds: Object.fromEntries(regions.map((region) => [region, copies.verifiedImageIdIn(region)])),
  kmsKeyArns: Object.fromEntries(regions.map((region) => [region, keys.keyArnIn(region)])),
  ...receivers,
});

export const imageIds = sharing.sharedImageIds; // for the receivers: they do not see tags
