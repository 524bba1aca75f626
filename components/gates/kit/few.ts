const SHOWN = 10;

/** The first of them, and how many more there are: a fleet has thousands of instances, an error has a screen. */
export const few = (lines: string[]): string[] =>
  lines.length > SHOWN ? [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} more`] : lines;
