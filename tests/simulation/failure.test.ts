import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { failureOf, type Failure } from "../../simulation/failure";
import { ENDINGS } from "../../simulation/failure/endings";
import { failureSentence, failureText } from "../../simulation/failure/report";
import { lastPart, style } from "../../simulation/text";
import type { RecordedResource, Simulation } from "../../simulation/types";
import { fixture, ROOT, simulate, simulateProd, type Run } from "./command";

interface Data {
  summary: { project: string; stack: string };
  resources: RecordedResource[];
  problems: Simulation["problems"];
  failure: unknown;
}

/** What the command recorded, as the functions behind it take it. */
function simulationOf({ out }: Run): Simulation {
  const { summary, resources, problems } = JSON.parse(out) as Data;
  const whole = resources.map((one) => ({ ...one, options: one.options ?? {}, hooks: one.hooks ?? {} }));
  return { ...summary, resources: whole, lookups: [], outputs: {}, problems, notes: [] };
}

const URN = "urn:pulumi:dev::pulumi-ami-lifecycle::pulumi-ami-lifecycle:index:ImageVersions";
const VERSION = `${URN}$pulumi-ami-lifecycle:index:MachineImage`;
const BASE = `${VERSION}$pulumi-ami-lifecycle:index:BaseInstance`;
const IMAGE = `${VERSION}$aws:ec2/amiFromInstance:AmiFromInstance::web-1.0.0`;
const REPLACE = `  pulumi up --replace '${BASE}$aws:ec2/instance:Instance::web-1.0.0-base'`;

/** `NAME TYPE` of each, in the report's order of types and names. */
const short = (resources: readonly RecordedResource[]) =>
  resources.map(({ name, type }) => `${name} ${lastPart(type)}`).sort();

const BASE_MADE = [
  "web ImageVersions",
  "web-1.0.0 MachineImage",
  "web-1.0.0-base BaseInstance",
  "web-1.0.0-base Instance",
  "web-1.0.0-base-sg SecurityGroup",
];
const COPY = ["web-1.0.0 ImageCopies", "web-1.0.0-eu-west-1 AmiCopy"];
const FLEET = [
  "web AutoScalingFleet",
  "web Group",
  "web-cpu Policy",
  "web-profile InstanceProfile",
  "web-role Role",
  "web-session-manager RolePolicyAttachment",
  "web-sg SecurityGroup",
  "web-template LaunchTemplate",
];
const IMAGE_MADE = [...BASE_MADE, "web-1.0.0 AmiFromInstance"];
const PROVEN = [...IMAGE_MADE, "web-1.0.0-verified Tag"];
/** `ImageParameters` and its children. */
const NAMES =
  /^web-(us-east-1|eu-west-1)-(\d[.]\d[.]\d|candidate|current|previous|pointers) Parameter$|ImageParameters$/;
const LIVE = "web-live Parameter";
const COPY_PROVEN = "web-1.0.0-eu-west-1-verified Tag";

