import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import fc from "fast-check";
import { isWindows, OS_IDS } from "../../../../components/internal/recipe";
import type { Recipe, RecipeCheck, RecipeStep } from "../../../../components/recipe";

/** Text that has broken shell scripts before. */
export const HOSTILE = `-n '"$(touch pwned)\`touch pwned\` \\ \\n %s %% $HOME !! é漢🎉 * ~ [ami-lifecycle] x OK
END
END_
\t\r\u0001\u001b[31m\u007f \u2028 “quoted”
\\`;
export const HOSTILE_LINE = HOSTILE.split("\n")[0]!;

/** One of every kind of step, and more where a kind renders in more than one way. */
export const STEPS: RecipeStep[] = [
  { upgrade: true },
  { packages: ["nginx", "g++", "libstdc++-12-dev"] },
  { nodejs: { version: "22" } },
  { app: { repository: "https://example.com/app.git", revision: "v1", directory: "/srv/web" } },
  { app: { repository: HOSTILE_URL(), revision: "a/b'c", directory: "/srv/'x y' $z", install: HOSTILE, owner: "web" } },
  { pm2: { name: "web", script: "server.js", directory: "/srv/web" } },
  {
    pm2: {
      name: "many",
      script: "it's a $script.js",
      directory: "/srv/web",
      environment: { PORT: "3000", ODD: HOSTILE_LINE },
      user: "web",
      instances: 4,
    },
  },
  { file: { path: "/etc/plain.conf", content: "a = 1\nEND\n" } },
  { file: { path: "/srv/it's $HOME é", content: HOSTILE, mode: "4755", owner: "web:www-data" } },
  { file: { path: "/srv/empty", content: "" } },
  { user: { name: "deploy", groups: ["www-data", "adm"] } },
  { user: { name: "_svc", shell: "/opt/it's $HOME/sh" } },
  { firewall: { allow: ["80/tcp", "443/tcp", "53/udp", "8000-8010/tcp"] } },
  { environment: { NODE_ENV: "production", ODD: HOSTILE_LINE } },
  { service: { name: "nginx" } },
  { service: { name: "getty@tty1.service", enabled: false } },
  { disableServices: ["postfix"] },
  { disableServices: ["postfix", "cups.socket"] },
  { run: "echo one" },
  { run: HOSTILE },
];

export const CHECKS: RecipeCheck[] = [
  { http: { url: "http://127.0.0.1/", contains: HOSTILE } },
  { http: { url: "https://localhost:8443/it's?a=$b", status: 404 } },
  { service: "nginx" },
  { command: HOSTILE },
];

function HOSTILE_URL(): string {
  return "https://example.com/it's-$(touch${IFS}pwned)-`x`.git";
}

/** The systems whose recipes are rendered to shell. */
export const LINUX = OS_IDS.filter((id) => !isWindows(id));

/** Any recipe for them that is valid. */
export const anyRecipe: fc.Arbitrary<Recipe> = fc.record(
  {
    os: fc.constantFrom(...LINUX),
    architecture: fc.constantFrom("x86_64", "arm64"),
    // Each app a directory of its own, and Node.js before PM2: the order of STEPS is one that is valid.
    steps: fc.subarray(STEPS, { minLength: 1 }).map((steps) => [{ nodejs: { version: "20" } }, ...steps]),
    checks: fc.subarray(CHECKS),
    cleanup: fc.boolean(),
    keepUsers: fc.subarray(["deploy", "_svc"]),
  },
  { requiredKeys: ["os", "steps"] },
);

/** Text without what no argument of a program can hold. */
export const anyText = fc.string({ unit: "binary", maxLength: 60 }).map((text) => text.replaceAll("\0", ""));

export function bash(script: string, cwd?: string): string {
  return execFileSync("bash", ["-s"], { input: script, encoding: "utf8", cwd, stdio: ["pipe", "pipe", "pipe"] });
}

export function inDirectory<T>(work: (directory: string) => T): T {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "recipe-"));
  try {
    return work(directory);
  } finally {
    fs.rmSync(directory, { recursive: true });
  }
}
