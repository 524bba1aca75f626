import { fileURLToPath } from "node:url";

/** A place in a file. */
export interface Frame {
  file: string;
  line: number;
  column: number;
}

/** `at name (file:1:2)`, `at file:1:2`, `at async file:///…:1:2`. */
const FRAME = /^\s+at (?:.*\(|async )?((?:file:\/\/)?\/[^()]*?):(\d+):(\d+)\)?$/;

function pathOf(file: string): string {
  return file.startsWith("file:") ? fileURLToPath(file) : file;
}

/** The frames of a stack trace, one for each line; undefined for those inside of Node.js. */
export function framesOfStack(stack: string | undefined): (Frame | undefined)[] {
  const lines = (stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return lines.map((text) => {
    const [, file, line, column] = FRAME.exec(text) ?? [];
    if (file === undefined) return undefined;
    return { file: pathOf(file), line: Number(line), column: Number(column) };
  });
}

/** Where the code is that could not be parsed: Node.js puts it before the message, `/a/b.js:3`. */
export function placeOfSyntaxError(stack: string | undefined): Omit<Frame, "column"> | undefined {
  const [, file, line] = /^((?:file:\/\/)?\/.*):(\d+)$/.exec(stack?.split("\n")[0] ?? "") ?? [];
  return file === undefined ? undefined : { file: pathOf(file), line: Number(line) };
}
