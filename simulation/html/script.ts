/**
 * What a click, Enter or Space on a node does: shows its inputs, and dims what it neither needs nor is needed by. Escape
 * ends that. Plain JavaScript, in the page.
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
const choose = (element) => {
  const isChosen = element.getAttribute("aria-pressed") === "true";
  clear();
  if (isChosen) return;
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
    line.textContent = what + ": " + ids.map((id) => byId.get(id).title).sort().join(", ");
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
  if (element) choose(element);
  else clear();
});
graph.addEventListener("keydown", (event) => {
  const element = event.target.closest(".node");
  if (!element || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  choose(element);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") clear();
});
`;
