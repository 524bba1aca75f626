/** docs/recovery.md and the assumptions in docs/simulation.md are what the command says. `UPDATE_GOLDEN=1` writes both anew. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { ASSUMPTIONS } from "../../simulation/time/assumptions";
import { ROOT, simulate } from "../simulation/command";

const COMMAND = "$ npm run -s simulate -- ";

const updating = Boolean(process.env.UPDATE_GOLDEN);

describe("the page of the four strategies", () => {
  it("shows what is printed", async () => {
    const file = join(ROOT, "docs/recovery.md");
    const page = readFileSync(file, "utf8");
    const [, block = ""] = /^```console\n([\s\S]*?)\n```$/m.exec(page) ?? [];
    const [first = "", ...rest] = block.split("\n");
    assert.ok(first.startsWith(COMMAND));
    const { out, code } = await simulate(first.slice(COMMAND.length).split(" "));
    assert.equal(code, 0);
    const shown = out.slice(0, out.indexOf("\nLost: ")).trimEnd();
    if (updating)
      writeFileSync(
        file,
        page.replace(block, () => `${first}\n${shown}\n…`),
      );
    else assert.equal(rest.join("\n"), `${shown}\n…`);
  });
});

describe("the table of assumptions", () => {
  it("has each of them, with its source", async () => {
    const file = join(ROOT, "docs/simulation.md");
    const page = readFileSync(file, "utf8");
    const rows = Object.entries(ASSUMPTIONS).map(
      ([name, { seconds, what, source }]) => `| \`${name}\` | ${seconds} | ${what} | ${source} |`,
    );
    const options = { ...(await resolveConfig(file)), parser: "markdown" };
    const table = await format(
      ["| name | seconds | what | source |", "| - | - | - | - |", ...rows].join("\n"),
      options,
    );
    if (updating)
      writeFileSync(
        file,
        page.replace(/^(ASSUMPTIONS|\| name +\| seconds[\s\S]*?)\n\n/m, () => `${table}\n`),
      );
    else assert.ok(page.includes(table), table);
  });
});
