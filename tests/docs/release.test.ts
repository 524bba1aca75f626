/** docs/guides/release.md: its consoles are what the commands print. `UPDATE_GOLDEN=1` writes them anew. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "../cli/line/running";
import { ended } from "../support/packed";

const ROOT = resolve(__dirname, "../..");
const GUIDE = join(ROOT, "docs/guides/release.md");
const COMMAND = "$ npx ami-lifecycle ";

describe("the guide to releases", () => {
  // The stacks' files alone: the commands that edit them run no program.
  const folder = mkdtempSync(join(tmpdir(), "guide-"));
  const home = process.cwd();
  before(() => {
    for (const file of readdirSync(ROOT).filter((name) => /^Pulumi\..*yaml$/.test(name))) {
      cpSync(join(ROOT, file), join(folder, file));
    }
  });
  after(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  const guide = readFileSync(GUIDE, "utf8");
  const blocks = [...guide.matchAll(/^```console\n([\s\S]*?)\n```$/gm)].map(([, text = ""]) => text);
  let updated = guide;

  for (const block of blocks) {
    const [first = "", ...rest] = block.split("\n");
    it(`shows what is printed: ${first}`, async function () {
      this.timeout(60_000);
      assert.ok(first.startsWith(COMMAND));
      const args = first.slice(COMMAND.length).split(" ");
      let out: string;
      if (args.includes("--dry-run")) {
        const env = { NO_COLOR: "1" };
        ({ stdout: out } = await ended(ROOT, process.execPath, [join(ROOT, "cli/fromSources.cjs"), ...args], env));
      } else {
        process.chdir(folder);
        const ran = await run(args[0] ?? "", ...args.slice(1));
        process.chdir(home);
        out = ran.out + ran.err;
      }
      // Markdown is kept without blanks at the ends of lines.
      const printed = out.trimEnd().replaceAll(/ +$/gm, "");
      updated = updated.replace(block, () => `${first}\n${printed}`);
      if (!process.env.UPDATE_GOLDEN) assert.equal(rest.join("\n"), printed);
    });
  }

  it("has consoles", () => {
    assert.ok(blocks.length >= 6);
    if (process.env.UPDATE_GOLDEN) writeFileSync(GUIDE, updated);
  });
});
