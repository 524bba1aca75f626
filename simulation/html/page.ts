import type { Viz } from "@viz-js/viz";
import { problemData } from "../json";
import { gatesOf } from "../order";
import { count, summarize } from "../summary";
import { clock, lastPart } from "../text";
import { assumptionsIn } from "../time/assumptionLines";
import { ASSUMPTIONS, type Seconds } from "../time/assumptions";
import type { Timed, Timeline } from "../time/timeline";
import type { Simulation } from "../types";
import { readable, sorted } from "../wire";
import { pointerFacts, regionFacts, safetyFacts, shortType } from "./facts";
import { type Graph, graphOf } from "./graph";
import { html, Html, json, table } from "./html";
import { pictureOf } from "./picture";
import { SCRIPT } from "./script";
import { STYLE } from "./style";

/** What the page shows beside the simulation itself. */
export interface Shown {
  timeline: Timeline;
  seconds: Seconds;
}

const list = (items: readonly string[]): Html | string =>
  items.length === 0 ? "–" : items.length === 1 ? (items[0] ?? "") : html`${items.map((item) => html`${item}<br />`)}`;

function summaryTiles(simulation: Simulation, { timeline }: Shown): Html {
  const { resources, regions, gates, errors, warnings } = summarize(simulation);
  const live = Math.max(0, ...timeline.live.map(({ seconds }) => seconds));
  const tile = (figure: string | number, what: string, kind = "") =>
    html`<li><b class="${kind}">${figure}</b><span>${what}</span></li>`;
  return html`<ul class="tiles">
    ${tile(resources, "resources to create")} ${tile(regions.length, regions.join(", ") || "regions")}
    ${tile(gates, "gates before records")}
    ${tile(live > 0 ? `${Math.ceil(live / 60)} min` : "–", "until every fleet is live")}
    ${tile(`${Math.ceil(timeline.seconds / 60)} min`, "until everything is made")}
    ${tile(errors, errors === 1 ? "error" : "errors", errors > 0 ? "bad" : "good")}
    ${tile(warnings, warnings === 1 ? "warning" : "warnings", warnings > 0 ? "warn" : "good")}
  </ul>`;
}

function problemList({ problems }: Simulation): Html {
  if (problems.length === 0) return html`<p class="good">No problems.</p>`;
  return html`<ul>
    ${problemData(problems).map(
      ({ severity, message, path, source }) =>
        html`<li>
          <strong class="${severity === "error" ? "bad" : "warn"}">${severity}</strong> ${message}
          <span class="soft">${[path, source].filter((one) => one !== undefined).join(" · ")}</span>
        </li>`,
    )}
  </ul>`;
}

function graphSection(graph: Graph, viz: Viz): Html {
  return html`<ul class="keys">
      ${graph.regions.map((region, at) => html`<li class="key-${at % 6}">${region}</li>`)}
      <li>no region</li>
    </ul>
    <div id="picture" class="scroll" role="region" aria-label="Resource graph" tabindex="0">
      ${pictureOf(graph, viz)}
    </div>
    <div id="details" aria-live="polite">
      <p class="soft">
        Choose a resource to see its inputs; what it neither needs nor is needed by goes dim. Escape ends that. A thick
        border: a gate comes before it.
      </p>
    </div>`;
}

/** What takes more than a call, and what decides the end. */
const isShown = ({ isCritical, phases }: Timed, { callSeconds }: Seconds): boolean =>
  isCritical || phases.some(({ seconds }) => seconds > callSeconds);

