import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { temporary } from "../support/temporary";

/** The package's directory. */
export const ROOT = path.resolve(__dirname, "../..");

export interface Run {
  code: number;
  out: string;
  err: string;
  seconds: number;
}

/** Runs the command as `npm run simulate` does, from `cwd`. */
export function simulate(args: string[], cwd = ROOT): Promise<Run> {
  const started = process.hrtime.bigint();
  // What npm tells of its script, whoever runs the tests.
  const env = {
    ...process.env,
    NO_COLOR: "1",
    npm_lifecycle_event: "simulate",
    npm_package_name: "pulumi-ami-lifecycle",
  };
  const command = [path.join(ROOT, "cli/fromSources.cjs"), "simulate", ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd, env }, (error, out, err) => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      resolve({ code: error === null ? 0 : Number(error.code), out, err, seconds });
    });
  });
}

export function fixture(name: string): string {
  return path.join(ROOT, "tests/simulation/fixtures", name);
}

let devOutputs: Promise<string> | undefined;

/**
 * Runs the command for prod. What dev gives is simulated once for all of a file's runs: the same bytes come of it, in half
 * the time.
 */
export async function simulateProd(...args: string[]): Promise<Run> {
  devOutputs ??= simulate(["--stack", "dev", "--json"]).then(({ out }) => {
    const file = path.join(temporary("dev"), "outputs.json");
    writeFileSync(file, JSON.stringify((JSON.parse(out) as { outputs: object }).outputs));
    return file;
  });
  return simulate(["--stack", "prod", "--stack-outputs", `dev=${await devOutputs}`, ...args]);
}
