import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as ts from "typescript";
import { ROOT, type Run } from "../simulation/command";
import { temporary } from "../support/temporary";

/** Files of a directory, by their paths in it. */
export type Files = { [file: string]: string };

function sources(place: string): string[] {
  const file = path.join(ROOT, place);
  if (fs.statSync(file).isFile()) return place.endsWith(".ts") ? [place] : [];
  return fs.readdirSync(file).flatMap((name) => sources(path.join(place, name)));
}

/** Files of the same directory that one needs: of a directory that is not wholly built, the compiler takes them along. */
function neighbours(place: string, known = [place]): string[] {
  if (!place.endsWith(".ts")) return [];
  const { importedFiles } = ts.preProcessFile(fs.readFileSync(path.join(ROOT, place), "utf8"));
  for (const { fileName } of importedFiles) {
    const file = path.join(path.dirname(place), `${fileName}.ts`);
    if (!/^\.\/\w+$/.test(fileName) || known.includes(file) || !fs.existsSync(path.join(ROOT, file))) continue;
    known.push(file);
    neighbours(file, known);
  }
  return known.slice(1);
}

/** What `npm run build` makes, without the checks that make it slow. */
function build(directory: string): void {
  const { config } = ts.readConfigFile(path.join(ROOT, "tsconfig.json"), (file) => fs.readFileSync(file, "utf8"));
  const { include } = JSON.parse(fs.readFileSync(path.join(ROOT, "tsconfig.build.json"), "utf8")) as {
    include: string[];
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  for (const source of include.flatMap((place) => [...sources(place), ...neighbours(place)])) {
    const text = fs.readFileSync(path.join(ROOT, source), "utf8");
    const { outputText } = ts.transpileModule(text, { compilerOptions: { ...options, sourceMap: false } });
    const target = path.join(directory, source.replace(/\.ts$/, ".js"));
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, outputText);
  }
}

let built: string | undefined;

/** What build() makes, once a process: it takes seconds. */
function dist(): string {
  if (built === undefined) {
    built = temporary("dist");
    build(built);
  }
  return built;
}

/** Links to all of this repository's packages. */
export function linkPackages(target: string, names = fs.readdirSync(path.join(ROOT, "node_modules"))): void {
  for (const name of names) {
    fs.mkdirSync(path.dirname(path.join(target, name)), { recursive: true });
    fs.symlinkSync(path.join(ROOT, "node_modules", name), path.join(target, name));
  }
}

/** A directory in which this package is installed, with programs in directories of its own below. */
export class Installed {
  /** Without symbolic links, as the command itself names it. */
  readonly root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "installed-")));
  readonly package = path.join(this.root, "node_modules/pulumi-ami-lifecycle");
  /** The command as npm links it. */
  readonly bin = path.join(this.root, "node_modules/.bin/ami-lifecycle");

  constructor() {
    linkPackages(
      path.join(this.root, "node_modules"),
      fs.readdirSync(path.join(ROOT, "node_modules")).filter((name) => name !== ".bin"),
    );
    fs.cpSync(dist(), path.join(this.package, "dist"), { recursive: true });
    fs.copyFileSync(path.join(ROOT, "package.json"), path.join(this.package, "package.json"));
    const { bin } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
      bin: { [name: string]: string };
    };
    const command = path.join(this.package, bin["ami-lifecycle"] ?? "");
    fs.chmodSync(command, 0o755);
    fs.mkdirSync(path.dirname(this.bin));
    fs.symlinkSync(command, this.bin);
  }

  /** Makes a program's directory; Pulumi.yaml and package.json are the simplest unless they are given. */
  program(name: string, files: Files): string {
    const directory = path.join(this.root, name);
    const all = { "Pulumi.yaml": `name: ${name}\nruntime: nodejs\n`, "package.json": "{}", ...files };
    for (const [file, text] of Object.entries(all)) {
      fs.mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
      fs.writeFileSync(path.join(directory, file), text);
    }
    return directory;
  }

  /** Runs the command in a program's directory. */
  run(args: string[], cwd = this.root, env: NodeJS.ProcessEnv = {}): Promise<Run> {
    const started = process.hrtime.bigint();
    return new Promise((resolve) => {
      execFile(this.bin, args, { cwd, env: { ...process.env, NO_COLOR: "1", ...env } }, (error, out, err) => {
        const seconds = Number(process.hrtime.bigint() - started) / 1e9;
        resolve({ code: error === null ? 0 : Number(error.code), out, err, seconds });
      });
    });
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true });
  }
}

/** A program, and how it is simulated. */
export interface Case {
  files: Files;
  args?: string[];
  /** Below the program's directory. */
  cwd?: string;
}

export interface Data {
  summary: { notModelled: { resources: number; lookups: number } };
  resources: { name: string; type: string; modelled?: boolean; region?: string; inputs?: unknown; source?: string }[];
  lookups: { token: string; certainty: string; modelled?: boolean; region?: string }[];
  outputs: { [name: string]: unknown };
  problems: { severity: string; message: string; source?: string; path?: string }[];
  notes: string[];
}

/** Simulates all of them, as many at once as there are processors, and gives the results by name. */
export async function simulateAll(installed: Installed, cases: { [name: string]: Case }): Promise<Map<string, Run>> {
  const runs = new Map<string, Run>();
  const waiting = Object.entries(cases);
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [name, { files, args = ["--json"], cwd = "." }] = next;
      const directory = installed.program(name, files);
      runs.set(name, await installed.run(["simulate", ...args], path.join(directory, cwd)));
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, worker));
  return runs;
}

/** The data of a run. */
export function dataOf(runs: Map<string, Run>, name: string): Data & { code: number; err: string } {
  const run = runs.get(name);
  if (run === undefined) throw new Error(`no run ${name}`);
  try {
    return { ...(JSON.parse(run.out) as Data), code: run.code, err: run.err };
  } catch {
    throw new Error(`${name}: ${run.code} ${run.out}${run.err}`);
  }
}
