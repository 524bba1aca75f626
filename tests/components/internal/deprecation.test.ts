import assert from "node:assert/strict";
import fc from "fast-check";
import { deprecationTime } from "../../../components/internal/deprecation";

const DAY = 86_400_000;

describe("the deprecation time", () => {
  it("is a midnight, so many days ahead", () => {
    assert.equal(deprecationTime(30, Date.parse("2026-01-01T10:20:30.456Z")), "2026-02-01T00:00:00.000Z");
    assert.equal(deprecationTime(1, Date.parse("2026-01-01T00:00:00.000Z")), "2026-01-02T00:00:00.000Z");
  });

  it("is never early, and less than a day late", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3650 }), fc.integer({ min: 0, max: 4e12 }), (days, now) => {
        const ahead = Date.parse(deprecationTime(days, now)) - now;
        assert.ok(ahead >= days * DAY && ahead < (days + 1) * DAY);
        assert.match(deprecationTime(days, now), /T00:00:00[.]000Z$/);
      }),
    );
  });
});
