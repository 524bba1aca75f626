import type { Viz } from "@viz-js/viz";
import { type Graph } from "./graph";
import { escaped, Html } from "./html";

/** Draws the graph: each node can be reached by the keyboard and says what it is. */
export function pictureOf({ nodes, dot }: Graph, viz: Viz): Html {
  const titles = new Map(nodes.map(({ id, title }) => [id, title]));
  const drawn = viz
    .renderString(dot, { format: "svg" })
    .replace(/^[\s\S]*?(?=<svg)/, "")
    .replaceAll(/<!--[\s\S]*?-->\n?/g, "")
    // Tooltips of Graphviz: ids, which say nothing to a reader.
    .replaceAll(/<title>[^<]*<\/title>\n?/g, "")
    // Colours are the style sheet's, for light and dark.
    .replaceAll(/ (fill|stroke|font-family|font-size)="[^"]*"/g, "")
    .replaceAll(/<g id="(n\d+)" class="([^"]*)">/g, (_, id: string, kind: string) => {
      const title = escaped(titles.get(id) ?? id);
      return `<g id="${id}" class="${kind}" tabindex="0" role="button" aria-pressed="false" aria-label="${title}">`;
    })
    // How wide it is drawn, for paper: no larger there.
    .replace(/<svg width="([\d.]+pt)"/, '<svg style="--wide:$1" width="$1"')
    .replace("<svg ", '<svg id="graph" role="group" aria-label="Resources and what they need" ');
  return new Html(drawn);
}
