import type { Recipe } from "../../recipe";
import { suggest } from "../nearest";
import type { Problem } from "../problems";
import { CHECK_KINDS } from "./defaults";
import { Fields, isAbsent } from "./fields";
import { renderRecipe } from "./render";
import { RULES } from "./rules";
import { ARCHITECTURES, architecturesOf, findSystem, isArchitecture, type OperatingSystem, OS_IDS } from "./systems";
import { userDataProblems } from "./userData";
import { onlyField, validateSteps } from "./validateSteps";

/**
 * Everything that is wrong with a recipe, at once; an empty list means that it renders and fits. The recipe may be
 * anything at all: it comes from stack config, where types are only hoped for.
 */
export function validateRecipe(recipe: Recipe, path = "recipe"): Problem[] {
  const fields = new Fields();
  const known = ["os", "architecture", "steps", "checks", "cleanup", "keepUsers"];
  const given = fields.object(recipe, path, known);
  if (!given) return fields.problems;
  const { os, architecture, steps, checks, cleanup, keepUsers } = given;
  const system = findSystem(os);
  if (!system) fields.add(`${path}.os`, os, `one of ${OS_IDS.join(", ")}`, suggest(os, OS_IDS));
  if (!isAbsent(architecture) && !isArchitecture(architecture)) {
    fields.add(`${path}.architecture`, architecture, ARCHITECTURES.join(" or "), architectureFix(architecture));
  } else if (system && isArchitecture(architecture) && !architecturesOf(system).includes(architecture)) {
    const allowed = architecturesOf(system).join(" or ");
    fields.add(`${path}.architecture`, architecture, `${allowed}, for ${system.title}`, `Use ${allowed}`);
  }
  validateSteps(fields, steps, `${path}.steps`, system);
  validateChecks(fields, checks, `${path}.checks`, system);
  if (isEmpty(steps) && isEmpty(checks)) {
    fields.add(path, undefined, "at least one step or check", "Add a step: an image that proves nothing is of no use");
  }
  fields.boolean(cleanup, `${path}.cleanup`);
  if (!isEmpty(keepUsers)) fields.texts(keepUsers, `${path}.keepUsers`, RULES.user);
  if (fields.problems.length > 0) return fields.problems;
  return userDataProblems(renderRecipe(recipe), path);
}

function validateChecks(fields: Fields, value: unknown, path: string, system?: OperatingSystem): void {
  fields.list(value, path).forEach((item, i) => {
    const kind = onlyField(fields, item, `${path}[${i}]`, CHECK_KINDS);
    if (!kind) return;
    const check = (item as Record<string, unknown>)[kind];
    const at = `${path}[${i}].${kind}`;
    if (kind === "service") fields.text(check, at, system?.family === "windows" ? RULES.windowsService : RULES.unit);
    if (kind === "command") fields.text(check, at, RULES.some);
    if (kind === "http") validateHttp(fields, check, at);
  });
}

function validateHttp(fields: Fields, value: unknown, path: string): void {
  const http = fields.object(value, path, ["url", "status", "contains"], ["url"]);
  if (!http) return;
  if (fields.text(http["url"], `${path}.url`, RULES.url) && !URL.canParse(http["url"])) {
    fields.add(`${path}.url`, http["url"], RULES.url.allowed, RULES.url.fix);
  }
  fields.wholeNumber(http["status"], `${path}.status`, 100, 599);
  fields.text(http["contains"], `${path}.contains`, RULES.any);
}

/** The names that other tools use for the same two architectures. */
const ALIASES: Record<string, string> = { amd64: "x86_64", x64: "x86_64", aarch64: "arm64" };

function architectureFix(given: unknown): string {
  const alias =
    typeof given === "string" ? Object.entries(ALIASES).find(([name]) => name === given.toLowerCase()) : undefined;
  return alias ? `Did you mean "${alias[1]}"` : suggest(given, [...ARCHITECTURES]);
}

function isEmpty(value: unknown): boolean {
  return isAbsent(value) || (Array.isArray(value) && value.length === 0);
}
