import * as path from "node:path";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import type { Problem } from "./types";

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
    const own = frames.filter(
      ({ file }) =>
        this.isWithin(this.root, file) && !file.includes("/node_modules/") && !this.isWithin(__dirname, file),
    );
    const best = own.find(({ file }) => this.isWithin(this.home, file)) ?? own[0];
    return best && `${path.relative(this.root, best.file)}:${best.line}`;
  }

  ofError(error: Error): string | undefined {
    const frames = [...(error.stack ?? "").matchAll(/^\s+at (?:.*\()?((?:file:\/\/)?\/[^()]*?):(\d+):\d+\)?$/gm)];
    return this.pick(
      frames.map(([, file = "", line]) => ({
        file: file.startsWith("file:") ? fileURLToPath(file) : file,
        line: Number(line),
      })),
    );
  }

  /** The text without this machine's directories. */
  clean(message: string): string {
    return message.replaceAll(`${this.root}${path.sep}`, "");
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

/** The problem that an uncaught error of the program is. */
export function problemOfError(error: unknown, sources: SourceFinder): Problem {
  if (!(error instanceof Error)) return { severity: "error", message: `the program threw ${String(error)}` };
  let message = error.message.replace(SDK_PREFIXES, "");
  // Node.js adds the list of requiring files, which is noise and names this machine's directories.
  if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") message = message.split("\nRequire stack")[0] ?? "";
  const isPlain = ["Error", "ResourceError", "RunError"].includes(error.name);
  const problem: Problem = {
    severity: "error",
    message: sources.clean(isPlain ? message : `${error.name}: ${message}`),
  };
  const resource = pulumi.ResourceError.isInstance(error) ? error.resource : undefined;
  if (resource !== undefined) problem.path = pathOfResource(resource);
  const source = sources.ofError(error);
  if (source !== undefined) problem.source = source;
  return problem;
}
