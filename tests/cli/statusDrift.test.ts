import assert from "node:assert/strict";
import fc from "fast-check";
import type { RegionFacts } from "../../cli/status/facts";
import { reportOf } from "../../cli/status/report";
import { textOf } from "../../cli/status/text";
import { MIXED_DEFAULTS } from "../../components/internal/mixedPolicy";

const NAMES = ["us-east-1", "eu-west-1", "ap-southeast-2"];
const VERSIONS = ["0.9.0", "1.0.0", "1.0.1", "1.1.0", "2.0.0-rc.1"];
const TEMPLATE = { id: "lt-1", version: "7" };
const POLICY = { ...MIXED_DEFAULTS, instanceTypes: ["t3.small", "t3a.small"] };

interface Shape {
  regions: number;
  versions: number;
  current: number;
  sizes: number[];
  warm: number;
  mixed: boolean;
  parameters: boolean;
}

/** Regions that agree: every version everywhere, fleets on `current`, pointers to match. */
function agreeing({ regions, versions, current, sizes, warm, mixed, parameters }: Shape): RegionFacts[] {
  return NAMES.slice(0, regions).map((region, r) => {
    const kept = VERSIONS.slice(0, versions);
    const idOf = (version: string) => `ami-${r}${VERSIONS.indexOf(version)}`;
    const running = idOf(kept[current % versions]!);
    const size = sizes[r] ?? 0;
    const template = { ...TEMPLATE, ...(mixed && { policy: POLICY }) };
    const ids = (what: string, count: number) => Array.from({ length: count }, (_, i) => `i-${what}${r}${i}`);
    const [members, cold] = [ids("m", size), ids("w", warm)];
    return {
      region,
      parameters: {
        ...(parameters && {
          ...Object.fromEntries(kept.map((version) => [version, idOf(version)])),
          current: running,
          candidate: idOf(kept.at(-1)!),
          pointers: "{}",
        }),
        live: JSON.stringify({
          ...{ version: kept[current % versions], imageId: running, group: `arn:autoScalingGroupName/web-${r}` },
          ...{ launchTemplateId: TEMPLATE.id, launchTemplateVersion: TEMPLATE.version },
          ...(mixed && { mixedInstances: POLICY }),
        }),
      },
      images: kept.map((version) => ({ id: idOf(version), version, state: "available", verified: true })),
      groups: [
        {
          ...{ name: `web-${r}`, desired: size, template },
          members: members.map((id) => ({ id, inService: true, healthy: true })),
          warm: cold,
        },
      ],
      instances: [...members, ...cold].map((id) => ({
        ...{ id, imageId: running, state: "running", group: `web-${r}`, throwaway: false },
      })),
    };
  });
}

const shape = fc.record({
  regions: fc.integer({ min: 1, max: 3 }),
  versions: fc.integer({ min: 1, max: 5 }),
  current: fc.nat(4),
  sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 }),
  warm: fc.integer({ min: 1, max: 3 }),
  mixed: fc.boolean(),
  parameters: fc.constant(true),
});

