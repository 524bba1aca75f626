import { AutoScalingFleet, FailoverRecords, RecoveryRegion } from "pulumi-ami-lifecycle";

const fleet = { line: "web", version: "1.0.0", port: 80 };
const home = new AutoScalingFleet("web", { ...fleet, imageId: "ami-0123456789abcdef0" }); // verified ids
const recovery = new RecoveryRegion("web-us-west-2", {
  region: "us-west-2",
  home: "us-east-1",
  fleet: { ...fleet, imageId: "ami-0123456789abcdef1" },
});

// The name leads to us-west-2 as soon as only that one has healthy instances. Nobody has to edit it.
const www = new FailoverRecords("www", {
  hostedZoneId: "Z0123456789ABCDEFGHIJ",
  name: "www.example.com",
  targets: [
    { region: "us-east-1", dnsName: home.dnsName, zoneId: home.zoneId },
    { region: "us-west-2", dnsName: recovery.dnsName, zoneId: recovery.zoneId },
  ],
});

export const name = www.fqdn;
