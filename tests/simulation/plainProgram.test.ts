/** Scenarios of a program without this package's components: nothing is told of hooks, gates and config that it does not have. */
import assert from "node:assert/strict";
import { copyLimitOf } from "../../simulation/scenario/copyLimit";
import { copyLimitOutcome } from "../../simulation/scenario/copyLimit/report";
import { regionLossOf } from "../../simulation/scenario/regionLoss";
import { reportText } from "../../simulation/report";
import { style } from "../../simulation/text";
import { ASSUMPTIONS, type Seconds } from "../../simulation/time/assumptions";
import type { RecordedResource, Simulation, WireObject } from "../../simulation/types";
import { fromReadable } from "../../simulation/wire";
import { fixture, type Run, simulate } from "./command";

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Fields = { [field: string]: any };

const name = (urn: string) => urn.split("::").at(-1) ?? "";
const play = (scenario: string, ...more: string[]) => simulate(["--scenario", scenario, ...more], fixture("plain"));
const dataOf = ({ out, err, code }: Run): { resources: RecordedResource[]; scenario: Fields } => {
  assert.equal(code, 0, out + err);
  return JSON.parse(out) as { resources: RecordedResource[]; scenario: Fields };
};
const flat = (text: string) => text.replaceAll(/\n +/g, " ");
const OURS = /startRetry|sourceVerified|nameFree|99 |lostRegion|region-lost\.md|copyTo|recovery region/;

