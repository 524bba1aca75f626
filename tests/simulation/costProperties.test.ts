/** Whatever a program says: the cost never throws, never makes something out to be free, and more never costs less. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { costOf } from "../../simulation/cost";
import { COSTERS } from "../../simulation/cost/costers";
import { USAGE, usageOf, type UsageName } from "../../simulation/cost/usage";
import { TYPES } from "../../simulation/resourceTypes";
import type { RecordedResource, Wire, WireObject } from "../../simulation/types";
import { secret, UNKNOWN } from "../../simulation/wire";

const REGIONS = ["us-east-1", "eu-west-1", "cn-north-1", "eu-nowhere-9"];

/** Inputs that some coster reads, those of parts too: anything may be anywhere. */
const KEYS = [
  ...[
    "minSize",
    "maxSize",
    "desiredCapacity",
    "desiredCapacityType",
    "mixedInstancesPolicy",
    "launchTemplate",
    "overrides",
  ],
  ...["weightedCapacity", "instanceType", "instanceRequirements", "warmPool", "poolState", "maxGroupPreparedCapacity"],
  ...["vpcZoneIdentifiers", "subnetId", "subnetIds", "subnets", "subnetMappings", "subnetConfigurations", "internal"],
  ...[
    "loadBalancerType",
    "ipAddressType",
    "connectivityType",
    "availabilityMode",
    "secondaryAllocationIds",
    "allocationId",
  ],
  ...[
    "natGateways",
    "strategy",
    "numberOfAvailabilityZones",
    "availabilityZoneNames",
    "vpcEndpointSpecs",
    "vpcEndpointType",
  ],
  ...[
    "serviceName",
    "publicIpv4Pool",
    "rootBlockDevice",
    "ebsBlockDevices",
    "blockDeviceMappings",
    "deviceName",
    "ebs",
  ],
  ...[
    "volumeSize",
    "volumeType",
    "size",
    "type",
    "iops",
    "throughput",
    "noDevice",
    "virtualName",
    "tenancy",
    "placement",
  ],
  ...[
    "ami",
    "imageId",
    "userData",
    "userDataBase64",
    "monitoring",
    "enabled",
    "associatePublicIpAddress",
    "networkInterfaces",
  ],
  ...[
    "mapPublicIpOnLaunch",
    "metricQueries",
    "metric",
    "expression",
    "period",
    "fqdn",
    "requestInterval",
    "measureLatency",
  ],
  ...["sourceAmiRegion", "enableKeyRotation", "tier", "policyType", "resourceType"],
  ...["hostId", "instanceTenancy", "launchTemplateSpecification", "launchConfiguration"],
  ...["targetTrackingConfiguration", "customizedMetricSpecification", "metrics", "metricStat"],
] as const;

const WORDS = [
  ...[
    "",
    "t3.small",
    "m5.large",
    "quite.large",
    "gp3",
    "io1",
    "io2",
    "st1",
    "standard",
    "gp9",
    "/dev/sda1",
    "/dev/sdf",
  ],
  ...["TargetTrackingScaling", "StepScaling", "EBS_SNAPSHOT", "EC2_IMAGE"],
  ...["network", "gateway", "application", "private", "public", "regional", "Interface", "Gateway", "None", "Single"],
  ...[
    "HTTP",
    "HTTPS_STR_MATCH",
    "CALCULATED",
    "dedicated",
    "host",
    "Advanced",
    "Intelligent-Tiering",
    "Running",
    "true",
  ],
  ...[
    "false",
    "12",
    "constructor",
    "__proto__",
    "ami-assumed-RHEL-9-us-east-1",
    "subnet-assumed-us-east-1a",
    "a.b.amazonaws.com",
  ],
];

const { wire } = fc.letrec<{ wire: Wire; object: WireObject }>((tie) => ({
  wire: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Wire>(UNKNOWN, null, true, false, ...WORDS),
    fc.integer({ min: -2, max: 100_000 }),
    fc.array(tie("wire"), { maxLength: 3 }),
    tie("object"),
    tie("wire").map((value) => secret(value)),
  ),
  object: fc.dictionary(fc.constantFrom(...KEYS), tie("wire"), { maxKeys: 6 }),
}));
const inputs = fc.dictionary(fc.constantFrom(...KEYS), wire, { maxKeys: 12 }) as fc.Arbitrary<WireObject>;

const made = (
  type: string,
  given: WireObject,
  region: string,
  name = "x",
  from?: RecordedResource,
): RecordedResource => ({
  urn: `urn:pulumi:s::p::${type}::${name}`,
  ...{ type, name, kind: "custom", dependsOn: from ? [from.urn] : [], region, inputs: given, options: {}, hooks: {} },
  ...(from && { inputsFrom: Object.fromEntries(KEYS.map((key) => [key, [from.urn]])) }),
});

