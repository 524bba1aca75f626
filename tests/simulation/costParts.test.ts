/** What each kind of resource costs, by AWS's price list: nothing that costs is left out, and no price is made up. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { costOf } from "../../simulation/cost";
import { COSTERS } from "../../simulation/cost/costers";
import { costChanges, costOutcome, costSentence } from "../../simulation/cost/report";
import { USAGE, usageOf } from "../../simulation/cost/usage";
import { costSection } from "../../simulation/html/costSection";
import { TYPES } from "../../simulation/resourceTypes";
import type { RecordedResource, Wire } from "../../simulation/types";
import { style } from "../../simulation/text";
import { secret, UNKNOWN } from "../../simulation/wire";

type Inputs = { [input: string]: Wire };
type Rest = Partial<Omit<RecordedResource, "inputs" | "type">>;

const urnOf = (type: string, name: string) => `urn:pulumi:s::p::${type}::${name}`;

function resource(type: string, inputs: Inputs = {}, rest: Rest = {}): RecordedResource {
  const name = rest.name ?? "x";
  const common = { kind: "custom" as const, dependsOn: [], region: "us-east-1", options: {}, hooks: {} };
  return { ...common, urn: urnOf(type, name), type, name, inputs, ...rest };
}

const costs = (resources: RecordedResource[], ...usage: string[]) => costOf({ resources }, usageOf(usage));

/** The lines of the resources, as `COUNT what COST`, else `COUNT what @UNIT PRICE`, else `COUNT what no price`. */
const parts = (resources: RecordedResource[], ...usage: string[]): string[] =>
  costs(resources, ...usage).lines.map(
    ({ count, what, cost, unitPrice }) =>
      `${count ?? "?"} ${what} ${cost ?? (unitPrice === undefined ? "no price" : `@${unitPrice}`)}`,
  );
const notes = (resources: RecordedResource[]) => costs(resources).lines.map(({ note = "" }) => note);

const PRIVATE = { networkInterfaces: [{ associatePublicIpAddress: "false" }] };

/** A group and its template; without public addresses unless the template says so. */
function fleet(group: Inputs, template: Inputs = {}, rest: Rest = {}): RecordedResource[] {
  const made = resource(TYPES.template, { instanceType: "t3.small", ...PRIVATE, ...template }, { name: "t", ...rest });
  return [resource(TYPES.group, group, { name: "g", inputsFrom: { launchTemplate: [made.urn] } }), made];
}
const instance = (inputs: Inputs, rest: Rest = {}) =>
  resource(TYPES.instance, { instanceType: "t3.small", associatePublicIpAddress: false, ...inputs }, rest);

describe("the size of a group", () => {
  const t3 = (count: number) => Math.round(count * 0.0208 * 730 * 1e4) / 1e4;
  const first = (group: Inputs) => parts(fleet(group))[0];
  const why = (group: Inputs) => notes(fleet(group))[0];

  it("is open, and not nothing, where minSize is known only later", () => {
    assert.deepEqual(parts(fleet({ minSize: UNKNOWN })), ["? t3.small @0.0208", "? root volume @0.08"]);
    assert.match(why({ minSize: UNKNOWN }) ?? "", /minSize is known only later/);
    const cost = costs(fleet({ minSize: UNKNOWN }));
    assert.equal(cost.open.length, 2);
    assert.equal(costSentence(cost), "$0.00 a month, 2 parts known only later");
  });

  it("is nothing where minSize is 0, unless desiredCapacity is more", () => {
    assert.deepEqual(parts(fleet({ minSize: 0 })), []);
    assert.equal(first({ minSize: 0, desiredCapacity: 3 }), `3 t3.small ${t3(3)}`);
    assert.match(why({ minSize: 0, desiredCapacity: 3 }) ?? "", /as many as desiredCapacity/);
    assert.equal(first({ minSize: 2, desiredCapacity: 1 }), `2 t3.small ${t3(2)}`);
    assert.match(why({ minSize: 2, desiredCapacity: 1 }) ?? "", /as many as minSize/);
    assert.equal(first({ minSize: 0, desiredCapacity: UNKNOWN }), "? t3.small @0.0208");
  });

  it("is open where it is 0 and schedules change it, and says so where it is more", () => {
    const [group, template] = fleet({ minSize: 0 }) as [RecordedResource, RecordedResource];
    const schedule = (inputs: Inputs) => resource("aws:autoscaling/schedule:Schedule", inputs, { name: "s", inputsFrom: { autoscalingGroupName: [group.urn] } }); // prettier-ignore
    const morning = schedule({ minSize: 4, maxSize: -1, desiredCapacity: -1 });
    assert.deepEqual(parts([group, template, morning]), ["? t3.small @0.0208", "? root volume @0.08"]);
    assert.match(notes([group, template, morning])[0] ?? "", /minSize is 0; schedules change it/);
    const more = { ...group, inputs: { minSize: 2 } };
    assert.equal(parts([more, template, morning])[0], `2 t3.small ${t3(2)}`);
    assert.match(notes([more, template, morning])[0] ?? "", /as many as minSize; schedules change it/);
    const rest = schedule({ minSize: -1, maxSize: 9, desiredCapacity: -1 });
    assert.deepEqual(parts([group, template, rest]), []);
  });

  it("is known where it is a secret or text", () => {
    assert.equal(first({ minSize: secret(2) }), `2 t3.small ${t3(2)}`);
    assert.equal(first({ minSize: "2" }), `2 t3.small ${t3(2)}`);
  });

  it("is in units of the first type's weight", () => {
    const mixed = (weightedCapacity: Wire) => ({
      minSize: 10,
      mixedInstancesPolicy: { launchTemplate: { overrides: [{ instanceType: "t3.small", weightedCapacity }] } },
    });
    assert.equal(first(mixed("4")), `3 t3.small ${t3(3)}`);
    assert.match(why(mixed("4")) ?? "", /minSize is 10 units, of which one is 4/);
    assert.equal(first(mixed(UNKNOWN)), "? t3.small @0.0208");
    assert.equal(first({ minSize: 8, desiredCapacityType: "vcpu" }), "? t3.small @0.0208");
  });

  it("does not take the second type where the first is known only later", () => {
    const overrides = [{ instanceType: UNKNOWN }, { instanceType: "m5.large" }];
    const group = { minSize: 1, mixedInstancesPolicy: { launchTemplate: { overrides } } };
    assert.equal(first(group), "1 a type that is known only later no price");
    const chosen = {
      minSize: 1,
      mixedInstancesPolicy: { launchTemplate: { overrides: [{ instanceRequirements: {} }] } },
    };
    assert.equal(first(chosen), "1 a type that is known only later no price");
  });

  it("has a warm pool beside it, whose instances keep their volumes", () => {
    assert.deepEqual(parts(fleet({ minSize: 1, maxSize: 4, warmPool: {} })).slice(2), [
      "3 warm pool's root volume 1.92",
    ]);
    const running = fleet({ minSize: 1, maxSize: 3, warmPool: { poolState: "Running", minSize: 1 } });
    assert.deepEqual(parts(running).slice(2), [`2 t3.small ${t3(2)}`, "2 warm pool's root volume 1.28"]);
    const later = fleet({ minSize: 1, maxSize: UNKNOWN, warmPool: {} });
    assert.deepEqual(parts(later).slice(2), ["? warm pool's root volume @0.08"]);
  });
});

