import type { Simulation } from "../types";
import { type PointerFact, regionFacts, safetyFacts, shortType } from "./facts";
import { html, type Html, lines, table } from "./html";

export const regionTable = (simulation: Simulation): Html =>
  table(
    "What each region has",
    ["Region", "Resources", "Images", "Keys", "Fleets, least to most instances", "Recovery"],
    regionFacts(simulation).map(({ region, resources, images, keys, fleets, recovery }) => [
      region,
      resources,
      ...[images, keys, fleets, recovery].map(lines),
    ]),
  );

export function pointerTable(facts: readonly PointerFact[]): Html {
  const regions = [...new Set(facts.flatMap(({ from }) => Object.keys(from)))].sort();
  return table(
    "SSM parameters: the image that each names, or the gate that its record comes after",
    ["Parameter", ...regions],
    facts.map(({ parameter, from }) => [parameter, ...regions.map((region) => from[region] ?? "–")]),
  );
}

export const safetyTable = (simulation: Simulation): Html =>
  table(
    "What survives `pulumi destroy`, who may use it, under which key, what protects it, what is open",
    ["Resource", "Type", "Region", "On destroy", "Shared with", "Key", "Protected by", "Open to the internet"],
    safetyFacts(simulation).map(({ resource, survives, shared, key, protection, open }) => [
      resource.name,
      shortType(resource),
      resource.region ?? "–",
      ...[survives || "deleted", shared || "–", key || "–", protection || "–"],
      open === "" ? "–" : html`<span class="warn">${open}</span>`,
    ]),
  );
