/**
 * The lines a base instance or a throwaway instance prints to its console, and how they are read back.
 * The renderer (recipe/) writes them in shell; this file is the only place that reads them.
 *
 *     [ami-lifecycle] TOKEN step 3/7 packages: start|ok|failed
 *     [ami-lifecycle] TOKEN check 1/4 http http://127.0.0.1/: ok|failed
 *     [ami-lifecycle] TOKEN size before: 1879048192 /
 *     [ami-lifecycle] TOKEN cleanup: start|ok|failed
 *     [ami-lifecycle] TOKEN size after: 1610612736 /
 *     [ami-lifecycle] TOKEN | a line of evidence: the last lines of what failed
 *     [ami-lifecycle] TOKEN FAILED step 3/7 packages (exit 100)
 *     [ami-lifecycle] TOKEN OK
 *
 * A size line is of one file system: bytes in use, then where it is mounted, before and after clean-up (without one
 * there is no `before`). There is one line for each disk that becomes part of the image.
 *
 * Console lines carry prefixes (the kernel's clock, `cloud-init[812]:`), so markers are looked for as substrings.
 */
export const MARK = "[ami-lifecycle]";

/** The token of a boot proof, made from the recipe's digest: a boot's lines can never be taken for the bake's. */
export function bootToken(digest: string): string {
  return `${digest}.boot`;
}

/** What one file system of the machine held. */
export interface ImageSize {
  /** Where it is mounted: `/`, `/srv/data`, `C:`. */
  mount: string;
  /** Bytes in use before clean-up; undefined where there was none. */
  before?: number;
  /** Bytes in use at the end. */
  after?: number;
}

export interface ConsoleReading {
  /** The verdict of this token, if one was printed. A failure wins over an OK printed beside it. */
  verdict?: "ok" | "failed";
  /** What failed, as the machine said it: `step 3/7 packages (exit 100)`. */
  failure?: string;
  /** The last progress line of this token: `step 3/7 packages: start`. */
  progress?: string;
  /** Bytes in use by file system, where the machine said them. */
  sizes?: ImageSize[];
  /** The lines of evidence printed before the failure. */
  evidence: string[];
  /** Other builds' tokens that ended (OK or FAILED) on this console: an earlier boot, or another recipe. */
  otherTokens: string[];
}

// A line ends at a line feed only: other separators inside one must not hide what stands before them.
const LINE = /\[ami-lifecycle\] (\S+) (.*?)\s*$/s;

const SIZE = /^size (before|after): (\d{1,16}) (.+)$/s;

export function readConsole(text: string, token: string): ConsoleReading {
  const reading: ConsoleReading = { evidence: [], otherTokens: [] };
  for (const line of text.split(/\r?\n/)) {
    const found = LINE.exec(line);
    if (!found) continue;
    const [, of, said] = found as unknown as [string, string, string];
    const ends = said === "OK" || said.startsWith("FAILED ");
    if (of !== token) {
      if (ends && !reading.otherTokens.includes(of)) reading.otherTokens.push(of);
    } else if (said.startsWith("| ") || said === "|") {
      reading.evidence.push(said.slice(2));
    } else if (said.startsWith("FAILED ")) {
      reading.verdict = "failed";
      reading.failure ??= said.slice("FAILED ".length);
    } else if (said === "OK") {
      reading.verdict ??= "ok";
    } else if (SIZE.test(said)) {
      addSize(reading, said);
    } else {
      reading.progress = said;
    }
  }
  return reading;
}

/** Seen twice they are the same: what is said last counts. */
function addSize(reading: ConsoleReading, said: string): void {
  const [, when, bytes, mount] = SIZE.exec(said) as unknown as [string, "before" | "after", string, string];
  reading.sizes ??= [];
  let size = reading.sizes.find((one) => one.mount === mount);
  if (!size) reading.sizes.push((size = { mount }));
  size[when] = Number(bytes);
}

/** Bytes in use on all disks at the end, or undefined when the machine did not say. */
export function usedBytes({ sizes = [] }: ConsoleReading): number | undefined {
  const after = sizes.flatMap((size) => (size.after === undefined ? [] : [size.after]));
  return after.length === 0 ? undefined : after.reduce((sum, bytes) => sum + bytes, 0);
}

/** The last lines of a console, without the empty ones: what a person would look at first. */
export function lastLines(text: string, count = 20): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-count);
}
