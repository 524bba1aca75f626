import { decidedByValues, replacedBy, updatedBy } from "../replacements";
import type { RecordedResource } from "../types";
import { covers, parsePath, touches, type Path } from "./paths";

/** Whether a change there replaces the resource; undefined when nothing says so. */
export type Forces = (path: Path) => boolean | undefined;

export function forcesOf(before: RecordedResource, { type, inputs }: RecordedResource, always: string[]): Forces {
  const wanted = always.map(parsePath);
  const replace = (replacedBy(type, inputs) ?? []).map(parsePath);
  const update = updatedBy(type).map(parsePath);
  return (path) => {
    if (wanted.some((pattern) => touches(pattern, path))) return true;
    const [input = ""] = path;
    // Of every resource of @pulumi/aws 7, those too that the table does not have.
    if (input === "region" && path.length === 1 && type.startsWith("aws:")) return true;
    const decide = decidedByValues(type, input);
    if (decide !== undefined) return decide(before.inputs[input], inputs[input]);
    // Of a path in another one the narrower decides.
    const narrowest = Math.max(0, ...update.filter((pattern) => covers(pattern, path)).map(({ length }) => length));
    if (replace.some((pattern) => touches(pattern, path) && pattern.length >= narrowest)) return true;
    return narrowest > 0 ? false : undefined;
  };
}
