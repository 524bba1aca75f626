const CONTEXT = 3;

interface Row {
  sign: " " | "-" | "+";
  text: string;
}

/** The longest common subsequence of the lines, as rows: what goes comes before what is added. */
function rowsOf(before: readonly string[], after: readonly string[]): Row[] {
  const length: number[][] = Array.from({ length: before.length + 1 }, () =>
    new Array<number>(after.length + 1).fill(0),
  );
  const at = (i: number, j: number) => length[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      length[i]![j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const rows: Row[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      rows.push({ sign: " ", text: before[i]! });
      i++;
      j++;
    } else if (i < before.length && (j === after.length || at(i + 1, j) >= at(i, j + 1))) {
      rows.push({ sign: "-", text: before[i++]! });
    } else {
      rows.push({ sign: "+", text: after[j++]! });
    }
  }
  return rows;
}

/** Lines without their breaks; of a text without a last one that is said, as `diff` does. */
function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") return lines.slice(0, -1);
  return [...lines.slice(0, -1), `${lines.at(-1) ?? ""}\n\\ No newline at end of file`];
}

/** What differs between two texts of a file, as `diff -u` writes it; empty when nothing does. */
export function unified(file: string, before: string, after: string): string {
  const [left, right] = [linesOf(before), linesOf(after)];
  // The table is as large as both texts: what is equal around the change is left out of it.
  let [same, end] = [0, 0];
  const least = Math.min(left.length, right.length);
  while (same < least && left[same] === right[same]) same++;
  while (end < least - same && left.at(-1 - end) === right.at(-1 - end)) end++;
  const equal = (lines: readonly string[]) => lines.map((text): Row => ({ sign: " ", text }));
  const rows = [
    ...equal(left.slice(0, same)),
    ...rowsOf(left.slice(same, left.length - end), right.slice(same, right.length - end)),
    ...equal(end === 0 ? [] : left.slice(-end)),
  ];
  const isNear = rows.map((_, at) =>
    rows.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ sign }) => sign !== " "),
  );
  const out: string[] = [];
  let [old, now] = [1, 1];
  for (let at = 0; at < rows.length;) {
    let to = at;
    while (to < rows.length && isNear[to] === isNear[at]) to++;
    const part = rows.slice(at, to);
    const [minus, plus] = ["+", "-"].map((other) => part.filter(({ sign }) => sign !== other).length) as [
      number,
      number,
    ];
    if (isNear[at]) {
      // An empty side is named by the line before it.
      const range = (first: number, count: number) => `${count === 0 ? first - 1 : first},${count}`;
      out.push(`@@ -${range(old, minus)} +${range(now, plus)} @@`, ...part.map(({ sign, text }) => sign + text));
    }
    old += minus;
    now += plus;
    at = to;
  }
  return out.length === 0 ? "" : [`--- ${file}`, `+++ ${file}`, ...out, ""].join("\n");
}