describe("volumes", () => {
  const of = (ebs: Inputs) => parts(fleet({ minSize: 1 }, { blockDeviceMappings: [{ deviceName: "/dev/sdf", ebs }] })).slice(2); // prettier-ignore

  it("of a template are all its devices: the root by its name, not by its place", () => {
    const blockDeviceMappings: Wire = [
      { deviceName: "/dev/sdf", ebs: { volumeSize: 100, volumeType: "gp3" } },
      { deviceName: "/dev/xvda", ebs: { volumeSize: 20, volumeType: "gp3" } },
      { deviceName: "/dev/sdb", virtualName: "ephemeral0" },
      { deviceName: "/dev/sdc", noDevice: "", virtualName: "ephemeral1" },
    ];
    assert.deepEqual(parts(fleet({ minSize: 2 }, { blockDeviceMappings })).slice(1), [
      "2 root volume 3.2",
      "2 data volume /dev/sdf 16",
    ]);
  });

  it("of an instance are its further ones too, and volumes of their own", () => {
    const ebsBlockDevices: Wire = [
      { deviceName: "/dev/sdf", volumeSize: 50, volumeType: "gp3" },
      { deviceName: "/dev/sdg", volumeType: "gp3" },
    ];
    assert.deepEqual(parts([instance({ ebsBlockDevices })]).slice(1), [
      "1 root volume 0.64",
      "1 data volume /dev/sdf 4",
      "1 data volume /dev/sdg @0.08",
    ]);
    assert.deepEqual(parts([resource("aws:ebs/volume:Volume", { size: 10 })]), ["1 volume 1"]);
    assert.deepEqual(parts([instance({ ebsBlockDevices: UNKNOWN })]).at(-1), "? data volumes no price");
  });

  it("of an image are those of the instance it was taken of", () => {
    const base = instance({ ebsBlockDevices: [{ deviceName: "/dev/sdf", volumeSize: 50, volumeType: "gp3" }], rootBlockDevice: { volumeSize: 30 } }, { name: "b" }); // prettier-ignore
    const image = resource(TYPES.image, {}, { name: "i", inputsFrom: { sourceInstanceId: [base.urn] } });
    const [group, template] = fleet({ minSize: 1 }, { imageId: UNKNOWN }, { inputsFrom: { imageId: [image.urn] } });
    const lines = costs([base, image, group!, template!]).lines.filter(({ name }) => name === "g");
    assert.deepEqual(lines.map(({ what, cost }) => `${what} ${cost}`).slice(1), [
      "root volume 2.4",
      "data volume /dev/sdf 4",
    ]);
  });

  it("cost more with more than what gp3 includes", () => {
    assert.deepEqual(of({ volumeSize: 10, volumeType: "gp3", iops: 3000, throughput: 125 }).length, 1);
    assert.deepEqual(of({ volumeSize: 10, volumeType: "gp3", iops: 4000, throughput: 225 }), [
      "1 data volume /dev/sdf 0.8",
      "1 IOPS of the data volume /dev/sdf 5",
      "1 throughput of the data volume /dev/sdf 4",
    ]);
    assert.equal(
      of({ volumeSize: 10, volumeType: "gp3", iops: UNKNOWN })[1],
      "1 IOPS of the data volume /dev/sdf @0.005",
    );
  });

  it("have the prices of their types, and none of those that nothing here knows", () => {
    assert.deepEqual(of({ volumeSize: 10, volumeType: "io1", iops: 1000 }), [
      "1 data volume /dev/sdf 1.25",
      "1 IOPS of the data volume /dev/sdf 65",
    ]);
    assert.deepEqual(of({ volumeSize: 10, volumeType: "io2", iops: 40_000 }), [
      "1 data volume /dev/sdf 1.25",
      "1 IOPS of the data volume /dev/sdf 2080",
      "1 IOPS of the data volume /dev/sdf over 32000 no price",
    ]);
    assert.deepEqual(of({ volumeSize: 100, volumeType: "st1" }), ["1 data volume /dev/sdf 4.5"]);
    assert.deepEqual(of({ volumeSize: 100, volumeType: "sc1" }), ["1 data volume /dev/sdf 1.5"]);
    assert.deepEqual(of({ volumeSize: 100, volumeType: "standard" }), ["1 data volume /dev/sdf 5"]);
    assert.deepEqual(of({ volumeSize: 100, volumeType: "gp9" }), ["1 data volume /dev/sdf, gp9 no price"]);
    assert.deepEqual(of({ volumeSize: 100, volumeType: UNKNOWN }), ["1 data volume /dev/sdf no price"]);
  });
});

