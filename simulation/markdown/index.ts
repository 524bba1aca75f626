import { problemData } from "../json";
import type { Report } from "../report";
import type { Table } from "../table";
import type { Simulation } from "../types";
import { UsageError } from "../usageError";
import { fenced, inline } from "./escape";

/** GitHub takes comments of at most 65,536 characters; the rest is for what others put around it. */
const MOST = 60_000;
const LEAST = 5_000;

/** Most characters, from `--limit`. */
export function limitOf(given: string | undefined): number {
  if (given === undefined) return MOST;
  const limit = /^\d{1,6}$/.test(given) ? Number(given) : NaN;
  if (limit >= LEAST && limit <= MOST) return limit;
  throw new UsageError(`--limit ${given}: ${LEAST} to ${MOST} characters.`);
}

/** A part that can be cut: at whole rows or lines. */
interface Block {
  title: string;
  /** Rows or lines. */
  parts: string[];
  noun: string;
  render: (parts: readonly string[]) => string;
}

/** A row and its cells cannot be taken for more of them: nothing that could is left in a cell. */
const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell || " ").join(" | ")} |`;

function tableBlock(title: string, head: readonly string[], rows: readonly string[][]): Block {
  const start = [row(head.map((cell) => inline(cell, 200))), row(head.map(() => "---"))];
  return {
    title,
    parts: rows.map((cells) => row(cells.map((cell) => inline(cell, 1_500)))),
    noun: "rows",
    render: (parts) => [...start, ...parts].join("\n"),
  };
}

/** Its cells are cut; the section with the whole text comes with the others then. */
const LONG_MESSAGE = 500;

function problemBlock({ problems }: Simulation): Block {
  const rows = problemData(problems).map(({ source, path, severity, message }) => [
    source ?? path ?? "",
    severity,
    message,
  ]);
  return tableBlock("Problems", ["where", "", "problem"], rows);
}

const detailsBlock = ([title, lines]: Report["sections"][number]): Block => ({
  title,
  parts: lines,
  noun: "lines",
  render: (parts) => `<details><summary>${inline(title, 300)}</summary>\n\n${fenced(parts)}\n\n</details>`,
});

/** Cuts a block to a length; undefined where not even its first part has room. */
function fitted(block: Block, most: number): { text: string; left: number } | undefined {
  const { parts, render } = block;
  const fits = (count: number) => render(parts.slice(0, count)).length <= most;
  if (fits(parts.length)) return { text: render(parts), left: 0 };
  let [low, high] = [0, parts.length];
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low === 0 ? undefined : { text: render(parts.slice(0, low)), left: parts.length - low };
}

/** Room for the note of what was cut: three titles and words. */
const NOTE = 1_500;
const NAMED = 3;

function noteOf(cut: readonly string[], limit: number): string {
  const more = cut.length > NAMED ? `, and of ${cut.length - NAMED} more parts` : "";
  const what = `${cut.slice(0, NAMED).join(", ")}${more}`;
  return `> **Cut** to ${limit} characters. Left out: ${what}. The whole: the same command without \`--markdown\`.`;
}

/**
 * A report as Markdown for pull requests and summaries of steps: what matters on top, long parts folded. When it is too
 * long, no part takes more than half of the room that is left, so that a long one does not push out all after it.
 */
export function toMarkdown(simulation: Simulation, report: Report, table: Table, limit: number = MOST): string {
  const { problems } = simulation;
  const isCut = problems.some(({ message }) => message.length > LONG_MESSAGE);
  const blocks = [
    problemBlock(simulation),
    tableBlock("Table", table.head, table.rows),
    ...report.sections.filter(([title]) => isCut || title !== "Problems").map(detailsBlock),
  ].filter(({ parts }) => parts.length > 0);
  const head = `### ${inline(report.headline, 1_000)}`;
  const texts = blocks.map(({ parts, render }) => render(parts));
  const whole = [head, ...texts].join("\n\n") + "\n";
  if (whole.length <= limit) return whole;

  const cut: string[] = [];
  const written = [head];
  let room = limit - NOTE - head.length - 4;
  blocks.forEach((block, at) => {
    const own = (texts[at] ?? "").length;
    const after = texts.slice(at + 1).reduce((sum, text) => sum + text.length + 2, 0);
    const most = own + after <= room ? own : Math.max(Math.floor(room / 2), room - after - 2);
    const found = fitted(block, most);
    if (found === undefined || found.left > 0) {
      cut.push(`${found?.left ?? block.parts.length} ${block.noun} of ${inline(block.title, 300)}`);
    }
    if (found === undefined) return;
    written.push(found.text);
    room -= found.text.length + 2;
  });
  return [...written, noteOf(cut, limit)].join("\n\n") + "\n";
}
