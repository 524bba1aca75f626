import assert from "node:assert/strict";
import * as fc from "fast-check";
import { type Inputs, resourceProblems } from "../../../components/internal/resourceRules";
import { itTells, texts } from "./refusals";

class Later {}
const LATER = new Later();

const SECURITY = "aws:ec2/securityGroup:SecurityGroup";
const DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const GROUP = "aws:autoscaling/group:Group";
const SCHEDULE = "aws:autoscaling/schedule:Schedule";
const INSTANCE = "aws:ec2/instance:Instance";
const IMAGE = "aws:ec2/amiFromInstance:AmiFromInstance";

const WEB = { protocol: "tcp", fromPort: 80, toPort: 80 };
const distribution = (instancesDistribution: Inputs): Inputs => ({
  availabilityZones: ["us-east-1a"],
  mixedInstancesPolicy: { instancesDistribution },
});
const health = (protocol: unknown, healthCheck: unknown, more: Inputs = {}): Inputs => ({
  protocol,
  healthCheck,
  ...more,
});

/** What is refused: type, inputs, and what the text begins with. */
const REFUSED: [type: string, inputs: Inputs, text: string][] = [
  [SECURITY, { description: "the web's" }, 'description: got "the web\'s", allowed is at most 255 letters'],
  [SECURITY, { description: "x".repeat(256) }, "description: got"],
  [SECURITY, { ingress: [WEB, { ...WEB, description: "80 -> web" }] }, 'ingress[1].description: got "80 -> web"'],
  [SECURITY, { egress: [{ ...WEB, fromPort: 443 }] }, "egress[0].fromPort: got 443, allowed is at most toPort (80). Change one of the two"],
  [SECURITY, { ingress: [{ protocol: "UDP", fromPort: "0", toPort: "65536" }] }, 'ingress[0].toPort: got "65536", allowed is a port, 0 to 65535'],
  [SECURITY, { ingress: [{ protocol: 6, fromPort: -1, toPort: 80 }] }, "ingress[0].fromPort: got -1, allowed is a port, 0 to 65535"],
  [SECURITY, { ingress: [{ protocol: "-1", fromPort: 0, toPort: 65535 }] }, "ingress[0].toPort: got 65535, allowed is 0, where the protocol is -1"],
  [DEFAULT, { egress: [{ protocol: -1, fromPort: -1, toPort: 0 }] }, "egress[0].fromPort: got -1, allowed is 0, where the protocol is -1"],
  [SECURITY, { ingress: [{ ...WEB, cidrBlocks: ["10.0.0.0/8", "10.0.0.1/8"] }] }, 'ingress[0].cidrBlocks[1]: got "10.0.0.1/8", allowed is a range whose address has no bits behind the prefix /8'],
  [SECURITY, { ingress: [{ ...WEB, cidrBlocks: ["10.0.0.1"] }] }, 'ingress[0].cidrBlocks[0]: got "10.0.0.1", allowed is a range such as'],
  [SECURITY, { ingress: [{ ...WEB, cidrBlocks: ["::/0"] }] }, 'ingress[0].cidrBlocks[0]: got "::/0", allowed is a range of IPv4. Give it as ipv6CidrBlocks.'],
  [RULE, { ...WEB, type: "ingress", cidrBlocks: ["10.0.0.0/33"] }, 'cidrBlocks[0]: got "10.0.0.0/33"'],
  [RULE, { ...WEB, type: "ingress", ipv6CidrBlocks: ["2001:db8::1/32"] }, 'ipv6CidrBlocks[0]: got "2001:db8::1/32", allowed is a range whose address'],
  [RULE, { ...WEB, type: "egress", fromPort: 81 }, "fromPort: got 81, allowed is at most toPort (80)"],
  [RULE, { ...WEB, type: "egress", description: "größer" }, 'description: got "größer"'],
  [INGRESS, { ipProtocol: "tcp", fromPort: 22, toPort: 21 }, "fromPort: got 22, allowed is at most toPort (21)"],
  [INGRESS, { ipProtocol: "tcp", fromPort: 22 }, "toPort: allowed is a port, with protocol tcp. Give both ports."],
  [INGRESS, { ipProtocol: "-1", cidrIpv4: "10.1.2.3/16" }, 'cidrIpv4: got "10.1.2.3/16", allowed is a range whose address'],
  [INGRESS, { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0", description: "all > all" }, 'description: got "all > all"'],
  [EGRESS, { ipProtocol: "-1", cidrIpv6: "0.0.0.0/0" }, 'cidrIpv6: got "0.0.0.0/0", allowed is a range of IPv6. Give it as cidrIpv4.'],
  [EGRESS, { ipProtocol: "udp", fromPort: 53, toPort: 70_000 }, "toPort: got 70000, allowed is a port"],
  [TARGETS, health("HTTP", { interval: 4, timeout: 2 }), "healthCheck.interval: got 4, allowed is 5 to 300"],
  [TARGETS, health("TCP", { interval: 300, timeout: 121 }), "healthCheck.timeout: got 121, allowed is 2 to 120"],
  ["aws:alb/targetGroup:TargetGroup", health("HTTP", { healthyThreshold: "11" }), 'healthCheck.healthyThreshold: got "11", allowed is 2 to 10'],
  [TARGETS, health(LATER, { unhealthyThreshold: 1 }), "healthCheck.unhealthyThreshold: got 1, allowed is 2 to 10"],
  [TARGETS, health("HTTPS", { interval: 10, timeout: 10 }), "healthCheck.timeout: got 10, allowed is less than the interval (10)"],
  [TARGETS, health("HTTP", { timeout: 30 }), "healthCheck.timeout: got 30, allowed is less than the interval (30)"],
  [TARGETS, health("TCP", { interval: 10, timeout: 11 }), "healthCheck.timeout: got 11, allowed is at most the interval (10)"],
  [TARGETS, health("HTTP", { matcher: "299-200" }), 'healthCheck.matcher: got "299-200"'],
  [TARGETS, health("HTTP", { matcher: "200--" }), 'healthCheck.matcher: got "200--"'],
  [TARGETS, health("GENEVE", { matcher: "200-499" }), 'healthCheck.matcher: got "200-499", allowed is codes from 200 to 399'],
  [TARGETS, health("HTTP", { matcher: "2xx" }), 'healthCheck.matcher: got "2xx", allowed is codes from 200 to 499'],
  [TARGETS, health("HTTP", { matcher: "200-599" }), 'healthCheck.matcher: got "200-599", allowed is codes from 200 to 499'],
  [TARGETS, health(undefined, { matcher: "500" }, { targetType: "lambda" }), 'healthCheck.matcher: got "500", allowed is codes from 200'],
  [TARGETS, health("TCP", { matcher: 600 }), "healthCheck.matcher: got 600, allowed is codes from 200 to 599"],
  [TARGETS, health("HTTP", { matcher: "200" }, { protocolVersion: "GRPC" }), 'healthCheck.matcher: got "200", allowed is codes from 0 to 99'],
  [TARGETS, { name: "web-" }, 'name: got "web-", allowed is 1 to 32 letters, digits and hyphens, no hyphen at an end.'],
  [BALANCER, { subnets: [] }, "subnets: allowed is subnets of at least two zones"],
  [BALANCER, { subnets: ["subnet-assumed-us-east-1a"] }, 'subnets: got "subnet-assumed-us-east-1a", allowed is subnets of at least two zones'],
  ["aws:alb/loadBalancer:LoadBalancer", { loadBalancerType: "application", subnetMappings: [{ subnetId: "subnet-assumed-us-east-1a" }] }, "subnetMappings: got"],
  [BALANCER, { name: "-web" }, 'name: got "-web", allowed is 1 to 32 letters, digits and hyphens, no hyphen at an end, not beginning'],
  [GROUP, distribution({ onDemandPercentageAboveBaseCapacity: 101 }), "mixedInstancesPolicy.instancesDistribution.onDemandPercentageAboveBaseCapacity: got 101, allowed is 0 to 100"],
  [GROUP, distribution({ onDemandBaseCapacity: "-1" }), 'mixedInstancesPolicy.instancesDistribution.onDemandBaseCapacity: got "-1", allowed is a whole number from 0'],
  [GROUP, distribution({ onDemandAllocationStrategy: "lowestPrice" }), 'mixedInstancesPolicy.instancesDistribution.onDemandAllocationStrategy: got "lowestPrice", allowed is prioritized, lowest-price'],
  [GROUP, distribution({ spotAllocationStrategy: "diversified" }), 'mixedInstancesPolicy.instancesDistribution.spotAllocationStrategy: got "diversified", allowed is price-capacity-optimized, capacity'],
  [GROUP, { availabilityZones: ["us-east-1a"], healthCheckType: "ALB" }, 'healthCheckType: got "ALB", allowed is EC2, EBS, ELB or VPC_LATTICE'],
  [GROUP, { availabilityZones: ["us-east-1a", "eu-west-1a"] }, 'availabilityZones[1]: got "eu-west-1a", allowed is a zone of us-east-1'],
  [GROUP, { availabilityZones: ["us-west-2-lax-1a"] }, 'availabilityZones[0]: got "us-west-2-lax-1a", allowed is a zone of us-east-1'],
  [INSTANCE, { subnetId: "private-a" }, 'subnetId: got "private-a", allowed is a subnet\'s id such as subnet-0123456789abcdef0'],
  [INSTANCE, { subnetId: "subnet-0123456789" }, 'subnetId: got "subnet-0123456789"'],
  [INSTANCE, { vpcSecurityGroupIds: [LATER, "web"] }, 'vpcSecurityGroupIds[1]: got "web", allowed is a security group\'s id such as sg-0123456789abcdef0'],
  [IMAGE, { sourceInstanceId: "ami-0123456789abcdef0" }, 'sourceInstanceId: got "ami-0123456789abcdef0", allowed is an instance\'s id'],
  [SCHEDULE, { startTime: "2026-12-31 08:00" }, 'startTime: got "2026-12-31 08:00", allowed is a time in UTC such as 2026-12-31T08:00:00Z'],
  [SCHEDULE, { endTime: "2026-12-31T08:00:00+01:00" }, "endTime: got"],
  [SCHEDULE, { startTime: "2026-02-30T08:00:00Z" }, "startTime: got"],
  [SCHEDULE, { startTime: "2026-12-31T24:00:00Z" }, "startTime: got"],
]; // prettier-ignore

/** What AWS takes, or what nobody can judge yet. */
const TAKEN: [type: string, inputs: Inputs][] = [
  [SECURITY, { name: "web", description: "Web: a-z (80/443), [x] #1 & more; {y}!$* @ = + _", ingress: [{ ...WEB, description: "x".repeat(255), cidrBlocks: ["0.0.0.0/0", "10.0.0.1/32"], ipv6CidrBlocks: ["::/0", "2001:DB8::/32"] }] }],
  [SECURITY, { description: "", ingress: null, egress: [] }],
  [SECURITY, { ingress: LATER, egress: [LATER, null, { ...WEB, fromPort: LATER, toPort: LATER, cidrBlocks: LATER }, { ...WEB, cidrBlocks: [LATER, null, "10.0.0.0/8", "10.0.0.0/08"] }] }],
  [SECURITY, { egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }, { protocol: "all", fromPort: "0", toPort: 0 }] }],
  [SECURITY, { ingress: [{ protocol: "icmp", fromPort: 8, toPort: -1 }, { protocol: "icmpv6", fromPort: -1, toPort: -1 }, { protocol: "50", fromPort: 9, toPort: 1 }, { protocol: LATER, fromPort: 9, toPort: 1 }] }],
  [SECURITY, { ingress: [{ protocol: "tcp", fromPort: 0, toPort: 65_535, self: true }, { protocol: "17", fromPort: "53", toPort: 53 }] }],
  // What stands twice, and IPv4 in IPv6, is for EC2 to judge.
  [SECURITY, { ingress: [{ ...WEB, cidrBlocks: ["10.0.0.0/8", "10.0.0.0/8"], ipv6CidrBlocks: ["::ffff:1.2.3.4/128"] }] }],
  [RULE, { type: "ingress", protocol: "-1", fromPort: 0, toPort: 65_535, cidrBlocks: ["10.0.0.0/8"] }],
  [INGRESS, { ipProtocol: "-1", cidrIpv4: "10.0.0.0/8", cidrIpv6: null, description: "" }],
  [INGRESS, { ipProtocol: LATER, cidrIpv4: LATER, description: LATER }],
  [EGRESS, { ipProtocol: "tcp", fromPort: LATER, toPort: 80, cidrIpv6: "2001:db8::/32" }],
  [TARGETS, health("HTTP", { interval: 5, timeout: 2, healthyThreshold: 2, unhealthyThreshold: "10", matcher: "200-299,301" })],
  [TARGETS, health("TCP", { interval: 10, timeout: 10, matcher: "200-599" })],
  [TARGETS, health("HTTP", { interval: LATER, timeout: 120, matcher: "" })],
  [TARGETS, health("HTTP", { interval: 5, timeout: LATER, matcher: LATER })],
  // The time limit where none is given is AWS's.
  [TARGETS, health("HTTP", { interval: 5 })],
  [TARGETS, health("TCP", { interval: 5, timeout: null })],
  [TARGETS, health(LATER, { interval: 10, timeout: 10, matcher: "0" })],
  [TARGETS, health("HTTP", { matcher: "0-99" }, { protocolVersion: "grpc" })],
  [TARGETS, health("HTTP", { matcher: "12" }, { protocolVersion: LATER })],
  [TARGETS, health("HTTP", { matcher: 200 })],
  [TARGETS, health("HTTP", { matcher: "200, 302" })],
  [TARGETS, health(undefined, { enabled: false, interval: 35, timeout: 40 }, { targetType: "lambda" })],
  [TARGETS, health("HTTP", LATER)],
  [TARGETS, health("HTTP", null)],
  [BALANCER, { subnets: ["subnet-assumed-us-east-1a", "subnet-assumed-us-east-1b"] }],
  [BALANCER, { subnets: LATER }],
  [BALANCER, {}],
  [BALANCER, { subnets: [LATER] }],
  [BALANCER, { subnetMappings: [LATER] }],
  // It may be in a Local Zone, or on an Outpost.
  [BALANCER, { subnets: ["subnet-0123456789abcdef0"] }],
  [BALANCER, { loadBalancerType: "network", subnets: ["subnet-assumed-us-east-1a"] }],
  [BALANCER, { loadBalancerType: "gateway", subnetMappings: [{ subnetId: "subnet-assumed-us-east-1a" }] }],
  [BALANCER, { loadBalancerType: LATER, subnets: [] }],
  [GROUP, distribution({ onDemandPercentageAboveBaseCapacity: "0", onDemandBaseCapacity: 0, onDemandAllocationStrategy: "", spotAllocationStrategy: LATER })],
  ...["price-capacity-optimized", "capacity-optimized", "capacity-optimized-prioritized", "lowest-price"].map(
    (spotAllocationStrategy): [string, Inputs] => [GROUP, distribution({ spotAllocationStrategy, onDemandAllocationStrategy: "lowest-price" })],
  ),
  ...["EC2", "ELB", "EBS,ELB", "ELB, VPC_LATTICE", "elb"].map(
    (healthCheckType): [string, Inputs] => [GROUP, { availabilityZones: ["us-east-1a"], healthCheckType }],
  ),
  [GROUP, { availabilityZones: ["us-east-1a", "us-east-1-bos-1a", "us-east-1-wl1-bos-wlz-1", "use1-az1", LATER, null] }],
  [INSTANCE, { subnetId: "subnet-12345678", vpcSecurityGroupIds: ["sg-12345678", "sg-0123456789abcdef0"] }],
  [INSTANCE, { subnetId: "subnet-assumed-us-east-1a", vpcSecurityGroupIds: ["sg-assumed-us-east-1-default"] }],
  [INSTANCE, { subnetId: null, vpcSecurityGroupIds: LATER }],
  [IMAGE, { sourceInstanceId: "i-0123456789abcdef0" }],
  [IMAGE, { sourceInstanceId: LATER }],
  [SCHEDULE, { startTime: "2026-12-31T08:00:00Z", endTime: "2028-02-29T23:59:59Z" }],
  [SCHEDULE, { startTime: "2026-12-31T8:00:00.5Z", endTime: LATER, recurrence: null }],
  [SCHEDULE, { startTime: "", endTime: null }],
]; // prettier-ignore

