/**
 * What a click, Enter or Space on a node does: shows its inputs, and dims what it neither needs nor is needed by. Escape
 * ends that. From there one goes on to what it needs and what needs it. Plain JavaScript, in the page.
 */
const CHOICE = `
const nodes = JSON.parse(document.getElementById("data").textContent);
const byId = new Map(nodes.map((node) => [node.id, node]));
const neededBy = new Map(nodes.map(({ id }) => [id, nodes.filter(({ needs }) => needs.includes(id)).map((node) => node.id)]));
const graph = document.getElementById("graph");
const picture = document.getElementById("picture");
const details = document.getElementById("details");
const said = document.getElementById("said");
const hint = details.innerHTML;
const element = (name, text, more = {}) => Object.assign(document.createElement(name), { textContent: text }, more);
const reach = (start, next) => {
  const found = new Set([start]);
  for (const id of found) for (const other of next(id)) found.add(other);
  return found;
};
const clear = () => {
  for (const one of graph.querySelectorAll(".dim, .chosen")) one.classList.remove("dim", "chosen");
  for (const one of graph.querySelectorAll("[aria-pressed=true]")) one.setAttribute("aria-pressed", "false");
  details.innerHTML = hint;
  said.textContent = "";
};
const tie = (what, ids) => {
  const list = element("ul", "");
  const titled = ids.map((id) => byId.get(id)).sort((a, b) => a.title.localeCompare(b.title, "en"));
  for (const { id, title } of titled) {
    const button = element("button", title, { type: "button" });
    button.addEventListener("click", () => goOn(id));
    const item = element("li", "");
    item.append(button);
    list.append(item);
  }
  return ids.length === 0 ? [] : [element("h4", what + " (" + ids.length + ")"), list];
};
const choose = (drawn) => {
  clear();
  const node = byId.get(drawn.id);
  const related = new Set([...reach(node.id, (id) => byId.get(id).needs), ...reach(node.id, (id) => neededBy.get(id))]);
  for (const one of graph.querySelectorAll(".node")) one.classList.toggle("dim", !related.has(one.id));
  for (const one of graph.querySelectorAll(".edge")) one.classList.toggle("dim", !one.id.split("-").every((id) => related.has(id)));
  drawn.classList.add("chosen");
  drawn.setAttribute("aria-pressed", "true");
  const inputs = element("pre", JSON.stringify(node.inputs, null, 2), { tabIndex: 0 });
  inputs.setAttribute("role", "region");
  inputs.setAttribute("aria-label", "Inputs");
  details.replaceChildren(
    element("h3", node.title, { tabIndex: -1 }),
    element("p", node.facts, { className: "soft" }),
    ...tie("Needs", node.needs),
    ...tie("Is needed by", neededBy.get(node.id)),
    inputs,
  );
  said.textContent = node.title + ": its inputs are below the graph";
};
const toggle = (drawn) => (drawn.getAttribute("aria-pressed") === "true" ? clear() : choose(drawn));
// The reader stays with the details; the graph behind them moves.
const goOn = (id) => {
  const drawn = document.getElementById(id);
  choose(drawn);
  const [at, box] = [drawn.getBoundingClientRect(), picture.getBoundingClientRect()];
  picture.scrollBy(at.x + at.width / 2 - box.x - box.width / 2, at.y + at.height / 2 - box.y - box.height / 2);
  details.querySelector("h3").focus({ preventScroll: true });
};
graph.addEventListener("click", (event) => {
  const drawn = event.target.closest(".node");
  if (drawn) toggle(drawn);
  else clear();
});
graph.addEventListener("keydown", (event) => {
  const drawn = event.target.closest(".node");
  if (!drawn || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  toggle(drawn);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const chosen = details.contains(document.activeElement) && graph.querySelector("[aria-pressed=true]");
  clear();
  if (chosen) chosen.focus({ preventScroll: true });
});
`;

/** The graph as large as the reader wants it: in its whole width at first, where it can still be read. */
const SIZES = `
const natural = graph.getBoundingClientRect();
const READABLE = 0.6;
let scale = 1;
const zoom = (to) => {
  scale = to;
  const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = picture;
  const [x, y] = [(scrollLeft + clientWidth / 2) / scrollWidth, (scrollTop + clientHeight / 2) / scrollHeight];
  graph.style.width = Math.floor(natural.width * scale) + "px";
  graph.style.height = Math.floor(natural.height * scale) + "px";
  // What was in the middle stays there.
  picture.scrollTo(x * picture.scrollWidth - clientWidth / 2, y * picture.scrollHeight - clientHeight / 2);
};
const stepped = (factor) => Math.min(4, Math.max(0.1, scale * factor));
const wide = () => Math.min(1, picture.clientWidth / natural.width);
const highest = () => parseFloat(getComputedStyle(picture).maxHeight) - 2 * picture.clientTop;
const sizes = {
  smaller: () => stepped(0.8),
  larger: () => stepped(1.25),
  full: () => 1,
  wide,
  whole: () => Math.min(wide(), highest() / natural.height),
};
let isOwn = false;
for (const [id, size] of Object.entries(sizes)) {
  document.getElementById(id).addEventListener("click", () => {
    isOwn = true;
    zoom(size());
  });
}
const fit = () => {
  if (!isOwn) zoom(wide() >= READABLE ? wide() : 1);
};
addEventListener("resize", fit);
fit();
document.getElementById("sizes").hidden = false;
`;

export const SCRIPT = CHOICE + SIZES;
