import type { Problem } from "../types";
import type { SourceFinder } from "./problems";

/** What `process.exit` throws while a program is simulated, so that the program goes no further. */
export class ProgramExit extends Error {}

/** The SDK's runner ends the process with this code when it has explained on standard error what is wrong. */
export const EXPLAINED = 32;

function problemOf(code: unknown, at: Error, sources: SourceFinder): Problem {
  if (code === EXPLAINED) {
    return {
      severity: "error",
      message: "the program's entry point was not found; standard error has what Pulumi says",
    };
  }
  const source = sources.ofError(at);
  const call = `process.exit(${typeof code === "number" || typeof code === "string" ? code : ""})`;
  const message = `the program calls ${call} and ends there: what comes after it is missing, with \`pulumi up\` too`;
  return { severity: "error", message, ...(source && { source }) };
}

/** A program that ends the process must not end the simulation: the promise tells of the call, and the report follows. */
export function interceptExit(sources: SourceFinder, report: (problem: Problem) => void): Promise<void> {
  return new Promise((resolve) => {
    process.exit = (code) => {
      const exit = new ProgramExit("process.exit");
      report(problemOf(code ?? process.exitCode, exit, sources));
      resolve();
      throw exit;
    };
  });
}

/** A program may also leave a code for when it ends. */
export function problemOfExitCode(): Problem | undefined {
  const code = process.exitCode;
  if (code === undefined || Number(code) === 0) return undefined;
  return { severity: "error", message: `the program sets process.exitCode to ${code}: \`pulumi up\` fails with it` };
}
