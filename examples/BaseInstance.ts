import { BaseInstance } from "pulumi-ami-lifecycle";

// By itself: to look at what a recipe makes, without taking an image.
const base = new BaseInstance("try", {
  recipe: { os: "amazon-linux-2023", steps: [{ packages: ["nginx"] }, { service: { name: "nginx" } }] },
  settings: { sessionManager: true, volumes: [{ deviceName: "/dev/sdf", sizeGiB: 20 }] },
});

export const connect = base.connect;
