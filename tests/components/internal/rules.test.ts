import assert from "node:assert/strict";
import fc from "fast-check";
import { Checks, RULES } from "../../../components/internal/rules";

type RuleName = keyof typeof RULES;
const passes = (name: RuleName, given: unknown) => new Checks().rule(name, "x", given).problems.length === 0;

/** Right and wrong values of each rule; the bounds of numbers on both sides. */
const CASES: { [name in RuleName]: { right: unknown[]; wrong: unknown[] } } = {
  region: {
    right: [
      "eu-west-1",
      "us-gov-west-1",
      "us-iso-east-1",
      "ap-southeast-7",
      "cn-northwest-1",
      "eusc-de-east-1",
      "mx-central-1",
    ],
    wrong: [
      "",
      "eu-west",
      "EU-WEST-1",
      "eu-west-1a",
      "eu_west_1",
      "europe",
      " eu-west-1",
      "eu-west-1\n",
      "*",
      "http://eu-west-1",
      1,
    ],
  },
  imageId: {
    right: ["ami-0123456789abcdef0", "ami-12345678"],
    wrong: ["ami-", "ami-xyz", "ami-0123456789ABCDEF0", "ami-123456789", "i-0123456789abcdef0", "ubuntu", ""],
  },
  instanceType: {
    right: ["t3.small", "m7i-flex.large", "u-6tb1.metal", "mac2-m2pro.metal", "c7g.metal", "u7i-12tb.224xlarge"],
    wrong: ["t3", "T3.small", "t3.small.large", "t3 small", ".small", "3t.small", ""],
  },
  architecture: {
    right: ["x86_64", "arm64"],
    wrong: ["amd64", "aarch64", "x86_64\n", "ARM64", "", "x86_64,arm64", 64],
  },
  recipeDigest: {
    right: ["0123456789abcdef", "adopted"],
    wrong: ["", "0123456789abcde", "0123456789ABCDEF", "adopted2", "unbooted 0123456789abcdef", 16],
  },
  subnetId: {
    right: ["subnet-0123456789abcdef0", "subnet-12345678"],
    wrong: ["subnet-", "vpc-1", "sn-1", "subnet-A", ""],
  },
  instanceId: {
    right: ["i-0123456789abcdef0", "i-12345678"],
    wrong: ["i-", "i-0123456789ABCDEF0", "i-123456789", "ami-0123456789abcdef0", "", "i-12345678\n"],
  },
  securityGroupId: {
    right: ["sg-0123456789abcdef0", "sg-12345678"],
    wrong: ["default", "sg-", "sg_1", "sg-A", "subnet-1", ""],
  },
  launchTemplateId: { right: ["lt-0123456789abcdef0"], wrong: ["web", "lt-", "lt-A", "sg-1", ""] },
  launchTemplateVersion: { right: [1, 12, 20000], wrong: [0, -1, 1.5, "1", "$Latest", "$Default"] },
  keyName: { right: ["admin", "me@example.com", "a key"], wrong: ["", "k".repeat(256), "schlüssel", "a\nb"] },
  instanceProfile: {
    right: ["web", "web-profile_1+=,.@"],
    wrong: ["", "arn:aws:iam::111122223333:instance-profile/web", "a b", "p".repeat(129)],
  },
  roleArn: {
    right: ["arn:aws:iam::111122223333:role/web", "arn:aws-cn:iam::111122223333:role/service-role/x"],
    wrong: ["web", "arn:aws:iam::111122223333:user/web", "arn:aws:iam::1:role/web", ""],
  },
  keyArn: {
    right: ["arn:aws:kms:eu-west-1:111122223333:key/mrk-1"],
    wrong: ["alias/aws/ebs", "arn:aws:kms:eu-west-1:111122223333:alias/web", "1-2-3", ""],
  },
  zone: {
    right: ["us-east-1a", "ap-northeast-1d", "us-gov-west-1b", "us-west-2-lax-1a"],
    wrong: ["us-east-1", "a", "use1-az1", "US-EAST-1A", "us-east-1aa", "us-east-1a\n", ""],
  },
  userName: { right: ["ubuntu", "ec2-user", "_x"], wrong: ["", "Root", "a b", "-a", "a;id", "a".repeat(33)] },
  instances: { right: [0, 1, 1000], wrong: [-1, 1001, 1.5, "3"] },
  rootGiB: { right: [1, 65536], wrong: [0, 65537, 1.5, -1, Number.NaN, "8"] },
  port: { right: [1, 80, 65535], wrong: [0, 65536, 80.5, -80, "80", Number.POSITIVE_INFINITY] },
  line: {
    right: ["web", "a", "0", "Web-1", "a".repeat(63)],
    wrong: ["", "-web", "web site", "web/1", "web.1", "wéb", "a".repeat(64), "web\n"],
  },
  imageName: {
    right: ["web/dev/1.0.0", "a.b", "x".repeat(128), "(a)_b-c"],
    wrong: ["ab", "x".repeat(129), "web:dev", "web dev", "web+dev", "web'dev", "web@dev", ""],
  },
  deprecationDays: { right: [1, 3650], wrong: [0, 3651, 1.5, "30", -1] },
  recoveryMinutes: { right: [1, 60, 525_600], wrong: [0, 1.5, 525_601, "60"] },
  minutes: { right: [1, 1440], wrong: [0, 1441, 0.5, "30", Number.NaN] },
  size: { right: [0, 10000], wrong: [-1, 10001, 1.5, "2"] },
  minHealthy: { right: [0, 100], wrong: [-1, 101, 99.5] },
  maxHealthy: { right: [100, 200], wrong: [99, 201, 150.5] },
  percent: { right: [1, 100], wrong: [0, 101, 50.5] },
  seconds: { right: [0, 172800], wrong: [-1, 172801, 1.5] },
  templateVersions: { right: [1, 10000], wrong: [0, 10001, 2.5, "10"] },
  account: {
    right: ["111122223333", "000000000001"],
    wrong: ["", "11112222333", "1111222233334", "1111-2222-3333", "all", " 111122223333", 111122223333],
  },
  organizationArn: {
    right: [
      "arn:aws:organizations::111122223333:organization/o-a1b2c3d4e5",
      "arn:aws-us-gov:organizations::111122223333:organization/o-a1b2c3d4e5",
      `arn:aws-cn:organizations::111122223333:organization/o-${"a".repeat(32)}`,
    ],
    wrong: [
      "o-a1b2c3d4e5",
      "arn:aws:organizations::111122223333:organization/o-a1b2c3d4e",
      "arn:aws:organizations::111122223333:organization/o-A1B2C3D4E5",
      "arn:aws:organizations::1111:organization/o-a1b2c3d4e5",
      "arn:aws:organizations::111122223333:organization/*",
      "arn:aws:organizations::111122223333:organization/o-a1b2c3d4e5/",
      "arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-11111111",
      "all",
    ],
  },
  organizationalUnitArn: {
    right: [
      "arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-11111111",
      "arn:aws-us-gov:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-1a2b3c4d5e",
    ],
    wrong: [
      "ou-ab12-11111111",
      "arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/ou-ab12-1111111",
      "arn:aws:organizations::111122223333:ou/o-a1b2c3d4e5/*",
      "arn:aws:organizations::111122223333:ou/ou-ab12-11111111",
      "arn:aws:organizations::111122223333:organization/o-a1b2c3d4e5",
      "arn:aws:organizations::111122223333:root/o-a1b2c3d4e5/r-ab12",
    ],
  },
  deviceName: {
    right: ["/dev/sdf", "/dev/xvdba", "xvdf", "/dev/sda1"],
    wrong: ["", "/dev/", "sd f", "/dev/sd/f", "/DEV/SDF", "../sdf", "/dev/sdf\n", 5],
  },
  rotationDays: { right: [90, 365, 2560], wrong: [89, 2561, 90.5, "365"] },
  deletionDays: { right: [7, 30], wrong: [6, 31, 7.5, "30"] },
  retentionDays: { right: [1, 14, 365], wrong: [0, 366, 1.5, "14"] },
};

