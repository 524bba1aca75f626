import { MARK } from "../markers";

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f]/;

/** Text as one word of bash that expands to exactly that text. NUL cannot be in a word; validation refuses it. */
export function quote(text: string): string {
  if (/^[A-Za-z0-9_./:@%+,-]+$/.test(text)) return text;
  if (CONTROL.test(text)) return ansiQuote(text);
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** `$'…'`: control characters escaped, so that the script stays text that editors, terminals and linters can show. */
function ansiQuote(text: string): string {
  let quoted = "";
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (character === "\\" || character === "'") quoted += `\\${character}`;
    else if (character === "\n") quoted += "\\n";
    else if (character === "\t") quoted += "\\t";
    else if (character === "\r") quoted += "\\r";
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${code.toString(16).padStart(2, "0")}`;
    else quoted += character;
  }
  return `$'${quoted}'`;
}

export function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(" ");
}

/**
 * A command whose standard output is exactly the text: a here-document where that is readable and exact, else printf.
 * The redirection comes first, so that the caller's target and the here-document stand on one line.
 */
export function writeText(text: string, target: string): string {
  if (text.endsWith("\n") && !CONTROL.test(text)) return `cat >${target} ${hereDocument(text)}`;
  return `printf '%s' ${quote(text)} >${target}`;
}

/** `<<'END'` with the text below it. The delimiter is made longer until no line of the text equals it. */
function hereDocument(text: string): string {
  const lines = new Set(text.split("\n"));
  let delimiter = "END";
  while (lines.has(delimiter)) delimiter += "_";
  return `<<'${delimiter}'\n${text}${delimiter}`;
}

/** Text for one line of the console: nothing in it can be taken for a marker, and it stays short. */
export function label(text: string, limit = 100): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim()
    .replaceAll(MARK, "(ami-lifecycle)");
  const letters = [...line];
  return letters.length > limit ? `${letters.slice(0, limit - 1).join("")}…` : line;
}
