import * as readline from "node:readline/promises";
import { Aws } from "../../components/gates/kit/aws";
import { describeError } from "../../components/gates/kit/errors";
import { type FailureText, GateFailure } from "../../components/gates/kit/failure";
import { defaultTiming } from "../../components/gates/kit/waiting";
import { RULES } from "../../components/internal/rules";
import { UsageError } from "../../simulation/usageError";

/** How a command speaks while it works; what it has done goes to standard output. */
export interface Voice {
  say: (text: string) => void;
  warn: (text: string) => void;
}

export const toTerminal: Voice = {
  say: (text) => void process.stderr.write(`${text}\n`),
  warn: (text) => void process.stderr.write(`warning: ${text}\n`),
};

/** AWS with the environment's credentials, in the region asked for or in the environment's. */
export function awsOf(given: string | undefined): Aws {
  const region = given ?? (process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION);
  if (!region) throw new UsageError("Which region? Give --region, or set AWS_REGION.");
  if (!RULES.region.test(region)) throw new UsageError(`--region ${region}: allowed is ${RULES.region.allowed}.`);
  return new Aws({ region, timing: { ...defaultTiming(), again: "run the command again" } });
}

/** Asks before something that cannot be taken back. Without a terminal only --yes is an answer. */
export async function confirm(question: string, yes: boolean): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError(`${question}? Nobody can be asked here: give --yes if so.`);
  }
  const terminal = readline.createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-D is no answer, and Ctrl-C ends the command: left alone, neither would ever answer the question.
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  terminal.once("SIGINT", () => process.exit(130));
  const answer = await Promise.race([terminal.question(`${question}? [y/N] `), closed]);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Runs what asks AWS; a failure is told on standard error, without the trace of a program's error. Gives the exit code. */
export async function told(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const failure = asFailure(error);
    if (failure === undefined) throw error;
    process.stderr.write(`${failure.message}\n`);
    return 1;
  }
}

/** An error as a failure of this command; undefined for a mistake of the program itself. */
function asFailure(error: unknown): GateFailure | undefined {
  if (error instanceof GateFailure) return error;
  return error instanceof Error && "$metadata" in error ? refusal("AWS refused", error) : undefined;
}

/** What AWS refused, as a failure that says how to go on. */
export function refusal(what: string, error: unknown, more: Partial<FailureText> = {}): GateFailure {
  if (error instanceof GateFailure) return new GateFailure({ ...error.text, ...more });
  return new GateFailure({
    what: `${what}: ${describeError(error)}`,
    next: [
      "is a permission missing? the policy docs/iam/backup.json of the repository has what backup and restore ask for",
      "else mend what it says and run the command again",
    ],
    ...more,
  });
}

/** Says on Ctrl-C what has been begun, and ends. Gives what turns that off again. */
export function onInterrupt(text: () => string): () => void {
  const codes = { SIGINT: 130, SIGTERM: 143 };
  const listeners = Object.entries(codes).map(([signal, code]) => {
    const listener = () => process.stderr.write(`\nInterrupted. ${text()}\n`, () => process.exit(code));
    process.once(signal, listener);
    return () => void process.off(signal, listener);
  });
  return () => listeners.forEach((off) => off());
}