describe("rules for plain values", () => {
  for (const [name, { right, wrong }] of Object.entries(CASES) as [
    RuleName,
    { right: unknown[]; wrong: unknown[] },
  ][]) {
    it(`${name}: let the right ones through and no others`, () => {
      for (const given of right) assert.ok(passes(name, given), `refused ${JSON.stringify(given)}`);
      for (const given of wrong) assert.ok(!passes(name, given), `let through ${JSON.stringify(given)}`);
    });
  }

  it("never throw, and pass over what is known only later", () => {
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(RULES) as RuleName[])), fc.anything(), (name, given) => {
        const found = new Checks().rule(name, "x", given).problems;
        if (given === undefined) assert.deepEqual(found, []);
        else if (!["string", "number"].includes(typeof given) && typeof given !== "object")
          assert.equal(found.length, 1);
      }),
    );
  });

  it("judge values of another kind, and nothing that is known only later", () => {
    class Later {}
    for (const name of Object.keys(RULES) as RuleName[]) {
      for (const given of [null, [], ["eu-west-1"], {}, { id: "ami-0123456789abcdef0" }, true, 1n, Object.create(null)])
        assert.ok(!passes(name, given), `${name} let through ${String(JSON.stringify(typeof given))}`);
      for (const given of [undefined, Promise.resolve("x"), new Later()]) assert.ok(passes(name, given), name);
    }
  });

  it("say all three: the rule, what was given, what to do", () => {
    assert.deepEqual(new Checks().rule("port", "args.port", 0).problems, [
      { path: "args.port", given: 0, allowed: "a TCP port, 1 to 65535", fix: "Give the port the instances listen on" },
    ]);
    for (const { allowed, fix } of Object.values(RULES)) {
      assert.match(fix, /^[A-Z].*[^.]$/);
      assert.match(allowed, /^[^A-Z.].*[^.]$/);
    }
  });
});

