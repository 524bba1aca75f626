import assert from "node:assert/strict";
import {
  architecturesOf,
  isWindows,
  OPERATING_SYSTEMS,
  sourceOf,
  systemOf,
  validateRecipe,
} from "../../../../components/internal/recipe";

describe("operating systems", () => {
  it("are rows with all that is asked of one", () => {
    assert.equal(new Set(OPERATING_SYSTEMS.map((system) => system.id)).size, OPERATING_SYSTEMS.length);
    for (const system of OPERATING_SYSTEMS) {
      assert.equal(systemOf(system.id), system);
      assert.match(system.owner, /^(\d{12}|amazon)$/);
      assert.ok(system.loginUsers.length > 0 && system.minimumRootGiB >= 8 && system.rootDevice.startsWith("/dev/"));
      const sources = architecturesOf(system).map((architecture) => sourceOf(system.id, architecture));
      assert.equal(new Set(sources.map((one) => JSON.stringify(one))).size, sources.length, "one an architecture");
      assert.ok(sources.length > 0);
      for (const { owner, ssmParameter, namePattern } of sources) {
        assert.equal(owner, system.owner, "no look-up without the owner");
        assert.equal([ssmParameter, namePattern].filter(Boolean).length, 1);
        assert.match(ssmParameter ?? "/aws/service/x", /^\/aws\/service\/[A-Za-z0-9/._-]+$/);
      }
    }
  });

  it("are looked up by name, and a wrong name is answered with the nearest", () => {
    assert.equal(sourceOf("debian-12").ssmParameter, "/aws/service/debian/release/12/latest/amd64");
    assert.deepEqual(sourceOf("rhel-9", "arm64"), {
      owner: "309956199498",
      namePattern: "RHEL-9.*_HVM-*-arm64-*-Hourly2-GP3",
    });
    // Canonical's gp3 parameters begin with 23.10.
    assert.match(sourceOf("ubuntu-22.04").ssmParameter!, /\/22\.04\/stable\/current\/amd64\/hvm\/ebs-gp2\/ami-id$/);
    assert.match(sourceOf("ubuntu-24.04").ssmParameter!, /\/24\.04\/stable\/current\/amd64\/hvm\/ebs-gp3\/ami-id$/);
    assert.throws(() => systemOf("ubuntu-2404"), /Unknown operating system "ubuntu-2404". Did you mean "ubuntu-24.04"/);
    assert.throws(() => systemOf("solaris"), /Use one of ubuntu-24.04, ubuntu-22.04, debian-12, amazon-linux-2023/);
    assert.throws(() => sourceOf("debian-12", "arm"), /Did you mean "arm64"/);
  });

  it("have no Windows for arm64, and say that it was never run", () => {
    const windows = OPERATING_SYSTEMS.filter(({ id }) => isWindows(id));
    assert.deepEqual(
      windows.map(({ id, experimental }) => [id, experimental]),
      [
        ["windows-2022", true],
        ["windows-2025", true],
      ],
    );
    assert.throws(() => sourceOf("windows-2022", "arm64"), /Unknown architecture "arm64"/);
    const [problem] = validateRecipe({ os: "windows-2025", architecture: "arm64", steps: [{ run: "dir" }] });
    assert.deepEqual([problem?.path, problem?.allowed], ["recipe.architecture", "x86_64, for Windows Server 2025"]);
  });
});
