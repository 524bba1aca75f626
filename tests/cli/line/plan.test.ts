import assert from "node:assert/strict";
import { isSame, releasePlan, retirePlan, rolesOf, rollbackPlan, type Line } from "../../../cli/line/plan";
import { unified } from "../../../cli/line/unified";

const line = (more: Partial<Line> = {}): Line => ({
  ...{ name: "web", versions: ["1.0.0", "1.1.0"], current: "1.1.0", protect: false, adopted: [], promoted: [] },
  ...{ bakes: false, recycleBinDays: 0, ...more },
});
const RUNNING = (which: string) =>
  `If the last \`pulumi up\` was not green, the fleet may still run ${which}: bring it up first, without this edit.`;
const PROTECTED = (which: string) =>
  `If ${which} was current or previous at the last green \`pulumi up\`, its images are still protected. Then it takes` +
  " two: `pulumi up` with the version kept and neither current nor previous, and another one without it. Else" +
  " `pulumi up` refuses: a resource “cannot be deleted because it is protected”.";
const refused = (work: () => unknown, message: string) => assert.throws(work, { message });

describe("releasing a version", () => {
  it("keeps it and makes it current, or a candidate", () => {
    assert.deepEqual(releasePlan(line(), "1.2.0", false), {
      ...{ versions: ["1.0.0", "1.1.0", "1.2.0"], current: "1.2.0", forgotten: [] },
      says: ["web: 1.2.0 is added and becomes current, instead of 1.1.0."],
    });
    assert.deepEqual(releasePlan(line(), "1.2.0", true), {
      ...{ versions: ["1.0.0", "1.1.0", "1.2.0"], current: "1.1.0", forgotten: [] },
      says: ["web: 1.2.0 is added as a candidate; current stays 1.1.0."],
    });
  });

  it("only moves current to one that is kept", () => {
    const { versions, current, says } = releasePlan(line({ current: "1.0.0" }), "1.1.0", false);
    assert.deepEqual(
      [versions, current, says],
      [line().versions, "1.1.0", ["web: current moves from 1.0.0 to 1.1.0."]],
    );
  });

  it("has nothing to do when it is so already", () => {
    const current = releasePlan(line(), "1.1.0", false);
    const candidate = releasePlan(line(), "1.0.0", true);
    assert.ok(isSame(line(), current) && isSame(line(), candidate));
    assert.deepEqual(current.says, ["web: 1.1.0 is current already: nothing to do."]);
    assert.deepEqual(candidate.says, ["web: 1.0.0 is kept already: nothing to do."]);
  });

  it("refuses one before the newest", () => {
    const message = "web: 1.0.5 comes before 1.1.0, the newest kept: only a version after it can be new.";
    refused(() => releasePlan(line(), "1.0.5", false), message);
  });

  it("retires the oldest beyond `keep`, and the adopt entry with it", () => {
    const { versions, forgotten, says } = releasePlan(line({ keep: 2, adopted: ["1.0.0"] }), "1.2.0", false);
    assert.deepEqual([versions, forgotten], [["1.1.0", "1.2.0"], [{ key: "adopt", version: "1.0.0" }]]);
    assert.deepEqual(says, [
      "web: 1.2.0 is added and becomes current, instead of 1.1.0.",
      "web: 1.0.0 is retired: `keep` is 2.",
      "1.0.0 was adopted: its image is not deleted, and its entry in `adopt` is removed.",
    ]);
  });

  it("says what retiring may take, as `retire` does: the fleet may still run what config does not name any more", () => {
    const kept = line({ keep: 3, versions: ["1.1.0", "1.2.0", "1.3.0"], current: "1.2.0", protect: true });
    const first = releasePlan(kept, "1.4.0", false);
    const second = releasePlan({ ...kept, ...first }, "1.5.0", false);
    assert.deepEqual(second.versions, ["1.3.0", "1.4.0", "1.5.0"]);
    assert.deepEqual(second.says, [
      "web: 1.5.0 is added and becomes current, instead of 1.4.0.",
      "web: 1.2.0 is retired: `keep` is 3.",
      "`pulumi up` deletes its images for good: `recycleBinDays` is 0.",
      RUNNING("1.2.0"),
      PROTECTED("1.2.0"),
    ]);
    assert.deepEqual(releasePlan({ ...kept, ...first, protect: false }, "1.5.0", false).says.slice(3), [
      RUNNING("1.2.0"),
    ]);
  });

  it("says, where it bakes, that what was the newest must be there: it cannot be baked any more", () => {
    const note = "1.1.0 must be there by now, by a green `pulumi up`: only the newest version is baked.";
    for (const isCandidate of [true, false])
      assert.equal(releasePlan(line({ bakes: true }), "1.2.0", isCandidate).says[1], note);
    assert.equal(releasePlan(line({ bakes: true, adopted: ["1.1.0"] }), "1.2.0", false).says.length, 1);
    assert.equal(releasePlan(line({ bakes: true, current: "1.0.0" }), "1.1.0", false).says.length, 1);
  });

  it("brings a line that is longer than `keep` back to it", () => {
    const long = line({ keep: 2, versions: ["0.8.0", "0.9.0", "1.0.0", "1.1.0"] });
    assert.deepEqual(releasePlan(long, "1.2.0", false).versions, ["1.1.0", "1.2.0"]);
  });

  it("never retires what the fleet runs, or what a rollback goes to", () => {
    refused(
      () => releasePlan(line({ keep: 2, current: "1.0.0" }), "1.2.0", false),
      "web: `keep` is 2, and 1.2.0 would be one too many: 1.0.0 is what the fleet runs until `pulumi up` has moved it." +
        " Retire one that is not needed (1.1.0), then try again.",
    );
    refused(
      () => releasePlan(line({ keep: 2 }), "1.2.0", true),
      "web: `keep` is 2, and 1.2.0 would be one too many: 1.1.0 is what the fleet runs, and 1.0.0 is what a rollback" +
        " goes to. Raise `keep`, then try again.",
    );
  });
});

