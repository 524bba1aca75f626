/** A place in a resource's inputs, from the outside in; indexes of lists are text too. */
export type Path = readonly string[];

/** Reads a property path as the engine takes it: `tags["a.b"]`, `steps[0].name`, `rules[*].port`, `*`. */
export function parsePath(text: string): Path {
  const parts: string[] = [];
  const part = /\.?(?:\[\s*(?:"((?:[^"\\]|\\.)*)"|([^\]"]*))\s*\]|([^.[\]]+))/gy;
  while (part.lastIndex < text.length) {
    const found = part.exec(text);
    // What the engine could not read either is one name.
    if (found === null) return [text];
    const [, quoted, index, name] = found;
    parts.push(quoted?.replaceAll(/\\(.)/g, "$1") ?? index ?? name ?? "");
  }
  return parts;
}

/** The path as `ignoreChanges` takes it. */
export function formatPath(path: Path, isIndex: (depth: number) => boolean = () => false): string {
  return path
    .map((part, depth) => {
      if (isIndex(depth)) return `[${part}]`;
      if (/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(part)) return depth === 0 ? part : `.${part}`;
      return `[${JSON.stringify(part)}]`;
    })
    .join("");
}

const fits = (pattern: string | undefined, part: string | undefined): boolean => pattern === "*" || pattern === part;

/** True when the pattern names the path, or something that the path lies in. */
export function covers(pattern: Path, path: Path): boolean {
  return pattern.length <= path.length && pattern.every((part, at) => fits(part, path[at]));
}

/** True when the pattern names the path, something around it, or something in it. */
export function touches(pattern: Path, path: Path): boolean {
  return pattern.slice(0, path.length).every((part, at) => fits(part, path[at]));
}
