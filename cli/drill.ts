import * as fs from "node:fs";
import { Aws } from "../components/gates/kit/aws";
import { describeError } from "../components/gates/kit/errors";
import { GateFailure } from "../components/gates/kit/failure";
import { defaultTiming } from "../components/gates/kit/waiting";
import { factsOf } from "./drill/ask";
import { PERMISSION, proveLaunch } from "./drill/launch";
import { canLaunch } from "./drill/problems";
import { type Report, reportOf } from "./drill/report";
import { type DrillRequest, requestOf } from "./drill/request";
import { textOf } from "./drill/text";
import { parseOptions } from "./options";
import { limitOf } from "./recovery/request";
import { told, toTerminal, type Voice } from "./servers/session";
import { Questions } from "./status/questions";
import { write } from "./write";

const HELP = `Proves that a recovery region would serve, and measures it: launches one throwaway instance there as
its group would, runs the checks baked into the image, and removes it again. It asks that region
alone, reads what it must know from the parameter /ami/LINE/STACK/recovery there, and loads no
Pulumi.

Usage: ami-lifecycle drill --region REGION [options]

  --region NAME        the recovery region
  --stack NAME         the stack (default: dev, or the only one there is)
  --line NAME          the line (default: ami-lifecycle:line of the stack's config)
  --cwd DIR            where to look for Pulumi.yaml, upwards (default: the current directory)
  --limit-minutes N    how long the instance may take, 1 to 1440 (default: twice the record's
                       rtoMinutes, at least 30)
  --out FILE           writes the data to a file, too
  --json               data instead of text
  --help               this text

With --stack and --line it needs no Pulumi.yaml. Credentials are the environment's: AWS_PROFILE,
AWS_ACCESS_KEY_ID and the like.

Exit codes: 0 it would serve in time, 1 a target is missed, a check failed, a copy is missing or
something was left, 2 wrong usage.
`;

const OPTIONS = {
  region: { type: "string" },
  stack: { type: "string" },
  line: { type: "string" },
  cwd: { type: "string", default: "." },
  "limit-minutes": { type: "string" },
  out: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** Looks this often are enough of a measure, and do not hurry AWS. */
const POLL_SECONDS = 5;
/** How long is waited for an answer before anything is launched. */
const ASK_SECONDS = 120;

export async function run(argv: string[], now: () => number = Date.now): Promise<number> {
  const values = parseOptions(argv, OPTIONS);
  if (values.help) {
    await write(HELP);
    return 0;
  }
  const request = requestOf(values);
  return told(async () => {
    const report = await drill(request, toTerminal, now);
    const data = `${JSON.stringify(report, null, 2)}\n`;
    await write(values.json ? data : textOf(report));
    return written(request.out, data) && report.passed ? 0 : 1;
  });
}

/** Whether the data is where it was asked for. It has been said on standard output, too: it is not lost. */
function written(file: string | undefined, data: string): boolean {
  try {
    if (file !== undefined) fs.writeFileSync(file, data);
    return true;
  } catch (error) {
    toTerminal.warn(`the data could not be written: ${(error as Error).message}`);
    return false;
  }
}

async function drill(request: DrillRequest, voice: Voice, now: () => number): Promise<Report> {
  const { region, line, stack } = request;
  const { pollSeconds, ...patience } = defaultTiming();
  const timing = { ...patience, pollSeconds: Math.min(pollSeconds, POLL_SECONDS), again: "run the drill again" };
  const startedAt = new Date(now());
  try {
    voice.say(`${line} in stack ${stack}: asking ${region} for its record`);
    const asking = new Aws({ region, timing: { ...timing, patienceSeconds: ASK_SECONDS } });
    const facts = await factsOf(new Questions(asking), line, stack);
    const { record, image } = facts;
    if (!image || !canLaunch(facts)) return reportOf({ request, facts, startedAt });
    const limitMinutes = limitOf(request.limitMinutes, record.rtoMinutes);
    const what = `${[line, record.version].filter((part) => part !== undefined).join(" ")} in ${region}`;
    const measured = await proveLaunch(new Aws({ region, timing }), { what, record, image, limitMinutes }, voice, now);
    // The machine's own words: the report has its first line only.
    if (measured.failure) voice.say(measured.failure.error.message);
    return reportOf({ request, facts, measured, startedAt });
  } catch (error) {
    throw refusalOf(region, error);
  }
}

/** What AWS refused while it was asked; a mistake of the program itself stays what it is. */
function refusalOf(region: string, error: unknown): unknown {
  const said = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (error instanceof GateFailure || !(said instanceof Error && "$metadata" in said)) return error;
  return new GateFailure({
    what: `The drill in ${region} could not begin: ${error === said ? describeError(said) : (error as Error).message}`,
    next: [PERMISSION],
    state: "Nothing was launched.",
  });
}
