import { UsageError } from "../simulation/usageError";
import { EDIT_HELP, EDIT_OPTIONS, runEdit } from "./line/command";
import { releasePlan } from "./line/plan";

const HELP = `Keeps a version and makes it current: \`pulumi up\` bakes it (dev) or promotes it (prod), and rolls
the fleet onto it. A version that is kept already is only made current. With \`keep\` set, the oldest
versions beyond it are retired in the same edit.

Usage: ami-lifecycle release VERSION [options]

  --candidate    only keeps it: it is baked or promoted, and proven; nothing rolls
${EDIT_HELP}`;

const OPTIONS = { ...EDIT_OPTIONS, candidate: { type: "boolean", default: false } } as const;

export function run(argv: string[]): Promise<number> {
  return runEdit(argv, {
    help: HELP,
    options: OPTIONS,
    retires: true,
    plan: ([version, ...more], { candidate }) => {
      if (version === undefined) throw new UsageError("Which version?");
      if (more.length > 0) throw new UsageError("One version at a time.");
      return (line) => releasePlan(line, version, candidate);
    },
  });
}
