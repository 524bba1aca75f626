import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import { stackFile, type ProjectFile } from "../project/project";
import { findOutputs, stackNameOf, type GivenOutputs, type StackName } from "./stackOutputs";
import type { Problem, WireObject } from "../types";

/** How to run this very command again. */
export interface SelfCommand {
  /** The directory the command was started in: `node -r` finds its module from there. */
  directory: string;
  /** Node.js's own options, then the file of the command and what makes it simulate. */
  command: string[];
}

export interface ReferenceContext {
  project: ProjectFile;
  stack: string;
  /** Further projects, whose stacks may be meant. */
  others: readonly ProjectFile[];
  /** Outputs that files give; they win over simulations. */
  given: readonly GivenOutputs[];
  /** The stacks (`project/stack`) whose simulations wait for this one; guards against references in a circle. */
  waiting: readonly string[];
  self: SelfCommand;
}

interface Answer {
  code: number | null;
  out: string;
}

/** A stack that can be simulated. */
interface Target {
  project: ProjectFile;
  stack: string;
}

const idOf = ({ project, stack }: Target): string => `${project.name}/${stack}`;

/** The properties of a reference whose outputs are given as JSON for people. */
async function properties(outputs: WireObject): Promise<WireObject> {
  // Loads the SDK: not at the top, so that other stacks can start before it is there.
  const { fromReadable } = await import("../wire");
  const secrets = Object.keys(outputs).filter((name) => JSON.stringify(outputs[name] ?? null).includes('"[secret]"'));
  return { outputs: fromReadable(outputs), secretOutputNames: secrets };
}

/** Answers stack references: from files, or by simulating the other stack in a process of its own. */
export class StackReferences {
  private readonly runs = new Map<string, Promise<Answer>>();
  private readonly children: ChildProcess[] = [];
  private readonly unused: Set<GivenOutputs>;

  constructor(private readonly context: ReferenceContext) {
    this.unused = new Set(context.given);
  }

  private nameOf(reference: string): StackName | undefined {
    return stackNameOf(reference, this.context.project.name);
  }

  /** The stack that a reference means, if it is one of this project or of those named beside it. */
  private target(reference: string): Target | undefined {
    const name = this.nameOf(reference);
    if (name === undefined) return undefined;
    const { project, others } = this.context;
    const found = [project, ...others].find((other) => other.name === name.project);
    return found && fs.existsSync(stackFile(found, name.stack)) ? { project: found, stack: name.stack } : undefined;
  }

  private givenFor(reference: string): GivenOutputs | undefined {
    const name = this.nameOf(reference);
    return name && findOutputs(this.context.given, name);
  }

  /** Starts the stacks that the config names before the program asks for them, because a start costs a second. */
  startEarly(config: { [key: string]: string }): void {
    for (const value of Object.values(config)) {
      for (const [, word = ""] of value.matchAll(/"?([\w./-]+)"?/g)) {
        // A bare word such as `dev` may mean anything: only the whole value counts then.
        if (!word.includes("/") && word !== value) continue;
        const target = this.givenFor(word) === undefined ? this.target(word) : undefined;
        if (target !== undefined && !this.chain().includes(idOf(target))) void this.start(target);
      }
    }
  }

  /** The stacks that wait, this one last. */
  private chain(): string[] {
    const { waiting, project, stack } = this.context;
    return [...waiting, idOf({ project, stack })];
  }

  private start(target: Target): Promise<Answer> {
    const running = this.runs.get(idOf(target));
    if (running !== undefined) return running;
    const { self, given, project, others } = this.context;
    const options = [
      "--stack",
      target.stack,
      "--json",
      "--cwd",
      target.project.root,
      "--waiting",
      this.chain().join(","),
    ];
    for (const { name, file } of given) {
      const full = [name.organization ?? "organization", name.project, name.stack].join("/");
      options.push("--stack-outputs", `${full}=${file}`);
    }
    for (const other of [project, ...others]) {
      if (other.name !== target.project.name) options.push("--project", other.root);
    }
    const child = spawn(process.execPath, [...self.command, ...options], {
      cwd: self.directory,
      stdio: ["ignore", "pipe", "ignore"],
    });
    this.children.push(child);
    const run = new Promise<Answer>((resolve) => {
      let out = "";
      child.stdout?.setEncoding("utf8").on("data", (part: string) => (out += part));
      child.on("error", () => resolve({ code: null, out }));
      child.on("close", (code) => resolve({ code, out }));
    });
    this.runs.set(idOf(target), run);
    return run;
  }

  /** As short as it can be said: `dev` for a stack of this project. */
  private shortName(id: string): string {
    const own = `${this.context.project.name}/`;
    return id.startsWith(own) ? id.slice(own.length) : id;
  }

  /** Properties of the reference. Without `outputs` every output of the other stack is unknown. */
  async read(reference: string, add: (problem: Problem) => void, source?: string): Promise<WireObject> {
    const report = (severity: Problem["severity"], message: string) =>
      add({ severity, message, ...(source && { source }) });
    const given = this.givenFor(reference);
    if (given !== undefined) {
      this.unused.delete(given);
      return properties(given.outputs);
    }
    const target = this.target(reference);
    if (target === undefined) {
      report(
        "warning",
        `the stack "${reference}" is not one of this project's: all its outputs are unknown here ` +
          "(--stack-outputs gives them by a file, --project names another project's directory)",
      );
      return {};
    }
    const id = idOf(target);
    if (this.chain().includes(id)) {
      const circle = [...this.chain(), id].map((other) => this.shortName(other)).join(" → ");
      report("error", `stacks refer to each other in a circle: ${circle}`);
      return {};
    }
    const { code, out } = await this.start(target);
    if (code !== 0) {
      const what = code === 1 ? "has problems of its own" : "could not be simulated";
      const how = target.project === this.context.project ? "" : ", in its own directory,";
      report(
        "warning",
        `the stack "${this.shortName(id)}" ${what} (--stack ${target.stack}${how} shows them): ` +
          "all its outputs are unknown here",
      );
      return {};
    }
    return properties((JSON.parse(out) as { outputs: WireObject }).outputs);
  }

  /** What was given for nothing: a name may be mistyped. Other stacks' simulations get the files too, and may use them. */
  notes(): string[] {
    if (this.children.length > 0) return [];
    return [...this.unused].map(({ option }) => `--stack-outputs ${option}: no StackReference asks for that stack`);
  }

  /** Ends what was started early and never asked for. */
  close(): void {
    for (const child of this.children) if (child.exitCode === null) child.kill();
  }
}
