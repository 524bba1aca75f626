import { type Drift, unlike } from "./sentences";
import { POINTERS, provenPointers } from "./records";
import type { View } from "./view";

/** Pointers that differ between regions, or from what they are proven to name. */
export function pointerDrift(views: readonly View[], line: string): Drift[] {
  return [...POINTERS.flatMap((of) => between(views, of)), ...views.flatMap((view) => within(view, line))];
}

function between(views: readonly View[], of: (typeof POINTERS)[number]): Drift[] {
  const said = views.flatMap((view): [string, string][] => {
    const id = view.pointer(of);
    if (id === undefined) return [[view.region, "nothing"]];
    const version = view.versionOf(id);
    // Of no version: told by itself, for ids differ from region to region anyway.
    return version === undefined ? [] : [[view.region, version]];
  });
  const text = unlike(said);
  if (text === undefined) return [];
  return [{ kind: "pointer-differs", regions: said.map(([region]) => region), message: `${of} is ${text}.` }];
}

function within(view: View, line: string): Drift[] {
  const { region } = view;
  const proven = provenPointers(view.facts.parameters.pointers);
  return POINTERS.flatMap((of): Drift[] => {
    const id = view.pointer(of);
    const version = id === undefined ? undefined : view.versionOf(id);
    if (id !== undefined && version === undefined) {
      // One that is gone is told with the images.
      if (!view.image(id)) return [];
      const message = `${of} in ${region} names ${id}, which is no version of ${line}.`;
      return [{ kind: "pointer-unknown", regions: [region], message }];
    }
    if (proven === undefined || proven[of] === version) return [];
    const message = `${of} in ${region} is ${version ?? "nothing"}, but proven to name ${proven[of] ?? "nothing"}.`;
    return [{ kind: "pointer-unproven", regions: [region], message }];
  });
}
