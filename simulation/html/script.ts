/**
 * What a click, Enter or Space on a node does: shows its inputs, and dims what it neither needs nor is needed by. Escape
 * ends that. From there one goes on to what it needs and what needs it. The picture can be smaller, larger, or as a
 * whole. Plain JavaScript, in the page.
 */
export const SCRIPT = `
const nodes = JSON.parse(document.getElementById("data").textContent);
const byId = new Map(nodes.map((node) => [node.id, node]));
const neededBy = new Map(nodes.map(({ id }) => [id, nodes.filter(({ needs }) => needs.includes(id)).map((node) => node.id)]));
const graph = document.getElementById("graph");
const details = document.getElementById("details");
const hint = details.innerHTML;
const reach = (start, next) => {
  const found = new Set([start]);
  for (const id of found) for (const other of next(id)) found.add(other);
  return found;
};
const clear = () => {
  for (const one of graph.querySelectorAll(".dim, .chosen")) one.classList.remove("dim", "chosen");
  for (const one of graph.querySelectorAll("[aria-pressed=true]")) one.setAttribute("aria-pressed", "false");
  details.innerHTML = hint;
};
const goTo = (id) => {
  const element = document.getElementById(id);
  choose(element);
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "center", inline: "center" });
};
const toggle = (element) => (element.getAttribute("aria-pressed") === "true" ? clear() : choose(element));
const choose = (element) => {
  clear();
  const node = byId.get(element.id);
  const related = new Set([...reach(node.id, (id) => byId.get(id).needs), ...reach(node.id, (id) => neededBy.get(id))]);
  for (const one of graph.querySelectorAll(".node")) one.classList.toggle("dim", !related.has(one.id));
  for (const one of graph.querySelectorAll(".edge")) one.classList.toggle("dim", !one.id.split("-").every((id) => related.has(id)));
  element.classList.add("chosen");
  element.setAttribute("aria-pressed", "true");
  const title = document.createElement("h3");
  title.textContent = node.title;
  const facts = document.createElement("p");
  facts.className = "soft";
  facts.textContent = node.facts;
  const ties = [["Needs", node.needs], ["Is needed by", neededBy.get(node.id)]].filter(([, ids]) => ids.length > 0).map(([what, ids]) => {
    const line = document.createElement("p");
    const others = ids.map((id) => byId.get(id)).sort((a, b) => (a.title < b.title ? -1 : 1)).map(({ id, title }) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = title;
      button.addEventListener("click", () => goTo(id));
      return button;
    });
    line.append(what + ": ", ...others.flatMap((one, at) => (at > 0 ? [", ", one] : [one])));
    return line;
  });
  const inputs = document.createElement("pre");
  inputs.tabIndex = 0;
  inputs.setAttribute("aria-label", "Inputs");
  inputs.textContent = JSON.stringify(node.inputs, null, 2);
  details.replaceChildren(title, facts, ...ties, inputs);
};
graph.addEventListener("click", (event) => {
  const element = event.target.closest(".node");
  if (element) toggle(element);
  else clear();
});
graph.addEventListener("keydown", (event) => {
  const element = event.target.closest(".node");
  if (!element || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  toggle(element);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") clear();
});
const picture = document.getElementById("picture");
const natural = graph.getBoundingClientRect();
let scale = 1;
const zoom = (to) => {
  scale = Math.min(3, Math.max(0.05, to));
  const { scrollLeft, scrollTop, scrollWidth, scrollHeight, clientWidth, clientHeight } = picture;
  const [x, y] = [(scrollLeft + clientWidth / 2) / scrollWidth, (scrollTop + clientHeight / 2) / scrollHeight];
  graph.style.width = natural.width * scale + "px";
  graph.style.height = natural.height * scale + "px";
  // What was in the middle stays there.
  picture.scrollTo(x * picture.scrollWidth - clientWidth / 2, y * picture.scrollHeight - clientHeight / 2);
};
const wide = () => Math.min(1, picture.clientWidth / natural.width);
const sizes = {
  smaller: () => scale / 1.25,
  larger: () => scale * 1.25,
  usual: () => 1,
  whole: () => Math.min(wide(), innerHeight * 0.8 / natural.height),
};
for (const [id, size] of Object.entries(sizes)) document.getElementById(id).addEventListener("click", () => zoom(size()));
// In its whole width, where that can still be read.
if (wide() >= 0.6) zoom(wide());
`;
