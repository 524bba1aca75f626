import * as fs from "node:fs";
import * as path from "node:path";
import { readConfig, type Config } from "./config";
import { runtimeOf, type Runtime } from "./runtime";
import { UsageError } from "../usageError";
import { isData, readYaml, type Data } from "./yamlFile";

/** What Pulumi.yaml says, without any stack. */
export interface ProjectFile {
  name: string;
  /** Its directory, without symbolic links: stack traces have none either. */
  root: string;
  /** The program: a file or a directory; absent: the root. */
  main?: string;
  data: Data;
  /** Where the stacks' files are. */
  stackDirectory: string;
  /** `.yaml`, `.yml` or `.json`, which the stacks' files have too. */
  extension: string;
}

/** A project and one of its stacks: all that a run needs. */
export interface Project extends Config {
  name: string;
  root: string;
  /** The program: a file or a directory. */
  main: string;
  runtime: Runtime;
  stack: string;
}

/** In the engine's order. */
const EXTENSIONS = [".json", ".yaml", ".yml"];

/** The stack that is meant when none is named, if there is one of that name. */
const USUAL_STACK = "dev";

function projectFileIn(directory: string): string | undefined {
  const files = EXTENSIONS.map((extension) => path.join(directory, `Pulumi${extension}`));
  return files.find((file) => fs.existsSync(file) && fs.statSync(file).isFile());
}

/** Reads the project of exactly this directory; undefined when it has none. */
export function readProject(directory: string): ProjectFile | undefined {
  const file = projectFileIn(directory);
  if (file === undefined) return undefined;
  const data = readYaml(file);
  if (typeof data.name !== "string" || data.name === "") {
    throw new UsageError(`${path.basename(file)}: the project has no name.`);
  }
  const root = fs.realpathSync(directory);
  // A text in `config` is what `stackConfigDir` was called once.
  const given = [data.stackConfigDir, data.config].find((value) => typeof value === "string");
  return {
    name: data.name,
    root,
    data,
    stackDirectory: path.resolve(root, given ?? "."),
    extension: path.extname(file),
    ...(typeof data.main === "string" && data.main !== "" && { main: path.resolve(root, data.main) }),
  };
}

/** The project of a directory or of the nearest one above it, as Pulumi itself looks for it. */
export function findProject(directory: string): ProjectFile {
  if (!fs.existsSync(directory)) throw new UsageError(`There is no directory ${directory}.`);
  for (let at = path.resolve(directory); ; at = path.dirname(at)) {
    const found = readProject(at);
    if (found !== undefined) return found;
    if (at === path.dirname(at)) break;
  }
  throw new UsageError(`There is no Pulumi.yaml in ${directory}, nor in a directory above it.`);
}

/** The file of a stack's config; a stack need not have one. */
export function stackFile({ stackDirectory, extension }: ProjectFile, stack: string): string {
  return path.join(stackDirectory, `Pulumi.${stack}${extension}`);
}

function stacksOf({ stackDirectory, extension }: ProjectFile): string[] {
  if (!fs.existsSync(stackDirectory)) return [];
  return fs
    .readdirSync(stackDirectory)
    .filter((name) => name.startsWith("Pulumi.") && name.endsWith(extension))
    .map((name) => name.slice("Pulumi.".length, -extension.length))
    .filter((name) => name !== "" && !name.endsWith(".deploy"))
    .sort();
}

/** The stack to run: the one that is named, else `dev`, else the only one. */
function chooseStack(project: ProjectFile, named: string | undefined): string {
  const stacks = stacksOf(project);
  // A project without any stack's file may still have stacks: they only have no config of their own.
  if (stacks.length === 0) return named ?? USUAL_STACK;
  const stack = named ?? (stacks.length === 1 ? stacks[0] : undefined) ?? USUAL_STACK;
  if (stacks.includes(stack)) return stack;
  const file = path.basename(stackFile(project, stack));
  throw new UsageError(`The stack "${stack}" has no ${file}. Stacks with one: ${stacks.join(", ")}.`);
}

/** A stack of a project, and its config: of programs of any runtime. */
export interface StackConfig extends Config {
  project: ProjectFile;
  stack: string;
  /** The stack's file; it need not exist. */
  file: string;
}

/** Reads one stack's config; `overrides` are `key=value` pairs that win over both files. */
export function loadConfig(directory: string, named?: string, overrides: readonly string[] = []): StackConfig {
  const project = findProject(directory);
  return configOf(project, chooseStack(project, named), overrides);
}

function configOf(project: ProjectFile, stack: string, overrides: readonly string[]): StackConfig {
  const { name, data } = project;
  const file = stackFile(project, stack);
  const hasFile = fs.existsSync(file);
  const stackData = hasFile ? readYaml(file) : {};
  const values = isData(stackData.config) ? stackData.config : {};
  const config = readConfig({ project: name, file: path.basename(file), defaults: data.config, values, overrides });
  if (!hasFile) config.notes.push(`there is no ${path.basename(file)}: the stack has Pulumi.yaml's config only`);
  if (stackData.environment !== undefined) {
    config.notes.push("the stack's ESC environments are not read: what they set is missing here");
  }
  return { project, stack, file, ...config };
}

/** Reads the project and one stack's config; `overrides` are `key=value` pairs that win over both files. */
export function loadProject(directory: string, named?: string, overrides: readonly string[] = []): Project {
  const found = findProject(directory);
  const { name, root } = found;
  const runtime = runtimeOf(found.data.runtime);
  const { stack, config, secretKeys, notes, problems } = configOf(found, chooseStack(found, named), overrides);
  return { name, root, main: found.main ?? root, runtime, stack, config, secretKeys, notes, problems };
}
