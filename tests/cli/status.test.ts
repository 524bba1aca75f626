import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { exitCode } from "../../cli/status";
import type { Answer, MemberFact, RegionFacts } from "../../cli/status/facts";
import { placeOf } from "../../cli/status/place";
import { parts, Questions } from "../../cli/status/questions";
import { liveOf, provenPointers } from "../../cli/status/records";
import { reportOf } from "../../cli/status/report";
import { table, tableOf } from "../../cli/status/table";
import { Aws } from "../../components/gates/kit/aws";
import { defaultTiming } from "../../components/gates/kit/waiting";
import { pointersOf } from "../../components/internal/pointers";
import { UsageError } from "../../simulation/usageError";

const REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-2"];
const SUBJECT = { line: "web", stack: "dev", home: "us-east-1" };

/** An image's id: of a version, the same in no two regions. */
const idOf = (region: string, version: string): string =>
  `ami-${Buffer.from(`${REGIONS.indexOf(region)}${version}`)
    .toString("hex")
    .padEnd(17, "0")
    .slice(0, 17)}`;

interface Scene {
  regions: string[];
  versions: string[];
  current: string;
  /** Sizes of the fleets, in the order of the regions; no fleet where there is none. */
  fleets: (number | undefined)[];
  warm: number;
  others: number;
  /** Whether the oldest version is from outside: its image has no tags of ours. */
  adopts: boolean;
}

/** The pointers that are written: without `previous` where there is none. */
function named(versions: string[], current: string): { [of: string]: string } {
  return JSON.parse(JSON.stringify(pointersOf(versions, current))) as { [of: string]: string };
}

/** What AWS says of a line when `pulumi up` has ended well. */
function consistent(scene: Scene): RegionFacts[] {
  const { regions, versions, current, warm, others, adopts } = scene;
  const pointers = named(versions, current);
  return regions.map((region, at) => {
    const id = (version: string) => idOf(region, version);
    const size = scene.fleets[at];
    const group = `web-${at}`;
    const template = { id: `lt-${at}`, version: "4" };
    const member = (name: string, isWarm: boolean): MemberFact => {
      const lifecycle = isWarm ? "Warmed:Stopped" : "InService";
      return { id: name, lifecycle, isHealthy: true, isWarm, template };
    };
    const members =
      size === undefined
        ? []
        : [
            ...Array.from({ length: size }, (_, n) => member(`i-${at}-${n}`, false)),
            ...Array.from({ length: warm }, (_, n) => member(`i-${at}-warm-${n}`, true)),
          ];
    const live = {
      version: current,
      imageId: id(current),
      launchTemplateId: template.id,
      launchTemplateVersion: template.version,
      group: `arn:aws:autoscaling:${region}:111122223333:autoScalingGroup:1:autoScalingGroupName/${group}`,
    };
    return {
      region,
      account: "111122223333",
      parameters: {
        ...Object.fromEntries(versions.map((version) => [version, id(version)])),
        ...Object.fromEntries(Object.entries(pointers).map(([of, version]) => [of, id(version)])),
        pointers: JSON.stringify(pointers),
        ...(size !== undefined && { live: JSON.stringify(live) }),
      },
      images: versions.map((version, n) => ({
        id: id(version),
        name: `web/dev/${version}`,
        state: "available",
        verified: "0123456789abcdef",
        ...(!(adopts && n === 0) && { version }),
      })),
      instances: [
        ...members.map((one) => ({ id: one.id, imageId: id(current), state: "running", group, isProof: false })),
        ...Array.from({ length: others }, (_, n) => {
          const imageId = id(versions[n % versions.length] as string);
          return { id: `i-other-${n}`, imageId, state: "stopped", name: `shop-${n}`, isProof: n === 1 };
        }),
      ],
      groups: size === undefined ? [] : [{ name: group, desired: size, template, members }],
    };
  });
}

