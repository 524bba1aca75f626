import type { Cost } from "../cost";
import { costSentence, dollars, isByUsage, partText, perUnit, SOURCES } from "../cost/report";
import type { CostLine } from "../cost/lines";
import { USAGE, type UsageName } from "../cost/usage";
import { lastPart } from "../text";
import { html, type Html, marked, table } from "./html";

/** As many of the dearest as are worth a bar. */
const BARS = 25;

/** What a figure rests on, below it. */
const noteOf = ({ note }: CostLine): Html =>
  html`${note !== undefined && html`<br /><span class="soft">${note}</span>`}`;

/** What it costs a month, the dearest first, and what is not in the sum. */
export function costSection(cost: Cost): Html {
  const { lines, unpriced, unknownTypes, open, usage } = cost;
  const known = lines.filter(({ cost: amount, isOnce }) => amount !== undefined && !isOnce);
  const sorted = [...known].sort((a, b) => (b.cost ?? 0) - (a.cost ?? 0)).slice(0, BARS);
  const most = Math.max(0.01, ...sorted.map(({ cost: amount = 0 }) => amount));
  const rows = sorted.map((line) => [
    line.name,
    html`${lastPart(line.type)}: ${partText(line)}${noteOf(line)}`,
    line.region ?? "–",
    dollars(line.cost ?? 0),
    html`<div class="amount"><i style="width:${Math.round(((line.cost ?? 0) / most) * 1000) / 10}%"></i></div>`,
  ]);
  const others = [
    ...lines
      .filter(({ isOnce }) => isOnce)
      .map((line) => [
        line.name,
        html`${partText(line)}${noteOf(line)}`,
        line.region ?? "–",
        line.cost === undefined ? "no price" : `${dollars(line.cost)} once`,
      ]),
    ...open.map((line) => [
      line.name,
      partText(line),
      line.region ?? "–",
      `${perUnit(line.unitPrice ?? 0, line.unit)}, ${isByUsage(line) ? "by usage" : (line.note ?? "known only later")}`,
    ]),
    ...unpriced.map((line) => [
      line.name,
      partText(line),
      line.region ?? "–",
      line.note === undefined ? "no price" : `no price: ${line.note}`,
    ]),
    ...unknownTypes.map(({ type, resources }) => [type, `${resources} of it`, "–", "no price"]),
  ];
  const used = [...new Set(lines.flatMap((line) => line.usage ?? []))].sort();
  return html`<p>${costSentence(cost)}</p>
    ${table("In the sum", ["Resource", "Part", "Region", "US dollars a month", "Share"], rows)}
    ${table("Not in the sum", ["Resource", "Part", "Region", "Price"], others)}
    ${table(
      "Usage (--usage NAME=NUMBER gives one)",
      ["Name", "Figure", "Meaning"],
      used.map((name: UsageName) => [name, usage[name] ?? "not given", marked(USAGE[name].what)]),
    )}
    <ul class="soft">
      ${SOURCES.map((source) => html`<li>${source}</li>`)}
    </ul>`;
}
