import { spawn } from "node:child_process";

/** Tells a second start how many of its options the program's `nodeargs` are. */
const MARK = "AMI_LIFECYCLE_NODE_ARGUMENTS";

const given = Number(process.env[MARK] ?? 0);
// Neither the program nor the simulations of other stacks are to see it.
delete process.env[MARK];

/** Node.js's own options for another start of this command, which may be for another program. */
export const execArguments = process.execArgv.slice(given);

/**
 * Node.js takes its options at its start only: when the program wants some (`runtime.options.nodeargs`), the command is
 * started again with them. The exit code of that run; undefined when this one already has them.
 */
export function restarted(wanted: readonly string[]): Promise<number> | undefined {
  if (wanted.length === 0 || given > 0) return undefined;
  const child = spawn(process.execPath, [...wanted, ...process.execArgv, ...process.argv.slice(1)], {
    stdio: "inherit",
    env: { ...process.env, [MARK]: String(wanted.length) },
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}
