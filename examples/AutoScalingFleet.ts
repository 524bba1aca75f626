import { AutoScalingFleet } from "pulumi-ami-lifecycle";

const fleet = new AutoScalingFleet("web", {
  imageId: "ami-0123456789abcdef0",
  version: "1.1.0",
  minSize: 4,
  maxSize: 20,
  port: 80,
  healthPath: "/health",
  rollout: {
    checkpointPercentages: [25, 100],
    checkpointDelay: 600,
    bakeTime: 300,
    alarmNames: ["web-5xx"],
  },
});

export const url = fleet.url;
