/** The Python environment that moto runs in: made once, on demand, under `.cache/` of the project. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const REQUIREMENTS = join(__dirname, "requirements.txt");
const CACHE = join(__dirname, "../../../.cache");
const VENV = join(CACHE, "venv");
const LOCK = join(CACHE, "venv.lock");
const STALE_LOCK_MS = 10 * 60_000;
const OUTPUT_LIMIT = 16 * 1024 * 1024;

/** Makes the environment when it is missing or made from other requirements. Answers the path of its python. */
export async function prepareVenv(): Promise<string> {
  const python = join(VENV, "bin/python");
  const digest = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex").slice(0, 16);
  const marker = join(VENV, `installed-${digest}`);
  if (existsSync(marker)) return python;
  mkdirSync(CACHE, { recursive: true });
  await lock(marker);
  try {
    if (existsSync(marker)) return python;
    rmSync(VENV, { recursive: true, force: true });
    await createVenv();
    // Compiled is what is imported, when it is: most of it never.
    const options = ["--quiet", "--disable-pip-version-check", "--no-compile"];
    await run(python, ["-m", "pip", "install", ...options, "-r", REQUIREMENTS], {
      maxBuffer: OUTPUT_LIMIT,
    }).catch((error: unknown) => {
      throw new Error(
        `The AWS emulator's Python packages could not be installed from ${REQUIREMENTS}.\n${text(error)}`,
      );
    });
    writeFileSync(marker, "");
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
  return python;
}

async function createVenv(): Promise<void> {
  await run("python3", ["--version"]).catch((cause: unknown) => {
    throw new Error("The AWS emulator needs python3 (3.10 or newer) with the venv module. Install it and try again.", {
      cause,
    });
  });
  const create = () => run("python3", ["-m", "venv", VENV], { maxBuffer: OUTPUT_LIMIT });
  try {
    await create();
  } catch (first) {
    const canInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
    if (!canInstall) {
      throw new Error(
        `python3 cannot make a virtual environment. Install its venv module (Debian, Ubuntu: apt-get install python3-venv) ` +
          `and try again.\n${text(first)}`,
        { cause: first },
      );
    }
    await run("apt-get", ["update", "-qq"], { maxBuffer: OUTPUT_LIMIT });
    await run("apt-get", ["install", "-y", "-qq", "python3-venv"], { maxBuffer: OUTPUT_LIMIT });
    rmSync(VENV, { recursive: true, force: true });
    await create();
  }
}

/** Waits while another process makes the environment; a lock left behind by a killed one is taken over. */
async function lock(marker: string): Promise<void> {
  for (;;) {
    try {
      mkdirSync(LOCK);
      return;
    } catch {
      if (existsSync(marker)) return;
      const age = existsSync(LOCK) ? Date.now() - statSync(LOCK).mtimeMs : 0;
      if (age > STALE_LOCK_MS) rmSync(LOCK, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function text(error: unknown): string {
  const { stderr, stdout, message } = error as { stderr?: string; stdout?: string; message?: string };
  return [stderr, stdout].find((part) => part?.trim()) ?? message ?? String(error);
}

if (require.main === module) {
  prepareVenv().then(
    (python) => console.log(`ready: ${python}`),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
