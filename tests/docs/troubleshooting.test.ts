/** Every message a gate can end in has its entry in docs/troubleshooting.md, under its own first line. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const GATES = "components/gates";

const files = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(directory, entry.name)) : [join(directory, entry.name)],
  );

/** The texts that begin a failure: `what: "…"`, `fail("…")` and the tuples that become one. Values are cut out. */
function firstLines(source: string): string[] {
  const found = source.matchAll(/(?:what:|fail\(|refuse\(|return \[)\s*(`(?:[^`\\]|\\.)*`|"[^"]*")/g);
  return [...found].map(([, text]) => text!.slice(1, -1));
}

/** The longest run of fixed words in a template: what a reader would search for. */
function fixedWords(template: string): string {
  const parts = template
    .replaceAll("\\`", "`")
    .replace(/\$\{(?:[^{}]|\{[^{}]*\})*\}/g, "…")
    // What is left of an expression that holds a text itself.
    .replace(/\$\{.*/s, "")
    .split("…")
    .map((part) => part.replace(/^[\s:(]+|[\s:(,]+$/g, ""));
  return parts.sort((a, b) => b.length - a.length)[0] ?? "";
}

const words = (text: string): string => text.replace(/[^a-z]+/gi, " ").trim();

describe("docs/troubleshooting.md", () => {
  const text = readFileSync("docs/troubleshooting.md", "utf8");
  // In a heading, or quoted below one: an explanation that happens to have the same words is no entry.
  const entries = [...text.matchAll(/^### (.*)$|`([^`]+)`/gm)].map(([, heading, quoted]) => heading ?? quoted);
  const page = words(entries.join(" | "));
  const messages = files(GATES).flatMap((file) =>
    firstLines(readFileSync(file, "utf8")).map((message) => [file, message] as const),
  );

  it("is asked for a plausible number of messages", () => {
    assert.ok(messages.length >= 20, `${messages.length} messages found in ${GATES}`);
  });

  for (const [file, message] of messages) {
    const part = fixedWords(message);
    if (words(part).split(" ").length < 2) continue;
    it(`knows "${part}" of ${file}`, () => {
      assert.ok(page.includes(words(part)), `no entry for: ${message}`);
    });
  }
});
