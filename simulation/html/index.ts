import { existsSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Seconds } from "../time/assumptions";
import { timelineOf } from "../time/timeline";
import type { Simulation } from "../types";
import { UsageError } from "../usageError";
import { pageOf } from "./page";

/**
 * What `--report FILE` writes. Loads all it needs, and finds a file that cannot be written, before the program runs. Gives
 * the function that writes the file, and says where it is.
 */
export async function loadReport(
  file: string,
  directory: string,
  seconds: Seconds,
): Promise<(simulation: Simulation) => string> {
  const place = path.resolve(directory, file);
  if (file === "" || !existsSync(path.dirname(place))) {
    throw new UsageError(
      `--report ${file}: there is no directory ${path.dirname(file)}. Make it, or name another file.`,
    );
  }
  if (existsSync(place) && statSync(place).isDirectory()) {
    throw new UsageError(`--report ${file}: that is a directory. Name a file in it.`);
  }
  const viz = await (await import("@viz-js/viz")).instance();
  return (simulation) => {
    writeFileSync(place, pageOf(simulation, { timeline: timelineOf(simulation, seconds), seconds }, viz));
    return `report: ${file}\n`;
  };
}
