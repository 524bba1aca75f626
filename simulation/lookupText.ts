import { wrap, type Style } from "./text";
import type { RecordedLookup, Wire } from "./types";

/** A text that is too long for this many characters is cut in its middle: its end tells as much as its beginning. */
const TEXT = 84;

/** A list or an object that is too long for this many has fewer entries. */
const ENTRIES = 120;

/** Stands for a space at which no line is broken; in quotes it is escaped, so that no text has it. */
const JOIN = "\0";

/** The text in quotes, which are always closed. */
function quoted(text: string): string {
  const whole = JSON.stringify(text);
  if (whole.length <= TEXT) return whole;
  const signs = [...text];
  for (let kept = Math.min(signs.length, TEXT) - 1; ; kept--) {
    const [start, end] = [signs.slice(0, Math.ceil(kept / 2)), signs.slice(signs.length - Math.floor(kept / 2))];
    const cut = JSON.stringify([...start, "…", ...end].join(""));
    if (cut.length <= TEXT || kept === 0) return cut;
  }
}

/** As many entries as there is room for, and the first whatever there is. */
function several(entries: readonly string[]): string {
  const shown = entries.filter((_, at) => at === 0 || entries.slice(0, at + 1).join(", ").length <= ENTRIES);
  return [...shown, ...(shown.length < entries.length ? ["…"] : [])].join(", ");
}

const keyed = (key: string, value: Wire): string => `${/^\w+$/.test(key) ? key : quoted(key)}: ${valueText(value)}`;

/** A value of a look-up's arguments, on little room. */
export function valueText(value: Wire): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${several(value.map(valueText))}]`;
  if (value === null || typeof value !== "object") return String(value);
  return `{${several(Object.entries(value).map(([key, inner]) => keyed(key, inner)))}}`;
}

/** `look-up assumed: aws:ec2/getSubnet (us-east-1, id: "subnet-1")`: what tells one look-up from another, in lines. */
export function lookupLines(
  { certainty, args, region }: RecordedLookup,
  token: string,
  width: number,
  paint: Style,
): string[] {
  const others = Object.entries(args).filter(([key]) => key !== "region");
  // Broken between arguments, and inside of one only where it needs more than a line.
  const whole = (text: string) => (text.length <= width - 8 ? text.replaceAll(" ", JOIN) : text);
  const texts = others.map(([key, value]) => whole(keyed(key, value)));
  const detail = [region, ...texts].filter((text) => text !== undefined).join(", ");
  const head = `look-up ${certainty}: ${token}`;
  const lines = wrap(detail === "" ? head : `${head} (${detail})`, width - 4).map((line) => line.replaceAll(JOIN, " "));
  // Colour codes take no room on the screen: lines are painted when they are made.
  return lines.map((line, at) => (at === 0 ? line.replace(/ \(.*/, paint.dim) : `    ${paint.dim(line)}`));
}