const SCENE: Scene = {
  regions: ["us-east-1", "eu-west-1"],
  versions: ["1.0.0", "1.1.0", "1.2.0"],
  current: "1.1.0",
  fleets: [3, 2],
  warm: 1,
  others: 0,
  adopts: false,
};

const anyScene: fc.Arbitrary<Scene> = fc
  .record({
    regions: fc.subarray(REGIONS, { minLength: 1 }),
    versions: fc.subarray(["0.9.0", "1.0.0", "1.1.0-rc.1", "1.1.0", "2.0.0"], { minLength: 1 }),
    at: fc.nat(4),
    fleets: fc.array(fc.option(fc.nat(4), { nil: undefined }), { minLength: 3, maxLength: 3 }),
    warm: fc.nat(2),
    others: fc.nat(3),
    adopts: fc.boolean(),
  })
  .map(({ at, ...scene }) => ({ ...scene, current: scene.versions[at % scene.versions.length] as string }));

const drift = (facts: RegionFacts[]) => reportOf(SUBJECT, facts).drift;

type Regions = [home: RegionFacts, away: RegionFacts];

/** What becomes of the consistent line with one change. */
function changed(change: (...regions: Regions) => void, scene = SCENE): { kinds: string[]; messages: string[] } {
  const facts = consistent(scene);
  change(...(facts as Regions));
  const all = drift(facts);
  return { kinds: all.map(({ kind }) => kind), messages: all.map(({ message }) => message) };
}

const home = (version: string) => idOf("us-east-1", version);
const away = (version: string) => idOf("eu-west-1", version);
const image = (facts: RegionFacts, version: string) => facts.images.find((one) => one.version === version)!;
const without = (facts: RegionFacts, version: string) => {
  facts.images = facts.images.filter((one) => one.version !== version);
};

/** Points the pointers of a region elsewhere, with their record: as another `pulumi up` would. */
function repoint(facts: RegionFacts, versions: string[], current: string): void {
  const pointers = named(versions, current);
  for (const of of ["current", "previous", "candidate"]) delete facts.parameters[of];
  for (const [of, version] of Object.entries(pointers)) facts.parameters[of] = idOf(facts.region, version);
  facts.parameters.pointers = JSON.stringify(pointers);
}

/** Lets the first instances of the fleet run another version. */
function rerun(facts: RegionFacts, count: number, version: string): void {
  for (const one of facts.instances.slice(0, count)) one.imageId = idOf(facts.region, version);
}

