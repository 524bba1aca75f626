import { wrap } from "../../simulation/text";
import { bullet, WIDTH } from "../bullets";
import type { FleetReport, ImageReport, Report } from "./report";

const POLICY = "Is a permission missing? docs/iam/status.json of the repository has what is asked for.";

type Cell = string | number;

/** Columns as wide as they must be, two blanks between them; numbers to the right. What no row has is left out. */
export function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const columns = heads.map((head, at) => ({ head, cells: rows.map((row) => row[at] ?? "") }));
  const shown = columns.filter(({ cells }) => cells.some((cell) => cell !== ""));
  const padded = shown.map(({ head, cells }) => {
    const width = Math.max(head.length, ...cells.map((cell) => String(cell).length));
    const isNumber = cells.some((cell) => typeof cell === "number");
    return [head, ...cells].map((cell) => (isNumber ? String(cell).padStart(width) : String(cell).padEnd(width)));
  });
  return ["", ...rows].map((_, at) =>
    padded
      .map((column) => column[at])
      .join("  ")
      .trimEnd(),
  );
}

/** The report for people. */
export function tableOf(report: Report): string {
  const { regions } = report;
  const blocks = [heading(report), versions(report), fleets(report), runs(report), recoveries(report), others(report)];
  const lost = regions.filter(({ answered }) => !answered);
  if (lost.length > 0) {
    const what = lost.length === 1 ? "One region is" : `${lost.length} regions are`;
    const errors = lost.flatMap(({ region, error }) => bullet(`${region}: ${error ?? ""}`));
    const isRefused = lost.some(({ error }) => /AccessDenied|UnauthorizedOperation/.test(error ?? ""));
    blocks.push([`${what} not shown:`, ...errors, ...(isRefused ? [POLICY] : [])]);
  }
  blocks.push(drift(report));
  return `${blocks.flatMap((lines) => (lines.length > 0 ? [lines.join("\n")] : [])).join("\n\n")}\n`;
}

function heading({ line, stack, account, regions }: Report): string[] {
  const names = regions.map(({ region, home }) => (home && regions.length > 1 ? `${region} (home)` : region));
  return wrap(`${line} in stack ${stack}${account === null ? "" : `, account ${account}`}: ${names.join(", ")}`, WIDTH);
}

/** One word for what an image is worth. */
function worth({ state, verified }: ImageReport): string {
  if (state !== "available") return state;
  return verified === "yes" ? "verified" : verified === "no" ? "unverified" : verified;
}

function versions(report: Report): string[] {
  const rows = report.versions.flatMap(({ version, images }) =>
    images.map((image, at) => [
      at === 0 ? version : "",
      image.region,
      image.imageId,
      worth(image),
      image.deprecationTime?.slice(0, 10) ?? "",
      image.instances,
      image.pointers.join(", "),
    ]),
  );
  if (rows.length === 0) return [];
  return table(["VERSION", "REGION", "IMAGE", "STATE", "DEPRECATED", "INSTANCES", "POINTERS"], rows);
}

const templateOf = ({ exists, launchTemplate: template }: FleetReport): string =>
  template ? `${template.id} ${template.version}` : exists ? "none" : "the group is gone";

function fleets({ fleets: all }: Report): string[] {
  if (all.length === 0) return [];
  const rows = all.map((fleet) => {
    const record = fleet.live ?? fleet.staged;
    const what = record ? (record.version ?? "no version") : "no record";
    return [
      fleet.group,
      fleet.region,
      fleet.staged ? `${what} (staged)` : what,
      record?.imageId ?? "",
      templateOf(fleet),
    ];
  });
  const refreshes = all.flatMap(({ group, region, refresh }) =>
    refresh
      ? wrap(
          `An instance refresh of ${group} in ${region} is ${refresh.status}: ${refresh.percentageComplete} %, ` +
            `${refresh.instancesToUpdate} to replace.`,
          WIDTH,
        )
      : [],
  );
  return [...table(["GROUP", "REGION", "LIVE", "LIVE IMAGE", "TEMPLATE"], rows), ...refreshes];
}

function recoveries({ recovery }: Report): string[] {
  const rows = recovery.map(({ region, home, strategy, version, imageId, rtoMinutes, rpoMinutes }) => [
    region,
    home,
    strategy,
    version ?? imageId,
    `${rtoMinutes} min`,
    `${rpoMinutes} min`,
  ]);
  if (rows.length === 0) return [];
  return table(["RECOVERY", "STANDS IN FOR", "STRATEGY", "READY", "RTO", "RPO"], rows);
}

function runs({ fleets: all }: Report): string[] {
  const rows = all.flatMap((fleet) => {
    const { group, region, desiredCapacity } = fleet;
    return fleet.runs.map((run, at) => [
      at === 0 ? group : "",
      at === 0 ? region : "",
      run.version ?? run.imageId,
      run.instances,
      run.inService,
      run.healthy,
      run.warmPool,
      at === 0 ? desiredCapacity : "",
    ]);
  });
  if (rows.length === 0) return [];
  return table(["GROUP", "REGION", "RUNS", "INSTANCES", "IN SERVICE", "HEALTHY", "WARM POOL", "DESIRED"], rows);
}

function others({ instances }: Report): string[] {
  if (instances.length === 0) return [];
  const rows = instances.map(({ instanceId, region, version, imageId, state, name, proof }) => [
    instanceId,
    region,
    version ?? imageId,
    state,
    proof ? "proves an image" : (name ?? ""),
  ]);
  return table(["OTHER INSTANCE", "REGION", "RUNS", "STATE", "NAME"], rows);
}

function drift({ drift: all, regions }: Report): string[] {
  const isWhole = regions.every(({ answered }) => answered);
  if (all.length === 0) {
    if (!regions.some(({ answered }) => answered)) return [];
    return [isWhole ? "No drift." : "No drift between the regions that answered."];
  }
  return [`Drift: ${all.length}`, ...all.flatMap(({ message }) => bullet(message))];
}
