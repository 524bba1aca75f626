/** `simulate --against`, on the demo and on this repository's own stacks. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { differenceOf, type Difference } from "../../../simulation/difference";
import { readEarlier } from "../../../simulation/difference/earlier";
import { loadOutput } from "../../../simulation/output";
import { lastPart } from "../../../simulation/text";
import type { RecordedResource } from "../../../simulation/types";
import { UsageError } from "../../../simulation/usageError";
import { fixture, simulate, type Run } from "../command";

/** Runs some at once: two processors are what there is. */
async function all<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  const waiting = [...tasks.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) results[next[0]] = await next[1]();
  };
  await Promise.all([worker(), worker()]);
  return results;
}

describe("simulating against an earlier simulation", function () {
  this.timeout(120_000);
  let directory = "";
  before(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), "against-"))));
  after(() => fs.rmSync(directory, { recursive: true }));

  const save = (name: string, text: string): string => {
    const file = path.join(directory, name);
    fs.writeFileSync(file, text);
    return file;
  };

  describe("of the demo", () => {
    const demo = fixture("demo");
    let text: Run;
    let json: Run;

    before(async () => {
      const expected = fs.readFileSync(path.join(demo, "expected.dev.json"), "utf8");
      const earlier = expected
        .replace('"subnet-assumed-us-east-1a"', '"subnet-1"')
        .replaceAll("site-copies-eu-west-1", "site-copies-eu-north-1");
      const file = save("demo.json", earlier);
      [text, json] = (await all([
        () => simulate(["--cwd", demo, "--against", file]),
        () => simulate(["--cwd", demo, "--against", file, "--json"]),
      ])) as [Run, Run];
    });

    it("is this text, in the place of the tree", () => {
      assert.deepEqual([text.code, text.err], [0, ""]);
      assert.equal(text.out, TEXT);
    });

    it("is this data, beside the rest", () => {
      const { against, version, resources } = JSON.parse(json.out) as {
        against: unknown;
        version: number;
        resources: unknown[];
      };
      assert.deepEqual([version, resources.length], [1, 5]);
      assert.deepEqual(against, DATA);
    });
  });

  describe("of this repository's stacks", () => {
    const first = [["1.0.0"], "1.0.0"] as const;
    const states = {
      candidate: [["1.0.0", "1.1.0"], "1.0.0"],
      released: [["1.0.0", "1.1.0"], "1.1.0"],
      retired: [["1.1.0"], "1.1.0"],
    } as const;
    type State = "first" | keyof typeof states;
    const runs = new Map<string, RecordedResource[]>();

    before(async () => {
      const image = { imageId: "ami-1", recipe: "d" };
      const outputs = save("dev.json", JSON.stringify({ images: { "1.0.0": image, "1.1.0": image } }));
      const tasks = ["dev", "prod"].flatMap((stack) =>
        // What a candidate makes in prod is what retiring it deletes.
        Object.entries({ ...(stack === "dev" && { first }), ...states }).map(
          ([state, [versions, current]]) =>
            async () => {
              const run = await simulate([
                ...["--stack", stack, "--json", "--stack-outputs", `dev=${outputs}`],
                ...["--config", `ami-lifecycle:versions=${JSON.stringify(versions)}`],
                ...["--config", `ami-lifecycle:current=${current}`],
              ]);
              assert.equal(run.code, 0, run.out + run.err);
              const file = save(`${stack}-${state}.json`, run.out);
              runs.set(`${stack} ${state}`, readEarlier(file, { name: "pulumi-ami-lifecycle", stack }).resources);
            },
        ),
      );
      await all(tasks);
    });

    /** `NAME TYPE` of each, of the groups that are not empty; components left out. */
    const difference = (stack: string, from: State, to: State) => {
      const of = (state: State) => runs.get(`${stack} ${state}`) ?? [];
      const found: Difference = differenceOf(of(from), of(to));
      const short = ({ name, type }: RecordedResource) => `${name} ${lastPart(type)}`;
      const made = (list: readonly RecordedResource[]) =>
        list
          .filter(({ kind }) => kind === "custom")
          .map(short)
          .sort();
      const groups = {
        created: made(found.created),
        replaced: made(found.replaced.map(({ resource }) => resource)),
        updated: made(found.updated.map(({ resource }) => resource)),
        undecided: made(found.undecided.map(({ resource }) => resource)),
        mayChange: made(found.mayChange.map(({ resource }) => resource)),
        deleted: made(found.deleted),
      };
      return Object.fromEntries(Object.entries(groups).filter(([, list]) => list.length > 0));
    };
    const image = (version: string) => [`web-${version} AmiFromInstance`, `web-${version}-verified Tag`];
    const copy = (version: string, region: string) => [
      `web-${version}-${region} AmiCopy`,
      `web-${version}-${region}-verified Tag`,
    ];
    const base = (version: string) => [`web-${version}-base Instance`, `web-${version}-base-sg SecurityGroup`];
    const pointer = (name: string, regions: readonly string[]) =>
      regions.map((region) => `web-${region}-${name} Parameter`);
    const rollout = (regions: readonly string[], more: readonly string[] = [], templates: readonly string[] = []) => ({
      updated: ["web-template LaunchTemplate", ...templates],
      mayChange: [
        ...pointer("current", regions),
        ...pointer("pointers", regions),
        "web-live Parameter",
        ...more,
      ].sort(),
    });
    const DEV = ["eu-west-1", "us-east-1"];
    const PROD = ["us-east-1", "us-west-2"];

    it("says what a candidate makes in dev", () => {
      assert.deepEqual(difference("dev", "first", "candidate"), {
        created: [...image("1.1.0"), ...base("1.1.0"), ...copy("1.1.0", "eu-west-1"), ...pointer("1.1.0", DEV)].sort(),
        mayChange: ["web-1.0.0-verified Tag", ...pointer("candidate", DEV), ...pointer("pointers", DEV)].sort(),
        deleted: base("1.0.0"),
      });
    });

    it("says what a release, and a rollback, change: the fleet and its pointers", () => {
      for (const [stack, regions] of Object.entries({ dev: DEV, prod: PROD })) {
        const previous = pointer("previous", regions);
        const own = [
          ...["web-dashboard Dashboard", "web-us-west-2-dashboard Dashboard"],
          ...["web-us-west-2-recovery Parameter", "web-us-west-2-staged Parameter"],
        ];
        const moved =
          stack === "prod" ? rollout(regions, own, ["web-us-west-2-template LaunchTemplate"]) : rollout(regions);
        assert.deepEqual(difference(stack, "candidate", "released"), { created: previous, ...moved });
        assert.deepEqual(difference(stack, "released", "candidate"), { ...moved, deleted: previous });
      }
    });

    it("says what retiring deletes: in prod, which bakes nothing, copies only", () => {
      const pointers = (regions: readonly string[]) => [...pointer("1.0.0", regions), ...pointer("previous", regions)];
      assert.deepEqual(difference("dev", "released", "retired"), {
        mayChange: [...pointer("candidate", DEV), ...pointer("pointers", DEV)].sort(),
        deleted: [...image("1.0.0"), ...copy("1.0.0", "eu-west-1"), ...pointers(DEV)].sort(),
      });
      assert.deepEqual(difference("prod", "released", "retired"), {
        mayChange: [...pointer("candidate", PROD), ...pointer("pointers", PROD)].sort(),
        deleted: [...PROD.flatMap((region) => copy("1.0.0", region)), ...pointers(PROD)].sort(),
      });
    });

    it("says that the engine refuses to delete what was current until now, where that is protected", () => {
      const of = (stack: string, state: State) => runs.get(`${stack} ${state}`) ?? [];
      const refused = (stack: string) =>
        differenceOf(of(stack, "candidate"), of(stack, "retired")).refused.map(
          ({ name, type }) => `${name} ${lastPart(type)}`,
        );
      assert.deepEqual(refused("dev"), []);
      assert.deepEqual(
        refused("prod").sort(),
        PROD.map((region) => `web-1.0.0-${region} AmiCopy`),
      );
    });
  });

  describe("with a file that is none", () => {
    const stack = { name: "demo", stack: "dev" };
    const wrong = (text: string, message: string, of = stack) => {
      const file = save("wrong.json", text);
      const isRight = (error: Error) =>
        error instanceof UsageError && error.message === `--against ${file}: ${message}.`;
      assert.throws(() => readEarlier(file, of), isRight);
    };

    it("says so in one line", () => {
      const none = "it is not what `ami-lifecycle simulate --json` writes";
      for (const text of ["", "{", "[]", "{}", '{"version":1}', '{"version":1,"summary":{},"resources":[{}]}']) {
        wrong(text, none);
      }
      const expected = fs.readFileSync(path.join(fixture("demo"), "expected.dev.json"), "utf8");
      wrong(expected, "it is of demo/dev, this is demo/prod", { name: "demo", stack: "prod" });
      wrong(expected, "it is of demo/dev, this is shop/dev", { name: "shop", stack: "dev" });
      wrong(
        JSON.stringify({ ...(JSON.parse(expected) as object), version: 2 }),
        "a newer pulumi-ami-lifecycle wrote it (format 2, this one reads 1): write it again",
      );
      const missing = path.join(directory, "missing.json");
      assert.throws(() => readEarlier(missing, stack), { message: `--against ${missing}: there is no such file.` });
      assert.throws(() => readEarlier(directory, stack), {
        message: `--against ${directory}: it cannot be read (EISDIR).`,
      });
    });

    it("is found before the program runs, as is --fail beside it", async () => {
      const output = (fail: string[]) => loadOutput({ fail, against: "nothing.json", assume: [], json: true }, stack);
      await assert.rejects(output([]), { message: "--against nothing.json: there is no such file." });
      await assert.rejects(output(["x"]), UsageError);
      await assert.rejects(output(["x"]), { message: "--fail and --against cannot go together." });
    });
  });
});