describe("drift of a line", () => {
  it("is none where everything agrees", () => {
    fc.assert(fc.property(anyScene, (scene) => assert.deepEqual(drift(consistent(scene)), [])));
  });

  it("is none of a fleet alone, whose line has no parameters but live, and of pointers alone", () => {
    const bare = consistent(SCENE).map((facts): RegionFacts => ({
      ...facts,
      parameters: { live: facts.parameters.live! },
    }));
    assert.deepEqual(drift(bare), []);
    const copies = consistent({ ...SCENE, fleets: [] });
    assert.deepEqual(drift(copies), []);
  });

  it("is always there when one region's pointer, image or fleet is another", () => {
    const changes: ((facts: RegionFacts) => void)[] = [
      (facts) => void (facts.parameters.current = "ami-00000000000000000"),
      (facts) => void facts.images.pop(),
      (facts) => void (facts.images[0]!.verified = undefined),
      (facts) => void (facts.images[0]!.state = "failed"),
      (facts) => void (facts.parameters.live = "true"),
      (facts) => void delete facts.parameters.current,
    ];
    fc.assert(
      fc.property(anyScene, fc.nat(2), fc.constantFrom(...changes), (scene, at, change) => {
        const facts = consistent(scene);
        change(facts[at % facts.length]!);
        assert.notDeepEqual(drift(facts), []);
      }),
    );
  });

  const CASES: [what: string, change: (...regions: Regions) => void, kinds: string[], messages: string[]][] = [
    [
      "pointers that differ between regions",
      (_, other) => {
        repoint(other, SCENE.versions, "1.0.0");
        delete other.parameters.live;
        other.groups = [];
        other.instances = [];
      },
      ["pointer-differs", "pointer-differs"],
      ["current is 1.1.0 in us-east-1, 1.0.0 in eu-west-1.", "previous is 1.0.0 in us-east-1, nothing in eu-west-1."],
    ],
    [
      "a pointer that is not what it is proven to name",
      (one) => void (one.parameters.candidate = home("1.1.0")),
      ["pointer-differs", "pointer-unproven"],
      [
        "candidate is 1.1.0 in us-east-1, 1.2.0 in eu-west-1.",
        "candidate in us-east-1 is 1.1.0, but proven to name 1.2.0.",
      ],
    ],
    [
      "a pointer to no version of the line",
      (one) => {
        one.parameters.candidate = "ami-0123456789abcdef0";
        one.images.push({ id: "ami-0123456789abcdef0", state: "available", verified: "x" });
      },
      ["pointer-unknown"],
      ["candidate in us-east-1 names ami-0123456789abcdef0, which is no version of web."],
    ],
    [
      "an image that is gone",
      (one) => without(one, "1.2.0"),
      ["image-gone"],
      [`1.2.0 and candidate in us-east-1 name ${home("1.2.0")}, which is gone.`],
    ],
    [
      "an image that is not verified",
      (one) => void (image(one, "1.1.0").verified = undefined),
      ["image-unverified"],
      [`1.1.0, current and live in us-east-1 name ${home("1.1.0")}, which is not tagged ami-lifecycle:verified.`],
    ],
    [
      "an image that is disabled",
      (one) => void (image(one, "1.0.0").state = "disabled"),
      ["image-unavailable"],
      [`1.0.0 and previous in us-east-1 name ${home("1.0.0")}, which is disabled.`],
    ],
    [
      "a copy that is missing in a region",
      (_, other) => {
        without(other, "1.2.0");
        delete other.parameters["1.2.0"];
        repoint(other, ["1.0.0", "1.1.0"], "1.1.0");
      },
      ["image-missing", "pointer-differs"],
      ["1.2.0 has no image in eu-west-1.", "candidate is 1.2.0 in us-east-1, 1.1.0 in eu-west-1."],
    ],
    [
      "an image without a parameter, as a killed `pulumi up` leaves it",
      (one, other) => {
        for (const facts of [one, other])
          facts.images.push({ id: idOf(facts.region, "1.3.0"), state: "available", version: "1.3.0" });
      },
      ["parameter-missing", "parameter-missing"],
      [
        `1.3.0 in us-east-1 is ${home("1.3.0")}, but there is no parameter /ami/web/dev/1.3.0.`,
        `1.3.0 in eu-west-1 is ${away("1.3.0")}, but there is no parameter /ami/web/dev/1.3.0.`,
      ],
    ],
    [
      "a parameter that names another version's image",
      (one) => void (image(one, "1.0.0").version = "0.9.0"),
      ["parameter-differs"],
      [`The parameter of 1.0.0 in us-east-1 names ${home("1.0.0")}, which is tagged 0.9.0.`],
    ],
    [
      "two images of one version",
      (one) => void one.images.push({ id: "ami-0123456789abcdef0", state: "pending", version: "1.0.0" }),
      ["image-duplicate"],
      [`1.0.0 has 2 images in us-east-1: ${home("1.0.0")} and ami-0123456789abcdef0.`],
    ],
    [
      "live that is not current",
      (one, other) => {
        for (const facts of [one, other]) repoint(facts, SCENE.versions, "1.2.0");
      },
      ["live-current-differs", "live-current-differs"],
      ["current in us-east-1 is 1.2.0, but live says 1.1.0.", "current in eu-west-1 is 1.2.0, but live says 1.1.0."],
    ],
    [
      "fleets that are proven to run different versions",
      (_, other) => {
        other.parameters.live = other.parameters.live!.replaceAll("1.1.0", "1.0.0");
        other.parameters.live = other.parameters.live.replace(away("1.1.0"), away("1.0.0"));
        repoint(other, SCENE.versions, "1.0.0");
        rerun(other, 3, "1.0.0");
      },
      ["pointer-differs", "pointer-differs", "live-differs"],
      [
        "current is 1.1.0 in us-east-1, 1.0.0 in eu-west-1.",
        "previous is 1.0.0 in us-east-1, nothing in eu-west-1.",
        "live is 1.1.0 in us-east-1, 1.0.0 in eu-west-1.",
      ],
    ],
    [
      "live of a version that its image is not",
      (one) => void (one.parameters.live = one.parameters.live!.replace('"version":"1.1.0"', '"version":"1.0.0"')),
      ["live-differs", "live-image-differs"],
      [
        "live is 1.0.0 in us-east-1, 1.1.0 in eu-west-1.",
        `live in us-east-1 says 1.0.0, but its image ${home("1.1.0")} is 1.1.0.`,
      ],
    ],
    [
      "a record that nothing of ours has written",
      (one) => void (one.parameters.live = "1.1.0"),
      ["live-unreadable"],
      ["live in us-east-1 is no record of a fleet: something else has written it."],
    ],
    [
      "a group that is gone",
      (one) => {
        one.groups = [];
        one.instances = [];
      },
      ["group-gone"],
      ["live in us-east-1 names the Auto Scaling group web-0, which is gone."],
    ],
    [
      "a group that launches from another template version",
      (one) => void (one.groups[0]!.template = { id: "lt-0", version: "5" }),
      ["template-differs"],
      ["web-0 in us-east-1 launches from lt-0 version 5, but live says lt-0 version 4."],
    ],
    [
      "a group with another policy",
      (one) => {
        const policy = JSON.stringify({ instanceTypes: ["t3.small", "t3a.small"] });
        one.parameters.live = one.parameters.live!.replace(/}$/, `,"mixedInstances":${policy}}`);
      },
      ["policy-differs"],
      ["web-0 in us-east-1 has another mixed instances policy than live says."],
    ],
    [
      "instances of another version, while a refresh is under way",
      (one) => {
        rerun(one, 2, "1.2.0");
        one.groups[0]!.refresh = { id: "r-1", status: "InProgress", percentage: 66, toUpdate: 1 };
      },
      ["instances-differ"],
      [
        "2 of 3 instances of web-0 in us-east-1 run 1.2.0, but live says 1.1.0 (an instance refresh is InProgress, 66 %).",
      ],
    ],
    [
      "an instance of an image that is of no version",
      (one) => void (one.instances[0]!.imageId = "ami-0123456789abcdef0"),
      ["instances-differ"],
      ["1 of 3 instances of web-0 in us-east-1 runs the image ami-0123456789abcdef0, but live says 1.1.0."],
    ],
    [
      "an instance in the warm pool",
      (one) => void (one.instances[3]!.imageId = home("1.0.0")),
      ["instances-differ"],
      ["1 of 1 instances in the warm pool of web-0 in us-east-1 runs 1.0.0, but live says 1.1.0."],
    ],
    [
      "instances of another template version that is not equal",
      (one) => {
        for (const member of one.groups[0]!.members) member.isEqual = member.id === "i-0-0";
      },
      ["instances-template-differs", "instances-template-differs"],
      [
        "2 of 3 instances of web-0 in us-east-1 are not as lt-0 version 4, which live names, would launch them.",
        "1 of 1 instances in the warm pool of web-0 in us-east-1 is not as lt-0 version 4, which live names, would launch them.",
      ],
    ],
    [
      "a region with nothing, told once",
      (_, other) => void Object.assign(other, { parameters: {}, images: [], instances: [], groups: [] }),
      ["region-empty"],
      ["There is nothing of web in stack dev in eu-west-1: no image and no parameter."],
    ],
  ];
  for (const [what, change, kinds, messages] of CASES) {
    it(`is: ${what}`, () => assert.deepEqual(changed(change), { kinds, messages }));
  }

  it("is one thing where there is nothing at all", () => {
    const nothing = consistent({ ...SCENE, fleets: [] }).map((facts) => ({ ...facts, parameters: {}, images: [] }));
    assert.deepEqual(
      drift(nothing).map(({ message }) => message),
      ["There is nothing of web in stack dev in us-east-1 and eu-west-1: no image and no parameter."],
    );
  });

  it("is not told of a region that did not answer", () => {
    const [one] = consistent(SCENE) as Regions;
    const report = reportOf(SUBJECT, [one, { region: "eu-west-1", error: "no answer" }]);
    assert.deepEqual(report.drift, []);
  });
});

