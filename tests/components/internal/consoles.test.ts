import assert from "node:assert/strict";
import { bootToken, MARK, readConsole } from "../../../components/internal/markers";
import { markerLines, readFixture, tokensOf } from "../../support/consoles";

/** What readConsole makes of consoles as machines print them: recorded by tests/machine/qemu.test.ts, which is compared with them. */
const BAKE = readFixture("bake-ok");
const PROOF = readFixture("proof-ok");
const FAILED = readFixture("bake-failed");
const CONSOLES = { BAKE, PROOF, FAILED };

/** What EC2 keeps of a console: its last 64 KB, wherever a line or a character begins. */
const KEPT = 65_536;
const kept = (text: string) => Buffer.from(text).subarray(-KEPT).toString();

const DIGEST = tokensOf(BAKE)[0]!;
const FAILED_DIGEST = tokensOf(FAILED)[0]!;
/** What a chatty service prints: more than is kept. */
const CHATTER = "[   12.345678] chatty[812]: nothing to see here\r\n".repeat(2000);

/** Every place to cut within lines that have a marker, and places all over the rest. */
function places(text: string): number[] {
  const found = new Set<number>([0, text.length]);
  for (let at = 0; at < text.length; at += 503) found.add(at);
  for (let at = text.indexOf(MARK); at !== -1; at = text.indexOf(MARK, at + 1)) {
    const end = text.indexOf("\n", at);
    for (let cut = at - 30; cut <= end + 1; cut++) found.add(cut);
  }
  return [...found].sort((a, b) => a - b);
}

/** Where the line ends that says OK: before it nothing is proven. */
function okEnds(text: string, token: string): number {
  const line = `${MARK} ${token} OK`;
  const at = text.indexOf(line);
  assert.notEqual(at, -1);
  return at + line.length;
}

