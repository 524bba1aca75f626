import { LaunchTemplate } from "pulumi-ami-lifecycle";

const web = new LaunchTemplate("web", {
  imageId: "ami-0123456789abcdef0", // a verified id
  instanceType: "t3.small",
  securityGroupIds: ["sg-0123456789abcdef0"],
  volumes: [{ deviceName: "/dev/sdf", sizeGiB: 20 }],
});

export const launch = web.launchCommand;

// "Create template from instance": type, key pair, security groups, profile and tags of a server, with another image:
// new LaunchTemplate("like-it", { fromInstanceId: "i-0123456789abcdef0", imageId: web.imageId });
