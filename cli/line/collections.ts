import { isScalar, Scalar, type Pair, type YAMLMap, type YAMLSeq } from "yaml";
import { commaFrom, indentOf, isAlone, lineBreak, lineEnd, spanOf, splice, wholeLines, type Span } from "./places";
import { Refusal } from "./refusal";

/** Text in the quotes of a neighbour; versions and keys need none of their own. */
export function quotedAs(neighbour: unknown, text: string): string {
  const type = isScalar(neighbour) ? neighbour.type : undefined;
  if (type === Scalar.QUOTE_DOUBLE) return JSON.stringify(text);
  if (type === Scalar.QUOTE_SINGLE) return `'${text}'`;
  if (type === Scalar.PLAIN) return text;
  throw new Refusal("it is text of several lines");
}

/** Adds an entry behind the last one of a flow collection (`[…]`, `{…}`), as that one is written. */
function appendFlow(text: string, spans: readonly Span[], entry: string): string {
  const [before, last] = [spans.at(-2), spans.at(-1)];
  if (last === undefined) throw new Refusal("it is empty");
  const comma = commaFrom(text, last[1]);
  if (isAlone(text, last)) {
    const end = lineEnd(text, last[1]);
    const line = lineBreak(text, last[1]) + indentOf(text, last[0]) + entry;
    if (comma !== undefined) return splice(text, [[end, end], `${line},`]);
    return splice(text, [[last[1], last[1]], ","], [[end, end], line]);
  }
  const gap = before === undefined ? "" : text.slice(before[1], last[0]);
  return splice(text, [[last[1], last[1]], (/^[ \t]*,[ \t]*$/.test(gap) ? gap : ", ") + entry]);
}

function removeFlow(text: string, spans: readonly Span[], at: number): string {
  const [before, span, after] = [spans[at - 1], spans[at], spans[at + 1]];
  if (span === undefined) return text;
  if (isAlone(text, span)) {
    const line = [wholeLines(text, span), ""] as const;
    // The comma before it was for it alone, unless the list ends with one anyway.
    const comma = before === undefined ? undefined : commaFrom(text, before[1]);
    if (comma === undefined || after !== undefined || commaFrom(text, span[1]) !== undefined) return splice(text, line);
    return splice(text, [[comma, comma + 1], ""], line);
  }
  const gone: Span = after !== undefined ? [span[0], after[0]] : [before?.[1] ?? span[0], span[1]];
  if (text.slice(...gone).includes("#")) throw new Refusal("there is a comment in the middle of it");
  return splice(text, [gone, ""]);
}

function appendLine(text: string, span: Span, line: string): string {
  const end = lineEnd(text, span[1]);
  return splice(text, [[end, end], lineBreak(text, span[1]) + line]);
}

function removeLines(text: string, span: Span): string {
  return splice(text, [wholeLines(text, span), ""]);
}

/** `    - `, up to the item itself. */
function dashOf(text: string, item: unknown): string {
  const dash = indentOf(text, spanOf(item)[0]);
  if (/^\s*-\s+$/.test(dash)) return dash;
  throw new Refusal("its items are not on lines of their own");
}

function oneLine(text: string, item: unknown): void {
  if (text.slice(...spanOf(item)).includes("\n")) throw new Refusal("it has text of several lines");
}

export function appendItem(text: string, { items, flow }: YAMLSeq, value: string): string {
  const last = items.at(-1);
  const entry = quotedAs(last, value);
  items.forEach((item) => oneLine(text, item));
  if (flow) return appendFlow(text, items.map(spanOf), entry);
  return appendLine(text, spanOf(last), dashOf(text, last) + entry);
}

export function removeItem(text: string, { items, flow }: YAMLSeq, at: number): string {
  if (flow) return removeFlow(text, items.map(spanOf), at);
  dashOf(text, items[at]);
  oneLine(text, items[at]);
  return removeLines(text, spanOf(items[at]));
}

/** Adds a key behind a pair that is there. */
export function appendPair(text: string, { items, flow }: YAMLMap, behind: Pair, key: string, value: string): string {
  const entry = `${quotedAs(behind.key, key)}: ${value}`;
  if (flow) return appendFlow(text, items.map(spanOf), entry);
  const indent = indentOf(text, spanOf(behind)[0]);
  if (indent.trim() !== "") throw new Refusal("its keys are not on lines of their own");
  // A block of text ends behind its line break.
  const [start, end] = spanOf(behind);
  return appendLine(text, [start, text[end - 1] === "\n" ? end - 1 : end], indent + entry);
}

export function removePair(text: string, { items, flow }: YAMLMap, pair: Pair): string {
  if (flow) return removeFlow(text, items.map(spanOf), items.indexOf(pair));
  const [start, end] = spanOf(pair);
  if (indentOf(text, start).trim() !== "") throw new Refusal("its keys are not on lines of their own");
  return removeLines(text, [start, text[end - 1] === "\n" ? end - 1 : end]);
}
