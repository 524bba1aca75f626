/** Characters that could begin or end something in Markdown or HTML, and `:` and `=` of links and attributes. */
const SPECIAL = /[&<>"'`*_~[\]()!#|\\@:${}=+^]/g;

/** Line breaks and control characters, and those that turn the direction of text around. */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Keeps GitHub, which looks at what is rendered, from seeing a mention or a reference. */
const BREAK = "&#8203;";

const entity = (character: string): string => {
  const code = `&#${character.charCodeAt(0)};`;
  return character === "@" || character === "#" ? code + BREAK : code;
};

const escaped = (text: string): string =>
  text
    .replaceAll(CONTROL, " ")
    .replaceAll(SPECIAL, entity)
    .replaceAll(/www\./gi, (www) => `${www.slice(0, -1)}&#46;`);

/**
 * Text from outside, for one line of Markdown, a cell of a table or HTML: nothing in it is taken for Markdown, and nobody
 * is mentioned. `most` is of the characters that come out; what is cut ends with `…`.
 */
export function inline(text: string, most = 2_000): string {
  const whole = escaped(text);
  if (whole.length <= most) return whole;
  let result = "";
  for (const character of text) {
    const next = escaped(character);
    if (result.length + next.length > most - 1 - BREAK.length) break;
    result += next;
  }
  // One by one, `www.` was not seen.
  return `${result.replaceAll(/www\./gi, "www&#46;")}…`.slice(0, most + 8);
}

/** Longest line that is worth reading; a longer one is data. */
const LONGEST = 1_000;

/** Lines as they are. The fence is longer than any run of backticks in them, so none can end it. */
export function fenced(lines: readonly string[]): string {
  const plain = lines.map((line) => {
    const one = line.replaceAll(CONTROL, " ");
    return one.length > LONGEST ? `${one.slice(0, LONGEST)}…` : one;
  });
  const runs = plain.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length);
  const fence = "`".repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return `${fence}text\n${plain.join("\n")}\n${fence}`;
}
