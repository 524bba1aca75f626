import { StandaloneInstances } from "pulumi-ami-lifecycle";

// Three identical servers, spread over two zones; a shell on each through Session Manager, without an open port.
const workers = new StandaloneInstances("worker", {
  count: 3,
  zones: ["us-east-1a", "us-east-1b"],
  imageId: "ami-0123456789abcdef0", // a verified id
  instanceType: "t3.small",
});

export const ids = workers.instanceIds;
export const connect = workers.connect;