describe("reading the consoles of whole machines", () => {
  it("finds that the bake was well, and what it did last", () => {
    assert.match(DIGEST, /^[0-9a-f]{16}$/);
    const { sizes, ...reading } = readConsole(BAKE, DIGEST);
    assert.deepEqual(reading, { verdict: "ok", progress: "cleanup: ok", evidence: [], otherTokens: [] });
    assert.deepEqual(
      sizes?.map(({ mount }) => mount),
      ["/", "/srv/data"],
    );
    for (const { before, after } of sizes ?? []) assert.ok(before! >= after! && after! > 0);
    const steps = markerLines(BAKE).filter((line) => / step \d+\/\d+ .*: ok$/.test(line));
    const [, count] = / step \d+\/(\d+) /.exec(steps[0]!)!;
    assert.equal(steps.length, Number(count));
  });

  it("finds that the image was proven, by the boot's own token", () => {
    assert.deepEqual(tokensOf(PROOF), [bootToken(DIGEST)]);
    const { progress, ...reading } = readConsole(PROOF, bootToken(DIGEST));
    assert.deepEqual(reading, { verdict: "ok", evidence: [], otherTokens: [] });
    const [, number, count] = /^check (\d+)\/(\d+) .*: ok$/.exec(progress!)!;
    assert.equal(number, count);
  });

  it("finds what failed, and what apt said", () => {
    assert.deepEqual(readConsole(FAILED, FAILED_DIGEST), {
      verdict: "failed",
      failure: "step 2/2 packages (exit 100)",
      progress: "step 2/2 packages: failed",
      evidence: [
        "Reading package lists...",
        "Building dependency tree...",
        "Reading state information...",
        "E: Unable to locate package ngnix",
      ],
      otherTokens: [],
    });
  });

  it("finds the same in what cloud-init shows alone, behind its name and the kernel's clock", () => {
    for (const text of [BAKE, FAILED]) {
      const [token] = tokensOf(text);
      const shown = text.split("\n").filter((line) => !line.startsWith(MARK) && / cloud-init\[\d+\]: /.test(line));
      const { verdict, failure, progress } = readConsole(shown.join("\n"), token!);
      assert.equal(verdict, text === FAILED ? "failed" : undefined, "the OK is said when cloud-init has ended");
      assert.equal(failure, readConsole(text, token!).failure);
      assert.match(progress!, text === FAILED ? /^step 2\/2 packages: failed$/ : /^step (\d+)\/\1 .*: ok$/);
    }
  });

  it("takes no console's verdict for another token's", () => {
    const strangers = ["0123456789abcdef", DIGEST.slice(0, 15), `${DIGEST}0`, "", ".*", "cloud-init"];
    for (const [name, text] of Object.entries(CONSOLES)) {
      const [own] = tokensOf(text);
      for (const token of [...strangers, DIGEST, FAILED_DIGEST, bootToken(DIGEST), bootToken(FAILED_DIGEST)]) {
        if (token === own) continue;
        const reading = readConsole(text, token);
        assert.deepEqual(reading, { evidence: [], otherTokens: [own] }, `${name} ${token}`);
      }
    }
  });

  it("says the same of the last 64 KB, and after any number of lines before them", () => {
    for (const [name, text] of Object.entries(CONSOLES)) {
      const token = tokensOf(text)[0]!;
      for (const cut of [kept(text), kept(CHATTER + text)]) {
        assert.deepEqual(readConsole(cut, token), readConsole(text, token), name);
      }
      assert.deepEqual(readConsole(kept(text + CHATTER), token), { evidence: [], otherTokens: [] }, name);
    }
  });

  it("says OK of a beginning only when the OK is in it, wherever it is cut", () => {
    for (const [text, token] of [
      [BAKE, DIGEST],
      [PROOF, bootToken(DIGEST)],
    ] as const) {
      const end = okEnds(text, token);
      for (const cut of places(text)) {
        const { verdict } = readConsole(text.slice(Math.max(0, cut - 4000), cut), token);
        const whole = cut >= end && cut - 4000 < end - `${MARK} ${token} OK`.length;
        assert.equal(verdict, whole ? "ok" : undefined, `cut at ${cut}`);
      }
      for (const cut of [0, 1, end >> 1, end - 2, end - 1])
        assert.equal(readConsole(text.slice(0, cut), token).verdict, undefined, `cut at ${cut}`);
      assert.equal(readConsole(text.slice(0, end), token).verdict, "ok");
    }
  });

  it("says OK of an end only when the whole OK is in it", () => {
    for (const [text, token] of [
      [BAKE, DIGEST],
      [PROOF, bootToken(DIGEST)],
    ] as const) {
      const end = okEnds(text, token);
      const begins = end - `${MARK} ${token} OK`.length;
      for (let cut = begins - 200; cut <= end + 200; cut++) {
        assert.equal(readConsole(text.slice(cut), token).verdict, cut <= begins ? "ok" : undefined, `cut at ${cut}`);
      }
    }
  });

  it("never says OK of a failure, whatever is left of it", () => {
    const tokens = [FAILED_DIGEST, bootToken(FAILED_DIGEST), DIGEST, bootToken(DIGEST)];
    for (const cut of places(FAILED)) {
      for (const part of [FAILED.slice(Math.max(0, cut - 4000), cut), FAILED.slice(cut, cut + 4000)]) {
        for (const token of tokens) assert.notEqual(readConsole(part, token).verdict, "ok", `cut at ${cut}`);
      }
    }
  });

  it("keeps the bake and a boot apart that are on one console", () => {
    for (const text of [BAKE + PROOF, PROOF + BAKE]) {
      assert.deepEqual(readConsole(text, DIGEST), { ...readConsole(BAKE, DIGEST), otherTokens: [bootToken(DIGEST)] });
      assert.equal(readConsole(text, bootToken(DIGEST)).verdict, "ok");
    }
    assert.equal(readConsole(FAILED + PROOF, FAILED_DIGEST).verdict, "failed");
  });
});
