/** What a failed gate tells: what happened, what the machine said, where to look, how to go on. */
export interface FailureText {
  /** One sentence, the first line of the error. */
  what: string;
  /** The machine's or AWS's own words, last lines first cut. */
  evidence?: string[];
  /** Commands or places that show more. */
  look?: string[];
  /** What to do now, most likely first. */
  next?: string[];
  /** What exists now that a reader would want to know of, e.g. `no image was made`. */
  state?: string;
}

/** A gate did not pass. The record it guards is not written. */
export class GateFailure extends Error {
  constructor(readonly text: FailureText) {
    super(formatFailure(text));
    this.name = "GateFailure";
  }
}

export function formatFailure(text: FailureText): string {
  const section = (title: string, lines: string[] | undefined): string[] =>
    lines && lines.length > 0 ? [`  ${title}`, ...lines.map((line) => `    ${line}`)] : [];
  return [
    text.what,
    ...section("It said:", text.evidence),
    ...section("Where to look:", text.look),
    ...section("How to go on:", text.next),
    ...(text.state ? [`  ${text.state}`] : []),
  ].join("\n");
}
