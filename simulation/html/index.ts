import { existsSync, statSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { costOf } from "../cost";
import type { Usage } from "../cost/usage";
import { readEarlier } from "../difference/earlier";
import { againstOf } from "../difference/report";
import type { Seconds } from "../time/assumptions";
import { timelineOf } from "../time/timeline";
import type { Simulation } from "../types";
import { UsageError } from "../usageError";
import { pageOf } from "./page";

interface Wanted {
  /** As `--report` names it, from `directory`. */
  file: string;
  directory: string;
  seconds: Seconds;
  usage: Usage;
  /** The file that `--against` names. */
  against?: string | undefined;
  project: { name: string; stack: string };
}

/**
 * What `--report FILE` writes. Loads all it needs, and finds a file that cannot be written, before the program runs. Gives
 * the function that writes the file, and says where it is.
 */
export async function loadReport({
  file,
  directory,
  seconds,
  usage,
  against,
  project,
}: Wanted): Promise<(simulation: Simulation) => string> {
  const place = path.resolve(directory, file);
  if (file === "" || !existsSync(path.dirname(place))) {
    throw new UsageError(
      `--report ${file}: there is no directory ${path.dirname(file)}. Make it, or name another file.`,
    );
  }
  if (existsSync(place) && statSync(place).isDirectory()) {
    throw new UsageError(`--report ${file}: that is a directory. Name a file in it.`);
  }
  const earlier = against === undefined ? undefined : readEarlier(against, project);
  const viz = await (await import("@viz-js/viz")).instance();
  return (simulation) => {
    writeFileSync(
      place,
      pageOf(
        simulation,
        {
          timeline: timelineOf(simulation, seconds),
          seconds,
          cost: costOf(simulation, usage),
          difference: earlier && againstOf(earlier, simulation).difference,
        },
        viz,
      ),
    );
    return `report: ${file}\n`;
  };
}