function timelineTable({ timeline, seconds }: Shown): Html {
  const shown = timeline.items.filter((item) => isShown(item, seconds));
  const percent = (second: number) =>
    timeline.seconds === 0 ? 0 : Math.round((second / timeline.seconds) * 1000) / 10;
  const rows = shown.map(({ resource, start, end, phases, isCritical }) => {
    const what = phases
      .filter((phase) => phase.seconds > seconds.callSeconds)
      .map(
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
      <td>${list(what)}</td>
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

function rolloutTable({ timeline }: Shown): Html {
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

function assumptionTable({ timeline, seconds }: Shown): Html {
  const used = assumptionsIn(timeline.items.flatMap(({ phases }) => phases.map(({ from }) => from)));
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

const regionTable = (simulation: Simulation): Html =>
  table(
    "What each region has",
    ["Region", "Resources", "Images", "Keys", "Fleets, least to most instances", "Recovery"],
    regionFacts(simulation).map(({ region, resources, images, keys, fleets, recovery }) => [
      region,
      resources,
      ...[images, keys, fleets, recovery].map(list),
    ]),
  );

function pointerTable(simulation: Simulation): Html {
  const facts = pointerFacts(simulation);
  const regions = [...new Set(facts.flatMap(({ from }) => Object.keys(from)))].sort();
  return table(
    "SSM parameters, and the image that each names",
    ["Parameter", ...regions],
    facts.map(({ parameter, from }) => [parameter, ...regions.map((region) => from[region] ?? "–")]),
  );
}

const safetyTable = (simulation: Simulation): Html =>
  table(
    "What survives pulumi destroy, who may use it, under which key, what protects it, what is open",
    ["Resource", "Type", "Region", "On destroy", "Shared with", "Key", "Protected by", "Open to the internet"],
    safetyFacts(simulation).map(({ resource, survives, shared, key, protection, open }) => [
      resource.name,
      shortType(resource),
      resource.region ?? "–",
      ...[survives || "deleted", shared || "–", key || "–", protection || "–"],
      open === "" ? "–" : html`<span class="warn">${open}</span>`,
    ]),
  );

const nodeData = ({ nodes }: Graph) =>
  nodes.map(({ id, needs, resource }) => ({
    ...{ id, needs, title: `${resource.name} (${resource.type})` },
    facts: [
      resource.region ?? "no region",
      ...gatesOf(resource).map((gate) => `gate ${lastPart(gate)}`),
      ...(resource.options.protect === true ? ["protected"] : []),
      ...(resource.source === undefined ? [] : [resource.source]),
    ].join(" · "),
    inputs: sorted(readable(resource.inputs)),
  }));

/** The whole report: one file that asks nobody for anything. The same simulation gives the same bytes. */
export function pageOf(simulation: Simulation, shown: Shown, viz: Viz): string {
  const { project, stack, notes, resources } = simulation;
  const graph = graphOf(resources);
  const title = `${stack} of ${project}`;
  const sections: [id: string, title: string, content: Html][] = [
    ["problems", "Problems", problemList(simulation)],
    ["resources", "Resources", graphSection(graph, viz)],
    ["timeline", "Timeline", html`${timelineTable(shown)}${rolloutTable(shown)}${assumptionTable(shown)}`],
    ["regions", "Regions", regionTable(simulation)],
    ["versions", "Versions and pointers", pointerTable(simulation)],
    ["safety", "Security and permanence", safetyTable(simulation)],
    [
      "notes",
      "Notes",
      html`<ul>
        ${[...new Set(notes)].sort().map((note) => html`<li>${note}</li>`)}
        <li>
          Made by ami-lifecycle simulate, in-process, without an account: ids and addresses are known only when AWS has
          made something.
        </li>
      </ul>`,
    ],
  ];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
        />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <nav aria-label="Sections">
            <ul>
              ${sections.map(([id, name]) => html`<li><a href="#${id}">${name}</a></li>`)}
            </ul>
          </nav>
        </header>
        <main>
          <section aria-label="Summary">${summaryTiles(simulation, shown)}</section>
          ${sections.map(
            ([id, name, content]) =>
              html`<section aria-labelledby="${id}">
                <h2 id="${id}">${name}</h2>
                ${content}
              </section> `,
          )}
        </main>
        <script type="application/json" id="data">
          ${json(nodeData(graph))}
        </script>
        <script>
          ${new Html(SCRIPT)};
        </script>
      </body>
    </html> `.markup;
}
