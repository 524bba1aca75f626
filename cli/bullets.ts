import { wrap } from "../simulation/text";

/** Columns of what a command prints for people. */
export const WIDTH = 100;

/** `- a sentence`, indented, its further lines below its text. */
export const bullet = (text: string): string[] =>
  wrap(text, WIDTH - 4).map((line, at) => `${at === 0 ? "  - " : "    "}${line.trimEnd()}`);