/** Any resource of a type, whose inputs may come from another resource. */
const anyOf = (type: string) =>
  fc
    .tuple(inputs, inputs, fc.constantFrom(...REGIONS), fc.constantFrom(...Object.values(TYPES)), fc.boolean())
    .map(([own, others, region, otherType, isLinked]) => {
      const other = made(otherType, others, region, "other");
      return [made(type, own, region, "x", isLinked ? other : undefined), ...(isLinked ? [other] : [])];
    });

const allUsage = (figure: string) => Object.keys(USAGE).map((name) => `${name}=${figure}`);

describe("any cost of any resource", () => {
  for (const type of Object.keys(COSTERS)) {
    it(`${type}: is never made out to be nothing`, () => {
      fc.assert(
        fc.property(anyOf(type), fc.constantFrom(undefined, "0.000001", "1"), (resources, figure) => {
          const { lines, monthly, open, unpriced } = costOf(
            { resources },
            usageOf(figure === undefined ? [] : allUsage(figure)),
          );
          for (const line of lines) {
            const { cost, quantity, unitPrice, count } = line;
            assert.ok(cost === undefined || cost > 0 || quantity === 0, JSON.stringify(line));
            assert.equal(cost === undefined, quantity === undefined || unitPrice === undefined, JSON.stringify(line));
            assert.ok(unitPrice === undefined || unitPrice > 0);
            assert.ok([cost, quantity, count].every((one) => one === undefined || (Number.isFinite(one) && one >= 0)));
            // What has no cost is listed as open, or as without a price.
            assert.equal([...open, ...unpriced].includes(line), cost === undefined);
          }
          assert.ok(monthly >= 0);
        }),
        { numRuns: 400 },
      );
    });
  }

  /** Programs that say more of one thing. */
  const GROWING: { [what: string]: (many: number) => RecordedResource[] } = {
    minSize: (many) => [made(TYPES.group, { minSize: many }, "us-east-1")],
    desiredCapacity: (many) => [made(TYPES.group, { minSize: 1, desiredCapacity: many }, "us-east-1")],
    weighted: (many) => {
      const overrides = [{ instanceType: "t3.small", weightedCapacity: "3" }];
      return [
        made(TYPES.group, { minSize: many, mixedInstancesPolicy: { launchTemplate: { overrides } } }, "us-east-1"),
      ];
    },
    "warm pool": (many) => [made(TYPES.group, { minSize: 0, maxSize: many, warmPool: {} }, "us-east-1")],
    "root volume": (many) => [made(TYPES.instance, { rootBlockDevice: { volumeSize: many } }, "us-east-1")],
    "data volumes": (many) => [
      made(TYPES.instance, { ebsBlockDevices: Array.from({ length: many }, () => ({ volumeSize: 1 })) }, "us-east-1"),
    ],
    ...Object.fromEntries(
      ["gp3", "io1", "io2"].map((type) => [
        `IOPS of ${type}`,
        (many: number) => [made("aws:ebs/volume:Volume", { size: 10, type, iops: many * 40 }, "us-east-1")],
      ]),
    ),
    throughput: (many) => [made("aws:ebs/volume:Volume", { size: 10, type: "gp3", throughput: many }, "us-east-1")],
    subnets: (many) => [made(TYPES.balancer, { subnets: Array<string>(many).fill("subnet-1") }, "us-east-1")],
    zones: (many) => [made(TYPES.vpc, { numberOfAvailabilityZones: many }, "us-east-1")],
    "endpoint's subnets": (many) => [
      made("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "Interface", subnetIds: Array<string>(many + 1).fill("subnet-1") }, "us-east-1"), // prettier-ignore
    ],
    metrics: (many) => [
      made("aws:cloudwatch/metricAlarm:MetricAlarm", { metricQueries: Array.from({ length: many }, () => ({ metric: { period: 60 } })) }, "us-east-1"), // prettier-ignore
    ],
  };
  for (const [what, program] of Object.entries(GROWING)) {
    // No subnets at all are open: AWS picks them.
    const least = what === "subnets" ? 1 : 0;
    it(`is not less with more ${what}`, () => {
      fc.assert(
        fc.property(fc.nat(1000), fc.nat(1000), (some, more) => {
          const at = (many: number) => costOf({ resources: program(least + many) }, usageOf([])).monthly;
          assert.ok(at(some + more) >= at(some));
          assert.ok(at(1000 + some) > at(0));
        }),
        { numRuns: 50 },
      );
    });
  }

  it("is not less with more of any usage", () => {
    const resources = Object.keys(COSTERS).map(
      (type) =>
      made(type, { minSize: 1, vpcEndpointType: "Interface", subnetIds: ["subnet-1"], subnetId: "subnet-1", vpcZoneIdentifiers: ["subnet-1"], resourceType: "EBS_SNAPSHOT" }, "us-east-1"), // prettier-ignore
    );
    for (const name of Object.keys(USAGE) as UsageName[]) {
      const at = (figure: number) => {
        const { monthly, once } = costOf({ resources }, usageOf([`${name}=${figure}`]));
        return monthly + once;
      };
      assert.ok(at(20) > at(10) && at(10) > at(0), name);
    }
  });
});