describe("an instance", () => {
  it("has detailed monitoring: 7 metrics", () => {
    assert.ok(parts([instance({ monitoring: true })]).includes("1 detailed monitoring 2.1"));
    assert.ok(parts(fleet({ minSize: 2 }, { monitoring: { enabled: true } })).includes("2 detailed monitoring 4.2"));
    assert.ok(parts([instance({ monitoring: UNKNOWN })]).includes("? detailed monitoring @0.3"));
    assert.ok(!parts([instance({ monitoring: false })]).some((one) => one.includes("monitoring")));
  });

  it("has a public address: as it says, else as its subnet says", () => {
    const address = (inputs: Inputs, rest: Rest = {}, ...others: RecordedResource[]) =>
      parts([resource(TYPES.instance, { instanceType: "t3.small", ...inputs }, rest), ...others]).filter((one) =>
        one.includes("IPv4"),
      );
    assert.deepEqual(address({ associatePublicIpAddress: true }), ["1 public IPv4 address 3.65"]);
    assert.deepEqual(address({ associatePublicIpAddress: false }), []);
    assert.deepEqual(address({}), ["1 public IPv4 address 3.65"]);
    assert.match(notes([resource(TYPES.instance, { instanceType: "t3.small" })])[1] ?? "", /the default VPC gives one/);
    assert.deepEqual(address({ subnetId: "subnet-0123" }), ["1 public IPv4 address @0.005"]);
    for (const [map, found] of [
      [true, ["1 public IPv4 address 3.65"]],
      [false, []],
      [UNKNOWN, ["1 public IPv4 address @0.005"]],
    ] as const) {
      // prettier-ignore
      const subnet = resource(TYPES.subnet, { mapPublicIpOnLaunch: map }, { name: "s" });
      assert.deepEqual(address({ subnetId: UNKNOWN }, { inputsFrom: { subnetId: [subnet.urn] } }, subnet), found);
    }
    const open = [resource(TYPES.instance, { instanceType: "t3.small", subnetId: "subnet-0123" })];
    assert.ok(parts(open, "instanceAddresses=1").includes("1 public IPv4 address 3.65"));
    const template = { networkInterfaces: [{ associatePublicIpAddress: "true" }] };
    assert.ok(parts(fleet({ minSize: 2 }, template)).includes("2 public IPv4 address 7.3"));
  });

  it("that an image is made of costs its volumes only where it stops itself, and else goes on running", () => {
    const base = instance({}, { name: "b" });
    const image = (hook: string) =>
      resource(TYPES.image, {}, { name: "i", inputsFrom: { sourceInstanceId: [base.urn] }, hooks: { beforeCreate: [`A(x)/i:${hook}`] } }); // prettier-ignore
    const own = (hook: string) => costs([base, image(hook)]).lines.filter(({ name }) => name === "b");
    assert.deepEqual(own("recipeFinished").map(({ what }) => what), ["root volume"]); // prettier-ignore
    assert.deepEqual(own("serverReady").map(({ what }) => what), ["t3.small", "root volume"]); // prettier-ignore
  });

  it("has no price of Linux with default tenancy where it has other ones", () => {
    const price = (inputs: Inputs) => [parts([instance(inputs)])[0], notes([instance(inputs)])[0]];
    for (const [inputs, why] of [
      [{ tenancy: "dedicated" }, /tenancy dedicated/],
      [{ tenancy: "host" }, /Dedicated Host, which is charged instead/],
      [{ tenancy: UNKNOWN }, /tenancy is known only later/],
      [{ ami: "ami-assumed-ami-windows-latest-Windows-Server-2022-us-east-1" }, /Windows/],
      [{ ami: "ami-assumed-RHEL-9.4-us-east-1" }, /Red Hat/],
      [{ ami: "ami-assumed-suse-sles-15-us-east-1" }, /SUSE/],
      [{ ami: "ami-1", userData: "<powershell>\nexit" }, /Windows/],
      [{ ami: "ami-1", userDataBase64: Buffer.from("<powershell>").toString("base64") }, /Windows/],
    ] as const) {
      const [line, note = ""] = price(inputs);
      assert.equal(line, "1 t3.small no price");
      assert.match(note, why);
    }
    assert.match(
      price({ tenancy: "default", ami: "ami-assumed-canonical-ubuntu-24.04-us-east-1" })[0] ?? "",
      /15\.184/,
    );
    assert.equal(parts(fleet({ minSize: 1 }, { placement: { tenancy: "dedicated" } }))[0], "1 t3.small no price");
  });

  it("is as the launch template says that it names, where it says nothing itself", () => {
    const template = resource(
      TYPES.template,
      {
        instanceType: "t3.small",
        monitoring: { enabled: true },
        networkInterfaces: [{ associatePublicIpAddress: "false" }],
        blockDeviceMappings: [{ deviceName: "/dev/sdf", ebs: { volumeSize: 100, volumeType: "gp3" } }],
      },
      { name: "t" },
    );
    const from = { inputsFrom: { launchTemplate: [template.urn] } };
    const own = (inputs: Inputs) =>
      parts([resource(TYPES.instance, { launchTemplate: { id: UNKNOWN }, ...inputs }, from), template]);
    assert.deepEqual(own({}), [
      "1 t3.small 15.184",
      "1 detailed monitoring 2.1",
      "1 root volume 0.64",
      "1 data volume /dev/sdf 8",
    ]);
    assert.deepEqual(own({ instanceType: "t3.micro", monitoring: false, associatePublicIpAddress: true }), [
      "1 t3.micro 7.592",
      "1 public IPv4 address 3.65",
      "1 root volume 0.64",
      "1 data volume /dev/sdf 8",
    ]);
  });

  it("is open in all that a launch template outside the program may say", () => {
    const launchTemplate = { id: "lt-0123" };
    const open = [
      "? detailed monitoring @0.3",
      "1 public IPv4 address @0.005",
      "1 root volume 0.64",
      "? data volumes no price",
    ];
    const made = resource(TYPES.instance, { instanceType: "t3.small", launchTemplate });
    assert.deepEqual(parts([made]), ["1 t3.small 15.184", ...open]);
    assert.match(notes([made])[0] ?? "", /its launch template is not in this program/);
    for (const inputs of [{ launchTemplate }, { launchConfiguration: "old" }] as Inputs[])
      assert.deepEqual(parts([resource(TYPES.group, { minSize: 1, ...inputs })]), [
        "1 a type that is known only later no price",
        ...open,
      ]);
  });

  it("has no price on a host that it names, and in a VPC of dedicated tenancy", () => {
    for (const inputs of [{ hostId: "h-1" }, { hostResourceGroupArn: UNKNOWN }] as Inputs[]) {
      assert.equal(parts([instance(inputs)])[0], "1 t3.small no price");
      assert.equal(parts(fleet({ minSize: 1 }, { placement: inputs }))[0], "1 t3.small no price");
    }
    const place = (instanceTenancy: Wire) => {
      const vpc = resource("aws:ec2/vpc:Vpc", { instanceTenancy }, { name: "v" });
      const subnet = resource(TYPES.subnet, {}, { name: "s", inputsFrom: { vpcId: [vpc.urn] } });
      const made = instance({ subnetId: UNKNOWN }, { inputsFrom: { subnetId: [subnet.urn] } });
      return parts([vpc, subnet, made]).find((one) => one.includes("t3"));
    };
    assert.equal(place("dedicated"), "1 t3.small no price");
    assert.equal(place(UNKNOWN), "1 t3.small no price");
    assert.equal(place("default"), "1 t3.small 15.184");
  });

  it("is of Windows where its image was taken of one", () => {
    const base = instance({ ami: "ami-assumed-ami-windows-latest-x-us-east-1" }, { name: "b" });
    const image = resource(TYPES.image, {}, { name: "i", inputsFrom: { sourceInstanceId: [base.urn] } });
    const copy = resource(TYPES.copy, {}, { name: "c", inputsFrom: { sourceAmiId: [image.urn] } });
    const made = fleet({ minSize: 1 }, { imageId: UNKNOWN }, { inputsFrom: { imageId: [copy.urn] } });
    const line = costs([base, image, copy, ...made]).lines.find(
      ({ name, what }) => name === "g" && what === "t3.small",
    );
    assert.deepEqual([line?.unitPrice, line?.note?.includes("Windows")], [undefined, true]);
  });
});

