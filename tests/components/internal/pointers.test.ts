import assert from "node:assert/strict";
import fc from "fast-check";
import { beyond, pointersOf } from "../../../components/internal/pointers";
import { versionProblems } from "../../../components/internal/versions";

const lines = fc.integer({ min: 1, max: 12 }).chain((count) => {
  const versions = Array.from({ length: count }, (_, i) => `1.${i}.0`);
  return fc.record({ versions: fc.constant(versions), current: fc.constantFrom(...versions) });
});

describe("the pointers of a line", () => {
  it("are the current version, the newest, and the one before the current", () => {
    const versions = ["1.0.0", "1.1.0", "1.2.0"];
    assert.deepEqual(pointersOf(versions, "1.1.0"), { current: "1.1.0", candidate: "1.2.0", previous: "1.0.0" });
    assert.deepEqual(pointersOf(versions, "1.2.0"), { current: "1.2.0", candidate: "1.2.0", previous: "1.1.0" });
    assert.equal(pointersOf(versions, "1.0.0").previous, undefined);
    assert.deepEqual(pointersOf(["1.0.0"], "1.0.0"), { current: "1.0.0", candidate: "1.0.0", previous: undefined });
  });

  it("never name a version that is not kept", () => {
    fc.assert(
      fc.property(lines, ({ versions, current }) => {
        for (const version of Object.values(pointersOf(versions, current)))
          if (version !== undefined) assert.ok(versions.includes(version as string));
      }),
    );
  });
});

describe("the versions beyond `keep`", () => {
  it("are the oldest, and never one that a pointer names", () => {
    assert.deepEqual(beyond(["1.0.0", "1.1.0", "1.2.0", "1.3.0"], "1.3.0", 2), ["1.0.0", "1.1.0"]);
    assert.deepEqual(beyond(["1.0.0", "1.1.0", "1.2.0", "1.3.0"], "1.0.0", 2), ["1.1.0", "1.2.0"]);
    assert.deepEqual(beyond(["1.0.0", "1.1.0", "1.2.0"], "1.1.0", 2), []);
    fc.assert(
      fc.property(lines, fc.integer({ min: 2, max: 12 }), ({ versions, current }, keep) => {
        const retired = beyond(versions, current, keep);
        const { previous, candidate } = pointersOf(versions, current);
        for (const version of [current, previous, candidate]) assert.ok(!retired.includes(version ?? ""));
        const kept = versions.filter((version) => !retired.includes(version));
        assert.ok(kept.length <= Math.max(keep, 3), `${kept.length} of ${keep}`);
        assert.equal(retired.length, Math.min(retired.length, Math.max(0, versions.length - keep)));
        // What is retired is older than whatever else could have been.
        const free = versions.filter((version) => ![current, previous, candidate].includes(version));
        assert.deepEqual(retired, free.slice(0, retired.length));
      }),
    );
  });

  it("make a list that is too long an error that names them", () => {
    const [problem, ...rest] = versionProblems(["1.0.0", "1.1.0", "1.2.0"], "1.2.0", { prefix: "x:", keep: 2 });
    assert.deepEqual(rest, []);
    assert.deepEqual(problem, {
      path: "x:versions",
      given: 3,
      allowed: "at most 2 versions (`keep`)",
      fix: "Remove the oldest: 1.0.0",
    });
    assert.deepEqual(versionProblems(["1.1.0", "1.2.0"], "1.2.0", { keep: 2 }), []);
    const [inUse] = versionProblems(["1.0.0", "1.1.0", "1.2.0"], "1.1.0", { keep: 2 });
    assert.equal(inUse?.fix, "Raise `keep`: these are all in use");
    for (const keep of [1, 0, -1, 2.5]) {
      const [low] = versionProblems(["1.0.0"], "1.0.0", { keep });
      assert.deepEqual([low?.path, low?.given], ["keep", keep]);
    }
  });

  it("say that a protected version takes two runs to retire", () => {
    const fix = (protect: boolean) => versionProblems(["1.1.0"], "1.0.0", { protect })[0]?.fix ?? "";
    assert.match(fix(true), /that takes two `up`s: move, `pulumi up`, remove$/);
    assert.doesNotMatch(fix(false), /protected/);
  });
});
