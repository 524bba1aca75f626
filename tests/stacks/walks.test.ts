/** Whatever is released, rolled back and retired: what the programs then make hangs together. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { releasePlan, retirePlan, rollbackPlan, type Line } from "../../cli/line/plan";
import { Refusal } from "../../cli/line/refusal";
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
}
const walks = fc.array(
  fc.record({ do: fc.constantFrom("release", "candidate", "rollback", "retire"), at: fc.nat(5) }),
  { minLength: 2, maxLength: 8 },
);

/** One step; a refused one changes nothing. */
function step(line: Line, { do: what, at }: Step): Line {
  const old = line.versions[at % line.versions.length]!;
  const [major, minor] = line.versions.at(-1)!.split(".").map(Number);
  const next = at % 2 === 0 ? `${major}.${minor! + 1}.0` : old;
  try {
    const { versions, current } =
      what === "rollback"
        ? rollbackPlan(line)
        : what === "retire"
          ? retirePlan(line, [old])
          : releasePlan(line, next, what === "candidate");
    return { ...line, versions, current };
  } catch (error) {
    if (error instanceof Refusal) return line;
    throw error;
  }
}

async function programOf(stack: "dev" | "prod", { versions, current, keep }: Line): Promise<Run> {
  const config: { [key: string]: unknown } = {
    versions,
    current,
    keep,
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

function assertWhole(run: Run, { versions, current }: Line): void {
  const images = keptImages(run);
  assert.deepEqual([...new Set([...images.values()].map(({ version }) => version))].sort(), [...versions].sort());
  const before = versions[versions.indexOf(current) - 1];
  const wanted: { [pointer: string]: string | undefined } = { current, candidate: versions.at(-1), previous: before };
  for (const parameter of all(run, "aws:ssm:Parameter").filter(({ name }) => name !== "web-live")) {
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
      fc.asyncProperty(walks, fc.option(fc.integer({ min: 3, max: 5 }), { nil: undefined }), async (walk, keep) => {
        let line: Line = { name: "web", versions: ["1.0.0"], current: "1.0.0", keep, protect: false, adopted: [] };
        for (const one of walk) line = step(line, one);
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
});
