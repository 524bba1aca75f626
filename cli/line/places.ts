import { isAlias, isCollection, isMap, isPair, isScalar, isSeq, type Node } from "yaml";
import { Refusal } from "./refusal";

/** Where something is in a text, from its first character to behind its last. */
export type Span = readonly [start: number, end: number];

/** A text in which some spans are others; they must not overlap. What is put at the same place stays in order. */
export function splice(text: string, ...parts: readonly (readonly [span: Span, by: string])[]): string {
  const sorted = [...parts].reverse().sort(([[a]], [[b]]) => b - a);
  return sorted.reduce((all, [[start, end], by]) => all.slice(0, start) + by + all.slice(end), text);
}

export function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

/** Where the line ends, before its line break. */
export function lineEnd(text: string, at: number): number {
  const found = text.indexOf("\n", at);
  if (found < 0) return text.length;
  return text[found - 1] === "\r" && found > at ? found - 1 : found;
}

/** The line break of the line, or of the text's first line when this is its last. */
export function lineBreak(text: string, at: number): string {
  const end = lineEnd(text, at);
  const own = /^\r?\n/.exec(text.slice(end, end + 2))?.[0];
  return own ?? /\r?\n/.exec(text)?.[0] ?? "\n";
}

/** Whole lines: with the line break behind them, or with the one before when the text ends without one. */
export function wholeLines(text: string, [start, end]: Span): Span {
  const [from, to] = [lineStart(text, start), lineEnd(text, end)];
  if (to < text.length) return [from, to + lineBreak(text, end).length];
  const before = from === 0 ? 0 : lineEnd(text, lineStart(text, from - 1));
  return [before, to];
}

export const indentOf = (text: string, at: number): string => text.slice(lineStart(text, at), at);

/** True when nothing but itself, a comma and a comment are on the lines of the span. */
export function isAlone(text: string, [start, end]: Span): boolean {
  return indentOf(text, start).trim() === "" && /^\s*,?\s*(#.*)?$/.test(text.slice(end, lineEnd(text, end)));
}

/** The first comma from there on, past blanks and comments; undefined when something else comes before. */
export function commaFrom(text: string, from: number): number | undefined {
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === ",") return at;
    if (character === "#") at = lineEnd(text, at) - 1;
    else if (!/\s/.test(character)) return undefined;
  }
  return undefined;
}

/** A node's own span: of block collections the range goes on to what follows. */
export function spanOf(node: unknown): Span {
  if (isPair(node)) {
    const [start, end] = spanOf(node.key);
    return [start, node.value === null ? end : Math.max(end, spanOf(node.value)[1])];
  }
  const { range } = node as Node;
  if (range === null || range === undefined) throw new Refusal("it has no place in the file");
  const last: unknown = isCollection(node) && !node.flow ? node.items.at(-1) : undefined;
  return [range[0], last === undefined ? range[1] : spanOf(last)[1]];
}

/** Anchors, aliases and tags: what is written there may count elsewhere, or mean something else. */
export function refuseShared(node: unknown): void {
  if (isPair(node)) {
    refuseShared(node.key);
    refuseShared(node.value);
    return;
  }
  if (isAlias(node)) throw new Refusal("it is an alias (`*`)");
  if (!isScalar(node) && !isSeq(node) && !isMap(node)) return;
  if (node.anchor !== undefined) throw new Refusal("it has an anchor (`&`)");
  if (node.tag !== undefined) throw new Refusal("it has a tag (`!`)");
  if (isCollection(node)) for (const item of node.items) refuseShared(item);
}
