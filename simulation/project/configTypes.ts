import { isData, type Data } from "./yamlFile";

/** `array<string>`, as the engine names it. */
function nameOf(type: unknown, items: unknown): string {
  return isData(items) ? `array<${nameOf(items.type, items.items)}>` : String(type);
}

function isOf(type: unknown, items: unknown, value: unknown): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return typeof value === "string" ? /^[+-]?\d+$/.test(value) : Number.isInteger(value);
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false";
    case "object":
      return isData(value);
    case "array":
      return Array.isArray(value) && isData(items) && value.every((item) => isOf(items.type, items.items, item));
    default:
      // The engine refuses other types when it reads Pulumi.yaml.
      return true;
  }
}

/** What the engine has against a stack's plain value for a key that Pulumi.yaml declares; undefined when nothing. */
export function typeProblem(declaration: Data | undefined, value: unknown): string | undefined {
  if (declaration?.type === undefined) return undefined;
  if (declaration.secret === true) return "must be encrypted: it is declared a secret";
  // A plain value travels as text, whatever YAML makes of it.
  const given = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  const { type, items } = declaration;
  return isOf(type, items, given) ? undefined : `must be of type ${nameOf(type, items)}`;
}