describe("a load balancer", () => {
  const one = (inputs: Inputs, ...usage: string[]) => parts([resource(TYPES.balancer, inputs)], ...usage);
  const subnets = ["a", "b"];

  it("has the capacity units and hours of its kind", () => {
    assert.deepEqual(one({ subnets, internal: true }, "balancerLcu=1"), ["1 load balancer 16.425", "1 what goes through it 5.84"]); // prettier-ignore
    assert.deepEqual(one({ loadBalancerType: "network", subnets, internal: true }, "balancerLcu=1"), ["1 load balancer 16.425", "1 what goes through it 4.38"]); // prettier-ignore
    assert.deepEqual(one({ loadBalancerType: "gateway", subnets }, "balancerLcu=1"), ["1 load balancer 9.125", "1 what goes through it 2.92"]); // prettier-ignore
    assert.deepEqual(
      parts([resource(TYPES.networkBalancer, { internal: true })]).at(-1),
      "1 what goes through it @0.006",
    );
    assert.deepEqual(one({ loadBalancerType: UNKNOWN, internal: true }), ["1 load balancer no price", "1 what goes through it no price"]); // prettier-ignore
  });

  it("has an address in each subnet, open where their number is", () => {
    assert.equal(one({ subnets }).at(-1), "2 public IPv4 address 7.3");
    assert.equal(one({ subnets: UNKNOWN }).at(-1), "? public IPv4 address @0.005");
    assert.equal(one({}).at(-1), "? public IPv4 address @0.005");
    assert.equal(one({ subnets, internal: UNKNOWN }).at(-1), "? public IPv4 address @0.005");
    const vpc = resource(TYPES.vpc, { numberOfAvailabilityZones: 2, natGateways: { strategy: "None" } }, { name: "v" });
    const placed = resource(TYPES.balancer, { subnets: UNKNOWN }, { inputsFrom: { subnets: [vpc.urn] } });
    assert.equal(parts([vpc, placed]).at(-1), "2 public IPv4 address 7.3");
  });
});

