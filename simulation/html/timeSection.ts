import { count } from "../summary";
import { clock, lastPart } from "../text";
import { assumptionsIn } from "../time/assumptionLines";
import { ASSUMPTIONS, type Seconds } from "../time/assumptions";
import { shownItems, shownPhases, sourcesOf, type Timeline } from "../time/timeline";
import type { Html } from "./html";
import { captioned, html, lines, marked, table } from "./html";

interface Times {
  timeline: Timeline;
  seconds: Seconds;
}

function timelineTable({ timeline, seconds }: Times): Html {
  const shown = shownItems(timeline, seconds);
  const percent = (second: number) =>
    timeline.seconds === 0 ? 0 : Math.round((second / timeline.seconds) * 1000) / 10;
  const rows = shown.map((item) => {
    const { resource, start, end, isCritical } = item;
    const what = shownPhases(item, seconds).map(
      (phase) =>
        `${phase.what} ${clock(phase.seconds)}${phase.limitSeconds === undefined ? "" : `, limit ${Math.round(phase.limitSeconds / 60)} min`}`,
    );
    const bar = `left:${percent(start)}%;width:${percent(end - start)}%`;
    return html`<tr class="${isCritical ? "critical" : ""}">
      <th scope="row">${resource.name}<br /><span class="soft">${lastPart(resource.type)}</span></th>
      <td class="time">
        ${clock(start)} –
        ${clock(end)}${isCritical && html` <strong class="warn" title="decides the end">critical</strong>`}
      </td>
      <td class="bar">
        <div><i style="${bar}"></i></div>
      </td>
      <td>${lines(what)}</td>
    </tr> `;
  });
  const rest = timeline.items.length - shown.length;
  const caption = "The first `pulumi up` of a new stack, if all goes well. Critical: the end moves when this does.";
  return html`${captioned(caption, ["Resource", "From – to", "When", "Gates and creation"], rows)}
  ${rest > 0 && html`<p class="soft">And ${count(rest, "resource")} of a call each beside them.</p>`}`;
}

function rolloutTable({ timeline }: Times): Html {
  return table(
    "Rollout of the next version",
    ["Fleet", "Region", "Instances", "Batches", "Takes", "Limit"],
    timeline.rollouts.map((one) => [
      one.fleet,
      one.region ?? "–",
      one.instances,
      [
        `${one.batches} of ${one.batch}, ${clock(one.batchSeconds)} each`,
        ...(one.drainSeconds > 0 ? [`then ${clock(one.drainSeconds)} to drain`] : []),
        ...(one.pauseSeconds > 0 ? [`${clock(one.pauseSeconds)} of pauses`] : []),
      ].join(", "),
      one.seconds > one.limitSeconds
        ? html`<strong class="bad">${clock(one.seconds)}, longer than the gate waits</strong>`
        : clock(one.seconds),
      `${Math.round(one.limitSeconds / 60)} min`,
    ]),
  );
}

function assumptionTable({ timeline, seconds }: Times): Html {
  const used = assumptionsIn(sourcesOf(timeline));
  return table(
    "Assumed (--assume NAME=SECONDS changes one)",
    ["Name", "Seconds", "Meaning", "Source"],
    used.map((name) => [
      name,
      seconds[name],
      marked(ASSUMPTIONS[name].what),
      seconds[name] === ASSUMPTIONS[name].seconds
        ? marked(ASSUMPTIONS[name].source)
        : `given; otherwise ${ASSUMPTIONS[name].seconds}`,
    ]),
  );
}

/** When what is made, what the next rollout takes, and what both assume. */
export const timeSection = (times: Times): Html =>
  html`${timelineTable(times)}${rolloutTable(times)}${assumptionTable(times)}`;
