import * as fs from "node:fs";
import * as path from "node:path";

/** The version of this package, by its package.json: beside `cli` in the sources, above `dist` when it is installed. */
export function version(): string {
  for (let at = __dirname; ; at = path.dirname(at)) {
    const file = path.join(at, "package.json");
    if (fs.existsSync(file)) {
      const { name, version } = JSON.parse(fs.readFileSync(file, "utf8")) as { name?: string; version?: string };
      if (name === "pulumi-ami-lifecycle" && version !== undefined) return version;
    }
    if (at === path.dirname(at)) return "unknown";
  }
}
