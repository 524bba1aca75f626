import assert from "node:assert/strict";
import fc from "fast-check";
import { compareVersions, isVersion, versionProblems } from "../../../components/internal/versions";

const word = fc.oneof(
  fc.nat(30).map(String),
  fc
    .string({ unit: fc.constantFrom(..."abAB01-"), minLength: 1, maxLength: 4 })
    // Numbers with leading zeros are no identifiers of semantic versions.
    .filter((text) => !/^0\d+$/.test(text)),
);
const core = fc.tuple(fc.nat(3), fc.nat(12), fc.nat(3)).map((numbers) => numbers.join("."));
const version = fc
  .tuple(core, fc.option(fc.array(word, { minLength: 1, maxLength: 3 })))
  .map(([numbers, pre]) => (pre === null ? numbers : `${numbers}-${pre.join(".")}`));

/** Precedence, written down once more from the specification (semver.org, item 11). */
function precedes(a: string, b: string): boolean {
  const parts = (text: string) => {
    const at = text.indexOf("-");
    return {
      core: (at < 0 ? text : text.slice(0, at)).split(".").map(Number),
      pre: at < 0 ? [] : text.slice(at + 1).split("."),
    };
  };
  const [p, q] = [parts(a), parts(b)];
  for (let i = 0; i < 3; i++) if (p.core[i] !== q.core[i]) return (p.core[i] as number) < (q.core[i] as number);
  if (p.pre.length === 0 || q.pre.length === 0) return p.pre.length > 0 && q.pre.length === 0;
  for (let i = 0; i < Math.min(p.pre.length, q.pre.length); i++) {
    const [s, t] = [p.pre[i] as string, q.pre[i] as string];
    if (s === t) continue;
    const [m, n] = [/^\d+$/.test(s), /^\d+$/.test(t)];
    if (m && n) return BigInt(s) < BigInt(t);
    return m === n ? s < t : m;
  }
  return p.pre.length < q.pre.length;
}

const sign = (number: number) => (number < 0 ? -1 : number > 0 ? 1 : 0);

describe("versions", () => {
  it("are MAJOR.MINOR.PATCH with an optional pre-release, and nothing else", () => {
    for (const text of ["0.0.0", "1.4.0", "10.20.30", "2.0.0-rc.1", "1.0.0-alpha-1.x", "999999.0.0"]) {
      assert.ok(isVersion(text), text);
    }
    for (const given of [
      "1.0",
      "1",
      "v1.0.0",
      "1.0.0.0",
      "1.0.0-",
      "1.0.0-a..b",
      "1.0.0+build",
      " 1.0.0",
      "1.0.0\n",
      "1.0.x",
      "",
      "1.0.0/a",
      "1000000.0.0",
      1,
      1.1,
      null,
      undefined,
      ["1.0.0"],
    ]) {
      assert.ok(!isVersion(given), JSON.stringify(given));
    }
  });

  it("are ordered as semver.org's own example", () => {
    const ordered =
      "1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 1.2.0 1.10.0 2.0.0".split(
        " ",
      );
    ordered.forEach((a, i) =>
      ordered.forEach((b, j) => assert.equal(sign(compareVersions(a, b)), sign(i - j), `${a} ${b}`)),
    );
  });

  it("are compared as the specification says", () => {
    fc.assert(
      fc.property(version, version, (a, b) => {
        assert.equal(sign(compareVersions(a, b)), precedes(a, b) ? -1 : precedes(b, a) ? 1 : 0);
      }),
      { numRuns: 2000 },
    );
  });

  it("are totally ordered: antisymmetric, transitive, equal only when they are the same", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        assert.equal(sign(compareVersions(a, b)), -sign(compareVersions(b, a)) + 0);
        assert.equal(compareVersions(a, b) === 0, a === b);
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) assert.ok(compareVersions(a, c) <= 0);
      }),
      { numRuns: 2000 },
    );
  });

  it("cannot be compared when they are none", () => {
    assert.throws(() => compareVersions("1.0", "1.0.0"), TypeError);
  });

  it("have no leading zeros: 1.0.0 and 01.0.0 would be two images of one version", () => {
    for (const text of ["01.0.0", "1.00.0", "1.0.0-01"]) assert.ok(!isVersion(text), text);
  });

  it("keep the order of long numbers in pre-releases, such as times", () => {
    assert.ok(compareVersions("1.0.0-20260101120000001", "1.0.0-20260101120000002") < 0);
    assert.deepEqual(
      versionProblems(["1.0.0-20260101120000001", "1.0.0-20260101120000002"], "1.0.0-20260101120000001"),
      [],
    );
  });
});

describe("the versions kept", () => {
  const kept = fc
    .uniqueArray(version, { minLength: 1, maxLength: 6 })
    .map((list) => [...list].sort((a, b) => (precedes(a, b) ? -1 : 1)));
  const paths = (versions: unknown, current: unknown) =>
    versionProblems(versions, current, { prefix: "x:" }).map(({ path }) => path);

  it("are right in order, with one of them current", () => {
    fc.assert(fc.property(kept, fc.nat(), (list, n) => assert.deepEqual(paths(list, list[n % list.length]), [])));
  });

  it("are wrong exactly where one does not come after the one before it", () => {
    fc.assert(
      fc.property(fc.array(version, { minLength: 1, maxLength: 6 }), (list) => {
        const expected = list.flatMap((v, i) =>
          i > 0 && !precedes(list[i - 1] as string, v) ? [`x:versions[${i}]`] : [],
        );
        assert.deepEqual(paths(list, list[0]), expected);
      }),
      { numRuns: 500 },
    );
  });

  it("are wrong exactly where one is no version, whatever it is", () => {
    fc.assert(
      fc.property(kept, fc.nat(), fc.anything(), (list, n, wrong) => {
        fc.pre(!isVersion(wrong));
        const at = n % (list.length + 1);
        const given = [...list.slice(0, at), wrong, ...list.slice(at)];
        assert.deepEqual(paths(given, list[0]), [`x:versions[${at}]`]);
      }),
    );
  });

  it("must hold the current one", () => {
    fc.assert(
      fc.property(kept, version, (list, other) => {
        assert.deepEqual(paths(list, other), list.includes(other) ? [] : ["x:current"]);
      }),
    );
    assert.deepEqual(paths(["1.0.0"], undefined), ["x:current"]);
  });

  it("must be a list of one at least", () => {
    for (const given of [undefined, null, [], "1.0.0", {}, 1]) assert.deepEqual(paths(given, "1.0.0"), ["x:versions"]);
  });

  it("say what to do", () => {
    const [twice, gone] = versionProblems(["1.0.0", "1.0.0"], "0.9.0", { prefix: "args." });
    assert.deepEqual(twice, {
      path: "args.versions[1]",
      given: "1.0.0",
      allowed: "each version once",
      fix: "Remove the second one",
    });
    assert.deepEqual(gone, {
      path: "args.current",
      given: "0.9.0",
      allowed: "one of the versions kept (1.0.0, 1.0.0)",
      fix: "Move `current` to a kept version first; a version can be removed only when nothing runs it",
    });
    const [order] = versionProblems(["2.0.0", "1.0.0"], "2.0.0");
    assert.equal(order?.allowed, "a version after 2.0.0: the oldest comes first");
  });
});
