import assert from "node:assert/strict";
import { ARCHITECTURES, OPERATING_SYSTEMS, parameterOf, systemOf } from "../../../../components/internal/recipe";

describe("operating systems", () => {
  it("are rows with all that is asked of one", () => {
    assert.equal(new Set(OPERATING_SYSTEMS.map((system) => system.id)).size, OPERATING_SYSTEMS.length);
    for (const system of OPERATING_SYSTEMS) {
      assert.equal(systemOf(system.id), system);
      assert.match(system.owner, /^(\d{12}|amazon)$/);
      assert.ok(system.loginUsers.length > 0 && system.minimumRootGiB >= 8 && system.rootDevice.startsWith("/dev/"));
      const names = ARCHITECTURES.map((architecture) => parameterOf(system.id, architecture));
      assert.equal(new Set(names).size, names.length, "a parameter of its own for each architecture");
      for (const name of names) assert.match(name, /^\/aws\/service\/[A-Za-z0-9/._-]+$/);
    }
  });

  it("are looked up by name, and a wrong name is answered with the nearest", () => {
    assert.equal(parameterOf("debian-12"), "/aws/service/debian/release/12/latest/amd64");
    assert.throws(() => systemOf("ubuntu-2404"), /Unknown operating system "ubuntu-2404". Did you mean "ubuntu-24.04"/);
    assert.throws(() => systemOf("windows"), /Use one of ubuntu-24.04, debian-12, amazon-linux-2023/);
    assert.throws(() => parameterOf("debian-12", "arm"), /Did you mean "arm64"/);
  });
});
