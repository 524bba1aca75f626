import assert from "node:assert/strict";
import fc from "fast-check";
import { spotName, spread } from "../../../components/internal/spread";

const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1f"];
const zones = fc.shuffledSubarray(ZONES, { minLength: 1 });
const count = fc.nat({ max: 40 });
const names = (n: number, of: readonly string[]) => spread(n, of).map((spot) => spotName("web", spot));
const perZone = (n: number, of: readonly string[]) =>
  of.map((zone) => spread(n, of).filter((spot) => spot.zone === zone).length);

describe("where identical instances go", () => {
  it("is one zone after the other, from 1", () => {
    assert.deepEqual(names(5, ["us-east-1b", "us-east-1a"]), [
      ...["web-us-east-1b-1", "web-us-east-1a-1", "web-us-east-1b-2", "web-us-east-1a-2", "web-us-east-1b-3"],
    ]);
    assert.deepEqual([spread(3, []), spread(0, ZONES)], [[], []]);
  });

  it("is as many as asked for, each with a name of its own", () => {
    fc.assert(fc.property(count, zones, (n, of) => assert.equal(new Set(names(n, of)).size, n)));
  });

  it("is balanced: no zone has two more than another", () => {
    fc.assert(
      fc.property(count, zones, (n, of) => {
        const counts = perZone(n, of);
        assert.ok(Math.max(...counts) - Math.min(...counts) <= 1);
      }),
    );
  });

  it("keeps all of the fewer when there are more, and the other way round", () => {
    fc.assert(
      fc.property(count, count, zones, (a, b, of) => {
        const [few, many] = [names(Math.min(a, b), of), names(Math.max(a, b), of)];
        assert.deepEqual(many.slice(0, few.length), few);
      }),
    );
  });

  it("keeps, of the zones that remain, all that their share still holds, and moves no more than balance asks for", () => {
    fc.assert(
      fc.property(count, zones, fc.nat(), (n, of, at) => {
        const more = ZONES.filter((zone) => !of.includes(zone));
        for (const other of [...more.map((zone) => [...of, zone]), of.filter((_, i) => i !== at % of.length)]) {
          const [before, after] = [new Set(names(n, of)), new Set(names(n, other))];
          const kept = [...before].filter((name) => after.has(name)).length;
          const shares = other.map((zone) =>
            Math.min(...[of, other].map((list) => spread(n, list).filter((spot) => spot.zone === zone).length)),
          );
          assert.equal(
            kept,
            shares.reduce((sum, one) => sum + one, 0),
          );
          // A zone that is new, at the end, takes over its own share and no more.
          if (other.length > of.length) assert.equal(n - kept, perZone(n, other).at(-1));
        }
      }),
    );
  });
});