describe("regions to copy to", () => {
  const paths = (regions: string[], home?: unknown) =>
    new Checks().regions("copyTo", regions, home).problems.map(({ path, allowed }) => [path, allowed]);
  const region = fc.constantFrom("eu-west-1", "us-west-2", "ap-south-1", "us-east-1", "sa-east-1");

  it("are right when each is there once, and home is not", () => {
    fc.assert(
      fc.property(fc.array(region, { maxLength: 6 }), region, (list, home) => {
        const expected = list.flatMap((given, i) => [
          ...(list.indexOf(given) === i ? [] : [[`copyTo[${i}]`, "each region once"]]),
          ...(given === home ? [[`copyTo[${i}]`, "regions other than the image's own"]] : []),
        ]);
        assert.deepEqual(paths(list, home), expected);
      }),
    );
  });

  it("may be any when home is not known yet", () => {
    assert.deepEqual(paths(["us-east-1"], undefined), []);
    assert.deepEqual(paths(["us-east-1"], { later: true }), []);
  });
});

describe("keys by region", () => {
  const key = (region: string, id = "11111111-2222-3333-4444-555555555555", partition = "aws") =>
    `arn:${partition}:kms:${region}:111122223333:key/${id}`;
  const fixes = (keys: { [region: string]: unknown } | undefined, regions: string[]) =>
    new Checks().keys("keys", keys, regions).problems.map(({ path, allowed }) => `${path}: ${allowed}`);

  it("are ARNs of keys of their region, multi-Region ones and other partitions too", () => {
    assert.deepEqual(fixes(undefined, ["eu-west-1"]), []);
    assert.deepEqual(
      fixes({ "eu-west-1": key("eu-west-1"), "us-west-2": key("us-west-2", "mrk-0123abcd") }, [
        "eu-west-1",
        "us-west-2",
      ]),
      [],
    );
    assert.deepEqual(fixes({ "cn-north-1": key("cn-north-1", "1-2", "aws-cn") }, ["cn-north-1"]), []);
    assert.deepEqual(fixes({ "us-gov-west-1": key("us-gov-west-1", "1-2", "aws-us-gov") }, ["us-gov-west-1"]), []);
  });

  it("are neither aliases nor ids, nor of another region, nor of one that gets no copy", () => {
    const arn = 'keys["eu-west-1"]: a KMS key ARN, arn:aws:kms:REGION:ACCOUNT:key/ID';
    for (const given of [
      "alias/mine",
      "arn:aws:kms:eu-west-1:111122223333:alias/mine",
      "1234",
      "",
      5,
      `${key("eu-west-1")} `,
    ]) {
      assert.deepEqual(fixes({ "eu-west-1": given }, ["eu-west-1"]), [arn]);
    }
    assert.deepEqual(fixes({ "eu-west-1": key("us-east-1") }, ["eu-west-1"]), [
      'keys["eu-west-1"]: a key of eu-west-1',
    ]);
    assert.deepEqual(fixes({ "us-west-2": key("us-west-2") }, ["eu-west-1"]), [
      'keys["us-west-2"]: keys of the regions copied to (eu-west-1)',
    ]);
    assert.deepEqual(fixes({ "us-west-2": key("us-west-2") }, []), [
      'keys["us-west-2"]: keys of the regions copied to (none)',
    ]);
    const [problem] = new Checks().keys("keys", { "us-west-2": key("us-west-2") }, ["eu-west-1"], "its own").problems;
    assert.equal(problem?.allowed, "keys of its own (eu-west-1)");
  });

  it("may be known only later", () =>
    assert.deepEqual(fixes({ "eu-west-1": Promise.resolve("x") }, ["eu-west-1"]), []));
});

describe("tags", () => {
  const paths = (tags: unknown) => new Checks().tags("tags", tags).problems.map(({ path }) => path);

  it("are right within AWS's limits, and refused outside of them", () => {
    assert.deepEqual(paths({ team: "web", "a:b/c=+-@ é": "", ["k".repeat(127)]: "v".repeat(256) }), []);
    assert.deepEqual(paths({ ["k".repeat(128)]: "v" }), [`tags["${"k".repeat(128)}"]`]);
    assert.deepEqual(paths({ long: "v".repeat(257) }), ['tags["long"]']);
    assert.deepEqual(paths({ "": "x" }), ['tags[""]']);
    for (const key of ["aws:x", "AWS:x", "Aws:x", "ami-lifecycle:version", "ami-lifecycle:mine"]) {
      assert.deepEqual(paths({ [key]: "x" }), [`tags["${key}"]`]);
    }
  });

  it("are at most forty", () => {
    const of = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, "v"]));
    assert.deepEqual(paths(of(40)), []);
    assert.deepEqual(paths(of(41)), ["tags"]);
  });

  it("are passed over when they are known only later, and never make it throw", () => {
    class Later {
      "aws:x" = "y";
    }
    assert.deepEqual(paths(new Later()), []);
    assert.deepEqual(paths(Promise.resolve({})), []);
    fc.assert(fc.property(fc.anything(), (given) => void paths(given)));
  });
});
