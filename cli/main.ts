#!/usr/bin/env node
import { nearest } from "../components/internal/nearest";
import { UsageError } from "../simulation/usageError";
import { COMMANDS } from "./commands";
import { version } from "./version";
import { write } from "./write";

const NAME = "ami-lifecycle";

function help(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const list = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Carries Amazon Machine Images through their life, with Pulumi.

Usage: ${NAME} COMMAND [options]

${list.join("\n")}

  --help     this text; after a command, that command's own
  --version  the version of pulumi-ami-lifecycle

Exit codes: 0 done, 1 not done, 2 wrong usage.
`;
}

function unknown(name: string): UsageError {
  const what = name.startsWith("-") ? "option" : "command";
  const near = what === "command" ? nearest(name, Object.keys(COMMANDS)) : undefined;
  return new UsageError(`There is no ${what} "${name}".${near === undefined ? "" : ` Did you mean "${near}"?`}`);
}

async function main([name, ...rest]: string[]): Promise<number> {
  if (name === "--help" || name === "-h" || name === "help") {
    await write(help());
    return 0;
  }
  if (name === "--version" || name === "-v") {
    await write(`${version()}\n`);
    return 0;
  }
  if (name === undefined) throw new UsageError("Which command?");
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw unknown(name);
  const { run } = await command.load();
  return run(rest);
}

/** What the user can ask for more, in the words they used. */
function hint([name = ""]: string[]): string {
  const script = process.env.npm_lifecycle_event;
  if (script === name) return `See npm run ${name} -- --help`;
  return `See ${script === NAME ? `npm run ${NAME} --` : NAME}${Object.hasOwn(COMMANDS, name) ? ` ${name}` : ""} --help`;
}

// Errors of programs, and of this one, are told by the lines of the sources, whoever compiled them.
process.setSourceMapsEnabled(true);

const argv = process.argv.slice(2);

main(argv).then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    const text = isUsage ? `${error.message}\n${hint(argv)}` : ((error as Error).stack ?? String(error));
    process.stderr.write(`${text}\n`);
    process.exit(isUsage ? 2 : 1);
  },
);