/** One thing that is wrong in the first region, and what is said of it. */
const WRONG: { [what: string]: { spoil: (facts: RegionFacts) => void; said: RegExp } } = {
  "an instance of another image": {
    spoil: ({ instances }) => (instances[0]!.imageId = "ami-stranger"),
    said: /^web-0 in us-east-1: 1 of \d instances runs ami-stranger, live says /,
  },
  "a warm instance of another image": {
    spoil: ({ instances }) => (instances.at(-1)!.imageId = "ami-stranger"),
    said: /^web-0 in us-east-1: 1 of \d in the warm pool runs ami-stranger, live says /,
  },
  "an instance that is not there any more": {
    spoil: ({ instances }) => void instances.shift(),
    said: /^web-0 in us-east-1: 1 of \d instances runs unknown, live says /,
  },
  "another template version": {
    spoil: ({ groups }) => (groups[0]!.template = { ...groups[0]!.template!, version: "8" }),
    said: /^web-0 in us-east-1 is set to lt-1 version 8, live says lt-1 version 7$/,
  },
  "other instance types": {
    spoil: ({ groups }) => (groups[0]!.template = { ...TEMPLATE, policy: { ...POLICY, instanceTypes: ["m7i.large"] } }),
    said: /^web-0 in us-east-1 has other instance types or purchase options than live says$/,
  },
  "a smaller fleet than wanted": {
    spoil: ({ groups }) => void (groups[0]!.desired += 1),
    said: /^web-0 in us-east-1: \d of \d instances are in service$/,
  },
  "an unhealthy instance": {
    spoil: ({ groups }) => (groups[0]!.members[0]!.healthy = false),
    said: /^web-0 in us-east-1: 1 of \d in service are unhealthy$/,
  },
  "no group": {
    spoil: (facts) => (facts.groups = []),
    said: /^live in us-east-1 is of the group web-0, which is not there$/,
  },
  "an image without a proof": {
    spoil: ({ images }) => (images[0]!.verified = false),
    said: /^0\.9\.0 in us-east-1: ami-00 has no record that it was proven$/,
  },
  "an image that failed": {
    spoil: ({ images }) => (images[0]!.state = "failed"),
    said: /^0\.9\.0 in us-east-1: ami-00 is failed$/,
  },
  "an image that is gone": {
    spoil: (facts) => (facts.images = facts.images.slice(1)),
    said: /^0\.9\.0 in us-east-1: its parameter names ami-00, which is not there$/,
  },
  "a live record that cannot be read": {
    spoil: ({ parameters }) => (parameters.live = "soon"),
    said: /^live in us-east-1 cannot be read: soon$/,
  },
  "a pointer to a stranger's image": {
    spoil: ({ parameters }) => (parameters.candidate = "ami-stranger"),
    said: /^candidate in us-east-1 names ami-stranger, which is no version's$/,
  },
};

describe("drift of a line", () => {
  it("is none where all regions agree, with parameters of versions or without", () => {
    fc.assert(
      fc.property(shape, fc.boolean(), (of, parameters) => {
        const report = reportOf("web", "prod", agreeing({ ...of, parameters }), []);
        assert.deepEqual(report.drift, []);
        assert.match(textOf(report), /^No drift\.$/m);
      }),
    );
  });

  for (const [what, { spoil, said }] of Object.entries(WRONG)) {
    it(`is told: ${what}`, () => {
      fc.assert(
        fc.property(shape, (of) => {
          const facts = agreeing(of);
          spoil(facts[0]!);
          const { drift } = reportOf("web", "prod", facts, []);
          assert.ok(
            drift.some((one) => said.test(one)),
            drift.join("\n"),
          );
        }),
      );
    });
  }

  it("tells a version that one region lacks, and pointers that differ", () => {
    const facts = agreeing({
      regions: 3,
      versions: 2,
      current: 0,
      sizes: [1, 1, 1],
      warm: 1,
      mixed: false,
      parameters: true,
    });
    const lacking = facts[1]!;
    lacking.images = lacking.images.filter(({ version }) => version !== "1.0.0");
    delete lacking.parameters["1.0.0"];
    lacking.parameters.candidate = lacking.parameters.current!;
    const { drift } = reportOf("web", "prod", facts, []);
    assert.deepEqual(drift, [
      "1.0.0 is in us-east-1, ap-southeast-2, and not in eu-west-1",
      "candidate says 1.0.0 in us-east-1, 0.9.0 in eu-west-1, 1.0.0 in ap-southeast-2",
    ]);
  });

  it("is shown within 100 columns, versions oldest first, warm instances and refreshes too", () => {
    const facts = agreeing({
      regions: 3,
      versions: 5,
      current: 3,
      sizes: [3, 2, 1],
      warm: 2,
      mixed: true,
      parameters: true,
    });
    facts[0]!.groups[0]!.refresh = { status: "RollbackInProgress", percent: 45 };
    facts[1]!.instances[0]!.imageId = "ami-0123456789abcdef0";
    const report = reportOf("web", "prod", facts, [
      { region: "sa-east-1", error: "AuthFailure: ".padEnd(200, "why ") },
    ]);
    assert.deepEqual(
      report.versions.map(({ version }) => version),
      VERSIONS,
    );
    const text = textOf(report);
    assert.deepEqual(
      text.split("\n").filter((line) => line.length > 100),
      [],
    );
    assert.match(text, /web-0 +us-east-1 +1\.1\.0 +3 of 3 +3 1\.1\.0 +2 1\.1\.0$/m);
    assert.match(text, /^Instance refresh under way\n {2}- web-0 in us-east-1: RollbackInProgress, 45 %$/m);
    assert.match(text, /2 in fleets, 2 warm|3 in fleets, 2 warm/);
  });
});