describe("the status of a line, for people", () => {
  it("is a table", () => {
    const [one, other] = consistent({ ...SCENE, others: 3 }) as Regions;
    rerun(one, 1, "1.2.0");
    one.groups[0]!.refresh = { id: "r-1", status: "InProgress", percentage: 33, toUpdate: 2 };
    other.groups[0]!.members[0]!.isHealthy = false;
    image(one, "1.0.0").deprecationTime = "2027-03-01T00:00:00.000Z";
    image(other, "1.2.0").verified = "unbooted 0123456789abcdef";
    const lost: Answer = { region: "ap-southeast-2", error: "no answer to DescribeImages within 30 s" };
    const text = tableOf(reportOf(SUBJECT, [one, other, lost]));
    assert.equal(
      text,
      `web in stack dev, account 111122223333: us-east-1 (home), eu-west-1, ap-southeast-2

VERSION  REGION     IMAGE                  STATE     DEPRECATED  INSTANCES  POINTERS
1.0.0    us-east-1  ${home("1.0.0")}  verified  2027-03-01          1  previous
         eu-west-1  ${away("1.0.0")}  verified                      1  previous
1.1.0    us-east-1  ${home("1.1.0")}  verified                      4  current
         eu-west-1  ${away("1.1.0")}  verified                      4  current
1.2.0    us-east-1  ${home("1.2.0")}  verified                      2  candidate
         eu-west-1  ${away("1.2.0")}  unbooted                      1  candidate

GROUP  REGION     LIVE   LIVE IMAGE             TEMPLATE
web-0  us-east-1  1.1.0  ${home("1.1.0")}  lt-0 4
web-1  eu-west-1  1.1.0  ${away("1.1.0")}  lt-1 4
An instance refresh of web-0 in us-east-1 is InProgress: 33 %, 2 to replace.

GROUP  REGION     RUNS   INSTANCES  IN SERVICE  HEALTHY  WARM POOL  DESIRED
web-0  us-east-1  1.2.0          1           1        1          0        3
                  1.1.0          2           2        2          1
web-1  eu-west-1  1.1.0          2           2        1          1        2

OTHER INSTANCE  REGION     RUNS   STATE    NAME
i-other-0       us-east-1  1.0.0  stopped  shop-0
i-other-1       us-east-1  1.1.0  stopped  proves an image
i-other-2       us-east-1  1.2.0  stopped  shop-2
i-other-0       eu-west-1  1.0.0  stopped  shop-0
i-other-1       eu-west-1  1.1.0  stopped  proves an image
i-other-2       eu-west-1  1.2.0  stopped  shop-2

One region is not shown:
  - ap-southeast-2: no answer to DescribeImages within 30 s

Drift: 1
  - 1 of 3 instances of web-0 in us-east-1 runs 1.2.0, but live says 1.1.0 (an instance refresh is
    InProgress, 33 %).
`,
    );
  });

  it("fits in 100 columns, whatever there is", () => {
    fc.assert(
      fc.property(anyScene, (scene) => {
        const lines = tableOf(reportOf(SUBJECT, consistent(scene))).split("\n");
        assert.deepEqual(
          lines.filter((line) => line.length > 100 || / $/.test(line)),
          [],
        );
        assert.equal(lines.at(-2), "No drift.");
      }),
    );
  });

  it("says of which part there is no drift when a region did not answer, and nothing when none did", () => {
    const lost: Answer = { region: "eu-west-1", error: "no answer" };
    const [one] = consistent(SCENE) as Regions;
    assert.match(tableOf(reportOf(SUBJECT, [one, lost])), /\n\nNo drift between the regions that answered\.\n$/);
    assert.equal(
      tableOf(reportOf(SUBJECT, [lost])),
      "web in stack dev: eu-west-1\n\nOne region is not shown:\n  - eu-west-1: no answer\n",
    );
  });

  it("leaves out columns that no row has, and puts numbers to the right", () => {
    assert.deepEqual(table(["A", "B", "COUNT"], [["x", "", 1], ["yy", "", 20]]), ["A   COUNT", "x       1", "yy     20"]); // prettier-ignore
  });
});

