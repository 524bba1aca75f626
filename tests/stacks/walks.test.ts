/** Whatever is released, rolled back and retired: what the programs then make hangs together. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { releasePlan, retirePlan, rollbackPlan, type Line, type Plan } from "../../cli/line/plan";
import { Refusal } from "../../cli/line/refusal";
import { pointersOf } from "../../components/internal/pointers";
import { parseSettings } from "../../stacks/config";
import { dev } from "../../stacks/dev";
import { prod } from "../../stacks/prod";
import { type Recorded, type Run, runProgram } from "../support/mocks";
import { all, assertFine, only, RECIPE } from "../support/reading";

const REGIONS = ["us-east-1", "eu-west-1", "us-west-2"];
const SOURCE = "organization/pulumi-ami-lifecycle/dev";

interface Step {
  do: "release" | "candidate" | "rollback" | "retire";
  at: number;
  /** Whether an `up` follows; one that fails before anything is made is like none. */
  up: boolean;
}
const walksOf = (maxLength: number) =>
  fc.array(
    fc.record<Step>({
      do: fc.constantFrom("release", "candidate", "rollback", "retire"),
      at: fc.nat(5),
      up: fc.boolean(),
    }),
    { minLength: 2, maxLength },
  );
const keeps = fc.option(fc.integer({ min: 3, max: 5 }), { nil: undefined });

const lineOf = (more: Partial<Line>): Line => ({
  ...{ name: "web", versions: ["1.0.0"], current: "1.0.0", protect: false, adopted: [], promoted: [] },
  ...{ bakes: true, recycleBinDays: 0, ...more },
});

