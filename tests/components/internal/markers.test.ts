import assert from "node:assert/strict";
import fc from "fast-check";
import {
  bootToken,
  type ConsoleReading,
  lastLines,
  MARK,
  readConsole,
  usedBytes,
} from "../../../components/internal/markers";

const TOKEN = "0123456789abcdef";
const OTHER = "fedcba9876543210";
const read = (...lines: string[]) => readConsole(lines.join("\n"), TOKEN);
const mark = (said: string, token = TOKEN) => `${MARK} ${token} ${said}`;
const NOTHING: ConsoleReading = { evidence: [], otherTokens: [] };

/** What consoles put before a line. */
const prefix = fc.constantFrom(
  "",
  "[   12.345678] ",
  "cloud-init[812]: ",
  "[  9.1] cloud-init[812]: ",
  "ip-10-0-0-1 run[7]: ",
  "\u001b[0m",
);
const suffix = fc.constantFrom("", " ", "\t", "  \t");
const ending = fc.constantFrom("\n", "\r\n");
/** Text of one line that is no marker, though it may look like a part of one. */
const noise = fc
  .oneof(
    fc.string({ maxLength: 40 }),
    fc.constantFrom(
      "OK",
      "FAILED step 1/1 run",
      "[ami-lifecycle]",
      `[ami-lifecycle] ${TOKEN}`,
      `${TOKEN} OK`,
      "[ami-lifecycle]OK",
      "[ AMI-LIFECYCLE ] x OK",
    ),
  )
  .filter((text) => !/[\r\n\u2028\u2029]/.test(text) && !/\[ami-lifecycle\] \S+ /.test(text));
const step = fc.constantFrom(
  "step 1/3 packages: start",
  "step 1/3 packages: ok",
  "check 1/1 http http://127.0.0.1/: ok",
  "cleanup: start",
);

