/** The command blocks of README and docs: what can run here is run, as it stands there. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { validateRecipe } from "../../components/internal/recipe";
import { ended } from "../support/packed";

const ROOT = resolve(__dirname, "../..");
const FILES = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];

interface Block {
  file: string;
  language: string;
  text: string;
}

const blocks: Block[] = FILES.flatMap((file) =>
  [...readFileSync(join(ROOT, file), "utf8").matchAll(/^( *)```(\w*)[^\n]*\n([\s\S]*?)^\1```/gm)].map(
    ([, indent = "", language = "", text = ""]) => ({
      file,
      language,
      text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    }),
  ),
);
const lines = (wanted: RegExp): { file: string; line: string }[] =>
  blocks
    .filter(({ language, text }) => language === "sh" || (language === "" && /^(npm|npx|pulumi) /.test(text)))
    .map(({ file, text }) => ({ file, text: text.replaceAll(/\\\n\s*/g, "") })) // a command over several lines
    .flatMap(({ file, text }) => text.split("\n").map((line) => ({ file, line: line.replace(/\s+#.*$/, "").trim() })))
    .filter(({ line }) => wanted.test(line));

/**
 * What other tests do (npm ci, npm test, npm pack, npm install of the tarball, the recording commands), and what needs
 * an account, a backend or the network: everything else must be run below.
 */
const ELSEWHERE =
  /^(npm (ci|test|pack|install|init|run build|run -s simulate -- --json >)|pulumi |aws |mkdir |pip |moto_server|UPDATE_GOLDEN|RECORD_CONSOLES|COVERAGE)/;

describe("the commands in README and docs", () => {
  it("are found", () => {
    assert.ok(blocks.length > 25, `${blocks.length} blocks`);
  });

  it("are all known: run here, or by a test of their own, or not runnable here", () => {
    const unknown = lines(/./).filter(
      ({ line }) => !ELSEWHERE.test(line) && !/^(npm run|npx ami-lifecycle|npx ts-node bench)/.test(line),
    );
    assert.deepEqual(unknown, []);
  });

  const simulations = [
    ...new Set(
      [
        ...lines(/npm run(?: -s)? simulate/).map(({ line }) => line.replace(/^npm ci && /, "").replace(/ >.*/, "")),
        ...FILES.flatMap((file) =>
          [...readFileSync(join(ROOT, file), "utf8").matchAll(/`(npm run (?:-s )?simulate[^`]*)`/g)].map(
            ([, command]) => command!.replaceAll(/\s+/g, " "),
          ),
        ),
      ].filter((command) => !/…|NAME|another-project|acme|DIR|FILE|current=1\.1\.0/.test(command)),
    ),
  ];
  for (const command of simulations) {
    it(`run: ${command}`, async function () {
      this.timeout(60_000);
      const { code, stdout, stderr } = await ended(ROOT, "bash", ["-c", command]);
      assert.equal(code, 0, stdout + stderr);
      assert.ok(stdout.length > 200);
    });
  }

  for (const { file, text } of blocks.filter(({ language }) => language === "json")) {
    it(`${file}: its JSON is JSON`, () => void JSON.parse(text));
  }

  for (const { file, text } of blocks.filter(({ language }) => language === "yaml")) {
    it(`${file}: its YAML can be read, and its recipe is right`, () => {
      const value = parse(text) as { os?: string; steps?: unknown };
      assert.ok(value !== null && typeof value === "object");
      if (value.os && value.steps) assert.deepEqual(validateRecipe(value as never, "recipe"), []);
    });
  }
});