describe("the status of a line, as data", () => {
  it("has every field, null where there is nothing", () => {
    const [one] = consistent({ ...SCENE, fleets: [1], warm: 0, versions: ["1.0.0"], current: "1.0.0", others: 1 });
    const report = reportOf(SUBJECT, [one!]);
    const imageId = home("1.0.0");
    assert.deepEqual(JSON.parse(JSON.stringify(report)), {
      version: 1,
      line: "web",
      stack: "dev",
      account: "111122223333",
      regions: [{ region: "us-east-1", home: true, answered: true, error: null }],
      versions: [
        {
          version: "1.0.0",
          images: [
            {
              region: "us-east-1",
              imageId,
              name: "web/dev/1.0.0",
              state: "available",
              verified: "yes",
              source: null,
              deprecationTime: null,
              pointers: ["current", "candidate"],
              instances: 2,
            },
          ],
        },
      ],
      pointers: [
        {
          region: "us-east-1",
          current: { version: "1.0.0", imageId },
          previous: null,
          candidate: { version: "1.0.0", imageId },
        },
      ],
      fleets: [
        {
          region: "us-east-1",
          group: "web-0",
          exists: true,
          live: { version: "1.0.0", imageId, launchTemplateId: "lt-0", launchTemplateVersion: "4" },
          staged: null,
          launchTemplate: { id: "lt-0", version: "4" },
          desiredCapacity: 1,
          runs: [{ version: "1.0.0", imageId, instances: 1, inService: 1, healthy: 1, warmPool: 0 }],
          refresh: null,
        },
      ],
      recovery: [],
      instances: [
        {
          region: "us-east-1",
          instanceId: "i-other-0",
          name: "shop-0",
          state: "stopped",
          version: "1.0.0",
          imageId,
          proof: false,
        },
      ],
      drift: [],
    });
  });

  it("names a fleet whose group is gone, and an image that is", () => {
    const [one] = consistent({ ...SCENE, fleets: [1] }) as Regions;
    one.groups = [];
    without(one, "1.0.0");
    const { fleets, versions } = reportOf(SUBJECT, [one]);
    assert.deepEqual(
      fleets.map(({ group, exists, launchTemplate }) => ({ group, exists, launchTemplate })),
      [{ group: "web-0", exists: false, launchTemplate: null }],
    );
    assert.deepEqual(versions[0]?.images[0]?.state, "gone");
  });

  it("has the exit code: an answer of all regions, and with --check no drift", () => {
    const codes = (answers: Answer[]) => [false, true].map((check) => exitCode(reportOf(SUBJECT, answers), check));
    const [one, other] = consistent(SCENE) as Regions;
    assert.deepEqual(codes([one, other]), [0, 0]);
    assert.deepEqual(codes([one, { region: "eu-west-1", error: "no answer" }]), [1, 1]);
    repoint(other, SCENE.versions, "1.0.0");
    assert.deepEqual(codes([one, other]), [0, 1]);
  });
});

