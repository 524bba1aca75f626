import * as path from "node:path";
import { parseArgs } from "node:util";
import { loadProject, UsageError } from "./config";
import { deferNpmResolver } from "./speed";
import { StackReferences } from "./stackReference";

const HELP = `Runs this project's program in-process, without an account and without an engine, against a model of AWS.

Usage: npm run simulate -- [options]

  --stack NAME         the stack to simulate (default: dev)
  --config KEY=VALUE   overrides one config value; may be repeated
  --cwd DIR            the directory of Pulumi.yaml (default: the current one)
  --json               data instead of text (docs/simulation.md has the format)
  --help               this text

Exit codes: 0 no errors, 1 the program has errors, 2 wrong usage.
`;

/** Where a child process for another stack must start; the program changes the directory. */
const STARTED_IN = process.cwd();

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        stack: { type: "string", default: "dev" },
        config: { type: "string", multiple: true, default: [] },
        cwd: { type: "string", default: "." },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
        // For the command itself only: the stacks that wait for this one's outputs.
        waiting: { type: "string", default: "" },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}

async function main(argv: string[]): Promise<number> {
  const options = parse(argv);
  if (options.help) {
    await write(HELP);
    return 0;
  }
  const project = loadProject(path.resolve(options.cwd), options.stack, options.config);
  const references = new StackReferences({
    project: project.name,
    stack: project.stack,
    root: project.root,
    waiting: options.waiting.split(",").filter((stack) => stack !== ""),
    self: { directory: STARTED_IN, file: __filename },
  });
  references.startEarly(project.config);
  // The SDK reads its root directory from here when it is loaded, which is why it is loaded only now.
  process.env.PULUMI_NODEJS_ROOT_DIRECTORY = project.root;
  deferNpmResolver();
  const { simulate } = await import("./run");
  const simulation = await simulate(project, references);
  if (options.json) {
    const { toJson } = await import("./json");
    await write(toJson(simulation));
  } else {
    const [{ toText }, { style }] = await Promise.all([import("./report"), import("./text")]);
    await write(toText(simulation, style(process.stdout.isTTY && !process.env.NO_COLOR)));
  }
  return simulation.problems.some(({ severity }) => severity === "error") ? 1 : 0;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    const text = isUsage
      ? `${error.message}\nSee npm run simulate -- --help`
      : ((error as Error).stack ?? String(error));
    process.stderr.write(`${text}\n`);
    process.exit(isUsage ? 2 : 1);
  },
);