describe("what AWS refuses of security groups, load balancers, groups and ids", () => {
  itTells(REFUSED, TAKEN);

  it("is no zone where the region is not known", () => {
    assert.deepEqual(resourceProblems(GROUP, { availabilityZones: ["eu-west-1a"] }), []);
    assert.deepEqual(texts(GROUP, { availabilityZones: ["us-west-2-lax-1a"] }, "us-west-2"), []);
  });

  it("can be told of any inputs at all", () => {
    const types = [...new Set([...REFUSED, ...TAKEN].map(([type]) => type))];
    const fields = [...new Set([...REFUSED, ...TAKEN].flatMap(([, inputs]) => Object.keys(inputs)))];
    const inner = ["protocol", "fromPort", "toPort", "cidrBlocks", "description", "interval", "timeout", "matcher"];
    const plain = fc.oneof(...[fc.constant(LATER), fc.constant(null), fc.string(), fc.integer(), fc.boolean()]);
    const value = fc.oneof(
      plain,
      fc.constantFrom("tcp", "-1", "HTTP", "GENEVE"),
      fc.array(fc.oneof(plain, fc.dictionary(fc.constantFrom(...inner, "subnetId"), fc.anything()))),
      fc.dictionary(fc.constantFrom(...inner, "instancesDistribution"), fc.anything()),
    );
    fc.assert(
      fc.property(fc.constantFrom(...types), fc.dictionary(fc.constantFrom(...fields), value), (type, inputs) => {
        for (const text of texts(type, inputs)) assert.match(text, /allowed is .+\. .+\.$/s);
      }),
      { numRuns: 500 },
    );
  });
});
