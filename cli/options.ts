import { parseArgs, type ParseArgsConfig } from "node:util";
import { UsageError } from "../simulation/usageError";

/** What a command's options are, for `parseArgs` of Node.js. */
type Options = NonNullable<ParseArgsConfig["options"]>;

/** The values that `parseArgs` gives for such options. */
export type Values<T extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: T }>>["values"];

/** The values of the options, and what is no option. */
export function parseCommand<T extends Options>(
  args: string[],
  options: T,
): { values: Values<T>; positionals: string[] } {
  try {
    return parseArgs<{ args: string[]; options: T; allowPositionals: true }>({ args, options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The values of the options; what is no option is a wrong call. */
export function parseOptions<T extends Options>(args: string[], options: T): Values<T> {
  try {
    return parseArgs<{ args: string[]; options: T }>({ args, options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
