import * as fs from "node:fs";
import * as path from "node:path";
import type { Project } from "./project";
import { UsageError } from "../usageError";

/** The directory a program runs in, and its file there: `.` leaves the choice to package.json, or to Node.js. */
export function placeOf({ main, root }: Pick<Project, "main" | "root">): { directory: string; file: string } {
  const found = fs.statSync(main, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`Pulumi.yaml: main: there is no ${path.relative(root, main)}`);
  return found.isDirectory()
    ? { directory: main, file: "." }
    : { directory: path.dirname(main), file: path.basename(main) };
}
