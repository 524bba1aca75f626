import assert from "node:assert/strict";
import fc from "fast-check";
import { bootableTypes, volumeRules } from "../../../components/internal/volumeRules";

const paths = (volume: { [field: string]: unknown }, types?: string[]) =>
  volumeRules("v", volume, types).map(({ path }) => path);

/** AWS's limits, once more: least and most GiB, IOPS, MiB/s; IOPS a GiB. */
const LIMITS = [
  ["gp3", 1, 65536, 3000, 80000, 500],
  ["gp2", 1, 16384, 0, 0, 0],
  ["io1", 4, 16384, 100, 64000, 50],
  ["io2", 4, 65536, 100, 256000, 1000],
  ["st1", 125, 16384, 0, 0, 0],
  ["sc1", 125, 16384, 0, 0, 0],
  ["standard", 1, 1024, 0, 0, 0],
] as const;

describe("rules for volumes", () => {
  for (const [type, least, most, fewest, top, ratio] of LIMITS) {
    it(`${type}: sizes and IOPS at their bounds`, () => {
      assert.deepEqual(paths({ type, sizeGiB: least }), []);
      assert.deepEqual(paths({ type, sizeGiB: most }), []);
      assert.deepEqual(paths({ type, sizeGiB: least - 1 }), ["v.sizeGiB"]);
      assert.deepEqual(paths({ type, sizeGiB: most + 1 }), ["v.sizeGiB"]);
      assert.deepEqual(paths({ type, sizeGiB: least + 0.5 }), ["v.sizeGiB"]);
      if (top === 0) {
        assert.deepEqual(paths({ type, sizeGiB: 200, iops: 3000 }), ["v.iops"]);
        return;
      }
      assert.deepEqual(paths({ type, sizeGiB: most, iops: fewest }), []);
      assert.deepEqual(paths({ type, sizeGiB: most, iops: top }), []);
      assert.deepEqual(paths({ type, sizeGiB: most, iops: fewest - 1 }), ["v.iops"]);
      assert.deepEqual(paths({ type, sizeGiB: most, iops: top + 1 }), ["v.iops"]);
      const small = 10;
      const atRatio = Math.max(small * ratio, fewest);
      if (small * ratio >= fewest) assert.deepEqual(paths({ type, sizeGiB: small, iops: atRatio }), []);
      assert.deepEqual(paths({ type, sizeGiB: small, iops: atRatio + 1 }), ["v.iops"]);
    });
  }

  it("throughput: gp3 only, 125 to 2000, at most a quarter of the IOPS", () => {
    assert.deepEqual(paths({ throughput: 125 }), []);
    assert.deepEqual(paths({ throughput: 750 }), []);
    assert.deepEqual(paths({ throughput: 751 }), ["v.throughput"]);
    assert.deepEqual(paths({ throughput: 124 }), ["v.throughput"]);
    assert.deepEqual(paths({ iops: 8000, throughput: 2000 }), []);
    assert.deepEqual(paths({ iops: 16000, throughput: 2001 }), ["v.throughput"]);
    for (const type of ["gp2", "io1", "io2", "st1", "sc1", "standard"]) {
      assert.deepEqual(paths({ type, throughput: 125 }), ["v.throughput"], type);
    }
  });

  it("types: the ones AWS has; for a root volume those that boot", () => {
    assert.deepEqual(bootableTypes, ["gp3", "gp2", "io1", "io2", "standard"]);
    assert.deepEqual(paths({ type: "ssd" }), ["v.type"]);
    assert.deepEqual(paths({ type: "st1" }, bootableTypes), ["v.type"]);
    assert.deepEqual(paths({ type: "toString" }), ["v.type"]);
    assert.match(volumeRules("v", { type: "st1" }, bootableTypes)[0]?.allowed ?? "", /^gp3, gp2, io1, io2, standard$/);
  });

  it("nothing given is right, what is known later is passed over, and nothing makes it throw", () => {
    assert.deepEqual(paths({}), []);
    const later = Promise.resolve("x");
    assert.deepEqual(paths({ type: later, sizeGiB: 0, iops: 1, throughput: 1 }), []);
    assert.deepEqual(paths({ sizeGiB: later, iops: later, throughput: later }), []);
    fc.assert(
      fc.property(
        fc.record({ type: fc.anything(), sizeGiB: fc.anything(), iops: fc.anything(), throughput: fc.anything() }),
        (volume) => void paths(volume),
      ),
    );
  });
});