describe("NAT gateways, addresses and endpoints", () => {
  it("are charged for what goes through each", () => {
    assert.deepEqual(parts([resource(TYPES.vpc)], "natGB=100"), [
      "3 NAT gateway 98.55",
      "3 public IPv4 address 10.95",
      "3 what goes through it 13.5",
    ]);
    assert.deepEqual(parts([resource(TYPES.vpc, { numberOfAvailabilityZones: UNKNOWN })]), [
      "? NAT gateway @0.045",
      "? public IPv4 address @0.005",
      "? what goes through it @0.045",
    ]);
    assert.deepEqual(parts([resource(TYPES.vpc, { natGateways: { strategy: "None" } })]), []);
  });

  it("have no address where they are private, and that of an Elastic IP once", () => {
    assert.deepEqual(parts([resource(TYPES.natGateway, { connectivityType: "private" })]), [
      "1 NAT gateway 32.85",
      "1 what goes through it @0.045",
    ]);
    const eip = resource(TYPES.address, {}, { name: "e" });
    assert.deepEqual(parts([eip]), ["1 public IPv4 address 3.65"]);
    const gateway = resource(TYPES.natGateway, { allocationId: UNKNOWN }, { inputsFrom: { allocationId: [eip.urn] } });
    assert.equal(parts([eip, gateway]).filter((one) => one.includes("IPv4")).length, 1);
    assert.equal(parts([gateway]).filter((one) => one.includes("IPv4")).length, 1);
  });

  it("cost by zone where they are interfaces, and nothing where they are gateways", () => {
    const endpoint = (inputs: Inputs) => parts([resource("aws:ec2/vpcEndpoint:VpcEndpoint", inputs)], "endpointGB=10");
    assert.deepEqual(endpoint({ vpcEndpointType: "Interface", subnetIds: ["a", "b"] }), [
      "2 endpoint, in each zone 14.6",
      "1 what goes through the endpoint 0.1",
    ]);
    assert.deepEqual(endpoint({ vpcEndpointType: "Gateway" }), []);
    assert.deepEqual(endpoint({}), []);
    assert.equal(endpoint({ vpcEndpointType: "Interface", subnetIds: UNKNOWN })[0], "? endpoint, in each zone @0.01");
    assert.equal(endpoint({ vpcEndpointType: UNKNOWN, subnetIds: ["a"] })[0], "? endpoint, in each zone @0.01");
    assert.match(endpoint({ vpcEndpointType: "GatewayLoadBalancer", subnetIds: ["a"] })[0] ?? "", /no price/);
  });
});

