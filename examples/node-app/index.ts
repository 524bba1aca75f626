import { AutoScalingFleet, MachineImage } from "pulumi-ami-lifecycle";

const directory = "/srv/shop";

const image = new MachineImage("shop", {
  version: "1.0.0",
  recipe: {
    os: "ubuntu-24.04",
    steps: [
      { upgrade: true },
      { nodejs: { version: "22" } },
      {
        app: {
          repository: "https://git.example.com/shop.git",
          revision: "v1.0.0", // a tag or a commit: a branch would move
          directory,
          install: "npm ci --omit=dev",
        },
      },
      { pm2: { name: "shop", script: "server.js", directory, environment: { PORT: "3000" } } },
    ],
    checks: [{ http: { url: "http://127.0.0.1:3000/healthy" } }, { command: "node --version" }],
  },
});
const fleet = new AutoScalingFleet("shop", {
  imageId: image.verifiedImageId,
  minSize: 2,
  maxSize: 6,
  port: 3000,
  healthPath: "/healthy",
});

export const url = fleet.url;
