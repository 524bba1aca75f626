/** Escape codes, or nothing at all when colour is off. */
export interface Style {
  bold: (text: string) => string;
  dim: (text: string) => string;
  red: (text: string) => string;
  green: (text: string) => string;
  yellow: (text: string) => string;
  cyan: (text: string) => string;
}

export function style(colour: boolean): Style {
  const code = (start: number, end: number) => (text: string) =>
    colour && text !== "" ? `\u001b[${start}m${text}\u001b[${end}m` : text;
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    red: code(31, 39),
    green: code(32, 39),
    yellow: code(33, 39),
    cyan: code(36, 39),
  };
}

/** Breaks text at spaces; a word that is too long stays whole. Line breaks in the text stay. */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const indent = /^\s*/.exec(paragraph)?.[0] ?? "";
    const lines: string[] = [];
    let line = "";
    for (const word of paragraph.trim().split(" ")) {
      if (line !== "" && indent.length + line.length + 1 + word.length > width) {
        lines.push(indent + line);
        line = word;
      } else {
        line = line === "" ? word : `${line} ${word}`;
      }
    }
    return [...lines, indent + line];
  });
}

/** The last part of a type or a hook name: `aws:ec2/instance:Instance` → `Instance`, `web/imageBoots` → `imageBoots`. */
export function lastPart(name: string): string {
  return name.split(/[:/]/).at(-1) ?? name;
}

/** Seconds as `MINUTES:SECONDS`. */
export const clock = (seconds: number): string => {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};