describe("simulating a failure", function () {
  this.timeout(120_000);
  let json: Run;
  let text: Run;
  let unknown: Run;
  let broken: Run;
  let dev: Simulation;
  let prod: Simulation;
  let two: Simulation;
  let servers: Simulation;

  before(async () => {
    const older = ["--config", 'ami-lifecycle:versions=["1.0.0","1.1.0"]'];
    [json, text] = await Promise.all([
      simulate(["--json", "--fail", "web-1.0.0:recipeFinished"]),
      simulate(["--fail", "web-1.0.0:recipeFinished"]),
    ]);
    const ofServer = ["fromInstanceId=i-0123456789abcdef0", 'adopt={"1.0.0":"ami-0123456789abcdef0"}'];
    const [older2, prodRun, serversRun] = await Promise.all([
      simulate(["--json", ...older, "--fail", "neverBaked"]),
      simulateProd("--json"),
      simulate(["--json", ...older, ...ofServer.flatMap((one) => ["--config", `ami-lifecycle:${one}`])]),
    ]);
    [unknown, broken] = await Promise.all([
      simulate(["--json", "--fail", "web-1.0.0-verifed"]),
      simulate(["--cwd", fixture("broken"), "--config", "case=log", "--fail", "named"]),
    ]);
    [dev, two, prod] = [simulationOf(json), simulationOf(older2), simulationOf(prodRun)];
    servers = simulationOf(serversRun);
  });

  const fail = (...names: string[]): Failure => failureOf(dev, names);
  /** Without the names by which others find the images: what becomes of those has tests of its own. */
  const groups = ({ exists, missing, either }: Failure) =>
    [exists, missing, either].map((group) => short(group).filter((one) => !NAMES.test(one)));
  const names = ({ exists, missing, either }: Failure) =>
    [exists, missing, either].map((group) => short(group).filter((one) => NAMES.test(one)));
  const sentence = (...names: string[]) => failureSentence(fail(...names), dev);
  const only = (failure: Failure) => {
    assert.equal(failure.failed.length, 1);
    assert.equal(failure.failed[0]?.endings.length, 1);
    return failure.failed[0].endings[0];
  };

  describe("the names of the images in dev", () => {
    const of = (region: string, ...which: string[]) => which.map((one) => `web-${region}-${one} Parameter`);
    const COMPONENT = "web ImageParameters";
    const [HOME, ABROAD] = [
      (...which: string[]) => of("us-east-1", ...which),
      (...which: string[]) => of("eu-west-1", ...which),
    ];

    it("are none when the image is not proven, and one region's do not wait for another's", () => {
      const all = ["1.0.0", "candidate", "current", "pointers"];
      assert.deepEqual(names(fail("web-1.0.0-verified")), [
        [],
        [...ABROAD(...all), ...HOME(...all)].sort(),
        [COMPONENT],
      ]);
      const [, missing, either] = names(fail("web-1.0.0-eu-west-1-verified"));
      assert.deepEqual(missing, ABROAD(...all));
      assert.deepEqual(either, [COMPONENT, ...HOME(...all)].sort());
    });

    it("stay without `current`, everywhere, when the rollout fails", () => {
      const [, missing] = names(fail("rolloutFinished"));
      assert.deepEqual(missing, [...ABROAD("current", "pointers"), ...HOME("current", "pointers")]);
    });

    it("parameterAccepted leaves the one pointer as it was", () => {
      const failure = fail("web-us-east-1-current:parameterAccepted");
      const [exists, missing] = names(failure);
      assert.deepEqual([exists, missing], [[COMPONENT, ...HOME("1.0.0")].sort(), HOME("current", "pointers")]);
      assert.match(only(failure)?.left[0] ?? "", /^web-us-east-1-current was not written/);
    });
  });

  describe("in dev", () => {
    it("recipeFinished leaves the base instance, and the command that replaces it", () => {
      const failure = fail("web-1.0.0:recipeFinished");
      const missing = [...PROVEN.slice(5), ...COPY, COPY_PROVEN, ...FLEET, LIVE].sort();
      assert.deepEqual(groups(failure), [BASE_MADE, missing, []]);
      const ending = only(failure);
      assert.equal(ending?.left[1], "the base instance web-1.0.0-base is stopped: it costs its volumes only");
      assert.ok(ending?.next.includes(REPLACE));
    });

    it("nameFree leaves the same; the record alone may fail at both of its gates", () => {
      const both = fail("web-1.0.0");
      assert.deepEqual(
        both.failed[0]?.endings.map(({ at }) => at),
        ["nameFree", "recipeFinished"],
      );
      const name = fail("web-1.0.0:nameFree");
      assert.deepEqual(groups(both), groups(fail("web-1.0.0:recipeFinished")));
      assert.deepEqual(groups(both), groups(name));
      assert.equal(only(name)?.left[0], "nothing was made, and nothing was removed");
      assert.equal(
        sentence("web-1.0.0"),
        "web-1.0.0 (AmiFromInstance) fails at nameFree or recipeFinished: 5 exist, 22 do not, 1 either way",
      );
    });

    it("imageBoots leaves the image unverified, and cuts off its copies and the fleet", () => {
      const failure = fail("web-1.0.0-verified");
      const missing = ["web-1.0.0-verified Tag", ...COPY, COPY_PROVEN, ...FLEET, LIVE].sort();
      assert.deepEqual(groups(failure), [[...IMAGE_MADE].sort(), missing, []]);
      assert.equal(only(failure)?.left[0], "the image web-1.0.0 is kept but not verified, so nothing uses it");
      const line = "web-1.0.0-verified fails at imageBoots: 6 exist, 21 do not, 1 either way";
      assert.equal(sentence("web-1.0.0-verified:imageBoots"), line);
    });

    it("sourceVerified leaves no copy; the fleet does not wait for it", () => {
      const failure = fail("sourceVerified");
      const exists = [...PROVEN, "web-1.0.0 ImageCopies"].sort();
      const missing = ["web-1.0.0-eu-west-1 AmiCopy", COPY_PROVEN];
      assert.deepEqual(groups(failure), [exists, missing.sort(), [...FLEET, LIVE].sort()]);
      assert.equal(only(failure)?.left[0], "nothing was copied to eu-west-1");
    });

    it("imageBoots of a copy, a leaf, leaves the copy", () => {
      const failure = fail(`${COPY_PROVEN.split(" ")[0]}:imageBoots`);
      assert.deepEqual(groups(failure), [[...PROVEN, ...COPY].sort(), [COPY_PROVEN], [...FLEET, LIVE].sort()]);
      assert.match(only(failure)?.left[0] ?? "", /^the copy web-1.0.0-eu-west-1 is kept but not verified/);
    });

    it("rolloutFinished leaves the group, without `live`", () => {
      const failure = fail("rolloutFinished");
      assert.deepEqual(groups(failure), [[...PROVEN, ...FLEET].sort(), [LIVE], [...COPY, COPY_PROVEN].sort()]);
      assert.equal(only(failure)?.left[0], "`live` was not written");
      assert.equal(sentence("web-live"), "web-live fails at rolloutFinished: 15 exist, 5 do not, 8 either way");
    });

    it("imageAvailable, asked before an update, keeps what the run before has left", () => {
      const failure = fail("web-1.0.0:imageAvailable");
      assert.deepEqual(groups(failure)[0], [...IMAGE_MADE].sort());
      assert.deepEqual(groups(failure)[1], groups(fail("web-1.0.0-verified"))[1]);
      assert.equal(only(failure)?.leftover, "kept");
    });

    it("the first resource fails at its creation, and takes all but its components along", () => {
      const failure = fail("web-1.0.0-base-sg");
      assert.deepEqual(groups(failure)[0], BASE_MADE.slice(0, 3));
      assert.deepEqual([failure.missing.length, failure.either.length], [24, 1]);
      assert.deepEqual([only(failure)?.at, only(failure)?.leftover], ["creation", "possible"]);
    });

    it("a half-made image is told from one that a gate has stopped", () => {
      const failure = fail("web-1.0.0:creation");
      assert.equal(only(failure)?.leftover, "possible");
      assert.match(only(failure)?.left[0] ?? "", /^no image, or a half-made one/);
      assert.deepEqual(groups(failure), groups(fail("web-1.0.0")));
    });

    it("takes a URN, also with a gate", () => {
      assert.deepEqual(fail(IMAGE), fail("web-1.0.0"));
      assert.deepEqual(fail(`${IMAGE}:recipeFinished`), fail("recipeFinished"));
    });

    it("two failures at once: what both need is certain, and the second's turn may never come", () => {
      const failure = fail("web-live", "web-1.0.0-eu-west-1-verified", "web-live:rolloutFinished");
      assert.deepEqual(groups(failure), [[...PROVEN].sort(), [COPY_PROVEN, LIVE], [...COPY, ...FLEET].sort()]);
      const behind = fail("web-1.0.0-verified", "web-live");
      assert.deepEqual(
        behind.failed.map(({ reached, endings }) => [reached, endings.length]),
        [
          [true, 1],
          [false, 0],
        ],
      );
      assert.match(failureText(behind, dev, style(false)), /\nweb-live\n {2}Its turn never comes/);
    });
  });

  it("lists the records behind a gate that several have", () => {
    const choices = ["web-1.0.0-us-east-1-verified", "web-1.0.0-us-west-2-verified"].map(
      (name) => `  ${name}:imageBoots`,
    );
    const message = `--fail "imageBoots" means several; choose one:\n${choices.join("\n")}`;
    assert.throws(() => failureOf(prod, ["imageBoots"]), { message });
  });

  it("cuts prod's fleet off by the home region's copy only", () => {
    const fleet = (name: string) => failureOf(prod, [name]);
    assert.ok(short(fleet("web-1.0.0-us-east-1").missing).includes("web AutoScalingFleet"));
    const elsewhere = fleet("web-1.0.0-us-west-2:sourceVerified");
    assert.ok(short(elsewhere.either).includes("web AutoScalingFleet"));
    assert.match(
      failureText(elsewhere, prod, style(false)),
      /web-lb {2}ApplicationLoadBalancer .*children not visible/,
    );
    assert.match(failureOf(prod, ["web-lb"]).failed[0]?.endings[0]?.left[0] ?? "", /^some of the children of web-lb/);
  });

  it("of an older version says what its gate says: it was never baked", () => {
    const failure = failureOf(two, ["neverBaked"]);
    assert.equal(failure.failed[0]?.resource.name, "web-1.0.0");
    assert.match(only(failure)?.left[0] ?? "", /^nothing was made/);
    assert.ok(!short(failure.missing).includes("web-1.1.0-verified Tag"));
  });

  it("of a server that is not ready leaves nothing of its version", () => {
    const failure = failureOf(servers, ["serverReady"]);
    assert.equal(failure.failed[0]?.resource.name, "web-1.1.0-raw");
    assert.equal(only(failure)?.leftover, "none");
    const made = ["web-1.1.0-raw AmiFromInstance", "web-1.1.0-base Instance", "web-1.1.0 AmiFromInstance"];
    for (const one of made) assert.ok(short(failure.missing).includes(one), one);
  });

  it("of an image without checks leaves it unverified", () => {
    const home = failureOf(servers, ["web-1.0.0-verified"]);
    assert.deepEqual(
      [only(home)?.at, only(home)?.left[0]],
      ["imageStarts", "the image is kept but not verified, so nothing uses it"],
    );
    const copy = only(failureOf(servers, ["web-1.0.0-eu-west-1-verified"]));
    assert.deepEqual(
      [copy?.at, copy?.left[0]],
      ["imageStarts", "the copy web-1.0.0-eu-west-1 is kept but not verified, so nothing uses it"],
    );
  });

  it("knows the ending of every gate of the components, and no other", () => {
    const hooks = [dev, prod, two, servers].flatMap(({ resources }) =>
      resources.flatMap(({ hooks: { beforeCreate = [], beforeUpdate = [] } }) => [...beforeCreate, ...beforeUpdate]),
    );
    const directory = path.join(ROOT, "components");
    const sources = fs
      .readdirSync(directory, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.ts$/.test(file));
    const written = sources.flatMap((file) =>
      [...fs.readFileSync(path.join(directory, file), "utf8").matchAll(/\bgate: (?:[^"\n]* \? )?"(\w+)"/g)].map(
        ([, gate]) => gate,
      ),
    );
    assert.deepEqual([...new Set([...hooks.map(lastPart), ...written])].sort(), Object.keys(ENDINGS).sort());
  });

  it("every way to fail has an ending with something to do, within 100 columns but for commands", () => {
    for (const simulation of [dev, prod, two, servers]) {
      for (const { urn, hooks, kind } of simulation.resources) {
        if (kind === "component" || kind === "read") continue;
        const gates = [...new Set(Object.entries(hooks).flatMap(([event, list]) => (event === "onError" ? [] : list)))];
        for (const name of [urn, `${urn}:creation`, ...gates]) {
          const failure = failureOf(simulation, [name]);
          for (const { left, next } of failure.failed.flatMap(({ endings }) => endings)) {
            assert.ok(left.length > 0 && next.length > 0, name);
          }
          const lines = failureText(failure, simulation, style(false)).split("\n");
          assert.deepEqual(
            lines.filter((line) => line.length > 100 && !/^ +pulumi up --replace 'urn:/.test(line)),
            [],
            name,
          );
        }
      }
    }
  });

  describe("by the command", () => {
    it("prints the sentence, the endings, the next run and the groups", () => {
      assert.equal(text.code, 0);
      const expected = fs.readFileSync(path.join(__dirname, "fixtures", "failure.dev.txt"), "utf8");
      assert.equal(text.out, expected);
    });

    it("adds the failure to the data", () => {
      assert.equal(json.code, 0);
      const { failure } = JSON.parse(json.out) as Data;
      const { exists, missing, either, ...rest } = failure as { [group: string]: string[] };
      assert.deepEqual(rest, {
        sentence: "web-1.0.0 (AmiFromInstance) fails at recipeFinished: 5 exist, 22 do not, 1 either way",
        failed: [
          {
            urn: IMAGE,
            name: "web-1.0.0",
            reached: true,
            endings: [
              {
                at: "recipeFinished",
                hook: "ImageVersions(web)/MachineImage(web-1.0.0)/web-1.0.0:recipeFinished",
                leftover: "none",
                left: [
                  "no image was made, and nothing downstream was touched",
                  "the base instance web-1.0.0-base is stopped: it costs its volumes only",
                ],
                next: [
                  "mend the recipe and run `pulumi up` again: a new base instance is made",
                  "if the recipe is right (a mirror was down), or `limitMinutes` was too short and is raised:",
                  REPLACE,
                  "`pulumi up` by itself asks the same base instance again: it passes only when the recipe had finished after all",
                ],
              },
            ],
          },
        ],
      });
      assert.deepEqual(exists, [
        `${BASE}$aws:ec2/instance:Instance::web-1.0.0-base`,
        `${BASE}$aws:ec2/securityGroup:SecurityGroup::web-1.0.0-base-sg`,
        `${BASE}::web-1.0.0-base`,
        `${VERSION}::web-1.0.0`,
        `${URN}::web`,
      ]);
      const others = dev.resources.map(({ urn }) => urn).filter((urn) => !exists?.includes(urn));
      const early = others.filter((urn) => urn.includes("ImageParameters::"));
      assert.equal(early.length, 1);
      assert.deepEqual([missing, either], [others.filter((urn) => !early.includes(urn)).sort(), early]);
    });

    it("refuses a name that nothing has, and prints nothing else", () => {
      assert.deepEqual([unknown.code, unknown.out], [2, ""]);
      assert.match(
        unknown.err,
        /^--fail "web-1\.0\.0-verifed": the stack dev has no resource and no gate of that name\./,
      );
      assert.match(
        unknown.err,
        /Did you mean web-1\.0\.0-verified, or .*\nWhat can fail .*\n {2}web-1\.0\.0-base-sg\n/,
      );
      assert.match(unknown.err, /\n {2}web-live, web-live:rolloutFinished\n[^]*\nSee npm run simulate -- --help\n$/);
    });

    it("shows the problems of a broken program too, and exits with 1", () => {
      assert.equal(broken.code, 1);
      assert.match(
        broken.out,
        /^named fails at its creation: 0 exist, 1 does not, 0 either way\n\nProblems\n {2}error: not so\n/,
      );
    });
  });
});