describe("alarms and health checks", () => {
  const alarm = (inputs: Inputs) => parts([resource("aws:cloudwatch/metricAlarm:MetricAlarm", inputs)]);
  const metric = (period: Wire) => ({ id: "m", metric: { metricName: "CPUUtilization", period } });

  it("count the metrics of an alarm, and its resolution", () => {
    assert.deepEqual(alarm({ metricName: "CPUUtilization", period: 60 }), ["1 alarm 0.1"]);
    assert.deepEqual(alarm({ metricQueries: [{ id: "e", expression: "m/n" }, metric(60), metric(60)] }), ["2 metric of the alarm 0.2"]); // prettier-ignore
    assert.deepEqual(alarm({ metricQueries: UNKNOWN }), ["? metric of the alarm @0.1"]);
    assert.deepEqual(alarm({ metricQueries: [{ id: "e", expression: "SELECT AVG(x) FROM y" }] }), ["? metric of the alarm @0.1"]); // prettier-ignore
    assert.deepEqual(alarm({ metricQueries: [{ id: "e", expression: "ANOMALY_DETECTION_BAND(m)" }, metric(60)] }), ["3 metric of the alarm 0.3"]); // prettier-ignore
    assert.deepEqual(alarm({ period: 10 }), ["1 alarm 0.3"]);
    assert.deepEqual(alarm({ metricQueries: [metric(30), metric(30)] }), ["2 metric of the alarm 0.6"]);
    assert.deepEqual(alarm({ period: UNKNOWN }), ["1 alarm no price"]);
    assert.deepEqual(parts([resource("aws:cloudwatch/compositeAlarm:CompositeAlarm")]), ["1 composite alarm 0.5"]);
  });

  it("are two that AWS makes of a policy that tracks a target, and none of any other policy", () => {
    const policy = (inputs: Inputs) => parts([resource("aws:autoscaling/policy:Policy", inputs)]);
    const tracking = (customizedMetricSpecification: Wire) =>
      policy({ policyType: "TargetTrackingScaling", targetTrackingConfiguration: { customizedMetricSpecification } });
    const made = ["2 alarm that AWS makes 0.2"];
    assert.deepEqual(policy({ policyType: "TargetTrackingScaling" }), made);
    assert.deepEqual(tracking({ metricName: "m" }), made);
    assert.deepEqual(tracking({ metricName: "m", period: 10 }), ["2 alarm that AWS makes 0.6"]);
    const metrics: Wire = [
      { id: "a", metricStat: {} },
      { id: "b", metricStat: {} },
      { id: "e", expression: "a/b" },
    ];
    assert.deepEqual(tracking({ metrics }), ["4 metric of the alarms that AWS makes 0.4"]);
    assert.deepEqual(tracking({ metrics: UNKNOWN }), ["? metric of the alarms that AWS makes @0.1"]);
    assert.deepEqual(policy({ policyType: UNKNOWN }), ["? alarm that AWS makes @0.1"]);
    for (const policyType of ["StepScaling", "SimpleScaling", "PredictiveScaling"])
      assert.deepEqual(policy({ policyType }), []);
    assert.deepEqual(policy({}), []);
  });

  it("charge a check by its endpoint and by each feature", () => {
    const check = (inputs: Inputs, rest: Rest = {}, ...others: RecordedResource[]) =>
      parts([...others, resource(TYPES.healthCheck, inputs, rest)]).filter(
        (one) => !/load balancer|goes|IPv4/.test(one),
      );
    assert.deepEqual(check({ type: "HTTP", fqdn: "example.com" }), ["1 health check 0.75"]);
    assert.deepEqual(check({ type: "HTTP", fqdn: "a.us-east-1.elb.amazonaws.com" }), ["1 health check of an AWS endpoint 0.5"]); // prettier-ignore
    const balancer = resource(TYPES.balancer, {}, { name: "lb" });
    const from = { inputsFrom: { fqdn: [balancer.urn] } };
    const all = { type: "HTTPS_STR_MATCH", fqdn: UNKNOWN, requestInterval: 10, measureLatency: true };
    assert.deepEqual(check(all, from, balancer), [
      "1 health check of an AWS endpoint 0.5",
      "1 HTTPS 1",
      "1 string matching 1",
      "1 fast interval 1",
      "1 latency 1",
    ]);
    assert.deepEqual(check({ ...all, fqdn: "example.com" })[1], "1 HTTPS 2");
    assert.deepEqual(check({ type: "HTTP", fqdn: "example.com", requestInterval: UNKNOWN })[1], "? fast interval @2");
    for (const type of ["CALCULATED", "CLOUDWATCH_METRIC"])
      assert.deepEqual(check({ type }), ["1 health check without an endpoint 0.5"]);
    for (const type of [UNKNOWN, "RECOVERY_CONTROL"]) assert.deepEqual(check({ type }), ["1 health check no price"]);
  });
});

