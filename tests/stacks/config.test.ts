import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { formatProblem } from "../../components/internal/problems";
import { parseSettings } from "../../stacks/config";
import { readSettings } from "../../stacks/readSettings";
import { runProgram } from "../support/mocks";
import { onlyError, RECIPE } from "../support/reading";

type Values = { [key: string]: unknown };

/** Config as the engine gives it: every value is text, lists and mappings are JSON. */
function raw(values: Values): { [key: string]: string } {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [
        key.includes(":") ? key : `ami-lifecycle:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
  );
}

const DEV: Values = { "aws:region": "us-east-1", versions: ["1.0.0"], current: "1.0.0", recipe: RECIPE };
const PROD: Values = {
  "aws:region": "us-east-1",
  versions: ["1.0.0"],
  current: "1.0.0",
  source: "organization/pulumi-ami-lifecycle/dev",
};
const parseDev = (changes: Values = {}, stack = "dev") => parseSettings({ values: raw({ ...DEV, ...changes }), stack });
const parseProd = (changes: Values = {}) => parseSettings({ values: raw({ ...PROD, ...changes }), stack: "prod" });
const lines = ({ problems }: { problems: Parameters<typeof formatProblem>[0][] }) => problems.map(formatProblem);

/** Hex digits that do not get smaller than half when gzipped. */
const incompressible = (bytes: number) => {
  let text = "";
  for (let i = 0; text.length < bytes; i++) text += createHash("sha256").update(String(i)).digest("hex");
  return text.slice(0, bytes);
};
const OVERSIZE = { ...RECIPE, steps: [{ file: { path: "/srv/data", content: incompressible(60_000) } }] };
const STEP_FIELDS =
  "upgrade, packages, nodejs, app, pm2, file, user, firewall, environment, service, disableServices, run";
const KEY = "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555";

/** Ten ways to be wrong: what is changed, and the one line that tells it. */
const WRONG: { [what: string]: [Values, string | RegExp] } = {
  "an unknown key": [
    { verzions: ["1.0.0"] },
    /^ami-lifecycle:verzions: allowed is environment, line, versions, current, .*, tags\. Did you mean "versions"\.$/,
  ],
  "versions out of order": [
    { versions: ["1.1.0", "1.0.0"] },
    'ami-lifecycle:versions[1]: got "1.0.0", allowed is a version after 1.1.0: the oldest comes first. ' +
      "Put the versions in order and append new ones at the end.",
  ],
  "a current version that is not kept": [
    { current: "0.9.0" },
    'ami-lifecycle:current: got "0.9.0", allowed is one of the versions kept (1.0.0). ' +
      "Move `current` to a kept version first; a version can be removed only when nothing runs it.",
  ],
  "a region that is none": [
    { copyTo: ["Ireland"] },
    'ami-lifecycle:copyTo[0]: got "Ireland", allowed is a region\'s name such as eu-west-1. ' +
      "Use a name that `aws ec2 describe-regions` lists.",
  ],
  "an unknown operating system": [
    { recipe: { ...RECIPE, os: "ubuntu-24.4" } },
    'ami-lifecycle:recipe.os: got "ubuntu-24.4", allowed is one of ubuntu-24.04, ubuntu-22.04, debian-12, amazon-linux-2023, rhel-9, windows-2022, windows-2025. ' +
      'Did you mean "ubuntu-24.04".',
  ],
  "a step with two fields": [
    { recipe: { ...RECIPE, steps: [{ packages: ["nginx"], run: "true" }] } },
    `ami-lifecycle:recipe.steps[0]: got "packages, run", allowed is exactly one of ${STEP_FIELDS}. ` +
      "Make each an item of its own.",
  ],
  "a step with none": [
    { recipe: { ...RECIPE, steps: [{}] } },
    `ami-lifecycle:recipe.steps[0]: got "none", allowed is exactly one of ${STEP_FIELDS}. Set one.`,
  ],
  "a port out of range": [
    { port: 65536 },
    "ami-lifecycle:port: got 65536, allowed is a TCP port, 1 to 65535. Give the port the instances listen on.",
  ],
  "a recipe that does not fit": [
    { recipe: OVERSIZE },
    /^ami-lifecycle:recipe: got "a script of \d+ bytes, \d+ when gzipped", allowed is at most 16384 bytes of user data when gzipped \(EC2's limit\)\. Move large file contents to a repository \(app step\) or download them in a run step\.$/,
  ],
  "a key of another region": [
    { copyTo: ["eu-west-1"], kmsKeyArns: { "eu-west-1": KEY } },
    `ami-lifecycle:kmsKeyArns["eu-west-1"]: got "${KEY}", allowed is a key of eu-west-1. ` +
      "Give a key of eu-west-1, or a replica of this multi-Region key there.",
  ],
};

describe("the config of a stack: what is wrong", () => {
  for (const [what, [changes, expected]] of Object.entries(WRONG)) {
    it(`${what}: says where, what is allowed and what to do`, () => {
      const found = lines(parseDev(changes));
      assert.equal(found.length, 1, found.join("\n"));
      if (typeof expected === "string") assert.equal(found[0], expected);
      else assert.match(found[0] as string, expected);
    });
  }

  const ALL: Values = {
    verzions: ["1.0.0"],
    versions: ["1.1.0", "1.0.0"],
    current: "0.9.0",
    copyTo: ["Ireland", "eu-west-1"],
    recipe: { ...RECIPE, os: "ubuntu-24.4", steps: [{ packages: ["nginx"], run: "true" }, {}] },
    port: 65536,
    kmsKeyArns: { "eu-west-1": KEY },
  };
  const PATHS = [
    "ami-lifecycle:verzions",
    "ami-lifecycle:versions[1]",
    "ami-lifecycle:current",
    "ami-lifecycle:port",
    "ami-lifecycle:copyTo[0]",
    'ami-lifecycle:kmsKeyArns["eu-west-1"]',
    "ami-lifecycle:recipe.os",
    "ami-lifecycle:recipe.steps[0]",
    "ami-lifecycle:recipe.steps[1]",
  ];

  it("everything at once: one error that lists all, and no resource", async () => {
    const run = await runProgram(() => void readSettings(), { config: raw({ ...DEV, ...ALL }) });
    const error = onlyError(run);
    assert.ok(pulumi.RunError.isInstance(error));
    const [first, ...rest] = error.message.split("\n");
    assert.equal(first, "Config of stack dev (Pulumi.dev.yaml): 9 problems");
    assert.deepEqual(
      rest.map((line) => /^ {2}- (\S+?): .+\.$/.exec(line)?.[1]),
      PATHS,
    );
    assert.deepEqual(run.resources, []);
  });

  it("values of another kind than the key's, each with what it takes", () => {
    const kinds: [string, unknown, string][] = [
      ["minSize", "two", "a number"],
      ["minSize", " ", "a number"],
      ["maxSize", "Infinity", "a number"],
      ["sessionManager", "yes", "true or false"],
      ["versions", "1.0.0", "a list, e.g. [a, b]"],
      ["copyTo", { a: 1 }, "a list, e.g. [a, b]"],
      ["recipe", [], "a mapping of keys to values"],
      ["tags", "null", "a mapping of keys to values"],
      ["kmsKeyArns", "{", "a mapping of keys to values"],
    ];
    for (const [key, given, allowed] of kinds) {
      const found = parseDev({ [key]: given }).problems.filter(({ path: at }) => at === `ami-lifecycle:${key}`);
      assert.equal(found[0]?.allowed, allowed, `${key} ${JSON.stringify(given)}`);
    }
  });

  it("YAML's own traps: 1.0 is a number there", () => {
    assert.deepEqual(
      lines(parseDev({ versions: [1.1], current: "1.1" }))[0],
      [
        "ami-lifecycle:versions[0]: got 1.1, allowed is a version such as 1.4.0 or 2.0.0-rc.1. " +
          "Use MAJOR.MINOR.PATCH (in YAML, quote it when it has only two parts).",
      ][0],
    );
  });

  it("keys of the other environment", () => {
    assert.deepEqual(lines(parseDev({ source: "dev" })), [
      "ami-lifecycle:source: allowed is only in prod stacks (this one is dev). Remove it.",
    ]);
    const changes = { recipe: RECIPE, baseImageId: "ami-0123456789abcdef0", rootVolumeGiB: 16, limitMinutes: 10 };
    assert.deepEqual(
      parseProd(changes).problems.map(({ path: at, allowed }) => [at, allowed]),
      Object.keys(changes).map((key) => [`ami-lifecycle:${key}`, "only in dev stacks (this one is prod)"]),
    );
  });

  it("what is missing", () => {
    const nothing = parseSettings({ values: {}, stack: "dev" }).problems.map(({ path: at }) => at);
    assert.deepEqual(nothing, ["ami-lifecycle:versions", "aws:region", "ami-lifecycle:recipe"]);
    const prod = parseSettings({ values: {}, stack: "prod" }).problems.map(({ path: at }) => at);
    assert.deepEqual(prod, ["ami-lifecycle:versions", "aws:region", "ami-lifecycle:source"]);
  });

  it("a stack whose name is no environment, and an environment that does not exist", () => {
    const [unnamed] = lines(parseDev({}, "staging"));
    assert.equal(
      unnamed,
      'ami-lifecycle:environment: got "staging", allowed is dev (bakes) or prod (promotes). The stack\'s name is ' +
        "neither, so say which program it runs: pulumi config set ami-lifecycle:environment dev.",
    );
    const [mistyped] = lines(parseDev({ environment: "prd" }, "staging"));
    assert.match(mistyped as string, /^ami-lifecycle:environment: got "prd", .*\. Did you mean "prod"\.$/);
  });

  it("where the base image is looked up: one way, never a name alone, only in dev", () => {
    const owner = "309956199498";
    const right = parseDev({ baseImage: { owner, namePattern: "RHEL-9*" } });
    assert.deepEqual(right.problems, []);
    assert.deepEqual(right.settings.baseImage, { owner, namePattern: "RHEL-9*" });
    const at = (changes: object) => parseDev(changes as never).problems.map(({ path }) => path);
    assert.deepEqual(at({ baseImage: { namePattern: "RHEL-9*" } }), ["ami-lifecycle:baseImage.owner"]);
    assert.deepEqual(at({ baseImage: { ssmParameter: "/a", productCode: "x" } }), [
      "ami-lifecycle:baseImage.productCode",
      "ami-lifecycle:baseImage",
    ]);
    assert.deepEqual(at({ baseImage: { ssmParameter: "/a" }, baseImageId: "ami-0123456789abcdef0" }), [
      "ami-lifecycle:baseImage",
    ]);
    assert.deepEqual(at({ baseImage: "RHEL-9*" }), ["ami-lifecycle:baseImage"]);
    assert.deepEqual(
      parseProd({ baseImage: { ssmParameter: "/a" } }).problems.map(({ path, allowed }) => [path, allowed]),
      [["ami-lifecycle:baseImage", "only in dev stacks (this one is prod)"]],
    );
  });

  it("sizes, limits, names and tags", () => {
    const changes = {
      line: "web site",
      baseImageId: "ami-x",
      rootVolumeGiB: 0,
      instanceType: "large",
      minSize: 5,
      maxSize: 3,
      limitMinutes: 0,
      rolloutMinutes: 9999,
      tags: { "aws:x": "y" },
      "aws:region": "Virginia",
    };
    assert.deepEqual(
      parseDev(changes).problems.map(({ path: at }) => at),
      [
        "ami-lifecycle:line",
        "ami-lifecycle:baseImageId",
        "ami-lifecycle:rootVolumeGiB",
        "ami-lifecycle:instanceType",
        "ami-lifecycle:limitMinutes",
        "ami-lifecycle:rolloutMinutes",
        'ami-lifecycle:tags["aws:x"]',
        "aws:region",
        "ami-lifecycle:minSize",
      ],
    );
  });

  it("a copy to the home region in dev; a key for it is right in both, for one that gets no image in none", () => {
    assert.deepEqual(
      parseDev({ copyTo: ["us-east-1"] }).problems.map(({ allowed }) => allowed),
      ["regions other than the image's own"],
    );
    assert.deepEqual(parseProd({ kmsKeyArns: { "us-east-1": KEY } }).problems, []);
    assert.deepEqual(parseDev({ kmsKeyArns: { "us-east-1": KEY } }).problems, []);
    assert.deepEqual(
      parseDev({ kmsKeyArns: { "eu-west-1": KEY.replace("us-east-1", "eu-west-1") } }).problems.map(
        ({ allowed }) => allowed,
      ),
      ["keys of the regions copied to (us-east-1)"],
    );
  });

  it("sharing: malformed, unknown, or under a key that nobody else can use", () => {
    const paths = (changes: Values) => parseDev(changes).problems.map(({ path: at }) => at);
    const shareWith = { accounts: ["444455556666"] };
    assert.deepEqual(paths({ shareWith, imageKeys: true }), []);
    assert.deepEqual(paths({ shareWith, kmsKeyArns: { "us-east-1": KEY } }), []);
    assert.deepEqual(paths({ shareWith, copyTo: ["eu-west-1"], kmsKeyArns: { "us-east-1": KEY } }), [
      'ami-lifecycle:kmsKeyArns["eu-west-1"]',
    ]);
    assert.deepEqual(paths({ shareWith }), ['ami-lifecycle:kmsKeyArns["us-east-1"]']);
    assert.deepEqual(paths({ shareWith: { accounts: ["all", 1] }, imageKeys: true }), [
      "ami-lifecycle:shareWith.accounts[0]",
      "ami-lifecycle:shareWith.accounts[1]",
    ]);
    const [unknown] = parseDev({ shareWith: { account: ["444455556666"] }, imageKeys: true }).problems;
    assert.deepEqual([unknown?.path, unknown?.fix], ["ami-lifecycle:shareWith.account", 'Did you mean "accounts"']);
    assert.deepEqual(paths({ shareWith: { accounts: "444455556666" }, imageKeys: true }), [
      "ami-lifecycle:shareWith.accounts",
    ]);
  });

  it("days out of range, more versions than are to be kept", () => {
    const paths = (changes: Values) => parseDev(changes).problems.map(({ path: at }) => at);
    assert.deepEqual(paths({ deprecateAfterDays: 0, recycleBinDays: 366 }), [
      "ami-lifecycle:deprecateAfterDays",
      "ami-lifecycle:recycleBinDays",
    ]);
    assert.deepEqual(paths({ keep: 2, versions: ["1.0.0", "1.1.0", "1.2.0"], current: "1.2.0" }), [
      "ami-lifecycle:versions",
    ]);
    assert.deepEqual(paths({ keep: 1 }), ["ami-lifecycle:keep"]);
  });

  it("adopted images: of a version that is not kept, without an id, in prod", () => {
    const id = "ami-0123456789abcdef0";
    const { settings, problems } = parseDev({ adopt: { "1.0.0": id }, recipe: undefined });
    assert.deepEqual([problems, settings.adopt], [[], { "1.0.0": { imageId: id } }]);
    assert.deepEqual(
      parseDev({ adopt: { "0.9.0": id, "1.0.0": { owner: "1" } } }).problems.map(({ path: at }) => at),
      ['ami-lifecycle:adopt["0.9.0"]', 'ami-lifecycle:adopt["1.0.0"].imageId', 'ami-lifecycle:adopt["1.0.0"].owner'],
    );
    assert.deepEqual(
      parseProd({ adopt: { "1.0.0": id } }).problems.map(({ path: at }) => at),
      ["ami-lifecycle:adopt"],
    );
  });

  it("one image as two versions", () => {
    const id = "ami-0123456789abcdef0";
    const versions = ["1.0.0", "1.1.0", "1.2.0"];
    const adopt = { "1.0.0": id, "1.1.0": "ami-0123456789abcdef1", "1.2.0": { imageId: id } };
    assert.deepEqual(lines(parseDev({ versions, current: "1.0.0", adopt })), [
      `ami-lifecycle:adopt["1.2.0"].imageId: got "${id}", allowed is an image of one version (1.0.0 has this one). ` +
        "Remove one of the two.",
    ]);
  });

  it("more days in the Recycle Bin than keys made here are kept", () => {
    const paths = (changes: Values) => parseDev(changes).problems.map(({ path: at }) => at);
    assert.deepEqual(paths({ recycleBinDays: 30, imageKeys: true }), []);
    assert.deepEqual(paths({ recycleBinDays: 31 }), []);
    assert.deepEqual(paths({ recycleBinDays: 31, imageKeys: true }), ["ami-lifecycle:recycleBinDays"]);
    const own = { imageKeys: true, kmsKeyArns: { "us-east-1": KEY }, recycleBinDays: 365 };
    assert.deepEqual(paths(own), []);
    assert.deepEqual(paths({ ...own, copyTo: ["eu-west-1"] }), ["ami-lifecycle:recycleBinDays"]);
  });

  it("prod without a source and without images, with both, and with images that are not whole", () => {
    const whole = {
      imageId: "ami-0123456789abcdef0",
      region: "us-east-1",
      owner: "444455556666",
      recipeDigest: "0123456789abcdef",
      architecture: "arm64",
    };
    const paths = (changes: Values) => parseProd(changes).problems.map(({ path: at }) => at);
    assert.deepEqual(paths({ source: undefined, images: { "1.0.0": whole } }), []);
    assert.deepEqual(paths({ source: undefined }), ["ami-lifecycle:source"]);
    assert.deepEqual(paths({ images: { "1.0.0": whole } }), ["ami-lifecycle:source"]);
    assert.deepEqual(paths({ source: undefined, images: { "1.0.0": { ...whole, owner: undefined, region: "x" } } }), [
      'ami-lifecycle:images["1.0.0"].owner',
      'ami-lifecycle:images["1.0.0"].region',
    ]);
    assert.deepEqual(paths({ source: undefined, images: { "1.0.0": whole, "1.1.0": whole } }), [
      'ami-lifecycle:images["1.1.0"]',
    ]);
    assert.deepEqual(paths({ source: undefined, images: { "1.0.0": "ami-1" } }), ['ami-lifecycle:images["1.0.0"]']);
  });

  it("regions, tags and keys that are no text", () => {
    const paths = (changes: Values) => parseDev(changes).problems.map(({ path: at }) => at);
    assert.deepEqual(paths({ copyTo: [{ region: "eu-west-1" }] }), ["ami-lifecycle:copyTo[0]"]);
    assert.deepEqual(paths({ copyTo: [null] }), ["ami-lifecycle:copyTo[0]"]);
    assert.deepEqual(paths({ tags: { a: { b: "c" } } }), ['ami-lifecycle:tags["a"]']);
    assert.deepEqual(paths({ tags: { a: null } }), ['ami-lifecycle:tags["a"]']);
    assert.deepEqual(paths({ copyTo: ["eu-west-1"], kmsKeyArns: { "eu-west-1": {} } }), [
      'ami-lifecycle:kmsKeyArns["eu-west-1"]',
    ]);
  });

  it("an architecture: the images say theirs", () => {
    for (const found of [parseDev({ architecture: "arm64" }), parseProd({ architecture: "arm64" })]) {
      assert.deepEqual(
        found.problems.map(({ path: at }) => at),
        ["ami-lifecycle:architecture"],
      );
    }
  });
});

describe("the config of a stack: what is right", () => {
  const ROOT = path.join(__dirname, "..", "..");
  const fileOf = (stack: string): Values => {
    const home = (parse(fs.readFileSync(path.join(ROOT, "Pulumi.yaml"), "utf8")) as { config: Values }).config;
    const own = parse(fs.readFileSync(path.join(ROOT, `Pulumi.${stack}.yaml`), "utf8")) as { config: Values };
    return { ...home, ...own.config };
  };

  describe("of an existing server", () => {
    const fromInstanceId = "i-0123456789abcdef0";

    it("takes it with a recipe, or without one", () => {
      for (const recipe of [RECIPE, undefined]) {
        const { settings, problems } = parseDev({ recipe, fromInstanceId, reboot: false });
        assert.deepEqual(problems, []);
        assert.deepEqual([settings.fromInstanceId, settings.reboot, settings.recipe], [fromInstanceId, false, recipe]);
      }
      assert.deepEqual(lines(parseDev({ fromInstanceId, keepRawImage: false })), []);
    });

    it("tells what does not go together, by its key", () => {
      const paths = (changes: Values) => parseDev(changes).problems.map(({ path: key }) => key);
      const without = { recipe: undefined, fromInstanceId };
      assert.deepEqual(paths({ fromInstanceId: "web-1" }), ["ami-lifecycle:fromInstanceId"]);
      assert.deepEqual(paths({ recipe: undefined }), ["ami-lifecycle:recipe"]);
      assert.deepEqual(paths({ reboot: true }), ["ami-lifecycle:reboot"]);
      assert.deepEqual(paths({ keepRawImage: true }), ["ami-lifecycle:keepRawImage"]);
      assert.deepEqual(paths({ fromInstanceId, baseImageId: "ami-0123456789abcdef0" }), ["ami-lifecycle:baseImageId"]);
      assert.deepEqual(paths({ ...without, keepRawImage: false }), ["ami-lifecycle:keepRawImage"]);
      assert.deepEqual(paths({ ...without, rootVolumeGiB: 20 }), ["ami-lifecycle:rootVolumeGiB"]);
      const prod = parseProd({ fromInstanceId, reboot: true, keepRawImage: false }).problems;
      assert.deepEqual(
        prod.map(({ path: key }) => key),
        ["fromInstanceId", "reboot", "keepRawImage"].map((key) => `ami-lifecycle:${key}`),
      );
    });
  });

  it("dev's defaults: small, no load balancer", () => {
    assert.deepEqual(parseDev(), {
      problems: [],
      settings: {
        environment: "dev",
        line: "web",
        versions: ["1.0.0"],
        current: "1.0.0",
        keep: undefined,
        protect: false,
        deprecateAfterDays: undefined,
        recycleBinDays: 0,
        region: "us-east-1",
        activeRegion: "us-east-1",
        lostRegion: undefined,
        providerRegion: "us-east-1",
        recovery: undefined,
        dns: undefined,
        regional: {},
        copyTo: [],
        kmsKeyArns: {},
        imageKeys: false,
        shareWith: {},
        fromInstanceId: undefined,
        reboot: undefined,
        keepRawImage: undefined,
        adopt: {},
        recipe: RECIPE,
        baseImageId: undefined,
        baseImage: undefined,
        rootVolumeGiB: undefined,
        source: undefined,
        images: undefined,
        instanceType: undefined,
        minSize: 1,
        maxSize: 2,
        port: undefined,
        healthPath: "/",
        fleetRegions: [],
        fleetOrder: "home-first",
        network: undefined,
        loadBalancer: undefined,
        monitoring: undefined,
        mixedInstances: undefined,
        warmPool: undefined,
        scaling: undefined,
        rollout: undefined,
        sessionManager: true,
        limitMinutes: 30,
        rolloutMinutes: 150,
        tags: {},
      },
    });
  });

  it("prod's defaults: two instances at least, behind a load balancer", () => {
    const { settings, problems } = parseProd();
    assert.deepEqual(problems, []);
    assert.deepEqual([settings.protect, settings.recycleBinDays], [true, 14]);
    const front = (changes: Values = {}) => parseProd(changes).settings.loadBalancer;
    assert.deepEqual(front(), { accessLogs: true, deletionProtection: true });
    assert.deepEqual(front({ protect: false }), { accessLogs: true });
    const own = { accessLogsBucket: "logs", deletionProtection: false };
    assert.deepEqual(front({ loadBalancer: own }), own);
    assert.deepEqual(settings.monitoring, { alarms: true, dashboard: true });
    const { environment, minSize, maxSize, port, source, recipe } = settings;
    assert.deepEqual(
      { environment, minSize, maxSize, port, source, recipe },
      { environment: "prod", minSize: 2, maxSize: 6, port: 80, source: PROD.source, recipe: undefined },
    );
  });

  it("staging reuses dev, and pre-production prod, by ami-lifecycle:environment", () => {
    const staging = parseDev({ environment: "dev" }, "staging");
    assert.deepEqual(staging, parseDev());
    const pre = parseSettings({ values: raw({ ...PROD, environment: "prod" }), stack: "preprod" });
    assert.deepEqual(pre, parseProd());
    assert.equal(
      parseSettings({ values: raw({ ...PROD, environment: "prod" }), stack: "dev" }).settings.environment,
      "prod",
    );
  });

  it("every key set", () => {
    const { settings, problems } = parseDev({
      line: "shop",
      versions: ["1.0.0", "1.1.0-rc.1", "1.1.0"],
      current: "1.0.0",
      copyTo: ["eu-west-1"],
      kmsKeyArns: { "eu-west-1": KEY.replace("us-east-1", "eu-west-1") },
      baseImageId: "ami-0123456789abcdef0",
      rootVolumeGiB: 16,
      keep: 5,
      protect: true,
      deprecateAfterDays: 90,
      recycleBinDays: 30,
      imageKeys: true,
      shareWith: { accounts: ["444455556666"] },
      adopt: { "1.0.0": "ami-0123456789abcdef1" },
      limitMinutes: 45,
      instanceType: "m7i.large",
      minSize: 0,
      maxSize: "8",
      port: 8080,
      healthPath: "/healthy",
      sessionManager: false,
      rolloutMinutes: 90,
      tags: { team: "web" },
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(
      [settings.minSize, settings.maxSize, settings.port, settings.sessionManager, settings.rootVolumeGiB],
      [0, 8, 8080, false, 16],
    );
    assert.deepEqual(settings.versions, ["1.0.0", "1.1.0-rc.1", "1.1.0"]);
  });

  it("other namespaces are none of its business", () => {
    assert.deepEqual(parseDev({ "aws:profile": "mine", "other:verzions": "x" }).problems, []);
  });

  for (const stack of ["dev", "prod"]) {
    it(`Pulumi.${stack}.yaml as it is shipped`, () => {
      assert.deepEqual(lines(parseSettings({ values: raw(fileOf(stack)), stack })), []);
    });
  }
});

describe("stacks/config: keys and values that would be ignored or cannot work", () => {
  const good = {
    "aws:region": "us-east-1",
    "ami-lifecycle:versions": '["1.0.0"]',
    "ami-lifecycle:current": "1.0.0",
    "ami-lifecycle:recipe": '{"os":"debian-12","steps":[{"packages":["nginx"]}]}',
  };
  const paths = (more: { [key: string]: string }) =>
    parseSettings({ values: { ...good, ...more }, stack: "dev" }).problems.map(({ path }) => path);

  it("names keys of ours under the project's or a misspelt namespace, and leaves others alone", () => {
    assert.deepEqual(paths({ "pulumi-ami-lifecycle:current": "1.0.0" }), ["pulumi-ami-lifecycle:current"]);
    assert.deepEqual(paths({ "ami-lifecyle:maxSize": "20" }), ["ami-lifecyle:maxSize"]);
    assert.deepEqual(paths({ "aws:profile": "work", "other:current": "x" }), []);
    assert.deepEqual(paths({ "ami-lifecyle:toString": "x", "pulumi-ami-lifecycle:constructor": "x" }), []);
  });

  it("wants an instance type of the recipe's architecture", () => {
    assert.deepEqual(paths({ "ami-lifecycle:instanceType": "t4g.small" }), ["ami-lifecycle:instanceType"]);
    assert.deepEqual(paths({ "ami-lifecycle:instanceType": "g4dn.xlarge" }), []);
    const arm = {
      "ami-lifecycle:recipe": '{"os":"debian-12","architecture":"arm64","steps":[{"packages":["nginx"]}]}',
    };
    assert.deepEqual(paths({ ...arm, "ami-lifecycle:instanceType": "im4gn.large" }), []);
    assert.deepEqual(paths({ ...arm, "ami-lifecycle:instanceType": "m7i.large" }), ["ami-lifecycle:instanceType"]);
  });

  it("says that current is missing, rather than how to remove a version", () => {
    const without: { [key: string]: string } = { ...good };
    delete without["ami-lifecycle:current"];
    const [problem] = parseSettings({ values: without, stack: "dev" }).problems;
    assert.equal(problem?.path, "ami-lifecycle:current");
    assert.match(problem?.fix ?? "", /missing/);
  });
});
