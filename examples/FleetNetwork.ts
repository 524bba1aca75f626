import { AutoScalingFleet, FleetNetwork } from "pulumi-ami-lifecycle";

// Private instances over three zones, a NAT gateway in each, and the load balancer in front of them.
const network = new FleetNetwork("web", { cidrBlock: "10.20.0.0/16", zones: 3, nat: "one-per-zone" });

const web = new AutoScalingFleet("web", {
  imageId: "ami-0123456789abcdef0", // a verified one, e.g. MachineImage.verifiedImageId
  subnetIds: network.privateSubnetIds,
  loadBalancerSubnetIds: network.publicSubnetIds,
  port: 8080,
  loadBalancer: {
    certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef",
    deletionProtection: true,
    rules: [{ name: "api", priority: 10, paths: ["/api/*"], port: 9090, healthPath: "/api/health" }],
  },
  monitoring: { alarms: true, dashboard: true },
});

export const url = web.url;
