/** One page a component, one for the recipe: from the doc comments and examples/. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Field, Shape } from "./read";
import { readLibrary } from "./read";

const NOTE = "<!-- Made from the doc comments: UPDATE_GOLDEN=1 npx mocha tests/docs/pages.test.ts -->";

/** Pages by file name. */
export function pages(root: string): { [file: string]: string } {
  const shapes = readLibrary(join(root, "index.ts"));
  const byName = new Map(shapes.map((shape) => [shape.name, shape]));
  const made: { [file: string]: string } = {};
  for (const shape of shapes) if (shape.kind === "component") made[`${shape.name}.md`] = component(root, shape, byName);
  const recipe = byName.get("Recipe");
  if (recipe) made["Recipe.md"] = [NOTE, `# Recipe`, recipe.text, ...tables([recipe], byName)].join("\n\n") + "\n";
  return made;
}

function component(root: string, shape: Shape, byName: Map<string, Shape>): string {
  const args = byName.get(`${shape.name}Args`);
  if (!args) throw new Error(`${shape.name}Args is not exported`);
  const example = join(root, "examples", `${shape.name}.ts`);
  if (!existsSync(example)) throw new Error(`${example} is missing: every component has an example that a test runs`);
  return (
    [
      NOTE,
      `# ${shape.name}`,
      shape.text,
      `\`\`\`ts\n${readFileSync(example, "utf8").trim()}\n\`\`\``,
      `\`new ${shape.name}(name: string, args: ${shape.name}Args, opts?: ComponentResourceOptions)\``,
      "Arguments in bold are needed. What is not an `Input` is plain: it must be known when the program runs.",
      "## Arguments",
      table(args.fields, byName, shape.name, true),
      "## Outputs",
      table(shape.outputs, byName, shape.name),
      ...(shape.methods.length > 0 ? ["## Methods", table(shape.methods, byName, shape.name)] : []),
      ...tables(reached(args, byName, new Set(["Recipe"])).slice(1), byName, shape.name),
    ].join("\n\n") + "\n"
  );
}

/** The interfaces that one names, with theirs; those in `elsewhere` have a page of their own. */
function reached(shape: Shape, byName: Map<string, Shape>, elsewhere: Set<string>, seen: Shape[] = []): Shape[] {
  if (seen.includes(shape)) return seen;
  seen.push(shape);
  for (const { type } of shape.fields) {
    for (const name of type.match(/\w+/g) ?? []) {
      const named = byName.get(name);
      if (named?.kind === "interface" && !elsewhere.has(name)) reached(named, byName, elsewhere, seen);
    }
  }
  return seen;
}

function tables(shapes: Shape[], byName: Map<string, Shape>, page = "Recipe"): string[] {
  const all = page === "Recipe" ? shapes.flatMap((shape) => reached(shape, byName, new Set())) : shapes;
  return all.flatMap((shape) => [
    `## ${shape.name}`,
    ...(shape.text ? [shape.text] : []),
    table(shape.fields, byName, page, true),
  ]);
}

function table(fields: Field[], byName: Map<string, Shape>, page: string, markNeeded = false): string {
  const rows = fields.map((field) => {
    const name = markNeeded && !field.optional ? `**\`${field.name}\`**` : `\`${field.name}\``;
    const fallback = field.default === undefined ? "" : ` Default: ${field.default}.`;
    return `| ${name} | ${typeText(field.type, byName, page)} | ${cell(field.text + fallback)} |`;
  });
  return ["| name | type | meaning |", "| --- | --- | --- |", ...rows].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** The type, with links to the interfaces it names. */
function typeText(type: string, byName: Map<string, Shape>, page: string): string {
  const names = [...new Set(type.match(/\b[A-Z]\w+\b/g) ?? [])].filter(
    (name) => byName.get(name)?.kind === "interface",
  );
  const links = names.map((name) => {
    const file = name === "Recipe" && page !== "Recipe" ? "Recipe.md" : `#${name.toLowerCase()}`;
    return `[${name}](${file})`;
  });
  return [`\`${cell(type)}\``, ...links].join(" ");
}
