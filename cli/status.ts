import { Aws } from "../components/gates/kit/aws";
import { describeError } from "../components/gates/kit/errors";
import type { Timing } from "../components/gates/kit/waiting";
import { parseOptions } from "./options";
import { ask } from "./status/ask";
import type { RegionFacts, Unanswered } from "./status/facts";
import { reportOf } from "./status/report";
import { type Target, targetOf } from "./status/target";
import { textOf } from "./status/text";
import { write } from "./write";

const HELP = `Shows a line as AWS has it, in every region: its versions and where each of them runs, live, the
pointers, an instance refresh under way, and where these contradict each other (drift). It reads
AWS only, never Pulumi's state, and changes nothing.

Usage: ami-lifecycle status [options]

  --stack NAME      the stack (default: dev, or the only one there is)
  --line NAME       the line (default: the stack's config)
  --region REGION   a region to ask; may be repeated (default: aws:region and copyTo of the config)
  --cwd DIR         where to look for Pulumi.yaml, upwards (default: the current directory);
                    with --line, --stack and --region none is needed
  --check           exit code 1 when there is drift
  --json            data instead of text
  --help            this text

Credentials are the environment's: AWS_PROFILE, AWS_ACCESS_KEY_ID and the like.
Exit codes: 0 shown, 1 a region did not answer (it is named, the others are shown), or drift with
--check, 2 wrong usage.
`;

const OPTIONS = {
  stack: { type: "string" },
  line: { type: "string" },
  region: { type: "string", multiple: true, default: [] as string[] },
  cwd: { type: "string", default: "." },
  check: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** Changes only when a reader of the old data would misread the new one. */
const VERSION = 1;

/** Somebody waits at a terminal: a region that is down is to be named, not waited for. */
const TIMING: Timing = { pollSeconds: 1, patienceSeconds: 15, consoleGraceSeconds: 0, again: "run the command again" };

async function answersOf({
  line,
  stack,
  regions,
}: Target): Promise<{ facts: RegionFacts[]; unanswered: Unanswered[] }> {
  const all = await Promise.all(
    regions.map(async (region) => {
      try {
        return await ask(new Aws({ region, timing: TIMING }), line, stack);
      } catch (error) {
        return { region, error: describeError(error) };
      }
    }),
  );
  const isAnswer = (one: RegionFacts | Unanswered): one is RegionFacts => !("error" in one);
  return { facts: all.filter(isAnswer), unanswered: all.filter((one): one is Unanswered => !isAnswer(one)) };
}

export async function run(argv: string[]): Promise<number> {
  const { stack, line, region, cwd, check, json, help } = parseOptions(argv, OPTIONS);
  if (help) {
    await write(HELP);
    return 0;
  }
  const target = targetOf({ line, stack, regions: region, cwd });
  const { facts, unanswered } = await answersOf(target);
  const report = reportOf(target.line, target.stack, facts, unanswered);
  await write(json ? `${JSON.stringify({ version: VERSION, ...report }, null, 2)}\n` : textOf(report));
  return unanswered.length > 0 || (check && report.drift.length > 0) ? 1 : 0;
}
