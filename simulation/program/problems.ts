import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { findSyntaxError } from "./syntaxError";
import { framesOfStack, placeOfSyntaxError } from "./stackFrames";
import type { Problem } from "../types";

/** This package's own directories, whose lines are none of the program's even when it is simulated itself. */
const OWN = ["..", "../../cli"].map((directory) => path.join(__dirname, directory));

/** Finds the program's own lines in stack traces. */
export class SourceFinder {
  private readonly home: string;

  /** `root` is the project's directory, `main` its program. */
  constructor(
    private readonly root: string,
    main: string,
  ) {
    this.home = path.extname(main) === "" ? main : path.dirname(main);
  }

  /** `file:line` of the best frame: the program's directory first, then anywhere in the project. */
  pick(frames: readonly { file: string; line: number }[]): string | undefined {
    const own = frames.filter(({ file }) => this.isOwn(file));
    const best = own.find(({ file }) => this.isWithin(this.home, file)) ?? own[0];
    return best && `${path.relative(this.root, best.file)}:${best.line}`;
  }

  ofError(error: Error): string | undefined {
    const place = placeOfSyntaxError(error.stack);
    const frames = framesOfStack(error.stack).filter((frame) => frame !== undefined);
    return this.pick(place ? [place, ...frames] : frames);
  }

  /** Where the program cannot be parsed. */
  ofSyntaxError(error: Error): string | undefined {
    const found = this.ofError(error);
    if (found !== undefined) return found;
    const place = findSyntaxError(this.home, error.message);
    return place && this.pick([place]);
  }

  /** The line of a file that has the text; the file alone when none has. */
  ofText(file: string, text: string): string | undefined {
    if (!this.isOwn(file)) return undefined;
    const lines = fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n") : [];
    const at = lines.findIndex((line) => line.includes(text));
    return at < 0 ? path.relative(this.root, file) : this.pick([{ file, line: at + 1 }]);
  }

  /** A file as ts-node names it: relative to the directory that the program runs in. */
  resolve(file: string): string {
    return path.resolve(this.home, file);
  }

  /** The text without this machine's directories. */
  clean(message: string): string {
    return message.replaceAll(`file://${this.root}${path.sep}`, "").replaceAll(`${this.root}${path.sep}`, "");
  }

  private isOwn(file: string): boolean {
    if (OWN.some((directory) => this.isWithin(directory, file))) return false;
    return this.isWithin(this.root, file) && !file.includes("/node_modules/");
  }

  private isWithin(directory: string, file: string): boolean {
    return file.startsWith(directory + path.sep);
  }
}

/** The names from the top of the stack down to a resource. */
export function pathOfResource(resource: pulumi.Resource): string {
  const names: string[] = [];
  type Named = { __name?: string; __parentResource?: Named; __pulumiType?: string };
  for (let at: Named | undefined = resource as unknown as Named; at !== undefined; at = at.__parentResource) {
    if (at.__pulumiType !== "pulumi:pulumi:Stack" && at.__name !== undefined) names.unshift(at.__name);
  }
  return names.join("/");
}

/** What the SDK puts before a message, once for each property that the value passed through. */
const SDK_PREFIXES = /^(?:(?:Error: )?error serializing property "[^"]*": )+/;

/** Colours, which TypeScript puts into its messages on a terminal. */
// eslint-disable-next-line no-control-regex
const COLOURS = /\u001b\[\d+m/g;

type Told = Pick<Problem, "message" | "source">;

/** A module that is not there: Node.js adds the list of requiring files, which is noise and names this machine's. */
function missingModule(message: string, sources: SourceFinder): Told {
  const [, what = "", importer] = /^(.*?) imported from (.*)$/s.exec(message) ?? [];
  if (importer === undefined) return { message: message.split("\nRequire stack")[0] ?? "" };
  // The trace of an import has no frame of the importing file.
  const file = importer.startsWith("file:") ? fileURLToPath(importer) : importer;
  const source = sources.ofText(file, path.basename(/'(.*?)'/.exec(message)?.[1] ?? ""));
  return { message: what, ...(source && { source }) };
}

/** The line of code that TypeScript cannot compile: `index.ts(3,5): error TS1005: …`, or with `:3:5`. */
const DIAGNOSTIC = /^(\S+?)[(:](\d+)[,:]\d+.*\bTS\d+/m;

function compilation(message: string, sources: SourceFinder): Told {
  const text = message.replace(COLOURS, "").replace(/^.*Unable to compile TypeScript:?\s*/, "");
  const [, file, line] = DIAGNOSTIC.exec(text) ?? [];
  const source = file && sources.pick([{ file: sources.resolve(file), line: Number(line) }]);
  return { message: text.trim(), ...(source && { source }) };
}

function toldByError(error: Error, sources: SourceFinder): Told {
  const message = error.message.replace(SDK_PREFIXES, "");
  if (/^Cannot find (?:module|package) /.test(message)) return missingModule(message, sources);
  if (error.name === "TSError") return compilation(message, sources);
  const isPlain = ["Error", "ResourceError", "RunError"].includes(error.name);
  const source = error.name === "SyntaxError" ? sources.ofSyntaxError(error) : undefined;
  return { message: isPlain ? message : `${error.name}: ${message}`, ...(source && { source }) };
}

/** Anything can be thrown, and from the thread that compiles ES modules an error comes as its text in an object. */
function toldByValue(value: unknown, sources: SourceFinder): Told {
  const text = typeof value === "string" ? value : inspect(value);
  return DIAGNOSTIC.test(text.replace(COLOURS, ""))
    ? compilation(text, sources)
    : { message: `the program threw ${text}` };
}

/** The problem that an uncaught error of the program is. */
export function problemOfError(error: unknown, sources: SourceFinder): Problem {
  const isError = error instanceof Error;
  const told = isError ? toldByError(error, sources) : toldByValue(error, sources);
  const source = told.source ?? (isError ? sources.ofError(error) : undefined);
  const resource = pulumi.ResourceError.isInstance(error) ? error.resource : undefined;
  return {
    severity: "error",
    message: sources.clean(told.message),
    ...(resource && { path: pathOfResource(resource) }),
    ...(source && { source }),
  };
}
