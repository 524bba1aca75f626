import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import { stackFile } from "./config";
import type { Problem, Wire, WireObject } from "./types";

/** How to run this very command again. */
export interface SelfCommand {
  /** The directory the command was started in: `node -r` finds its module from there. */
  directory: string;
  /** The file of the command. */
  file: string;
}

export interface ReferenceContext {
  project: string;
  stack: string;
  root: string;
  /** The stacks whose simulations wait for this one; guards against references in a circle. */
  waiting: readonly string[];
  self: SelfCommand;
}

interface Answer {
  code: number | null;
  out: string;
}

/** Answers stack references by simulating the other stack in a process of its own. */
export class StackReferences {
  private readonly runs = new Map<string, Promise<Answer>>();
  private readonly children: ChildProcess[] = [];

  constructor(private readonly context: ReferenceContext) {}

  /** The stack of this project that a reference means: `dev`, `project/dev` or `organization/project/dev`. */
  private target(reference: string): string | undefined {
    const parts = reference.split("/");
    const stack = parts.at(-1) ?? "";
    const isOwn = parts.length === 1 || (parts.length <= 3 && parts.at(-2) === this.context.project);
    if (!isOwn || !/^[\w.-]+$/.test(stack) || !fs.existsSync(stackFile(this.context.root, stack))) return undefined;
    return stack;
  }

  /** Starts the stacks that the config names before the program asks for them, because a start costs a second. */
  startEarly(config: { [key: string]: string }): void {
    for (const value of Object.values(config)) {
      for (const [, word = ""] of value.matchAll(/"?([\w./-]+)"?/g)) {
        // A bare word such as `dev` may mean anything: only the whole value counts then.
        if (!word.includes("/") && word !== value) continue;
        const stack = this.target(word);
        if (stack !== undefined && !this.isCircle(stack)) void this.start(stack);
      }
    }
  }

  private isCircle(stack: string): boolean {
    return stack === this.context.stack || this.context.waiting.includes(stack);
  }

  private start(stack: string): Promise<Answer> {
    const running = this.runs.get(stack);
    if (running !== undefined) return running;
    const { root, self, waiting } = this.context;
    const chain = [...waiting, this.context.stack].join(",");
    const args = [self.file, "--stack", stack, "--json", "--cwd", root, "--waiting", chain];
    const child = spawn(process.execPath, [...process.execArgv, ...args], {
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
    this.runs.set(stack, run);
    return run;
  }

  /** Properties of the reference. Without `outputs` every output of the other stack is unknown. */
  async read(reference: string, add: (problem: Problem) => void, source?: string): Promise<WireObject> {
    const report = (severity: Problem["severity"], message: string) =>
      add({ severity, message, ...(source && { source }) });
    const stack = this.target(reference);
    if (stack === undefined) {
      report("warning", `the stack "${reference}" is not one of this project's: all its outputs are unknown here`);
      return {};
    }
    if (this.isCircle(stack)) {
      const circle = [...this.context.waiting, this.context.stack, stack].join(" → ");
      report("error", `stacks refer to each other in a circle: ${circle}`);
      return {};
    }
    const { code, out } = await this.start(stack);
    if (code !== 0) {
      const what = code === 1 ? "has problems of its own" : "could not be simulated";
      report("warning", `the stack "${stack}" ${what} (--stack ${stack} shows them): all its outputs are unknown here`);
      return {};
    }
    // Loads the SDK: not at the top, so that other stacks can start before it is there.
    const { fromReadable } = await import("./wire");
    const { outputs } = JSON.parse(out) as { outputs: { [name: string]: Wire } };
    const secrets = Object.keys(outputs).filter((name) => JSON.stringify(outputs[name]).includes('"[secret]"'));
    return { outputs: fromReadable(outputs), secretOutputNames: secrets };
  }

  /** Ends what was started early and never asked for. */
  close(): void {
    for (const child of this.children) if (child.exitCode === null) child.kill();
  }
}
