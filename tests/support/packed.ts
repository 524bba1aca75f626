/** The package as users install it: built and packed once a run, and installed into folders of their own. */
import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const HOME = join(process.cwd(), ".cache", "package");

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, whatever that is. */
export async function ended(cwd: string, command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 1 << 26 };
  try {
    return { code: 0, ...(await run(command, args, options)) };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as Partial<Ended> & { code?: number | string };
    return { code: typeof code === "number" ? code : 1, stdout, stderr: stderr || String(error) };
  }
}

async function must(cwd: string, command: string, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await ended(cwd, command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${stdout}\n${stderr}`);
  return stdout;
}

let packing: Promise<string> | undefined;

/** Path of the tarball. */
export function packed(): Promise<string> {
  packing ??= (async () => {
    rmSync(HOME, { recursive: true, force: true });
    mkdirSync(HOME, { recursive: true });
    const answer = await must(process.cwd(), "npm", ["pack", "--json", "--silent", "--pack-destination", HOME]);
    const [{ filename }] = JSON.parse(answer.slice(answer.indexOf("["))) as [{ filename: string }];
    return join(HOME, filename);
  })();
  return packing;
}

/** A new folder with the package and what else is named installed, production dependencies only. */
export async function installed(name: string, more: string[], files: { [path: string]: string }): Promise<string> {
  const tarball = await packed();
  const folder = join(HOME, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await must(folder, "npm", ["install", "--omit=dev", ...quiet, tarball, ...more]);
  return folder;
}
