import { createRequire } from "node:module";
import { EXPLAINED } from "./exit";
import { placeOf } from "../project/place";
import type { Project } from "../project/project";
import { presetModule } from "../speed";

/** The part of the SDK that Pulumi's language host starts programs with. */
interface Runner {
  run: (
    argv: { _: string[]; pwd: string },
    programStarted: () => void,
    reportLoggedError: (error: unknown) => void,
    isErrorReported: (error: unknown) => boolean,
  ) => Promise<unknown>;
}

/** Stands for the SDK's tracing, which would take a fifth of its loading time: whatever is asked of it, it does nothing. */
const NO_TRACING: object = new Proxy(() => undefined, {
  get: (_target, property) => (property === "then" ? undefined : NO_TRACING),
  apply: () => NO_TRACING,
});

/**
 * Runs the program as Pulumi's language host does, by the SDK's own runner: it finds the entry point, compiles TypeScript
 * by the program's ts-node or the SDK's, and loads ES modules.
 */
export async function runProgram(project: Project): Promise<void> {
  const { directory, file } = placeOf(project);
  const { typescript, tsconfig } = project.runtime;
  const fromSdk = createRequire(require.resolve("@pulumi/pulumi"));
  process.env.PULUMI_NODEJS_TYPESCRIPT = String(typescript);
  delete process.env.PULUMI_NODEJS_TSCONFIG_PATH;
  if (tsconfig !== undefined) process.env.PULUMI_NODEJS_TSCONFIG_PATH = tsconfig;
  // Checking types takes longer than all the rest; who wants it sets this variable of Pulumi's to false.
  process.env.PULUMI_NODEJS_TRANSPILE_ONLY ??= "true";
  // The runner takes one number from the host's main file, which would start a host of its own when it is loaded.
  presetModule(fromSdk.resolve("./cmd/run/index.js"), {
    nodeJSProcessExitedAfterLoggingUserActionableMessage: EXPLAINED,
  });
  presetModule(fromSdk.resolve("./cmd/run/tracing.js"), NO_TRACING);
  const { run } = fromSdk("./cmd/run/run.js") as Runner;
  const nothing = () => undefined;
  // All errors count as reported: telling of them is not left to the runner.
  await run({ _: [file], pwd: directory }, nothing, nothing, () => true);
}