describe("what is charged by use", () => {
  it("is told with the resource that is used, as a unit's price", () => {
    assert.deepEqual(parts([resource(TYPES.key)]), ["1 key 1", "1 what is asked of it @3"]);
    assert.deepEqual(parts([resource(TYPES.key)], "kmsMillions=2")[1], "1 what is asked of it 6");
    assert.deepEqual(parts([resource("aws:route53/zone:Zone")]), ["1 hosted zone 0.5", "1 what is asked of it @0.4"]);
    assert.deepEqual(parts([resource("aws:sns/topic:Topic")]), ["1 what is sent to it @0.5"]);
    assert.deepEqual(parts([resource("aws:dlm/lifecyclePolicy:LifecyclePolicy")]), ["1 its snapshots @0.05"]);
    assert.deepEqual(parts([resource("aws:s3/bucketV2:BucketV2")]), ["1 what is in it @0.023"]);
  });

  it("is what the Recycle Bin keeps of deleted snapshots", () => {
    const rule = (resourceType: Wire, ...usage: string[]) => parts([resource("aws:rbin/rule:Rule", { resourceType })], ...usage); // prettier-ignore
    assert.deepEqual(rule("EBS_SNAPSHOT"), ["1 deleted snapshots that it keeps @0.05"]);
    assert.deepEqual(rule("EBS_SNAPSHOT", "binGB=10"), ["1 deleted snapshots that it keeps 0.5"]);
    assert.deepEqual(rule("EC2_IMAGE"), []);
    assert.deepEqual(rule("EBS_VOLUME"), ["1 what it keeps no price"]);
    assert.deepEqual(rule(UNKNOWN), ["? deleted snapshots that it keeps @0.05"]);
  });

  it("is nothing of a standard parameter, and open of one whose tier AWS decides", () => {
    const parameter = (inputs: Inputs) => parts([resource(TYPES.parameter, inputs)]);
    assert.deepEqual(parameter({}), []);
    assert.deepEqual(parameter({ tier: "Standard" }), []);
    assert.deepEqual(parameter({ tier: "Advanced" }), ["1 advanced parameter 0.05"]);
    assert.deepEqual(parameter({ tier: "Intelligent-Tiering" }), ["? advanced parameter @0.05"]);
    assert.deepEqual(parameter({ tier: UNKNOWN }), ["? advanced parameter @0.05"]);
  });

  it("leaves nothing out that nothing here knows", () => {
    const { unknownTypes } = costs([resource("aws:ebs/fastSnapshotRestore:FastSnapshotRestore")]);
    assert.equal(unknownTypes.length, 1);
  });
});

describe("what is counted once", () => {
  const address = (...more: RecordedResource[]) =>
    parts([instance({ associatePublicIpAddress: true }, { name: "i" }), ...more]).filter((one) => /address/.test(one));
  const named = { inputsFrom: { instance: [urnOf(TYPES.instance, "i")], instanceId: [urnOf(TYPES.instance, "i")] } };

  it("is the address of an instance with an Elastic IP", () => {
    assert.equal(address().length, 1);
    assert.equal(address(resource(TYPES.address, { instance: UNKNOWN }, { name: "e", ...named })).length, 1);
    const attached = resource("aws:ec2/eipAssociation:EipAssociation", {}, { name: "a", ...named });
    assert.equal(address(resource(TYPES.address, {}, { name: "e" }), attached).length, 1);
    assert.deepEqual(costs([attached]).unknownTypes, []);
  });

  it("is the root among an instance's devices", () => {
    const devices = [{ deviceName: "/dev/xvda", volumeSize: 10, volumeType: "gp3" }];
    assert.deepEqual(parts([instance({ ebsBlockDevices: devices })]).slice(1), ["1 root volume 0.8"]);
  });

  it("is an address where no interface is brought along, and none where there are several", () => {
    const bare = resource(TYPES.instance, { instanceType: "t3.small", networkInterfaces: [] });
    assert.match(parts([bare]).join(), /public IPv4 address/);
    assert.doesNotMatch(parts(fleet({ minSize: 1 }, { networkInterfaces: [{}, {}] })).join(), /public IPv4 address/);
  });
});

describe("copying to another region", () => {
  const copied = (from: Wire, region: string) =>
    parts([resource(TYPES.copy, { sourceAmiRegion: from }, { region })], "writtenGiB=4")[1];

  it("has the price of the region that it leaves", () => {
    assert.equal(copied("us-east-1", "eu-west-1"), "1 copying from another region 0.08");
    assert.equal(copied("us-east-1", "ap-south-1"), "1 copying from another region 0.08");
    assert.equal(copied("us-east-1", "us-east-2"), "1 copying from another region 0.04");
    assert.equal(copied("ap-southeast-1", "us-east-1"), "1 copying from another region no price");
    assert.equal(copied("constructor", "us-east-1"), "1 copying from another region no price");
    assert.equal(copied(UNKNOWN, "us-east-1"), "1 copying from another region 0.08");
    assert.equal(copied("us-east-1", "us-east-1"), undefined);
  });
});

describe("an empty text", () => {
  it("is nothing, as the provider takes it", () => {
    const same = (type: string, inputs: Inputs, empty: string) =>
      assert.deepEqual(parts([resource(type, { ...inputs, [empty]: "" })]), parts([resource(type, inputs)]), empty);
    same("aws:ebs/volume:Volume", { size: 1 }, "type");
    same(TYPES.instance, { instanceType: "t3.small" }, "tenancy");
    same(TYPES.balancer, { subnets: ["subnet-1"] }, "loadBalancerType");
    same(TYPES.parameter, { name: "/a" }, "tier");
    same(TYPES.group, { minSize: 1 }, "desiredCapacity");
    same("aws:ec2/vpcEndpoint:VpcEndpoint", {}, "vpcEndpointType");
  });
});

