/** docs/components is made from the doc comments; its examples run. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { pages } from "../../docs/generate/pages";
import { runProgram } from "../support/mocks";
import { assertFine } from "../support/reading";

const ROOT = resolve(__dirname, "../..");
const FOLDER = join(ROOT, "docs/components");

describe("docs/components", () => {
  const made: { [file: string]: string } = {};

  before(async function () {
    this.timeout(60_000);
    const config = await resolveConfig(join(ROOT, "README.md"));
    for (const [file, text] of Object.entries(pages(ROOT)))
      made[file] = await format(text, { ...config, parser: "markdown" });
    if (process.env.UPDATE_GOLDEN) {
      for (const [file, text] of Object.entries(made)) writeFileSync(join(FOLDER, file), text);
    }
  });

  it("is what the doc comments say", () => {
    assert.ok(Object.keys(made).length >= 6);
    assert.deepEqual(readdirSync(FOLDER).sort(), Object.keys(made).sort());
    for (const [file, text] of Object.entries(made)) assert.equal(readFileSync(join(FOLDER, file), "utf8"), text, file);
  });

  it("tells the meaning of every argument and output", () => {
    for (const [file, text] of Object.entries(made)) {
      const bare = text.split("\n").filter((line) => /^\| `.*\|\s*\|$/.test(line));
      assert.deepEqual(bare, [], file);
    }
  });

  for (const file of readdirSync(join(ROOT, "examples")).filter((name) => name.endsWith(".ts"))) {
    it(`runs examples/${file}`, async () => {
      // As a program of another folder, with the sources for the package: nothing needs to be built for it.
      const text = readFileSync(join(ROOT, "examples", file), "utf8");
      const path = join(ROOT, ".cache", "examples", file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text.replaceAll('"pulumi-ami-lifecycle"', '"../../index"'));
      const result = await runProgram(() => {
        delete require.cache[path];
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- a program is run by being loaded
        require(path);
      });
      assertFine(result);
      const own = result.resources.filter(({ type }) => type.startsWith("pulumi-ami-lifecycle:"));
      assert.ok(own.some(({ type }) => type.endsWith(`:${file.replace(".ts", "")}`)));
    });
  }
});
