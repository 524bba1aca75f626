import * as path from "node:path";
import { parse } from "yaml";
import { formatProblem, type Problem } from "../../components/internal/problems";
import { mostKept } from "../../components/internal/versions";
import { readConfig } from "../../simulation/project/config";
import { loadConfig, type StackConfig } from "../../simulation/project/project";
import { isData } from "../../simulation/project/yamlFile";
import { parseSettings } from "../../stacks/config";
import { NAMESPACE } from "../../stacks/keys";
import type { Line } from "./plan";
import { Refusal } from "./refusal";

/** What these commands are about; in a program of somebody else's own the other keys are none of their business. */
const OURS = new RegExp(`^${NAMESPACE}:(versions|current|keep|adopt)\\b`);

/** A stack whose line its config drives. */
export interface Stack {
  config: StackConfig;
  line: Line;
  /** The stack's file as people know it: from the project's directory. */
  file: string;
  /** Problems of keys that are not about the line, as text. */
  others: readonly string[];
}

/** The line that such config drives, and what is wrong with it. */
function lineOf(values: StackConfig["config"], { stack, project }: StackConfig): { line: Line; problems: Problem[] } {
  const { settings, problems } = parseSettings({ values, stack, project: project.name });
  const { line: name, versions, current, keep, protect, recycleBinDays, environment } = settings;
  const [adopted, promoted] = [Object.keys(settings.adopt), Object.keys(settings.images ?? {})];
  const bakes = environment === "dev";
  return { line: { name, versions, current, keep, protect, recycleBinDays, bakes, adopted, promoted }, problems };
}

const refusal = (what: string, problems: readonly string[]): Refusal =>
  new Refusal([what, ...problems.map((text) => `  - ${text}`)].join("\n"));

/**
 * Reads a stack, and refuses one that has no line, or a wrong one. For what retires versions, a line longer than `keep`
 * is not wrong yet: what comes out of the edit must not be.
 */
export function loadStack(directory: string, named: string | undefined, { retires = false } = {}): Stack {
  const config = loadConfig(directory, named);
  const file = path.relative(config.project.root, config.file).split(path.sep).join("/");
  const isDriven = ["versions", "current"].some((key) => `${NAMESPACE}:${key}` in config.config);
  if (!isDriven) {
    const also = config.notes.map((note) => ` Note: ${note}.`).join("");
    throw new Refusal(
      `${file}: the stack ${config.stack} of ${config.project.name} has no ${NAMESPACE}:versions and no` +
        ` ${NAMESPACE}:current: its program is not driven by them.${also}`,
    );
  }
  const { line, problems: all } = lineOf(config.config, config);
  const isOverrun = ({ allowed }: Problem) => line.keep !== undefined && allowed === mostKept(line.keep);
  const problems = all.filter((problem) => !(retires && isOverrun(problem)));
  const ours = problems.filter((problem) => OURS.test(problem.path));
  if (ours.length > 0) throw refusal(`${file} is wrong already:`, ours.map(formatProblem));
  return { config, line, file, others: problems.map(formatProblem) };
}

/** Refuses a text of the stack's file with problems that the stack did not have before. */
export function checkText({ config, file, others }: Stack, text: string): void {
  const { project } = config;
  const data: unknown = parse(text);
  const values = isData(data) ? data.config : undefined;
  const after = readConfig({ project: project.name, file, defaults: project.data.config, values, overrides: [] });
  const problems = lineOf(after.config, config).problems.map(formatProblem);
  const fresh = [
    ...problems.filter((problem) => !others.includes(problem)),
    ...after.problems.filter((problem) => !config.problems.includes(problem)),
  ];
  if (fresh.length > 0) throw refusal(`${file} would be wrong with this edit:`, fresh);
}