describe("rolling back", () => {
  it("goes to the version before, or to the one that is named", () => {
    const { current, says } = rollbackPlan(line());
    assert.deepEqual([current, says], ["1.0.0", ["web: current moves back from 1.1.0 to 1.0.0."]]);
    assert.equal(rollbackPlan(line(), "1.0.0").current, "1.0.0");
    assert.deepEqual(rollbackPlan(line({ current: "1.0.0" }), "1.1.0").says, [
      "web: current moves from 1.0.0 to 1.1.0.",
    ]);
    assert.ok(isSame(line(), rollbackPlan(line(), "1.1.0")));
  });

  it("refuses when there is none", () => {
    const first = line({ current: "1.0.0" });
    refused(() => rollbackPlan(first), "web: there is no version before 1.0.0 to roll back to; kept: 1.0.0, 1.1.0.");
    refused(
      () => rollbackPlan(line(), "0.9.0"),
      "web: 0.9.0 is not kept, so nothing can go back to it; kept: 1.0.0, 1.1.0.",
    );
  });
});

describe("retiring versions", () => {
  it("removes them", () => {
    const { versions, says } = retirePlan(line({ versions: ["0.9.0", "1.0.0", "1.1.0"] }), ["1.0.0", "0.9.0", "1.0.0"]);
    assert.deepEqual(versions, ["1.1.0"]);
    assert.deepEqual(says, [
      "web: 0.9.0 and 1.0.0 are retired.",
      "`pulumi up` deletes their images for good: `recycleBinDays` is 0.",
      RUNNING("one of them (0.9.0, 1.0.0)"),
    ]);
  });

  it("says for how long the Recycle Bin has the images", () => {
    const bin = (recycleBinDays: number) => retirePlan(line({ recycleBinDays }), ["1.0.0"]).says[1];
    const can = "Once `pulumi up` has deleted its images, they can be restored from the Recycle Bin for";
    assert.equal(bin(14), `${can} 14 days (\`recycleBinDays\`).`);
    assert.equal(bin(1), `${can} 1 day (\`recycleBinDays\`).`);
  });

  it("takes an entry of `images` with it", () => {
    const { forgotten, says } = retirePlan(line({ promoted: ["1.0.0", "1.1.0"] }), ["1.0.0"]);
    assert.deepEqual(forgotten, [{ key: "images", version: "1.0.0" }]);
    assert.equal(says[1], "The entry of 1.0.0 in `images` is removed, too.");
  });

  it("says that protection makes it two runs, but not of adopted ones", () => {
    assert.deepEqual(retirePlan(line({ protect: true }), ["1.0.0"]).says.slice(2), [
      RUNNING("1.0.0"),
      PROTECTED("1.0.0"),
    ]);
    assert.deepEqual(retirePlan(line({ protect: true, adopted: ["1.0.0"] }), ["1.0.0"]).says, [
      "web: 1.0.0 is retired.",
      "1.0.0 was adopted: its image is not deleted, and its entry in `adopt` is removed.",
    ]);
  });

  it("refuses current, and what is not kept", () => {
    refused(
      () => retirePlan(line(), ["1.1.0"]),
      "web: 1.1.0 is current: the fleet runs it. Move current first (`ami-lifecycle release` or `rollback`), run" +
        " `pulumi up`, then retire it.",
    );
    refused(() => retirePlan(line(), ["2.0.0", "3.0.0"]), "web: 2.0.0 and 3.0.0 are not kept; kept: 1.0.0, 1.1.0.");
  });
});

describe("the roles of versions", () => {
  it("are those of the pointers", () => {
    const whole = line({ versions: ["0.9.0", "1.0.0", "1.1.0", "1.2.0"], adopted: ["0.9.0", "1.0.0"] });
    const roles = whole.versions.map((version) => rolesOf(whole, version));
    assert.deepEqual(roles, [["adopted"], ["previous", "adopted"], ["current"], ["candidate", "newest"]]);
    assert.deepEqual(rolesOf(line(), "1.1.0"), ["current", "newest"]);
  });
});

describe("the difference of two texts", () => {
  it("is as `diff -u` writes it", () => {
    const before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n";
    assert.equal(
      unified("x", before, before.replace("b\n", "b\nB\n").replace("j\n", "J\n")),
      "--- x\n+++ x\n@@ -1,5 +1,6 @@\n a\n b\n+B\n c\n d\n e\n@@ -7,5 +8,5 @@\n g\n h\n i\n-j\n+J\n k\n",
    );
    assert.equal(unified("x", before, before), "");
    assert.equal(unified("x", "", "a\r\nb\r\n"), "--- x\n+++ x\n@@ -0,0 +1,2 @@\n+a\n+b\n");
    assert.equal(
      unified("x", "a", "a\nb"),
      "--- x\n+++ x\n@@ -1,1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n",
    );
  });
});
