import { isData } from "../project/yamlFile";
import type { RecordedResource } from "../types";

const STACK = "pulumi:pulumi:Stack";

interface Urn {
  stack: string;
  project: string;
  /** The types of all parents but the stack, and its own, joined by `$`. */
  types: string;
  name: string;
}

function parseUrn(urn: string): Urn {
  const [head = "", project = "", types = "", ...name] = urn.split("::");
  return { stack: head.replace(/^urn:pulumi:/, ""), project, types, name: name.join("::") };
}

function urnOf(
  { stack, project }: Pick<Urn, "stack" | "project">,
  parent: string | undefined,
  type: string,
  name: string,
) {
  const parentTypes = parent === undefined ? "" : parseUrn(parent).types;
  const types = parentTypes === "" || parentTypes === STACK ? type : `${parentTypes}$${type}`;
  return `urn:pulumi:${stack}::${project}::${types}::${name}`;
}

/** A child that is named after its parent was so under the parent's old name too. */
function nameUnder(name: string, parent: string, alias: string): string {
  const [now, before] = [parseUrn(parent).name, parseUrn(alias).name];
  return name.startsWith(now) ? before + name.slice(now.length) : name;
}

/**
 * The URNs that each resource may have had: those of its own aliases, and those that follow from its parents' (the
 * engine's rules, pkg/resource/deploy/step_generator.go and sdk/go/common/resource/alias.go).
 */
export function aliasUrns(resources: readonly RecordedResource[]): (resource: RecordedResource) => string[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const known = new Map<string, string[]>();
  const find = (resource: RecordedResource): string[] => {
    const { urn, type, name, parent, options } = resource;
    const done = known.get(urn);
    if (done !== undefined) return done;
    // Guards against a circle.
    known.set(urn, []);
    const own = parseUrn(urn);
    const above = parent === undefined ? undefined : byUrn.get(parent);
    const parents = above === undefined ? [] : find(above);
    const found = new Set<string>();
    const addInherited = (type: string, name: string) => {
      for (const alias of parent === undefined ? [] : parents) {
        found.add(urnOf(own, alias, type, nameUnder(name, parent ?? "", alias)));
      }
    };
    const aliases: unknown[] = Array.isArray(options.aliases) ? options.aliases : [];
    for (const alias of aliases) {
      if (typeof alias === "string") found.add(alias);
      if (!isData(alias)) continue;
      const text = (key: string, otherwise: string) => (typeof alias[key] === "string" ? alias[key] : otherwise);
      const place = { stack: text("stack", own.stack), project: text("project", own.project) };
      const given = alias.noparent === true ? "" : text("parenturn", parent ?? "");
      found.add(urnOf(place, given === "" ? undefined : given, text("type", type), text("name", name)));
      if (given === parent) addInherited(text("type", type), text("name", name));
    }
    addInherited(type, name);
    found.delete(urn);
    known.set(urn, [...found]);
    return [...found];
  };
  return find;
}
