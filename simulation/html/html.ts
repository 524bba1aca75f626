/** Text that is markup already: everything else is escaped where it is put in. */
export class Html {
  constructor(readonly markup: string) {}
}

type Value = Html | readonly Html[] | string | number | undefined | false;

const ENTITIES: { [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? "");

function markupOf(value: Value): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.markup;
  if (typeof value === "object") return value.map(({ markup }) => markup).join("");
  return escaped(String(value));
}

/** Markup with values in it, which cannot break out of where they are. */
export const html = (parts: TemplateStringsArray, ...values: Value[]): Html =>
  new Html(parts.reduce((all, part, at) => all + markupOf(values[at - 1]) + part));

/** Data for a script of the page; `<` would end the element that holds it. */
export const json = (data: unknown): Html => new Html(JSON.stringify(data).replaceAll("<", "\\u003c"));

/** Text whose parts in backticks are code. */
export const marked = (text: string): Html =>
  html`${text.split("`").map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))}`;

/** Short names with hyphens, regions first of all, are not broken at these. */
const WHOLE = /^[a-z\d]+(-[a-z\d]+){1,3}$/;

const whole = (cell: Html | string | number): Html =>
  html`${typeof cell === "string" && cell.length <= 24 && WHOLE.test(cell) && html` class="whole"`}`;

/** An id made of a text. */
const idOf = (text: string): string =>
  `t-${text
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, "-")
    .replace(/-$/, "")}`;

/** A table with a caption and heads; the first cell of a row is its head. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly (Html | string | number)[])[],
): Html {
  if (rows.length === 0) return html`<p class="none">${caption}: none.</p>`;
  return captioned(
    caption,
    heads,
    rows.map(
      ([first = "", ...rest]) =>
        html`<tr>
          <th scope="row" ${whole(first)}>${first}</th>
          ${rest.map((cell) => html`<td${whole(cell)}>${cell}</td>`)}
        </tr> `,
    ),
  );
}

/** Several texts in one cell, a line each. */
export const lines = (items: readonly string[]): Html | string =>
  items.length === 0 ? "–" : items.length === 1 ? (items[0] ?? "") : html`${items.map((item) => html`${item}<br />`)}`;

/** A table of rows that are markup already. */
export function captioned(caption: string, heads: readonly string[], rows: readonly Html[]): Html {
  const id = idOf(caption);
  const content = html`<table aria-labelledby="${id}">
    <thead>
      <tr>
        ${heads.map((head) => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
  return html`<p class="caption" id="${id}">${marked(caption)}</p>
    <div class="scroll" role="region" aria-labelledby="${id}" tabindex="0">${content}</div>`;
}