describe("scenarios of a program without components", function () {
  this.timeout(60_000);
  let limit: Run;
  let limitText: Run;
  let home: Run;
  let homeText: Run;
  let west: Run;
  let frankfurt: Run;

  before(async () => {
    [limit, limitText, home, homeText, west, frankfurt] = await Promise.all([
      play("copy-limit=us-west-2", "--json"),
      play("copy-limit=us-west-2"),
      play("region-loss=us-east-1", "--json"),
      play("region-loss=us-east-1"),
      play("region-loss=us-west-2", "--json"),
      play("region-loss=eu-central-1"),
    ]);
  });

  it("say that the first refusal of a copy fails the run", () => {
    const { scenario } = dataOf(limit);
    assert.deepEqual([scenario.tries, scenario.shortestSeconds, scenario.longestSeconds], [1, 0, 0]);
    assert.deepEqual((scenario.missing as string[]).map(name).sort(), ["golden-west", "web-west"]);
    assert.equal(limitText.code, 0, limitText.err);
    const text = flat(limitText.out);
    assert.match(text, /Without an error hook the first refusal fails the run at once/);
    assert.match(
      text,
      /It is not made, and nor is what depends on it; the next `pulumi up` makes only what is missing/,
    );
    assert.match(text, /it tries again, and starts only the copies that are missing/);
    assert.doesNotMatch(text, OURS);
  });

  it("count the volumes of the instance that the image is taken of", () => {
    const [step] = dataOf(limit).scenario.steps as Fields[];
    assert.deepEqual([step?.snapshots, step?.atLeast], [1, false]);
    assert.match(limitText.out, /^dev copies 1 image to us-west-2 at once, 1 snapshot: /);
  });

  it("tell which images stay, also those that are copies of somebody else's", () => {
    assert.deepEqual(dataOf(home).scenario.images, [
      { image: "golden (AmiFromInstance)", elsewhere: ["us-west-2"] },
      { image: "theirs (AmiCopy)", elsewhere: [], copiedFrom: "eu-central-1" },
    ]);
    assert.deepEqual(dataOf(west).scenario.images, [{ image: "golden (AmiFromInstance)", elsewhere: ["us-east-1"] }]);
    const text = flat(homeText.out);
    assert.match(text, /\nImages - golden \(AmiFromInstance\) stays in us-west-2 - theirs \(AmiCopy\) is lost\. /);
    assert.match(text, /What it is a copy of is in eu-central-1, and not this program's/);
  });

  it("have each resource in one of the groups, providers too", () => {
    for (const run of [home, west]) {
      const { resources, scenario } = dataOf(run);
      const groups = [scenario.lost, scenario.stays, scenario.global] as string[][];
      assert.deepEqual(groups.flat().sort(), resources.map(({ urn }) => urn).sort());
      assert.deepEqual(groups[2]?.map(name), ["west"]);
    }
    assert.match(homeText.out, /^dev loses us-east-1: 6 resources are lost, 2 stay, 1 is of no region\n/);
    assert.match(homeText.out, /\nOf no region: 1 resource\n {2}└─ west {2}aws {4}asks us-west-2\n/);
  });

  it("advise nothing that the program does not have", () => {
    assert.match(homeText.out, /It asks us-east-1 too, and fails while that region answers nothing\.\n/);
    assert.match(homeText.out, /No other region has an Auto Scaling group with instances/);
    assert.doesNotMatch(homeText.out, OURS);
  });

  it("refuse a region in which only others have something", () => {
    assert.deepEqual([frankfurt.code, frankfurt.out], [2, ""]);
    assert.match(frankfurt.err, /the stack has nothing there/);
  });
});

/** A resource of a plain program, as it is recorded. */
const made = (
  type: string,
  of: string,
  inputs: { [input: string]: unknown } = {},
  inputsFrom: { [input: string]: string } = {},
  more: Partial<RecordedResource> = {},
): RecordedResource => ({
  ...{ urn: of, type: `aws:ec2/${type}`, name: of, kind: "custom", region: "us-east-1", options: {}, hooks: {} },
  dependsOn: Object.values(inputsFrom),
  inputs: fromReadable({
    ...(inputs as WireObject),
    ...Object.fromEntries(Object.keys(inputsFrom).map((key) => [key, "[unknown]"])),
  }) as WireObject,
  inputsFrom: Object.fromEntries(Object.entries(inputsFrom).map(([input, urn]) => [input, [urn]])),
  ...more,
});
const WEST = { region: "us-west-2" };
const instance = (inputs = {}, from = {}) => made("instance:Instance", "base", inputs, from);
const image = made("amiFromInstance:AmiFromInstance", "image", {}, { sourceInstanceId: "base" });
const copy = (more: Partial<RecordedResource> = {}, from = "image") =>
  made("amiCopy:AmiCopy", "copy", {}, { sourceAmiId: from }, { ...WEST, ...more });
const stack = (...resources: RecordedResource[]): Simulation => ({
  ...{ project: "plain", stack: "dev", resources, lookups: [], outputs: {}, problems: [], notes: [] },
});
const data = { deviceName: "/dev/sdf", volumeSize: 8 };

describe("the snapshots of a copy", () => {
  const attached = made("volumeAttachment:VolumeAttachment", "a", { deviceName: "/dev/sdg" }, { instanceId: "base" });
  for (const [what, resources, snapshots, isKnown] of [
    ["are one without other volumes", [instance(), image, copy()], 1, true],
    ["are one for each device", [instance({ ebsBlockDevices: [data] }), image, copy()], 2, true],
    [
      "count the root of a registered image once, whatever it is called",
      [
        made("ami:Ami", "own", { rootDeviceName: "/dev/sda", ebsBlockDevices: [{ deviceName: "/dev/sda" }] }),
        copy({}, "own"),
      ],
      1,
      true,
    ],
    ["count the root once", [instance({ ebsBlockDevices: [{ deviceName: "/dev/sda1" }] }), image, copy()], 1, true],
    [
      "can be more where devices are known later",
      [instance({ ebsBlockDevices: "[unknown]" }), image, copy()],
      1,
      false,
    ],
    [
      "can be more with somebody else's template",
      [instance({ launchTemplate: { id: "lt-1" } }), image, copy()],
      1,
      false,
    ],
    [
      "are those of the template, too",
      [
        made("launchTemplate:LaunchTemplate", "template", {
          blockDeviceMappings: [
            { deviceName: "/dev/xvda", ebs: { volumeSize: 8 } },
            { deviceName: "/dev/sdf", ebs: { volumeSize: 8 } },
            { deviceName: "/dev/sdb", virtualName: "ephemeral0" },
          ],
        }),
        instance({ ebsBlockDevices: [data] }, { launchTemplate: "template" }),
        image,
        copy(),
      ],
      2,
      true,
    ],
    [
      "are those of an image that the instance is made of",
      [
        made("ami:Ami", "registered", { ebsBlockDevices: [{ deviceName: "/dev/xvda" }, { deviceName: "/dev/sdh" }] }),
        instance({}, { ami: "registered" }),
        image,
        copy(),
      ],
      2,
      true,
    ],
    [
      "are the same of a copy of a copy",
      [
        instance({ ebsBlockDevices: [data] }),
        image,
        made("amiCopy:AmiCopy", "between", {}, { sourceAmiId: "image" }, { region: "eu-west-1" }),
        copy({}, "between"),
      ],
      2,
      true,
    ],
    ["can be more where a volume is attached at some time", [instance(), attached, image, copy()], 1, false],
    [
      "count what is attached before the image is taken",
      [instance(), attached, { ...image, dependsOn: ["a", "base"] }, copy()],
      2,
      true,
    ],
    ["are at least one of an image that is only read", [{ ...image, kind: "read" }, copy()], 1, false],
  ] as [string, RecordedResource[], number, boolean][]) {
    it(what, () => {
      const [step] = copyLimitOf(stack(...resources), "us-west-2").steps;
      assert.deepEqual([step?.snapshots, step?.isKnown], [snapshots, isKnown]);
    });
  }

  it("can be under way together in several steps, unless one needs the other", () => {
    const twelve = (of: string, dependsOn: string[]) =>
      Array.from({ length: 12 }, (_, at) => ({ ...copy(), urn: `${of}-${at}`, name: `${of}-${at}`, dependsOn }));
    const wait = made("vpc:Vpc", "wait");
    const overlapping = copyLimitOf(stack(wait, ...twelve("a", []), ...twelve("b", [wait.urn])), "us-west-2");
    assert.deepEqual(
      [overlapping.steps.map(({ passes }) => passes), overlapping.most.copies.length, overlapping.most.passes],
      [[false, false], 24, true],
    );
    const text = reportText(copyLimitOutcome(overlapping, stack()).report(style(false)), style(false));
    assert.match(text, /copies 24 images to us-west-2 at once, .*the limit of 20 is passed/);
    assert.match(flat(text), /steps overlap, for a copy takes minutes: 24 copies/);
    const chained = copyLimitOf(stack(...twelve("a", []), ...twelve("b", ["a-0"])), "us-west-2");
    assert.deepEqual([chained.most.copies.length, chained.most.passes], [12, false]);
  });

  it("are all refused or waited for as the copies' own hooks say", () => {
    const text = (...resources: RecordedResource[]) => {
      const simulation = stack(instance(), image, ...resources);
      const { report } = copyLimitOutcome(copyLimitOf(simulation, "us-west-2"), simulation);
      return flat(reportText(report(style(false)), style(false)));
    };
    const hooked = { hooks: { beforeCreate: ["web/copy:nameFree"], onError: ["web/copy:startRetry"] } };
    const both = text(copy(hooked), { ...copy(), urn: "second", name: "second" });
    assert.match(both, /The error hook startRetry has/);
    assert.match(both, /Without an error hook \(second\) the first refusal fails the run at once/);
    assert.match(both, /second: AWS has refused to start it - /);
    assert.match(both, /it asks nameFree again, and starts/);
    assert.match(text(copy(hooked)), /copy: AWS has refused to start it 99 times/);
    const own = text(copy({ hooks: { onError: ["mine/tryAgain"] } }));
    assert.match(own, /copy: whether it is tried again its own tryAgain decides/);
    assert.doesNotMatch(own, /fails the run at once/);
    const many = Array.from({ length: 21 }, (_, at) => ({ ...copy(), urn: `copy-${at}`, name: `copy-${at}` }));
    assert.match(text(...many), /21 snapshots; 1 too many .*make fewer copies at a time/);
  });
});

describe("the images of a lost region", () => {
  const seconds = Object.fromEntries(Object.entries(ASSUMPTIONS).map(([key, one]) => [key, one.seconds])) as Seconds;
  const images = (lost: string, ...resources: RecordedResource[]) =>
    regionLossOf(stack(...resources), lost, seconds).copies.map(({ image: of, elsewhere }) => [of, elsewhere]);
  const theirs = (of: string, region: string) =>
    made("amiCopy:AmiCopy", of, { sourceAmiId: "ami-1", sourceAmiRegion: "eu-west-1" }, {}, { region });

  it("are one, whichever of its copies another is made of", () => {
    const third = made("amiCopy:AmiCopy", "third", {}, { sourceAmiId: "copy" }, { region: "eu-west-1" });
    const all = [instance(), image, copy(), third];
    assert.deepEqual(images("us-east-1", ...all), [["image (AmiFromInstance)", ["eu-west-1", "us-west-2"]]]);
  });

  it("go on serving where a group begins with instances, by its wanted or its least size", () => {
    const serving = (inputs: WireObject) => {
      const group = made(
        "group:Group",
        "group",
        inputs,
        {},
        { type: "aws:autoscaling/group:Group", region: "us-west-2" },
      );
      return regionLossOf(stack(image, group), "us-east-1", seconds).serving;
    };
    for (const inputs of [{ minSize: 0, desiredCapacity: 2, maxSize: 4 }, { minSize: "1" }] as WireObject[]) {
      assert.deepEqual(serving(inputs), ["us-west-2"], JSON.stringify(inputs));
    }
    for (const inputs of [{ minSize: 0, maxSize: 4 }, { minSize: "0" }, { minSize: 1, maxSize: 0 }] as WireObject[]) {
      assert.deepEqual(serving(inputs), [], JSON.stringify(inputs));
    }
  });

  it("are in no region that only a provider asks", () => {
    const provider = made("", "asks", {}, {}, { type: "pulumi:providers:aws", region: "us-west-2" });
    assert.throws(() => images("us-west-2", image, provider), /the stack has nothing there/);
  });

  it("are one, of copies that somebody else's image has in two regions", () => {
    const all = [theirs("a", "us-east-1"), theirs("b", "us-west-2")];
    assert.deepEqual(images("us-east-1", ...all), [["a (AmiCopy), b (AmiCopy)", ["us-west-2"]]]);
  });

  it("are told where they are registered, and nowhere else", () => {
    assert.deepEqual(images("us-east-1", made("ami:Ami", "own"), copy()), [["own (Ami)", []]]);
  });

  it("are those of a version, where a plain copy is of one", () => {
    const tags = { "ami-lifecycle:line": "web", "ami-lifecycle:version": "1.0.0" };
    const version = { ...image, inputs: { ...image.inputs, tags } };
    assert.deepEqual(images("us-east-1", instance(), version, copy()), [["web 1.0.0", ["us-west-2"]]]);
  });
});
