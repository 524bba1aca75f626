import assert from "node:assert/strict";
import fc from "fast-check";
import { recipeDigest } from "../../../../components/internal/recipe";
import { withDefaults } from "../../../../components/internal/recipe/defaults";
import type { Recipe } from "../../../../components/recipe";
import { anyRecipe } from "./recipes";

/** The same data with the keys of every object in another order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, field]) => [key, reversed(field)]),
  );
}

describe("a recipe's digest", () => {
  it("is sixteen hex digits that the order of keys and defaults written out do not change", () => {
    fc.assert(
      fc.property(anyRecipe, (recipe) => {
        const digest = recipeDigest(recipe);
        assert.match(digest, /^[0-9a-f]{16}$/);
        assert.equal(recipeDigest(reversed(recipe) as Recipe), digest);
        assert.equal(recipeDigest(withDefaults(recipe)), digest);
        assert.equal(recipeDigest(JSON.parse(JSON.stringify(recipe)) as Recipe), digest);
      }),
    );
  });

  it("takes null and undefined as left out", () => {
    const recipe = { os: "debian-12", steps: [{ run: "x" }] };
    const nulls = { ...recipe, cleanup: null, checks: undefined, steps: [{ run: "x", packages: null }] };
    assert.equal(recipeDigest(nulls as unknown as Recipe), recipeDigest(recipe));
  });

  it("is never changed by accident: a digest is a tag on images that exist", () => {
    const recipe = {
      os: "ubuntu-24.04",
      steps: [{ packages: ["nginx"] }],
      checks: [{ http: { url: "http://127.0.0.1/" } }],
    };
    assert.equal(recipeDigest(recipe), "e9d5914549a6a80f");
  });

  it("changes with anything that matters", () => {
    const base: Recipe = { os: "debian-12", steps: [{ file: { path: "/a", content: "a" } }, { run: "x" }] };
    const others: Recipe[] = [
      { ...base, os: "ubuntu-24.04" },
      { ...base, architecture: "arm64" },
      { ...base, cleanup: false },
      { ...base, keepUsers: ["deploy"] },
      { ...base, steps: [...base.steps!].reverse() },
      { ...base, steps: [{ file: { path: "/a", content: "a\n" } }, { run: "x" }] },
      { ...base, steps: [{ file: { path: "/a", content: "a", mode: "0600" } }, { run: "x" }] },
      { ...base, checks: [{ command: "true" }] },
      { ...base, steps: [{ user: { name: "a" } }] },
      { ...base, steps: [{ user: { name: "a", groups: ["b"] } }] },
      { ...base, steps: [{ firewall: { allow: ["80/tcp"] } }] },
    ];
    assert.equal(new Set([base, ...others].map(recipeDigest)).size, others.length + 1);
  });
});
