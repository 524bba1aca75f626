/** A tiny XML tree: enough to read and edit what AWS's query protocols answer. */
export interface Element {
  name: string;
  /** The raw attributes, with their leading space. */
  attributes?: string;
  children: Element[];
  text: string;
}

export function element(name: string, content: string | number | boolean | Element[] = ""): Element {
  return Array.isArray(content) ? { name, children: content, text: "" } : { name, children: [], text: String(content) };
}

export function parseXml(source: string): Element {
  const top: Element = element("", []);
  const open = [top];
  for (const [, declaration, closing, name, attributes, selfClosing, text] of source.matchAll(
    /(<\?[^>]*>|<!--[\s\S]*?-->)|<(\/?)([\w:.-]+)((?:\s[^>]*?)?)(\/?)>|([^<]+)/g,
  )) {
    const parent = open[open.length - 1]!;
    if (declaration) continue;
    if (text !== undefined) parent.text += unescape(text);
    else if (closing) open.pop();
    else {
      const child: Element = { name: name!, attributes: attributes ?? "", children: [], text: "" };
      parent.children.push(child);
      if (!selfClosing) open.push(child);
    }
  }
  const root = top.children[0];
  if (!root) throw new Error(`not XML: ${source.slice(0, 200)}`);
  return root;
}

export function renderXml(node: Element): string {
  const inner = node.children.length ? node.children.map(renderXml).join("") : escape(node.text);
  return `<${node.name}${node.attributes ?? ""}>${inner}</${node.name}>`;
}

/** The first element down the path, if there is one. */
export function find(node: Element | undefined, ...path: string[]): Element | undefined {
  return path.reduce<Element | undefined>((at, name) => at?.children.find((child) => child.name === name), node);
}

export function textOf(node: Element | undefined, ...path: string[]): string | undefined {
  const found = find(node, ...path);
  return found?.text.trim() || undefined;
}

/** The entries of a list: the children (`item` or `member`) of the element down the path. */
export function list(node: Element | undefined, ...path: string[]): Element[] {
  return find(node, ...path)?.children ?? [];
}

/** All elements of that name, at any depth. */
export function everywhere(node: Element, name: string): Element[] {
  return node.children.flatMap((child) => [...(child.name === name ? [child] : []), ...everywhere(child, name)]);
}

/** Replaces a child, or adds it. */
export function put(node: Element, name: string, content: string | number | boolean | Element[]): void {
  const child = element(name, content);
  const at = node.children.findIndex((candidate) => candidate.name === name);
  if (at < 0) node.children.push(child);
  else node.children[at] = child;
}

export function drop(node: Element, name: string): void {
  node.children = node.children.filter((child) => child.name !== name);
}

function escape(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

const ENTITIES: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function unescape(text: string): string {
  return text.replace(/&(#x?[\da-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? whole;
    const hexadecimal = name[1]?.toLowerCase() === "x";
    return String.fromCodePoint(parseInt(name.slice(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10));
  });
}
