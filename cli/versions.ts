import { pointersOf } from "../components/internal/pointers";
import { STACK_HELP, STACK_OPTIONS, refusable } from "./line/command";
import { rolesOf } from "./line/plan";
import { loadStack, type Stack } from "./line/stack";
import { parseOptions } from "./options";
import { write } from "./write";

const HELP = `Lists the versions that a stack's config keeps, oldest first, and what each of them is: current,
previous (what a rollback goes to), candidate, newest, adopted. It reads config only, and asks
nobody.

Usage: ami-lifecycle versions [options]

${STACK_HELP}
  --json         data instead of text
  --help         this text

Exit codes: 0 done, 1 the stack has no versions, or wrong ones, 2 wrong usage.
`;

const OPTIONS = { ...STACK_OPTIONS, json: { type: "boolean", default: false } } as const;

/** Changes only when a reader of the old format would misread the new one. */
const VERSION = 1;

function toJson({ config, line, file }: Stack): string {
  const { name, versions, current, keep, protect } = line;
  const data = {
    version: VERSION,
    ...{ project: config.project.name, stack: config.stack, file, line: name, keep, protect },
    pointers: pointersOf(versions, current),
    versions: versions.map((version) => ({ version, roles: rolesOf(line, version) })),
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}

function toText({ config, line, file }: Stack): string {
  const { name, versions, keep, protect } = line;
  const width = Math.max(...versions.map((version) => version.length));
  const rows = versions.map((version) => `  ${version.padEnd(width)}  ${rolesOf(line, version).join(", ")}`.trimEnd());
  const kept = keep === undefined ? "" : `, at most ${keep}`;
  return [
    `${name} in ${config.stack}: ${versions.length} kept${kept}; ${protect ? "current and previous are" : "nothing is"} protected`,
    "",
    ...rows,
    "",
    `From ${file} only: nobody was asked what is baked, proven or running.`,
    "",
  ].join("\n");
}

export async function run(argv: string[]): Promise<number> {
  const { stack, cwd, json, help } = parseOptions(argv, OPTIONS);
  if (help) {
    await write(HELP);
    return 0;
  }
  return refusable(async () => {
    const loaded = loadStack(cwd, stack);
    await write(json ? toJson(loaded) : toText(loaded));
  });
}
