/**
 * Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, replacements and swapped neighbours
 * count one each.
 */
export function distance(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  let beforeLast: number[] = [];
  let last = b.map((_, j) => j).concat(b.length);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, beforeLast[j - 2]! + 1);
      row.push(best);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}

/** No name worth suggesting is longer; config may hold any text, and the distance costs time in both lengths. */
const LONGEST = 100;

/**
 * The candidate a mistyped name most likely means: the nearest one, when at most a third of it (and at least two
 * letters' worth) differs, or when one begins with the other. Letter case does not count. Undefined when none is near.
 */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  if (name === "" || name.length > LONGEST) return undefined;
  const wanted = name.toLowerCase();
  let found: { candidate: string; far: number } | undefined;
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    const begins = wanted.length >= 3 && (other.startsWith(wanted) || wanted.startsWith(other));
    const far = begins ? Math.min(1, distance(wanted, other)) : distance(wanted, other);
    const limit = Math.max(2, Math.floor(Math.max(wanted.length, other.length) / 3));
    if (far <= limit && far < other.length && (!found || far < found.far)) found = { candidate, far };
  }
  return found?.candidate;
}

/** `Did you mean "x"` when something is near, else the list of what there is: the fix of a Problem. */
export function suggest(name: unknown, candidates: readonly string[]): string {
  const near = typeof name === "string" ? nearest(name, candidates) : undefined;
  return near === undefined ? `Use one of ${candidates.join(", ")}` : `Did you mean "${near}"`;
}
