import { UsageError } from "../simulation/usageError";
import { EDIT_HELP, EDIT_OPTIONS, runEdit } from "./line/command";
import { rollbackPlan } from "./line/plan";

const HELP = `Makes a kept version current again: the one before the current one, when none is named. Its images
are there and proven, so \`pulumi up\` bakes and copies nothing; it rolls the fleet.

Usage: ami-lifecycle rollback [VERSION] [options]

${EDIT_HELP}`;

export function run(argv: string[]): Promise<number> {
  return runEdit(argv, {
    help: HELP,
    options: EDIT_OPTIONS,
    plan: ([version, ...more]) => {
      if (more.length > 0) throw new UsageError("One version at most.");
      return (line) => rollbackPlan(line, version);
    },
  });
}
