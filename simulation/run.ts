import * as pulumi from "@pulumi/pulumi";
import { interceptExit, problemOfExitCode, ProgramExit } from "./program/exit";
import { SimulationMonitor } from "./monitor";
import { pathOfResource, problemOfError, SourceFinder } from "./program/problems";
import { runProgram } from "./program/program";
import type { Project } from "./project/project";
import { checkByRules } from "./rules";
import { teachSdk, type LogReceiver } from "./sdk";
import { copiesNote, problemOfCopy, teachEveryCopy } from "./program/sdkCopies";
import type { StackReferences } from "./stacks/stackReference";
import { withoutTexts } from "./secretTexts";
import type { Problem, Simulation, WireObject } from "./types";

/** A preview does no waiting of its own, so a program that is still busy after this long hangs. */
const LIMIT_SECONDS = 60;

/** Collects problems; the same one, met on several ways through the program, counts once. */
class Problems {
  readonly list: Problem[] = [];
  private readonly seen = new Set<unknown>();

  constructor(private readonly sources: SourceFinder) {}

  readonly add = (problem: Problem): void => {
    const key = JSON.stringify([problem.severity, problem.message, problem.path, problem.source]);
    if (!this.seen.has(key)) this.list.push(problem);
    this.seen.add(key);
  };

  /** The SDK lets one error surface from every promise that waited for the value. */
  readonly addError = (error: unknown): void => {
    if (error instanceof ProgramExit || this.seen.has(error)) return;
    this.seen.add(error);
    this.add(problemOfError(error, this.sources));
  };
}

/** Waits for the program to end; a program that never does ends with a problem, not with silence. */
async function finished(program: Promise<unknown>, exited: Promise<void>, problems: Problems): Promise<void> {
  const drained = program.catch(problems.addError).then(() => pulumi.runtime.disconnect());
  await new Promise<void>((resolve) => {
    const giveUp = (message: string) => () => {
      problems.add({ severity: "error", message });
      resolve();
    };
    const stuck = giveUp("the program never ends: something waits for a value that nobody gives");
    const timer = setTimeout(giveUp(`the program is still busy after ${LIMIT_SECONDS} s`), LIMIT_SECONDS * 1000);
    // The timer must not keep the process awake, else `beforeExit` would never tell that nothing is left to do.
    timer.unref();
    process.once("beforeExit", stuck);
    void Promise.race([drained.catch(problems.addError), exited]).then(() => {
      clearTimeout(timer);
      process.off("beforeExit", stuck);
      resolve();
    });
  });
}

function receiveLogs(problems: Problems, notes: string[], sources: SourceFinder): LogReceiver {
  return (severity, message, at, resource) => {
    if (severity === "info") {
      notes.push(sources.clean(message));
      return;
    }
    const source = sources.ofError(at);
    const where = resource && pathOfResource(resource);
    problems.add({
      severity,
      message: sources.clean(message),
      ...(where && { path: where }),
      ...(source && { source }),
    });
  };
}

/** Runs the project's program once, as a preview, against the model of AWS. Takes over the process: once a process. */
export async function simulate(project: Project, references: StackReferences): Promise<Simulation> {
  // Ten frames do not reach from an input's validation back to the program.
  Error.stackTraceLimit = 100;
  const sources = new SourceFinder(project.root, project.main);
  const problems = new Problems(sources);
  const notes = [...project.notes];
  for (const message of project.problems) problems.add({ severity: "error", message });

  const { name, stack, config } = project;
  const monitor = new SimulationMonitor({ project: name, stack, config, sources, references, report: problems.add });
  pulumi.runtime.setMockOptions(monitor, name, stack, true, "organization");
  pulumi.runtime.setAllConfig(config, project.secretKeys);
  const receive = receiveLogs(problems, notes, sources);
  teachEveryCopy((copy) => {
    teachSdk(copy, receive);
    const problem = problemOfCopy(copy, project.root);
    if (problem !== undefined) problems.add(problem);
  });

  const exit = process.exit.bind(process);
  const write = process.stdout.write.bind(process.stdout);
  // What the program prints must not get between the lines of the report.
  process.stdout.write = process.stderr.write.bind(process.stderr);
  process.on("uncaughtException", problems.addError);
  process.on("unhandledRejection", problems.addError);
  // Else Node.js prints a warning when the SDK comes to a promise that has failed before.
  process.on("rejectionHandled", () => undefined);
  const exited = interceptExit(sources, problems.add);
  try {
    await finished(runProgram(project), exited, problems);
    // Rejections that nobody handles are told after the current turn.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    references.close();
    process.exit = exit;
    process.stdout.write = write;
  }
  const { lookups, outputs } = monitor;
  const resources = [...monitor.records.values()];
  const checked = checkByRules({ resources, lookups });
  // The longest first: one can be a part of another.
  const secrets = project.secretKeys
    .map((key) => config[key] ?? "")
    .filter((text) => text !== "")
    .sort((a, b) => b.length - a.length);
  checked.problems.forEach(problems.add);
  const exitCode = problemOfExitCode();
  if (exitCode !== undefined) problems.add(exitCode);
  return {
    project: name,
    stack,
    resources,
    lookups: lookups.map((one) => ({ ...one, args: withoutTexts(one.args, secrets) as WireObject })),
    outputs,
    problems: problems.list,
    notes: [...notes, ...checked.notes, ...copiesNote(project.root), ...references.notes()],
  };
}
