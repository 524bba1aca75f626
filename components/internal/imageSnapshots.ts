import type { Problem } from "./problems";

/** What the look-up of an image tells of its volumes. A user's mocks may leave all of it out. */
export interface ImageVolumes {
  rootDeviceName?: string;
  rootSnapshotId?: string;
  blockDeviceMappings?: { deviceName: string; ebs?: { [field: string]: string } }[];
}

/** The snapshot of an image's root, or of one of its other volumes; else what is wrong. */
export function snapshotOf(image: ImageVolumes, device: string | undefined): { id?: string; problem?: Problem } {
  const { rootDeviceName, rootSnapshotId, blockDeviceMappings } = image;
  if (!blockDeviceMappings) return { id: device === undefined ? rootSnapshotId : undefined };
  if (device === undefined) {
    if (rootSnapshotId) return { id: rootSnapshotId };
    const allowed = "an image whose root is a volume with a snapshot";
    return { problem: { path: "imageIds", allowed, fix: "Share an EBS-backed image" } };
  }
  const others = blockDeviceMappings.filter(({ deviceName, ebs }) => deviceName !== rootDeviceName && ebs?.snapshot_id);
  const id = others.find(({ deviceName }) => deviceName === device)?.ebs?.snapshot_id;
  if (id) return { id };
  const names = others.map(({ deviceName }) => deviceName).sort();
  return {
    problem: {
      path: "volumes",
      given: device,
      allowed: `volumes that the image has besides its root (${names.join(", ") || "none"})`,
      fix: "Remove it, or share a version whose recipe declares it",
    },
  };
}
