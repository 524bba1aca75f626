import { count } from "../summary";
import { clock, lastPart } from "../text";
import { assumptionsIn } from "../time/assumptionLines";
import { ASSUMPTIONS, type Seconds } from "../time/assumptions";
import { shownItems, shownPhases, sourcesOf, type Timeline } from "../time/timeline";
import type { Html } from "./html";
import { html, lines, table } from "./html";

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
  return html`<div class="scroll" role="region" aria-label="When what is made" tabindex="0">
      <table>
        <caption>
          The first pulumi up, if all goes well, in minutes and seconds. Critical: the end moves when this does.
        </caption>
        <thead>
          <tr>
            <th scope="col">Resource</th>
            <th scope="col">From – to</th>
            <th scope="col">When</th>
            <th scope="col">Gates and creation</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
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
      `${one.batches} of ${one.batch}, ${clock(one.batchSeconds)} each`,
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
      ASSUMPTIONS[name].what,
      seconds[name] === ASSUMPTIONS[name].seconds
        ? ASSUMPTIONS[name].source
        : `given; otherwise ${ASSUMPTIONS[name].seconds}`,
    ]),
  );
}

/** When what is made, what the next rollout takes, and what both assume. */
export const timeSection = (times: Times): Html =>
  html`${timelineTable(times)}${rolloutTable(times)}${assumptionTable(times)}`;
