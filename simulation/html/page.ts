import type { Viz } from "@viz-js/viz";
import type { Cost } from "../cost";
import { costSentence, dollars } from "../cost/report";
import type { Difference } from "../difference";
import { problemData } from "../json";
import { gatesOf } from "../order";
import { summarize } from "../summary";
import { lastPart } from "../text";
import type { Seconds } from "../time/assumptions";
import type { Timeline } from "../time/timeline";
import type { Simulation } from "../types";
import { readable, sorted } from "../wire";
import { costSection } from "./costSection";
import { changes, changeTable, GRAVE } from "./changes";
import { pointerFacts } from "./facts";
import { type Graph, graphOf } from "./graph";
import { html, Html, json, marked } from "./html";
import { pictureOf } from "./picture";
import { SCRIPT } from "./script";
import { STYLE } from "./style";
import { pointerTable, regionTable, safetyTable } from "./tables";
import { timeSection } from "./timeSection";

/** What the page shows beside the simulation itself. */
export interface Shown {
  timeline: Timeline;
  seconds: Seconds;
  cost: Cost;
  /** Against an earlier simulation; undefined: of a new stack, everything is created. */
  difference?: Difference | undefined;
}

function summaryTiles(simulation: Simulation, { timeline, cost, difference }: Shown): Html {
  const { resources, regions, gates, errors, warnings } = summarize(simulation);
  const live = Math.max(0, ...timeline.live.map(({ seconds }) => seconds));
  const tile = (figure: string | number, what: string | Html, kind = "") =>
    html`<li><b class="${kind}">${figure}</b><span>${what}</span></li>`;
  const whole = difference ? ", in a new stack" : "";
  const fate = difference
    ? [
        ...changes(difference).flatMap(([what, { length }]) =>
          length > 0 ? [tile(length, what, GRAVE.test(what) ? "warn" : "")] : [],
        ),
        tile(difference.unchanged, "unchanged"),
      ]
    : [tile(resources, "resources to create")];
  return html`<ul class="tiles">
    ${fate}
    ${tile(regions.length, html`${regions.length === 1 ? "region" : "regions"} ${regions.map((one) => html`<span class="whole">${one}</span> `)}`)}
    ${gates > 0 && tile(gates, "gates before records")}
    ${live > 0 && tile(`${Math.ceil(live / 60)} min`, `until the fleets in service are live${whole}`)}
    ${tile(`${Math.ceil(timeline.seconds / 60)} min`, `until everything is made${whole}`)}
    ${tile(dollars(cost.monthly), costSentence(cost).replace(/^\S+ /, ""))}
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
          <strong class="${severity === "error" ? "bad" : "warn"}">${severity}</strong> ${marked(message)}
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
    <div class="sizes" id="sizes" role="group" aria-label="Size of the graph" hidden>
      <button type="button" id="smaller" aria-label="Smaller">−</button>
      <button type="button" id="larger" aria-label="Larger">+</button>
      <button type="button" id="full">Full size</button>
      <button type="button" id="wide">Full width</button>
      <button type="button" id="whole">Whole graph</button>
      <a class="skip" href="#details">Past the graph</a>
    </div>
    <div id="picture" class="scroll" role="region" aria-label="Resource graph" tabindex="0">
      ${pictureOf(graph, viz)}
    </div>
    <p id="said" class="unseen" role="status"></p>
    <div id="details">
      <p class="soft">
        Choose a resource to see its inputs; what it neither needs nor is needed by goes dim. Escape ends that. A thick
        border: a gate comes before it. An arrow to a box is one to all that is in it.
      </p>
    </div>`;
}

const nodeData = ({ nodes }: Graph) =>
  nodes.map(({ id, title, needs, resource }) => ({
    ...{ id, needs, title },
    facts: [
      resource.type,
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
  const pointers = pointerFacts(simulation);
  const title = `${stack} of ${project}`;
  const sections: [id: string, title: string, content: Html][] = [
    ["problems", "Problems", problemList(simulation)],
    ...(shown.difference ? [["changes", "Changes", changeTable(shown.difference)] as [string, string, Html]] : []),
    ["resources", "Resources", graphSection(graph, viz)],
    ["cost", "Cost", costSection(shown.cost)],
    ["timeline", "Timeline", timeSection(shown)],
    ["regions", "Regions", regionTable(simulation)],
    ...(pointers.length > 0
      ? [["versions", "Versions and pointers", pointerTable(pointers)] as [string, string, Html]]
      : []),
    ["safety", "Security and permanence", safetyTable(simulation)],
    [
      "notes",
      "Notes",
      html`<ul>
        ${[...new Set(notes)].sort().map((note) => html`<li>${marked(note)}</li>`)}
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
