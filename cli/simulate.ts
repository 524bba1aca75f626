import * as path from "node:path";
import { execArguments, restarted } from "../simulation/program/nodeArguments";
import { placeOf } from "../simulation/project/place";
import { findProject, loadProject, readProject } from "../simulation/project/project";
import { useSdkOf } from "../simulation/program/sdkCopies";
import { deferNpmResolver } from "../simulation/speed";
import { readStackOutputs } from "../simulation/stacks/stackOutputs";
import { StackReferences, type ReferenceContext } from "../simulation/stacks/stackReference";
import { UsageError } from "../simulation/usageError";
import { parseOptions, type Values } from "./options";
import { write } from "./write";

const HELP = `Runs this directory's program in-process, without an account and without an engine, against a
model of AWS, and shows what \`pulumi up\` would make of a new stack.

Usage: ami-lifecycle simulate [options]

  --stack NAME         the stack to simulate (default: dev, or the only one there is)
  --config KEY=VALUE   overrides one config value; may be repeated
  --fail NAME          what is left when a resource or gate fails: a name, a URN, RECORD:GATE or
                       GATE; may be repeated
  --against FILE       what changes from an earlier simulation of the stack, which
                       \`simulate --json\` has written
  --scenario NAME=VALUE
                       what is left in AWS and in the state when something goes wrong, and what the
                       next \`pulumi up\` does:
                       region-loss=REGION       a region is lost; minutes until another one serves
                       bad-version=NAME         a version, or that of a fleet, stays unhealthy
                       copy-limit=REGION        AWS takes no more copies of images there
                       capacity=TYPE@ZONE       AWS has no instance of that type in that zone
  --timeline           when what is made, with gates, limits and the critical path, and what the
                       rollout of the next version takes
  --cost               what the stack costs a month, at list prices; with --against, what changes.
                       Of --fail, --against, --scenario, --timeline and --cost one at a time, but
                       for that
  --usage NAME=NUMBER  a figure that the cost rests on; may be repeated (docs/simulation.md)
  --report FILE.html   also writes a page of pictures: summary, graph, timeline, regions, pointers,
                       cost, security; one file, without a request to anybody; not with --fail or
                       --scenario
  --assume NAME=SECONDS
                       changes a figure that predictions of time rest on; may be repeated
                       (docs/simulation.md has the table)
  --stack-outputs NAME=FILE
                       the outputs of another stack, as \`pulumi stack output --json\` writes
                       them; may be repeated. NAME is ORGANISATION/PROJECT/STACK, PROJECT/STACK,
                       or STACK of this project
  --project DIR        the directory of another project, whose stacks are simulated when they are
                       referred to; may be repeated
  --cwd DIR            where to look for Pulumi.yaml, upwards (default: the current directory)
  --json               data instead of text (docs/simulation.md has the format)
  --markdown           Markdown instead of text, for pull requests and summaries of steps
  --limit CHARACTERS   most characters of the Markdown (default: 60000)
  --help               this text

Exit codes: 0 no errors, 1 the program has errors, 2 wrong usage, an unknown --fail too.
`;

const OPTIONS = {
  stack: { type: "string" },
  config: { type: "string", multiple: true, default: [] as string[] },
  fail: { type: "string", multiple: true, default: [] as string[] },
  against: { type: "string" },
  scenario: { type: "string" },
  cost: { type: "boolean", default: false },
  usage: { type: "string", multiple: true, default: [] as string[] },
  report: { type: "string" },
  timeline: { type: "boolean", default: false },
  assume: { type: "string", multiple: true, default: [] as string[] },
  "stack-outputs": { type: "string", multiple: true, default: [] as string[] },
  project: { type: "string", multiple: true, default: [] as string[] },
  cwd: { type: "string", default: "." },
  json: { type: "boolean", default: false },
  markdown: { type: "boolean", default: false },
  limit: { type: "string" },
  help: { type: "boolean", default: false },
  // For the command itself only: the stacks that wait for this one's outputs.
  waiting: { type: "string", default: "" },
} as const;

/** Where a child process for another stack must start; the program changes the directory. */
const STARTED_IN = process.cwd();

/** What writes the page of `--report`. */
async function reportOf(
  { report, assume, usage, against }: Values<typeof OPTIONS>,
  project: { name: string; stack: string },
) {
  if (report === undefined) return undefined;
  const [{ loadReport }, { assumed }, { usageOf }] = await Promise.all([
    import("../simulation/html"),
    import("../simulation/time/assumptions"),
    import("../simulation/cost/usage"),
  ]);
  return loadReport({
    file: report,
    directory: STARTED_IN,
    seconds: assumed(assume),
    usage: usageOf(usage),
    against,
    project,
  });
}

/** All that answers a reference to another stack. */
function referencesOf(options: Values<typeof OPTIONS>, stack: string): StackReferences {
  const project = findProject(options.cwd);
  const others = options.project.map((directory) => {
    const found = readProject(directory);
    if (found === undefined) throw new UsageError(`--project ${directory}: there is no Pulumi.yaml in it.`);
    return found;
  });
  const context: ReferenceContext = {
    project,
    stack,
    others,
    given: readStackOutputs(options["stack-outputs"], STARTED_IN, project.name),
    waiting: options.waiting.split(",").filter((id) => id !== ""),
    self: { directory: STARTED_IN, command: [...execArguments, process.argv[1] ?? "", "simulate"] },
  };
  return new StackReferences(context);
}

export async function run(argv: string[]): Promise<number> {
  const options = parseOptions(argv, OPTIONS);
  if (options.help) {
    await write(HELP);
    return 0;
  }
  const project = loadProject(options.cwd, options.stack, options.config);
  const { directory } = placeOf(project);
  const again = restarted(project.runtime.nodeArguments);
  if (again !== undefined) return again;
  const references = referencesOf(options, project.stack);
  const sdk = useSdkOf(directory, path.relative(STARTED_IN, project.root) || "this directory");
  references.startEarly(project.config);
  // The SDK reads its root directory from here when it is loaded, which is why it is loaded only now.
  process.env.PULUMI_NODEJS_ROOT_DIRECTORY = project.root;
  deferNpmResolver(sdk);
  const { simulate } = await import("../simulation/run");
  const outputOf = await (await import("../simulation/output")).loadOutput(options, project);
  const report = await reportOf(options, project);
  const simulation = await simulate(project, references);
  await write(outputOf(simulation));
  // Beside the output, which may be data.
  if (report) process.stderr.write(report(simulation));
  return simulation.problems.some(({ severity }) => severity === "error") ? 1 : 0;
}
