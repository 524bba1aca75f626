import { type Problem } from "../problems";
import { unknownFields } from "../fields";

/** What a text field must look like. */
export interface TextRule {
  pattern: RegExp;
  allowed: string;
  fix: string;
}

/** Collects the problems of plain data that may be anything at all: stack config is YAML that somebody typed. */
export class Fields {
  readonly problems: Problem[] = [];

  add(path: string, given: unknown, allowed: string, fix: string): void {
    this.problems.push({ path, given, allowed, fix });
  }

  /** The value as an object with only these fields, the required ones among them. Undefined when it is none. */
  object(
    value: unknown,
    path: string,
    known: readonly string[],
    required: readonly string[] = [],
  ): Record<string, unknown> | undefined {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.add(path, value, `an object with the fields ${known.join(", ")}`, "Write it as an object");
      return undefined;
    }
    const fields = value as Record<string, unknown>;
    this.problems.push(...unknownFields(path, fields, known));
    for (const name of required) {
      if (isAbsent(fields[name])) this.add(`${path}.${name}`, undefined, "a value: it is required", `Set ${name}`);
    }
    return fields;
  }

  /** The value as a list; left out it is an empty one. */
  list(value: unknown, path: string): unknown[] {
    if (isAbsent(value)) return [];
    if (Array.isArray(value)) return value as unknown[];
    this.add(path, value, "a list", "Write it as a list");
    return [];
  }

  /** A list of at least one text, each to the rule. */
  texts(value: unknown, path: string, rule: TextRule): void {
    const items = this.list(value, path);
    if (Array.isArray(value) && items.length === 0)
      this.add(path, value, "a list of at least one", "Name one or leave it out");
    items.forEach((item, i) => {
      if (isAbsent(item)) this.add(`${path}[${i}]`, item, rule.allowed, rule.fix);
      this.text(item, `${path}[${i}]`, rule);
    });
  }

  /** Text to the rule, when it is there at all. True when it is, and right. */
  text(value: unknown, path: string, rule: TextRule): value is string {
    if (isAbsent(value)) return false;
    if (typeof value !== "string") {
      this.add(path, value, `text: ${rule.allowed}`, typeof value === "number" ? "Put it in quotes" : rule.fix);
    } else if (value.includes("\0")) {
      this.add(path, value, "text without NUL bytes", "Remove the NUL byte");
    } else if (!rule.pattern.test(value)) {
      this.add(path, value, rule.allowed, rule.fix);
    } else {
      return true;
    }
    return false;
  }

  wholeNumber(value: unknown, path: string, least: number, most: number): void {
    if (isAbsent(value) || (Number.isInteger(value) && (value as number) >= least && (value as number) <= most)) return;
    this.add(path, value, `a whole number from ${least} to ${most}`, "Use such a number");
  }

  boolean(value: unknown, path: string): void {
    if (!isAbsent(value) && typeof value !== "boolean") this.add(path, value, "true or false", "Use one of them");
  }

  /** Variables by name. */
  environment(value: unknown, path: string, rule: TextRule): void {
    if (isAbsent(value)) return;
    if (typeof value !== "object" || Array.isArray(value)) {
      return this.add(path, value, "variables by name", 'Write it as an object, e.g. { PORT: "80" }');
    }
    for (const [name, text] of Object.entries(value as Record<string, unknown>)) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
        this.add(`${path}.${name}`, name, "a name of letters, digits and _, not beginning with a digit", "Rename it");
      }
      if (text === null || text === undefined) this.add(`${path}.${name}`, text, "text", 'Set it, to "" for no value');
      else this.text(text, `${path}.${name}`, rule);
    }
  }
}

export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}
