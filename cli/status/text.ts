import { wrap } from "../../simulation/text";
import type { Report } from "./report";

const WIDTH = 100;

type Row = readonly string[];

/** Columns as wide as their longest cell; a first cell that repeats the one above it is left empty. */
function table(head: Row, rows: readonly Row[]): string[] {
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => (row[at] ?? "").length)));
  const text = (row: Row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd();
  const once = rows.map(([first = "", ...rest], i) => [first === rows[i - 1]?.[0] ? "" : first, ...rest]);
  return [head, ...once].map(text);
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** `2 1.1.0, 1 1.0.0`. */
const counts = (by: { [version: string]: number }): string =>
  Object.entries(by)
    .map(([version, count]) => `${count} ${version}`)
    .join(", ");

function versionRows(report: Report): Row[] {
  const pointersIn = (region: string, version: string) =>
    Object.entries(report.regions.find((one) => one.region === region)?.pointers ?? {}).flatMap(([pointer, names]) =>
      names === version ? [pointer] : [],
    );
  return report.versions.flatMap(({ version, regions }) =>
    Object.entries(regions).map(([region, image]) => [
      version,
      region,
      pointersIn(region, version).join(", ") || "–",
      image.id,
      image.state === "available" ? (image.verified ? "proven" : "not proven") : image.state,
      [
        ...(image.inFleets > 0 ? [`${image.inFleets} in fleets`] : []),
        ...(image.warm > 0 ? [`${image.warm} warm`] : []),
        ...(image.others > 0 ? [plural(image.others, "other")] : []),
      ].join(", ") || "–",
    ]),
  );
}

function fleetRows(report: Report): Row[] {
  return report.regions.flatMap(({ region, fleets }) =>
    fleets.map(({ group, live, desired, inService, running, warm }) => [
      group,
      region,
      live?.version ?? live?.imageId ?? "–",
      `${inService} of ${desired}`,
      counts(running) || "–",
      counts(warm) || "–",
    ]),
  );
}

function refreshes(report: Report): string[] {
  return report.regions.flatMap(({ region, fleets }) =>
    fleets.flatMap(({ group, refresh }) =>
      refresh ? [`${group} in ${region}: ${refresh.status}, ${refresh.percent} %`] : [],
    ),
  );
}

/** What a person reads. */
export function textOf(report: Report): string {
  const { line, stack, versions, regions, drift, unanswered } = report;
  const fleets = fleetRows(report);
  const items = (title: string, list: readonly string[]) =>
    list.length === 0
      ? []
      : [
          "",
          title,
          ...list.flatMap((one) => wrap(one, WIDTH - 4).map((text, at) => `${at === 0 ? "  - " : "    "}${text}`)),
        ];
  const isEmpty = versions.length === 0 && fleets.length === 0 && drift.length === 0;
  const where = regions.map(({ region }) => region).join(", ");
  const headline =
    isEmpty && where !== ""
      ? `nothing in ${where}`
      : `${plural(versions.length, "version")} in ${plural(regions.length, "region")}`;
  return [
    `${line} in ${stack}: ${headline}`,
    ...(versions.length === 0
      ? []
      : ["", ...table(["VERSION", "REGION", "POINTERS", "IMAGE", "STATE", "INSTANCES"], versionRows(report))]),
    ...(fleets.length === 0
      ? []
      : ["", ...table(["FLEET", "REGION", "LIVE", "IN SERVICE", "RUNNING", "WARM"], fleets)]),
    ...items("Instance refresh under way", refreshes(report)),
    ...items(
      "Did not answer",
      unanswered.map(({ region, error }) => `${region}: ${error}`),
    ),
    ...items("Drift", drift),
    ...(drift.length === 0 && unanswered.length === 0 && !isEmpty ? ["", "No drift."] : []),
    "",
  ].join("\n");
}