describe("the records of a line", () => {
  it("are read as they were written, and nothing else is", () => {
    const record = {
      version: "1.1.0",
      imageId: "ami-1",
      launchTemplateId: "lt-1",
      launchTemplateVersion: "7",
      group: "arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:u-1:autoScalingGroupName/web-1234567",
      mixedInstances: { instanceTypes: ["t3.small"] },
    };
    const live = liveOf(JSON.stringify(record));
    assert.deepEqual([live?.version, live?.group, live?.template.id, live?.template.version], ["1.1.0", "web-1234567", "lt-1", "7"]); // prettier-ignore
    assert.deepEqual(live?.template.policy?.instanceTypes, ["t3.small"]);
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => assert.equal(liveOf(text), undefined)));
    assert.equal(liveOf(undefined), undefined);
    assert.deepEqual(provenPointers('{"current":"1.0.0","other":1}'), { current: "1.0.0" });
    assert.equal(provenPointers("1.0.0"), undefined);
  });
});

describe("questions to a region", () => {
  const timing = { ...defaultTiming(), pollSeconds: 0.001, patienceSeconds: 10 };
  const questions = () => new Questions(new Aws({ region: "us-east-1", timing }));

  it("read every page", async () => {
    const said: (string | undefined)[] = [];
    const pages: { [token: string]: { items: number[]; NextToken?: string } } = {
      first: { items: [1, 2], NextToken: "a" },
      a: { items: [], NextToken: "b" },
      b: { items: [3], NextToken: "" },
    };
    const call = (token: string | undefined) => {
      said.push(token);
      return Promise.resolve(pages[token ?? "first"]!);
    };
    assert.deepEqual(await questions().pages("List", call, ({ items }) => items), [1, 2, 3]);
    assert.deepEqual(said, [undefined, "a", "b"]);
  });

  it("come in parts of the size that AWS takes", () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), fc.integer({ min: 1, max: 7 }), (all, size) => {
        assert.deepEqual(parts(all, size).flat(), all);
        assert.ok(parts(all, size).every((one) => one.length > 0 && one.length <= size));
      }),
    );
  });

  it("name the action that was refused, and those without an answer", async () => {
    const one = questions();
    const refused = Object.assign(new Error("no"), { name: "UnauthorizedOperation" });
    await assert.rejects(
      one.ask("DescribeImages", () => Promise.reject(refused)),
      /^Error: DescribeImages: UnauthorizedOperation: no$/,
    );
    void one.ask("DescribeInstances", () => new Promise(() => undefined));
    assert.equal(
      one.silence(30),
      "no answer to DescribeInstances within 30 s; it said last: UnauthorizedOperation: no",
    );
  });
});

