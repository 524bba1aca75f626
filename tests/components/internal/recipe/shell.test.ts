import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { MARK } from "../../../../components/internal/markers";
import { label, quote, quoteAll, writeText } from "../../../../components/internal/recipe/shell";
import { MARKER_FUNCTIONS } from "../../../../components/internal/recipe/script";
import { anyText, bash, HOSTILE, inDirectory } from "./recipes";

describe("text in shell", function () {
  this.timeout(60_000);

  it("is the same text after quoting and bash", () => {
    const words = fc.array(fc.oneof(anyText, fc.constant(HOSTILE)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(words, (texts) => {
        const got = bash(`printf '%s\\0' ${quoteAll(texts)}`)
          .split("\0")
          .slice(0, -1);
        assert.deepEqual(got, texts);
      }),
      { numRuns: 50 },
    );
  });

  it("is the same bytes in a file", () => {
    const ends = fc.tuple(fc.oneof(anyText, fc.constant(HOSTILE), fc.constant("END\nEND_")), fc.constantFrom("", "\n"));
    fc.assert(
      fc.property(fc.array(ends, { minLength: 1, maxLength: 20 }), (pairs) =>
        inDirectory((directory) => {
          const texts = pairs.map(([text, end]) => text + end);
          bash(texts.map((text, i) => writeText(text, `file-${i}`)).join("\n"), directory);
          assert.equal(fs.readdirSync(directory).length, texts.length, "nothing else was run");
          texts.forEach((text, i) => assert.equal(fs.readFileSync(path.join(directory, `file-${i}`), "utf8"), text));
        }),
      ),
      { numRuns: 40 },
    );
  });

  it("stays readable where it can", () => {
    assert.equal(quote("/etc/nginx/nginx.conf"), "/etc/nginx/nginx.conf");
    assert.equal(quote("it's"), `'it'\\''s'`);
    assert.equal(quote(""), "''");
    assert.equal(quote("a\rb"), "$'a\\rb'");
    assert.equal(writeText("a $b\n", "/x"), "cat >/x <<'END'\na $b\nEND");
  });

  it("is one short line without the mark on the console", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyText, fc.constantFrom(MARK, "\n", "[ami-", "lifecycle]"))), (parts) => {
        const line = label(parts.join(""));
        assert.ok(!line.includes(MARK) && !/[\p{Cc}\u2028\u2029]/u.test(line));
        assert.ok([...line].length <= 100);
      }),
    );
  });

  it("is harmless on the console, whatever a step prints", () => {
    const pieces = fc.constantFrom(
      "[ami-",
      "lifecycle]",
      MARK,
      "\u001b[31m",
      "\u001b[",
      "\r",
      "\u0000",
      "m",
      " ",
      "\n",
      "é",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) =>
        inDirectory((directory) => {
          fs.writeFileSync(path.join(directory, "log"), parts.join(""));
          const shown = bash(`${MARKER_FUNCTIONS}\nharmless <log`, directory);
          assert.ok(!shown.includes(MARK), JSON.stringify(shown));
          assert.equal(shown.split("\n").length, parts.join("").split("\n").length);
        }),
      ),
      { numRuns: 150 },
    );
  });
});
