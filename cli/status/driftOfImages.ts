import { imageParameterName } from "../../components/internal/names";
import { TAG } from "../../components/internal/tags";
import { type Drift, type DriftKind, list } from "./sentences";
import { inOrder, POINTERS } from "./records";
import type { View } from "./view";

/** Versions without an image, images that something names and that are not fit for it, images without a name. */
export function imageDrift(views: readonly View[], line: string, stack: string): Drift[] {
  const versions = [...new Set(views.flatMap((view) => view.versions))].sort(inOrder);
  // Not every line has parameters.
  const hasParameters = views.some(({ parameters }) => parameters.size > 0);
  return [
    ...versions.flatMap((version) => missing(views, version)),
    ...views.flatMap((view) => unfit(view)),
    ...views.flatMap((view) => mistagged(view)),
    ...views.flatMap((view) => several(view)),
    ...(hasParameters ? views.flatMap((view) => nameless(view, line, stack)) : []),
  ];
}

function missing(views: readonly View[], version: string): Drift[] {
  const regions = views.filter((view) => !view.versions.includes(version)).map(({ region }) => region);
  if (regions.length === 0) return [];
  return [{ kind: "image-missing", regions, message: `${version} has no image in ${list(regions)}.` }];
}

/** What versions, pointers and `live` name must be there, available and proven. */
function unfit(view: View): Drift[] {
  const { region, live, staged, recovery } = view;
  const names = new Map<string, string[]>();
  const add = (id: string | undefined, by: string) => {
    if (id !== undefined) names.set(id, [...(names.get(id) ?? []), by]);
  };
  for (const [version, id] of view.parameters) add(id, version);
  for (const pointer of POINTERS) add(view.pointer(pointer), pointer);
  add(live?.imageId, "live");
  add(staged?.imageId, "staged");
  add(recovery?.imageId, "recovery");
  return [...names].flatMap(([id, by]): Drift[] => {
    const image = view.image(id);
    const what = `${list(by)} in ${region} ${by.length === 1 ? "names" : "name"} ${id}`;
    const told = (kind: DriftKind, is: string) => [{ kind, regions: [region], message: `${what}, which is ${is}.` }];
    if (!image) return told("image-gone", "gone");
    if (image.state !== "available") return told("image-unavailable", image.state);
    return image.verified === undefined ? told("image-unverified", `not tagged ${TAG.verified}`) : [];
  });
}

/** A parameter that names another version's image. */
function mistagged(view: View): Drift[] {
  return [...view.parameters].flatMap(([version, id]) => {
    const tagged = view.image(id)?.version;
    if (tagged === undefined || tagged === version) return [];
    const message = `The parameter of ${version} in ${view.region} names ${id}, which is tagged ${tagged}.`;
    return [{ kind: "parameter-differs", regions: [view.region], message }];
  });
}

function several(view: View): Drift[] {
  return view.versions.flatMap((version) => {
    const ids = view.imagesOf(version);
    if (ids.length < 2) return [];
    const message = `${version} has ${ids.length} images in ${view.region}: ${list(ids)}.`;
    return [{ kind: "image-duplicate", regions: [view.region], message }];
  });
}

/** Images of versions that others cannot find: left over, or made by an `up` that has not come further. */
function nameless(view: View, line: string, stack: string): Drift[] {
  return view.versions.flatMap((version) => {
    const [id] = view.imagesOf(version);
    if (id === undefined || view.parameters.has(version)) return [];
    const name = imageParameterName(line, stack, version);
    const message = `${version} in ${view.region} is ${id}, but there is no parameter ${name}.`;
    return [{ kind: "parameter-missing", regions: [view.region], message }];
  });
}