describe("reading a console", () => {
  it("finds nothing in nothing", () => {
    assert.deepEqual(read(""), NOTHING);
    assert.deepEqual(read("Linux version 6.1", "login:"), NOTHING);
  });

  it("finds the verdict, the failure with its evidence, and the progress", () => {
    assert.deepEqual(read(mark("step 1/2 packages: start"), mark("step 1/2 packages: ok"), mark("OK")), {
      ...NOTHING,
      verdict: "ok",
      progress: "step 1/2 packages: ok",
    });
    assert.deepEqual(
      read(
        mark("step 1/2 run: start"),
        mark("| E: no such thing"),
        mark("|"),
        mark("| "),
        mark("FAILED step 1/2 run (exit 100)"),
      ),
      {
        ...NOTHING,
        verdict: "failed",
        failure: "step 1/2 run (exit 100)",
        progress: "step 1/2 run: start",
        evidence: ["E: no such thing", "", ""],
      },
    );
  });

  it("reads through prefixes, trailing blanks, both line ends and noise between the lines", () => {
    const piece = fc.tuple(prefix, suffix, ending, fc.array(noise, { maxLength: 3 }));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(step, piece), { maxLength: 6 }),
        piece,
        fc.constantFrom("OK", "FAILED cleanup"),
        (steps, last, verdict) => {
          const write = (said: string, [before, after, end, between]: readonly [string, string, string, string[]]) =>
            `${between.map((text) => text + end).join("")}${before}${mark(said)}${after}${end}`;
          const text = steps.map(([said, how]) => write(said, how)).join("") + write(verdict, last);
          assert.deepEqual(readConsole(text, TOKEN), {
            ...NOTHING,
            verdict: verdict === "OK" ? "ok" : "failed",
            ...(verdict !== "OK" && { failure: "cleanup" }),
            ...(steps.length > 0 && { progress: steps[steps.length - 1]?.[0] }),
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it("keeps builds apart that are written into each other", () => {
    const own = fc.constantFrom("step 1/1 run: start", "| mine", "OK", "FAILED step 1/1 run");
    const line = fc.tuple(fc.constantFrom(TOKEN, OTHER, bootToken(TOKEN)), own);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const text = lines.map(([token, said]) => mark(said, token)).join("\n");
        for (const token of [TOKEN, OTHER, bootToken(TOKEN)]) {
          const alone = lines.filter(([of]) => of === token).map(([of, said]) => mark(said, of));
          const { otherTokens, ...reading } = readConsole(text, token);
          assert.deepEqual({ ...reading, otherTokens: [] }, readConsole(alone.join("\n"), token));
          const ended = lines.filter(([of, said]) => of !== token && /^OK$|^FAILED /.test(said)).map(([of]) => of);
          assert.deepEqual(otherTokens, [...new Set(ended)]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("reads how much each disk held, before and after clean-up, whatever stands between", () => {
    const { sizes, progress } = read(
      mark("size before: 1879048192 /"),
      mark("cleanup: start"),
      mark("cleanup: ok"),
      mark("size before: 1 /", OTHER),
      `[   12.3] ${mark("size after: 1610612736 /")}`,
      mark("size after: 1610612736 /"),
      mark("size after: 4096 /srv/my data"),
      mark("OK"),
    );
    assert.deepEqual(sizes, [
      { mount: "/", before: 1879048192, after: 1610612736 },
      { mount: "/srv/my data", after: 4096 },
    ]);
    assert.equal(progress, "cleanup: ok", "a size is no progress");
    assert.equal(usedBytes({ sizes, evidence: [], otherTokens: [] }), 1610612736 + 4096);
    assert.equal(usedBytes(read(mark("size before: 5 /"), mark("OK"))), undefined);
    for (const said of ["size after: x /", "size after: 5", "size later: 5 /", "| size after: 5 /"])
      assert.equal(read(mark(said)).sizes, undefined, said);
  });

  it("lets a failure win over an OK beside it, and keeps the first failure", () => {
    assert.equal(read(mark("OK"), mark("FAILED cleanup")).verdict, "failed");
    assert.equal(read(mark("FAILED cleanup"), mark("OK")).verdict, "failed");
    assert.equal(read(mark("FAILED first"), mark("FAILED time limit of 60 minutes")).failure, "first");
  });

  it("takes no boot's OK for the bake's, nor the other way round", () => {
    assert.equal(bootToken(TOKEN), `${TOKEN}.boot`);
    assert.equal(read(mark("OK", bootToken(TOKEN))).verdict, undefined);
    assert.equal(readConsole(mark("OK"), bootToken(TOKEN)).verdict, undefined);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), (digest) =>
        assert.notEqual(bootToken(digest), digest),
      ),
    );
  });

  it("takes no evidence for a verdict, however hostile", () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        "OK",
        "FAILED all",
        mark("OK"),
        mark("FAILED all"),
        `${mark("OK")} ${mark("OK")}`,
        `x ${mark("| y")}`,
        MARK,
        "| OK",
        "\u0000OK",
      ),
      fc.string({ maxLength: 60 }),
    );
    fc.assert(
      fc.property(
        fc.array(
          hostile.filter((text) => !/[\r\n\u2028\u2029]/.test(text)),
          { maxLength: 5 },
        ),
        prefix,
        (lines, before) => {
          const reading = read(...lines.map((line) => `${before}${mark(`| ${line}`)}`));
          assert.equal(reading.verdict, undefined);
          assert.equal(reading.failure, undefined);
          assert.equal(reading.progress, undefined);
          assert.deepEqual(reading.otherTokens, []);
          assert.equal(reading.evidence.length, lines.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("takes no evidence for a verdict when it has a carriage return or a line separator in it", () => {
    for (const separator of ["\r", "\u2028", "\u2029"]) {
      const reading = read(mark(`| x${separator}${mark("OK")}`), mark("FAILED step 1/1 run"));
      assert.deepEqual([reading.verdict, reading.evidence.length], ["failed", 1]);
      assert.equal(read(mark(`| x${separator}${mark("OK")}`)).verdict, undefined);
    }
  });

  it("takes no unfinished or lengthened OK for one", () => {
    for (const said of ["OKAY", "OK then", "ok", "O", "NOT OK"])
      assert.equal(read(mark(said)).verdict, undefined, said);
    assert.equal(read(`${MARK} ${TOKEN.slice(0, 15)} OK`).verdict, undefined);
    assert.equal(read(`${MARK} ${TOKEN}0 OK`).verdict, undefined);
  });

  it("reads a console of 64 KB with everything on one line in no time", () => {
    const started = Date.now();
    readConsole(`${MARK} ${" ".repeat(65_536)}x`, TOKEN);
    readConsole(`${MARK} `.repeat(4096), TOKEN);
    assert.ok(Date.now() - started < 2000);
  });
});

describe("the last lines of a console", () => {
  it("are the last that are not empty", () => {
    assert.deepEqual(lastLines("a\r\n\r\n  \nb  \nc\n", 2), ["b", "c"]);
    assert.deepEqual(lastLines(""), []);
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 30 }), (text, count) => {
        const lines = lastLines(text, count);
        assert.ok(lines.length <= count && lines.every((line) => line.trim() !== ""));
      }),
    );
  });
});
