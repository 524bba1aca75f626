import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { COMMANDS } from "../../../cli/commands";
import { UsageError } from "../../../simulation/usageError";
import type { Files } from "../installed";

/** A directory with a project's files, for the time of a test. */
export function projectOf(files: Files): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "line-"));
  for (const [file, text] of Object.entries({ "Pulumi.yaml": "name: shop\nruntime: nodejs\n", ...files })) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  }
  return root;
}

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** Runs a command in this process, as `cli/main.ts` does. */
export async function run(name: string, ...args: string[]): Promise<Ran> {
  const ran: Ran = { code: 2, out: "", err: "" };
  const [out, err] = [process.stdout.write.bind(process.stdout), process.stderr.write.bind(process.stderr)];
  const into = (stream: "out" | "err") => (text: string, done?: () => void) => {
    ran[stream] += text;
    done?.();
    return true;
  };
  process.stdout.write = into("out") as typeof out;
  process.stderr.write = into("err") as typeof err;
  try {
    const command = await COMMANDS[name]?.load();
    ran.code = (await command?.run(args)) ?? 2;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    ran.err += `${error.message}\n`;
  } finally {
    process.stdout.write = out;
    process.stderr.write = err;
  }
  return ran;
}
