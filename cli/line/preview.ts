import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { execArguments } from "../../simulation/program/nodeArguments";
import { NAMESPACE } from "../../stacks/keys";
import type { EntryKey, Line, Plan } from "./plan";
import type { Stack } from "./stack";

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** This command again, as a simulation: it takes over its process, so each has one of its own. */
function simulate(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [...execArguments, process.argv[1] ?? "", "simulate", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve) => {
    const ended: Ended = { code: null, out: "", err: "" };
    child.stdout.setEncoding("utf8").on("data", (part: string) => (ended.out += part));
    child.stderr.setEncoding("utf8").on("data", (part: string) => (ended.err += part));
    child.on("error", () => resolve(ended));
    child.on("close", (code) => resolve({ ...ended, code }));
  });
}

/** The values that the edit changes, as `--config` takes them: so the file may be written already, or never. */
function overrides({ versions, current }: Pick<Line, "versions" | "current">): string[] {
  const values = { versions: JSON.stringify(versions), current };
  return Object.entries(values).flatMap(([key, value]) => ["--config", `${NAMESPACE}:${key}=${value}`]);
}

/** A mapping that loses entries, likewise: as it is, and as it will be. */
function mappings({ config }: Stack, { forgotten }: Plan, key: EntryKey): { old: string[]; now: string[] } {
  const gone = forgotten.filter((entry) => entry.key === key).map(({ version }) => version);
  if (gone.length === 0) return { old: [], now: [] };
  const given = JSON.parse(config.config[`${NAMESPACE}:${key}`] ?? "{}") as { [version: string]: unknown };
  const left = Object.fromEntries(Object.entries(given).filter(([version]) => !gone.includes(version)));
  const as = (value: object) => ["--config", `${NAMESPACE}:${key}=${JSON.stringify(value)}`];
  return { old: as(given), now: as(left) };
}

/** What `pulumi up` will do, for people: the difference between a simulation with the old values and one with the new. */
export async function preview(of: Stack, plan: Plan): Promise<string> {
  const { config, line } = of;
  const { project, stack } = config;
  const entries = (["adopt", "images"] as const).map((key) => mappings(of, plan, key));
  const place = ["--stack", stack, "--cwd", project.root];
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "ami-lifecycle-"));
  const unseen = (why: string) => `What \`pulumi up\` will do is not shown: ${why}.\n`;
  const seeIt = `\`ami-lifecycle simulate --stack ${stack}\` shows`;
  const firstLine = ({ err }: Ended) => err.split("\n")[0]?.replace(/\.$/, "") ?? "";
  try {
    const before = await simulate([...place, "--json", ...overrides(line), ...entries.flatMap(({ old }) => old)]);
    if (before.code === 1 && before.out !== "")
      return unseen(`the program had errors before this edit; ${seeIt} what it says now`);
    if (before.code !== 0) return unseen(`the program could not be simulated (${firstLine(before)})`);
    const file = path.join(directory, "before.json");
    fs.writeFileSync(file, before.out);
    const after = await simulate([
      ...place,
      "--against",
      file,
      ...overrides(plan),
      ...entries.flatMap(({ now }) => now),
    ]);
    if (after.code === 1 && after.out !== "") return unseen(`the program has errors with this edit; ${seeIt} them`);
    if (after.code !== 0) return unseen(`the program could not be simulated (${firstLine(after)})`);
    return `What \`pulumi up\` will do, by simulation:\n\n${after.out}`;
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}