/** One step; undefined when it is refused. */
function planOf(line: Line, { do: what, at }: Pick<Step, "do" | "at">): Plan | undefined {
  const old = line.versions[at % line.versions.length]!;
  const [major, minor] = line.versions.at(-1)!.split(".").map(Number);
  const next = at % 2 === 0 ? `${major}.${minor! + 1}.0` : old;
  try {
    if (what === "rollback") return rollbackPlan(line);
    return what === "retire" ? retirePlan(line, [old]) : releasePlan(line, next, what === "candidate");
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** A refused step changes nothing. */
const after = (line: Line, plan: Plan | undefined): Line =>
  plan === undefined ? line : { ...line, versions: plan.versions, current: plan.current };

/** What AWS and the state have, which no config file says. */
class World {
  /** Versions with images. */
  made = new Set<string>();
  running = "";
  /** What the state protects. */
  guarded: string[] = [];
  refusals = 0;

  /** Versions that cannot be made any more. */
  unmakable({ bakes, versions }: Pick<Line, "bakes" | "versions">): string[] {
    return bakes ? versions.slice(0, -1).filter((version) => !this.made.has(version)) : [];
  }

  /** One `up`: the engine makes first, rolls then, and deletes last; what it refuses it does not do at all. */
  up(line: Line): boolean {
    const gone = [...this.made].filter((version) => !line.versions.includes(version));
    if (gone.some((version) => this.guarded.includes(version)) || this.unmakable(line).length > 0) {
      this.refusals++;
      return false;
    }
    const { current, previous } = pointersOf(line.versions, line.current);
    this.made = new Set(line.versions);
    this.running = line.current;
    this.guarded = line.protect ? [current, ...(previous === undefined ? [] : [previous])] : [];
    return true;
  }
}

/** What the command must have said of its edit, whatever the world is like. */
function assertSaid(world: World, line: Line, { versions, current, says }: Plan): void {
  const gone = line.versions.filter((version) => !versions.includes(version));
  const told = (part: RegExp, version: string) =>
    assert.ok(
      says.some((text) => part.test(text) && text.includes(version)),
      `${part} ${version}: ${says.join("\n")}`,
    );
  // What is to run is always kept; what runs by now may be another one.
  assert.ok(versions.includes(current));
  if (gone.includes(world.running)) told(/the fleet may still run/, world.running);
  for (const version of gone.filter((one) => world.guarded.includes(one))) told(/are still protected/, version);
  const known = world.unmakable(line);
  for (const version of world.unmakable({ ...line, versions }).filter((one) => !known.includes(one)))
    told(/must be there by now/, version);
}

async function programOf(stack: "dev" | "prod", { versions, current, keep, protect }: Line): Promise<Run> {
  const config: { [key: string]: unknown } = {
    versions,
    current,
    ...{ keep, protect },
    copyTo: REGIONS.slice(1),
    imageKeys: true,
    shareWith: stack === "dev" ? { accounts: ["444455556666"] } : undefined,
    ...(stack === "dev" ? { recipe: RECIPE } : { source: SOURCE }),
  };
  const values: { [key: string]: string } = { "aws:region": REGIONS[0]! };
  for (const [key, value] of Object.entries(config))
    if (value !== undefined) values[`ami-lifecycle:${key}`] = typeof value === "string" ? value : JSON.stringify(value);
  const { settings, problems } = parseSettings({ values, stack });
  assert.deepEqual(problems, []);
  const images = Object.fromEntries(
    versions.map((version) => [
      version,
      {
        imageId: `ami-${version.replaceAll(".", "").padStart(17, "0")}`,
        region: REGIONS[0],
        recipeDigest: "0123456789abcdef",
        architecture: "x86_64",
        owner: "111122223333",
      },
    ]),
  );
  const run = await runProgram(() => (stack === "dev" ? dev : prod)(settings), {
    stack,
    config: values,
    stacks: { [SOURCE]: { images } },
    lookups: {
      "aws:ec2/getAmi:getAmi": () => ({ imageId: "ami-1", rootSnapshotId: "snap-1", blockDeviceMappings: [] }),
    },
  });
  assertFine(run);
  return run;
}

const regionOf = ({ inputs }: Recorded): string => (inputs.region as string | undefined) ?? REGIONS[0]!;

/** Images that the program keeps: version and region by id. */
function keptImages(run: Run): Map<string, { version: string; region: string }> {
  const images = [...all(run, "aws:ec2:AmiFromInstance"), ...all(run, "aws:ec2:AmiCopy")];
  return new Map(
    images.map((image) => {
      const { "ami-lifecycle:version": version } = image.inputs.tags as { [key: string]: string };
      return [image.id, { version: version!, region: regionOf(image) }];
    }),
  );
}

function assertWhole(run: Run, { versions, current, protect }: Line): void {
  const images = keptImages(run);
  const guarded = run.resources.filter(({ id, options }) => images.has(id) && options.protect === true);
  const { previous } = pointersOf(versions, current);
  const inUse = new Set(guarded.map(({ id }) => images.get(id)!.version));
  assert.equal(inUse.has(current), protect);
  for (const version of inUse) assert.ok(version === current || version === previous, version);
  assert.deepEqual([...new Set([...images.values()].map(({ version }) => version))].sort(), [...versions].sort());
  const before = versions[versions.indexOf(current) - 1];
  const wanted: { [pointer: string]: string | undefined } = { current, candidate: versions.at(-1), previous: before };
  for (const parameter of all(run, "aws:ssm:Parameter").filter(({ inputs }) => inputs.dataType)) {
    const of = (parameter.inputs.name as string).split("/").pop()!;
    const image = images.get(parameter.inputs.insecureValue as string);
    assert.deepEqual(image, { version: wanted[of] ?? of, region: regionOf(parameter) }, parameter.name);
  }
  for (const region of REGIONS)
    for (const [pointer, version] of Object.entries(wanted))
      assert.equal(
        run.resources.some(({ name }) => name === `web-${region}-${pointer}`),
        version !== undefined,
      );
  const template = images.get(only(run, "aws:ec2:LaunchTemplate").inputs.imageId as string);
  assert.deepEqual(template, { version: current, region: REGIONS[0] });
}

/** A copy, a base instance's volume: under a key of where it is. */
function assertOwnKeys(run: Run): void {
  const keys = new Map(all(run, "aws:kms:Key").map((key) => [key.outputs.arn, regionOf(key)]));
  assert.equal(keys.size, REGIONS.length);
  for (const copy of all(run, "aws:ec2:AmiCopy"))
    assert.equal(keys.get(copy.inputs.kmsKeyId), regionOf(copy), copy.name);
  for (const { inputs } of all(run, "aws:ec2:Instance"))
    assert.equal(keys.get((inputs.rootBlockDevice as { kmsKeyId: string }).kmsKeyId), REGIONS[0]);
}

/** What AWS wants to be unique: type, region and name. */
const physicalNames = (run: Run): string[] =>
  run.resources.flatMap((resource) => {
    const { type, inputs } = resource;
    if (typeof inputs.name !== "string" || !type.startsWith("aws:")) return [];
    // Images and copies share one set of names.
    const kind = /ec2.ami/.test(type) ? "image" : type;
    return [`${kind} ${regionOf(resource)} ${inputs.name}`];
  });

describe("any walk of releases, rollbacks and retirements", function () {
  this.timeout(120_000);

  it("leaves no pointer and no template on an image that is not kept, and no copy under another region's key", async () => {
    await fc.assert(
      fc.asyncProperty(walksOf(8), keeps, fc.boolean(), async (walk, keep, protect) => {
        let line = lineOf({ keep, protect });
        for (const one of walk) line = after(line, planOf(line, one));
        const [baked, promoted] = [await programOf("dev", line), await programOf("prod", line)];
        const names: string[] = [];
        for (const run of [baked, promoted]) {
          assertWhole(run, line);
          assertOwnKeys(run);
          names.push(...physicalNames(run));
        }
        assert.equal(new Set(names).size, names.length, names.join("\n"));
      }),
      { numRuns: 12 },
    );
  });

  it("does nothing to what runs, to what is protected or to what cannot be baked again without saying so", () => {
    const counts = { refusedByEngine: 0, lost: 0 };
    fc.assert(
      fc.property(walksOf(16), keeps, fc.boolean(), fc.boolean(), (walk, keep, protect, bakes) => {
        const world = new World();
        let line = lineOf({ keep, protect, bakes });
        assert.ok(world.up(line));
        for (const one of walk) {
          const plan = planOf(line, one);
          if (plan !== undefined) assertSaid(world, line, plan);
          if (plan !== undefined && !plan.versions.includes(world.running)) counts.lost++;
          line = after(line, plan);
          if (one.up) world.up(line);
        }
        counts.refusedByEngine += world.refusals;
      }),
      { numRuns: 500 },
    );
    // The walks come where it matters.
    assert.ok(counts.refusedByEngine > 50 && counts.lost > 50, JSON.stringify(counts));
  });

  it("names what runs in two releases with no green `up` between them", () => {
    const world = new World();
    let line = lineOf({ keep: 3, protect: true, versions: ["1.1.0", "1.2.0", "1.3.0"], current: "1.2.0" });
    world.made = new Set(line.versions);
    [world.running, world.guarded] = ["1.2.0", ["1.2.0", "1.1.0"]];
    for (const version of ["1.4.0", "1.5.0"]) {
      const plan = releasePlan(line, version, false);
      assertSaid(world, line, plan);
      line = after(line, plan);
    }
    assert.ok(!line.versions.includes(world.running));
    assert.equal(world.up(line), false);
  });
});
