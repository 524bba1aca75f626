/**
 * Text as PowerShell. Only what is plain ASCII without a meaning of its own stands as it is, in single quotes: PowerShell
 * takes typographic quotes for quotes too, and EC2Launch looks for its tags anywhere. All else travels as base64.
 */
export function psText(text: string): string {
  if (/^[A-Za-z0-9 _.,:/\\@%+=*()?!-]*$/.test(text)) return `'${text}'`;
  return `(T '${Buffer.from(text, "utf8").toString("base64")}')`;
}

export const psList = (texts: readonly string[]): string => `@(${texts.map(psText).join(", ")})`;

/** `T` gives the text back. */
export const TEXT_FUNCTION = `function T([string]$b) { [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($b)) }`;
