import assert from "node:assert/strict";
import fc from "fast-check";
import { distance, nearest, suggest } from "../../../components/internal/nearest";

describe("nearest names", () => {
  it("finds what a mistyped name means", () => {
    const kinds = ["upgrade", "packages", "nodejs", "service", "disableServices", "run"];
    assert.equal(nearest("package", kinds), "packages");
    assert.equal(nearest("servcie", kinds), "service");
    assert.equal(nearest("NodeJS", kinds), "nodejs");
    assert.equal(nearest("ubuntu-2404", ["ubuntu-24.04", "debian-12"]), "ubuntu-24.04");
    assert.equal(nearest("debian", ["ubuntu-24.04", "debian-12"]), "debian-12");
    assert.equal(nearest("something else", kinds), undefined);
    assert.equal(nearest("", kinds), undefined);
    assert.equal(suggest("xyzzy", ["left", "right"]), "Use one of left, right");
    assert.equal(suggest("rigth", ["left", "right"]), 'Did you mean "right"');
  });

  it("counts swapped neighbours once", () => {
    assert.equal(distance("ab", "ba"), 1);
    assert.equal(distance("", "abc"), 3);
    assert.equal(distance("kitten", "sitting"), 3);
  });

  it("is a distance: zero only for the same text, the same both ways, at most the longer length", () => {
    const text = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        assert.equal(distance(a, b), distance(b, a));
        assert.equal(distance(a, b) === 0, a === b);
        assert.ok(distance(a, b) <= Math.max([...a].length, [...b].length));
      }),
    );
  });
});