const SITE = "urn:pulumi:dev::demo::demo:index:Site$";
const COPIES = `${SITE}demo:index:Copies$aws:ec2/amiCopy:AmiCopy::site-copies-`;
const BASE = `${SITE}aws:ec2/instance:Instance::site-base`;

const TEXT = `dev: 1 created, 1 replaced, 1 may change, 1 deleted, 2 unchanged

Refused by \`pulumi up\`
  error: site-base would be replaced and is protected: \`pulumi up\` refuses
    take \`protect\` away and run \`pulumi up\` first

Created: 1 resource
  └─ site-copies-eu-west-1  AmiCopy  eu-west-1

Replaced: 1 resource
  └─ site-base  Instance  us-east-1  forced by subnetId

May change: 1 resource
  Inputs that are known only later, and come from other resources than before, or from new ones. If
  the values differ, these are updated, or replaced where it says so.
  └─ site-image  AmiFromInstance  us-east-1
        sourceInstanceId may change with site-base · is replaced then

Deleted: 1 resource
  └─ site-copies-eu-north-1  AmiCopy  eu-west-1

Notes
  1 secret or file could not be compared
`;

const NONE = {
  replacedBy: [],
  notInTable: [],
  replacedWith: [],
  knownOnlyLater: [],
  wasKnownOnlyLater: [],
  mayChange: [],
};

const DATA = {
  sentence: "dev: 1 created, 1 replaced, 1 may change, 1 deleted, 2 unchanged",
  created: [`${COPIES}eu-west-1`],
  replaced: [{ ...NONE, urn: BASE, changed: ["subnetId"], replacedBy: ["subnetId"] }],
  updated: [],
  updatedOrReplaced: [],
  mayChange: [
    {
      ...NONE,
      urn: `${SITE}aws:ec2/amiFromInstance:AmiFromInstance::site-image`,
      changed: [],
      mayChange: [{ input: "sourceInstanceId", with: [BASE], without: [], replaces: true }],
    },
  ],
  deleted: [`${COPIES}eu-north-1`],
  unchanged: 2,
  refused: [BASE],
  protection: { on: [], off: [] },
  notCompared: 1,
  earlierHadErrors: false,
};
