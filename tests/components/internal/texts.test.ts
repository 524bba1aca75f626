import assert from "node:assert/strict";
import fc from "fast-check";
import { distance, nearest, suggest } from "../../../components/internal/nearest";
import { describeGiven, formatProblem, formatProblems } from "../../../components/internal/problems";
import { COPY_IGNORE_CHANGES, IMAGE_IGNORE_CHANGES, TAG } from "../../../components/internal/tags";

describe("the text of problems", () => {
  it("is path, what was given, what is allowed, what to do", () => {
    const problem = { path: "a[0].b", allowed: "one thing", fix: "Do another" };
    assert.equal(formatProblem(problem), "a[0].b: allowed is one thing. Do another.");
    assert.equal(formatProblem({ ...problem, given: "x" }), 'a[0].b: got "x", allowed is one thing. Do another.');
    assert.equal(formatProblem({ ...problem, given: null }), "a[0].b: got null, allowed is one thing. Do another.");
    assert.equal(
      formatProblems("Thing", [problem, problem]),
      "Thing: 2 problems\n  - a[0].b: allowed is one thing. Do another.\n  - a[0].b: allowed is one thing. Do another.",
    );
    assert.match(formatProblems("Thing", [problem]), /^Thing: 1 problem\n/);
  });

  it("shows what was given in one short line, whatever it is", () => {
    assert.equal(describeGiven("a\nb"), '"a\\nb"');
    assert.equal(describeGiven({ a: [1, true] }), '{"a":[1,true]}');
    assert.equal(
      describeGiven(() => 1),
      "() => 1",
    );
    assert.equal(describeGiven("x".repeat(100)), `"${"x".repeat(78)}…`);
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        const text = describeGiven(given);
        assert.ok(text.length <= 80 && !/[\n\r]/.test(text));
      }),
    );
  });

  it("shows what JSON cannot write too: big integers and circles", () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    assert.equal(describeGiven(1n), "1");
    assert.equal(describeGiven(circle), "[object Object]");
  });
});

describe("the nearest name", () => {
  const text = fc.string({ maxLength: 12 });

  it("has a distance that is a count of slips", () => {
    assert.deepEqual(
      [
        distance("", "abc"),
        distance("abc", "abc"),
        distance("abc", "acb"),
        distance("port", "prot"),
        distance("kitten", "sitting"),
      ],
      [3, 0, 1, 1, 3],
    );
    fc.assert(
      fc.property(text, text, (a, b) => {
        const far = distance(a, b);
        assert.equal(far, distance(b, a));
        assert.equal(far === 0, a === b);
        assert.ok(far <= Math.max([...a].length, [...b].length));
        assert.ok(far >= Math.abs([...a].length - [...b].length));
      }),
    );
  });

  it("is the one meant, or none", () => {
    const keys = ["versions", "current", "copyTo", "recipe", "minSize", "maxSize", "port"];
    assert.equal(nearest("version", keys), "versions");
    assert.equal(nearest("Current", keys), "current");
    assert.equal(nearest("copyto", keys), "copyTo");
    assert.equal(nearest("minSzie", keys), "minSize");
    assert.equal(nearest("prot", keys), "port");
    assert.equal(nearest("rec", keys), "recipe");
    assert.equal(nearest("somethingElse", keys), undefined);
    assert.equal(nearest("", keys), undefined);
    assert.equal(nearest("x".repeat(10_000), keys), undefined);
    assert.equal(suggest("prot", keys), 'Did you mean "port"');
    assert.equal(suggest(5, ["a", "b"]), "Use one of a, b");
  });

  it("is the name itself when it is among them, and always one of them", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1 }),
        fc.nat(),
        text,
        (list, n, other) => {
          const name = list[n % list.length] as string;
          const found = nearest(name, list);
          assert.equal(found?.toLowerCase(), name.toLowerCase());
          const near = nearest(other, list);
          assert.ok(near === undefined || list.includes(near));
        },
      ),
    );
  });
});

describe("the tags", () => {
  it("are this package's own, each its own key", () => {
    assert.equal(new Set(Object.values(TAG)).size, Object.keys(TAG).length);
    for (const key of Object.values(TAG)) assert.match(key, /^ami-lifecycle:[a-z]+$/);
  });

  it("that others write, or that tell how an image was made, are ignored on images and copies", () => {
    const written = [TAG.verified, TAG.recipe, TAG.source, TAG.size].flatMap((key) => [
      `tags["${key}"]`,
      `tagsAll["${key}"]`,
    ]);
    assert.deepEqual(IMAGE_IGNORE_CHANGES, [
      "sourceInstanceId",
      "snapshotWithoutReboot",
      "description",
      "deprecationTime",
      ...written,
    ]);
    assert.deepEqual(COPY_IGNORE_CHANGES, [
      "sourceAmiId",
      "sourceAmiRegion",
      "encrypted",
      "kmsKeyId",
      "description",
      "deprecationTime",
      ...written,
    ]);
  });
});
