import assert from "node:assert/strict";
import fc from "fast-check";
import { type ImageVolumes, snapshotOf } from "../../../components/internal/imageSnapshots";

const volume = (deviceName: string, id?: string): { deviceName: string; ebs: { [field: string]: string } } => ({
  deviceName,
  ebs: id ? { snapshot_id: id } : {},
});
const IMAGE: ImageVolumes = {
  rootDeviceName: "/dev/sda1",
  rootSnapshotId: "snap-root",
  blockDeviceMappings: [volume("/dev/sdg", "snap-g"), volume("/dev/sda1", "snap-root"), volume("/dev/sdf", "snap-f")],
};

describe("snapshots of an image", () => {
  it("are the root's, and those of its volumes by device", () => {
    assert.deepEqual(snapshotOf(IMAGE, undefined), { id: "snap-root" });
    assert.deepEqual(snapshotOf(IMAGE, "/dev/sdf"), { id: "snap-f" });
    assert.deepEqual(snapshotOf(IMAGE, "/dev/sdg"), { id: "snap-g" });
  });

  it("are none of a volume the image does not have: said with those it has", () => {
    assert.deepEqual(snapshotOf(IMAGE, "/dev/sdh").problem, {
      path: "volumes",
      given: "/dev/sdh",
      allowed: "volumes that the image has besides its root (/dev/sdf, /dev/sdg)",
      fix: "Remove it, or share a version whose recipe declares it",
    });
    const bare = { ...IMAGE, blockDeviceMappings: [volume("/dev/sda1", "snap-root")] };
    assert.match(snapshotOf(bare, "/dev/sdf").problem?.allowed ?? "", /\(none\)$/);
  });

  it("are none of the root declared again, of an empty volume, or of one of the instance itself", () => {
    assert.ok(snapshotOf(IMAGE, "/dev/sda1").problem);
    assert.ok(snapshotOf({ ...IMAGE, blockDeviceMappings: [volume("/dev/sdf")] }, "/dev/sdf").problem);
    assert.ok(snapshotOf({ ...IMAGE, blockDeviceMappings: [{ deviceName: "/dev/sdf" }] }, "/dev/sdf").problem);
  });

  it("are none of an image without a root volume", () => {
    assert.equal(snapshotOf({ rootSnapshotId: "", blockDeviceMappings: [] }, undefined).problem?.path, "imageIds");
  });

  it("are passed over where a user's mocks tell nothing of the image", () => {
    assert.deepEqual(snapshotOf({}, undefined), { id: undefined });
    assert.deepEqual(snapshotOf({}, "/dev/sdf"), { id: undefined });
  });

  it("are always either found or refused", () => {
    const device = fc.constantFrom("/dev/sda1", "/dev/sdf", "/dev/sdg", "/dev/sdh");
    fc.assert(
      fc.property(fc.uniqueArray(device), device, (devices, asked) => {
        const mappings = devices.map((name) => volume(name, `snap-${name}`));
        const { id, problem } = snapshotOf({ ...IMAGE, blockDeviceMappings: mappings }, asked);
        const has = devices.includes(asked) && asked !== "/dev/sda1";
        assert.equal(id, has ? `snap-${asked}` : undefined);
        assert.equal(problem === undefined, has);
      }),
    );
  });
});
