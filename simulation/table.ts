/** What matters of an answer, for the head of its Markdown. Cells are plain text. */
export interface Table {
  head: string[];
  rows: string[][];
}