describe("what is looked at", () => {
  const folder = mkdtempSync(join(tmpdir(), "status-"));
  after(() => rmSync(folder, { recursive: true }));
  const given = { region: [] as string[], cwd: folder, timeout: "30" };
  const file = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const refusal = (more: object): string[] => {
    try {
      placeOf({ ...given, ...more });
    } catch (error) {
      assert.ok(error instanceof UsageError);
      return error.message.split("\n");
    }
    return assert.fail("it was taken");
  };

  it("is what the options say, without any config", () => {
    const place = placeOf({ ...given, line: "web", stack: "test", region: ["eu-west-1", "us-east-1"] });
    assert.deepEqual(place, { line: "web", stack: "test", regions: ["eu-west-1", "us-east-1"], timeout: 30 });
  });

  it("is refused with every problem at once", () => {
    const said = refusal({ line: "we b", region: ["us_east", "eu-west-1", "eu-west-1"], stack: "a/b", timeout: "0" });
    assert.deepEqual(
      said.map((text) => text.replace(/ Use a name.*| Choose a.*/, "")),
      [
        "ami-lifecycle status: 5 problems",
        '  - --line: got "we b", allowed is 1 to 63 letters, digits and hyphens, starting with a letter or digit.',
        '  - --region: got "us_east", allowed is a region\'s name such as eu-west-1.',
        '  - --region: got "eu-west-1", allowed is each region once. Remove the second mention.',
        '  - --stack: got "a/b", allowed is 1 to 100 letters, digits, hyphens, underscores and full stops. Give the stack\'s name alone, without organisation and project.',
        '  - --timeout: got "0", allowed is a whole number of 1 to 600 (seconds). Change it, or leave it out for 30.',
      ],
    );
  });

  it("says what is missing where there is no Pulumi.yaml", () => {
    const said = refusal({ line: "web" });
    assert.equal(said.length, 2);
    assert.match(said[1]!, /^ {2}- There is no Pulumi\.yaml in .+ Without it, give --stack, --region, too\.$/);
  });

  it("is what the stack's config says of the rest", () => {
    file("Pulumi.yaml", "name: shop\nruntime: nodejs\nconfig:\n  aws:region: us-east-1\n");
    file("Pulumi.dev.yaml", "config:\n  ami-lifecycle:line: front\n  ami-lifecycle:copyTo: [eu-west-1]\n");
    file("Pulumi.own.yaml", "config: {}\n");
    assert.deepEqual(placeOf(given), {
      line: "front",
      stack: "dev",
      regions: ["us-east-1", "eu-west-1"],
      home: "us-east-1",
      timeout: 30,
    });
    const { line, regions, home } = placeOf({ ...given, line: "web", region: ["eu-west-1"] });
    assert.deepEqual([line, regions, home], ["web", ["eu-west-1"], undefined]);
    // A program of somebody else's own.
    assert.deepEqual(placeOf({ ...given, stack: "own", line: "web" }).regions, ["us-east-1"]);
    assert.match(refusal({ stack: "own" })[1]!, /^ {2}- --line: own's config has no ami-lifecycle:line\./);
    assert.match(refusal({ stack: "nope" })[1]!, /^ {2}- The stack "nope" has no Pulumi\.nope\.yaml\./);
  });

  it("is not refused for what does not matter here, and for wrong regions is", () => {
    file("Pulumi.dev.yaml", "config:\n  ami-lifecycle:minSize: many\n  ami-lifecycle:copyTo: [us-east-1, EU]\n");
    assert.deepEqual(placeOf({ ...given, region: ["us-east-1"] }).line, "web");
    const said = refusal({});
    assert.equal(said[0], "ami-lifecycle status: 2 problems");
    assert.match(said[1]!, /^ {2}- ami-lifecycle:copyTo\[0\]: got "us-east-1"/);
    assert.match(said[2]!, /^ {2}- ami-lifecycle:copyTo\[1\]: got "EU"/);
  });

  it("is in AWS_REGION where config names no region", () => {
    file("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    file("Pulumi.dev.yaml", "config:\n  ami-lifecycle:line: front\n");
    const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
    try {
      delete process.env.AWS_DEFAULT_REGION;
      process.env.AWS_REGION = "eu-west-1";
      assert.deepEqual(placeOf(given).regions, ["eu-west-1"]);
      delete process.env.AWS_REGION;
      assert.match(refusal({})[1]!, /^ {2}- aws:region: allowed is the home region\./);
    } finally {
      Object.assign(process.env, {
        ...(AWS_REGION && { AWS_REGION }),
        ...(AWS_DEFAULT_REGION && { AWS_DEFAULT_REGION }),
      });
    }
  });
});
