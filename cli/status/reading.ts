import { isVersion } from "../../components/internal/versions";
import type { RegionFacts } from "./facts";

/** The pointers that a line's parameters may have. */
export const POINTERS = ["current", "previous", "candidate"] as const;

/** Counts, by what they are called. */
export function counted(names: readonly string[]): { [name: string]: number } {
  const counts: { [name: string]: number } = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** The versions of a region's images, by image id: as the parameters say, else as the images' tags do. */
export function versionsById({ images, parameters }: RegionFacts): Map<string, string> {
  const known = new Map<string, string>();
  for (const { id, version } of images) if (version !== undefined) known.set(id, version);
  for (const [of, id] of Object.entries(parameters)) if (isVersion(of)) known.set(id, of);
  return known;
}

/** What a group's members run, in service or not: versions, or image ids. */
export function runs(facts: RegionFacts, ids: readonly string[]): string[] {
  const versions = versionsById(facts);
  return ids.map((id) => {
    const imageId = facts.instances.find((instance) => instance.id === id)?.imageId;
    return imageId === undefined ? "unknown" : (versions.get(imageId) ?? imageId);
  });
}
