import { UsageError } from "../simulation/usageError";
import { EDIT_HELP, EDIT_OPTIONS, runEdit } from "./line/command";
import { retirePlan } from "./line/plan";

const HELP = `Removes versions that nothing runs: \`pulumi up\` deletes their images and copies. An adopted
version's image is not deleted. It says whether the Recycle Bin keeps them.

Usage: ami-lifecycle retire VERSION... [options]

${EDIT_HELP}`;

export function run(argv: string[]): Promise<number> {
  return runEdit(argv, {
    help: HELP,
    options: EDIT_OPTIONS,
    retires: true,
    plan: (versions) => {
      if (versions.length === 0) throw new UsageError("Which version?");
      return (line) => retirePlan(line, versions);
    },
  });
}
