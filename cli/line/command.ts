import { isVersion } from "../../components/internal/versions";
import { UsageError } from "../../simulation/usageError";
import { wrap } from "../../simulation/text";
import { parseCommand, type Values } from "../options";
import { write } from "../write";
import { editFile } from "./edit";
import { isSame, type Line, type Plan } from "./plan";
import { Refusal } from "./refusal";
import { readText, saveText } from "./save";
import { checkText, loadStack, type Stack } from "./stack";
import { unified } from "./unified";

const WIDTH = 100;

/** Options that all commands about a line have. */
export const STACK_OPTIONS = {
  stack: { type: "string" },
  cwd: { type: "string", default: "." },
  help: { type: "boolean", default: false },
} as const;

export const EDIT_OPTIONS = {
  ...STACK_OPTIONS,
  "dry-run": { type: "boolean", default: false },
  "no-simulate": { type: "boolean", default: false },
} as const;

export const STACK_HELP = `  --stack NAME   the stack (default: dev, or the only one there is)
  --cwd DIR      where to look for Pulumi.yaml, upwards (default: the current directory)`;

export const EDIT_HELP = `${STACK_HELP}
  --dry-run      shows what would be written, and writes nothing
  --no-simulate  does not show what \`pulumi up\` will do
  --help         this text

It edits the stack's config file, and nothing else: it asks nobody, and AWS is not touched.

Exit codes: 0 done, or nothing to do, 1 refused: nothing is written, 2 wrong usage.
`;

/** Versions as arguments; a wrong one is a wrong call. */
export function versionsOf(texts: readonly string[]): readonly string[] {
  const wrong = texts.find((text): boolean => !isVersion(text));
  if (wrong === undefined) return texts;
  throw new UsageError(`"${wrong}" is no version: MAJOR.MINOR.PATCH, such as 1.4.0 or 2.0.0-rc.1.`);
}

/** A problem's further lines stand below its first one. */
function refusalLines(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    if (!line.startsWith("  - ")) return wrap(line, WIDTH);
    const [first = "", ...rest] = wrap(line, WIDTH - 2);
    return [first, ...rest.map((one) => `  ${one}`)];
  });
}

/** Runs what may be refused. */
export async function refusable(work: () => Promise<void>): Promise<number> {
  try {
    await work();
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${refusalLines(error.message).join("\n")}\n`);
    return 1;
  }
}

/** The text with the plan's values; a refusal names the file. */
function edited({ config, line, file }: Stack, text: string, plan: Plan): string {
  try {
    return editFile(text, config.project.name, line, plan);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(`${file}: ${error.message}`) : error;
  }
}

type EditOptions = typeof EDIT_OPTIONS;

interface Edit<T extends EditOptions> {
  help: string;
  options: T;
  /** Whether it may retire versions. */
  retires?: boolean;
  /** What is to become of the line; a wrong call throws a UsageError. */
  plan: (versions: readonly string[], values: Values<T>) => (line: Line) => Plan;
}

/** A command that edits the two lines of config which drive a line. */
export async function runEdit<T extends EditOptions>(
  argv: string[],
  { help, options, retires, plan }: Edit<T>,
): Promise<number> {
  const { values, positionals } = parseCommand(argv, options);
  const given = values as unknown as Values<EditOptions>;
  if (given.help) {
    await write(help);
    return 0;
  }
  const planOf = plan(versionsOf(positionals), values);
  return refusable(async () => {
    const stack = loadStack(given.cwd, given.stack, { retires });
    const { config, line, file } = stack;
    const wanted = planOf(line);
    const says = `${wanted.says.flatMap((text) => wrap(text, WIDTH)).join("\n")}\n`;
    if (isSame(line, wanted)) return write(says);
    const before = readText(config.file);
    const after = edited(stack, before, wanted);
    checkText(stack, after);
    if (!given["dry-run"]) saveText(config.file, before, after);
    await write(`${says}\n${unified(file, before, after)}\n`);
    if (!given["no-simulate"]) {
      const { preview } = await import("./preview");
      await write(`${await preview(stack, wanted)}\n`);
    }
    const where = given.cwd === "." ? "" : ` --cwd ${given.cwd}`;
    const next = `pulumi up --stack ${config.stack}${where}`;
    await write(given["dry-run"] ? "Nothing was written (--dry-run).\n" : `Next: ${next}\n`);
  });
}