describe("types that the provider has by two names", () => {
  const of = (type: string, inputs: Inputs) =>
    costs([resource(type, inputs, { name: "one" })]).lines.map(({ type: _type, urn: _urn, ...line }) => line);

  it("cost the same", () => {
    for (const loadBalancerType of ["application", "network"]) {
      const inputs = { loadBalancerType, subnets: ["subnet-1", "subnet-2"] };
      const lines = of("aws:lb/loadBalancer:LoadBalancer", inputs);
      assert.ok(lines.length > 0);
      assert.deepEqual(of("aws:alb/loadBalancer:LoadBalancer", inputs), lines);
    }
    assert.equal(of("aws:s3/bucketV2:BucketV2", {}).length, 1);
    const free = ["targetGroup:TargetGroup", "listener:Listener", "listenerRule:ListenerRule"];
    assert.deepEqual(costs(free.map((type) => resource(`aws:alb/${type}`))).unknownTypes, []);
  });
});

describe("what is said of the cost", () => {
  const simulation = { project: "p", stack: "s", lookups: [], outputs: {}, problems: [], notes: [] };
  const report = (resources: RecordedResource[], before?: RecordedResource[]): string => {
    const outcome = costOutcome(costs(resources), before && costs(before), { ...simulation, resources });
    return outcome
      .report(style(false))
      .sections.flatMap((one) => one.flat())
      .join("\n");
  };
  const all = [
    ...Object.keys(COSTERS).map((type) =>
      resource(type, { subnetId: "subnet-1" }, { name: `a-rather-long-name-of-${type.slice(-12)}` }),
    ),
    ...fleet(
      { minSize: UNKNOWN, vpcZoneIdentifiers: ["subnet-1"] },
      { networkInterfaces: UNKNOWN, placement: { tenancy: "host" } },
    ),
    resource("aws:ebs/volume:Volume", { type: "io2", iops: 64_000 }, { name: "v" }),
    resource("aws:ec2/vpcEndpoint:VpcEndpoint", { vpcEndpointType: "Interface", subnetIds: UNKNOWN }, { name: "e" }),
  ];

  it("fits 100 columns, whatever there is", () => {
    const long = report(all)
      .split("\n")
      .filter((line) => line.length > 100);
    assert.deepEqual(long, []);
  });

  it("names each part without a price with why", () => {
    const text = report(all);
    assert.match(
      text,
      /Without a price, which is not 0\n[^]*x: t3\.small|g: \? × t3\.small in us-east-1 \(on a Dedicated Host/,
    );
    assert.match(text, /v: IOPS of the volume over 32000 in us-east-1 \(the price has tiers\)/);
    assert.match(text, /\$0\.005 an hour/);
  });

  it("does not round to nothing what costs ever so little", () => {
    const { lines } = costs([resource(TYPES.key)], "kmsMillions=0.00001");
    assert.deepEqual(lines[1]?.cost, 0.00003);
    const usage = usageOf(["kmsMillions=0.001"]);
    const cost = costOf({ resources: [resource(TYPES.key)] }, usage);
    const { table } = costOutcome(cost, undefined, { ...simulation, resources: [] });
    assert.deepEqual(table().rows[1]?.at(-1), "<$0.01");
  });

  it("is on the page too", () => {
    const page = costSection(costs(all)).markup;
    assert.match(page, /no price: on a Dedicated Host/);
    assert.match(page, /minSize is known only later/);
  });

  it("tells a change of parts that have no sum", () => {
    const disk = (type: string) => [resource("aws:ebs/volume:Volume", { size: 10, type })];
    assert.deepEqual(costChanges(costs([]), costs(disk("gp9"))).length, 1);
    assert.match(report(disk("gp9"), []), /– → no price {2}x: volume, gp9/);
    const [now, before] = [costs(fleet({ minSize: UNKNOWN })), costs(fleet({ minSize: 1 }))];
    const { table } = costOutcome(now, before, { ...simulation, resources: [] });
    assert.deepEqual(table().rows[1]?.slice(2), ["$15.18", "$0.0208 an hour"]);
    assert.match(
      report(fleet({ minSize: UNKNOWN }), fleet({ minSize: 1 })),
      /\$15\.82 → \$0\.00 a month: −\$15\.82, beside 2 parts without a sum before or now/,
    );
    assert.match(
      report(fleet({ minSize: UNKNOWN }), fleet({ minSize: 1 })),
      /\$15\.18 → \$0\.0208 an hour {2}g: t3\.small/,
    );
    assert.deepEqual(costChanges(costs(all), costs(all)), []);
  });

  it("has each figure of usage in the docs, as it is", () => {
    const docs = readFileSync(join(__dirname, "../../docs/simulation.md"), "utf8");
    for (const [name, { what, ...rest }] of Object.entries(USAGE)) {
      const usual = "usual" in rest ? String(rest.usual) : "not given";
      const row = docs.split("\n").find((line) => line.startsWith(`| \`${name}\` `));
      assert.deepEqual(row?.split("|").slice(2, 4).map((cell) => cell.trim()), [usual, what]); // prettier-ignore
    }
  });
});
