/**
 * docs/guides/drill.md: its consoles are what the command prints, against the emulator. Ids and dates are others each time.
 * `UPDATE_GOLDEN=1` writes them anew.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DeregisterImageCommand } from "@aws-sdk/client-ec2";
import { run } from "../../cli/drill";
import { type DrillScene, recovery, ticking } from "../cli/drillScene";
import { captured } from "../cli/servers";
import { type Emulator, emulator } from "../support/emulator/emulator";

const ROOT = resolve(__dirname, "../..");
const GUIDE = join(ROOT, "docs/guides/drill.md");
const COMMAND = "$ npx ami-lifecycle drill";

describe("the guide to drills", function () {
  this.timeout(60_000);
  let aws: Emulator;
  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
  });
  beforeEach(() => aws.reset());

  const guide = readFileSync(GUIDE, "utf8");
  const blocks = [...guide.matchAll(/^```console\n([\s\S]*?)\n```$/gm)].map(([, text = ""]) => text);
  let updated = guide;
  const masked = (text: string) =>
    text.replaceAll(/\b(ami|i|subnet)-[0-9a-f]{17}\b/g, "$1-…").replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "…");

  /** What is so before each of the consoles, in their order. */
  const SCENES: ((scene: DrillScene) => unknown)[] = [
    () => undefined,
    async ({ away, put }) => {
      await away.ec2.send(new DeregisterImageCommand({ ImageId: away.images["1.0.0"] }));
      await put({ rtoMinutes: 2 });
    },
  ];

  for (const [at, block] of blocks.entries()) {
    const [first = "", ...rest] = block.split("\n");
    it(`shows what is printed: ${first}`, async () => {
      assert.ok(first.startsWith(COMMAND));
      await SCENES[at]?.(await recovery(aws));
      const argv = first.slice(COMMAND.length).split(" ").slice(1);
      const quick = { AMI_LIFECYCLE_POLL_SECONDS: "0.01" };
      const { out, err } = await captured(aws, (given) => run(given, ticking(aws)), argv, quick);
      assert.notEqual(out, "", err);
      updated = updated.replace(block, () => `${first}\n${out.trimEnd()}`);
      if (!process.env.UPDATE_GOLDEN) assert.equal(masked(rest.join("\n")), masked(out.trimEnd()));
    });
  }

  it("has a console of each scene", () => {
    assert.equal(blocks.length, SCENES.length);
    if (process.env.UPDATE_GOLDEN) writeFileSync(GUIDE, updated);
  });

  it("names every kind of problem, every field of the data, and every option", () => {
    const sources = readdirSync(join(ROOT, "cli/drill")).map((file) =>
      readFileSync(join(ROOT, "cli/drill", file), "utf8"),
    );
    const kinds = /export type ProblemKind =([^;]+);/.exec(sources.join("\n"))![1]!.match(/[a-z-]{4,}/g)!;
    assert.equal(kinds.length, 13);
    const fields = /export interface Report \{([\s\S]+?)\n\}/.exec(sources.join("\n"))![1]!;
    const names = [...fields.replaceAll(/\/\*\*.*?\*\//gs, "").matchAll(/(\w+)\??: /g)].map(([, name]) => name!);
    const options = [...readFileSync(join(ROOT, "cli/drill.ts"), "utf8").matchAll(/^ {2}"?([a-z-]+)"?: \{ type:/gm)];
    assert.equal(options.length, 8);
    assert.deepEqual(
      [
        ...kinds.filter((kind) => !guide.includes(`| \`${kind}\` `)),
        ...names.filter((name) => !guide.includes(`\`${name}\``)),
        ...options.map(([, name]) => name!).filter((name) => name !== "help" && !guide.includes(`| \`--${name}`)),
      ],
      [],
    );
  });

  it("pins the actions of its workflow as this repository's own do", () => {
    const uses = [...guide.matchAll(/uses: (\S+)( # v[\d.]+)?/g)];
    assert.equal(uses.length, 4);
    for (const [, action, version] of uses) {
      assert.match(action!, /@[0-9a-f]{40}$/);
      assert.ok(version, action);
    }
    const own = readFileSync(join(ROOT, ".github/workflows/ci.yml"), "utf8");
    for (const name of ["actions/checkout", "actions/setup-node"]) {
      const line = new RegExp(`${name}@\\S+`).exec(own)![0];
      assert.ok(guide.includes(line), line);
    }
  });
});
