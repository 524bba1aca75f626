import { Aws } from "../components/gates/kit/aws";
import { defaultTiming } from "../components/gates/kit/waiting";
import { parseOptions } from "./options";
import { answerOf } from "./status/ask";
import { placeOf } from "./status/place";
import { type Report, reportOf } from "./status/report";
import { tableOf } from "./status/table";
import { write } from "./write";

const HELP = `Shows what AWS has of a stack's line: versions and their images in each region, what the fleets are
proven to run and what they run, pointers, instance refreshes under way, and where these do not
agree. It asks AWS alone, never Pulumi's state, and changes nothing.

Usage: ami-lifecycle status [options]

  --stack NAME   the stack (default: dev, or the only one there is)
  --line NAME    the line (default: ami-lifecycle:line of the stack's config)
  --region NAME  a region to ask; may be repeated (default: aws:region and ami-lifecycle:copyTo of
                 the stack's config)
  --cwd DIR      where to look for Pulumi.yaml, upwards (default: the current directory)
  --timeout N    seconds a region may take to answer, 1 to 600 (default: 30)
  --check        fails when there is drift
  --json         data instead of text
  --help         this text

With --stack, --line and --region it needs no Pulumi.yaml. Credentials are the environment's:
AWS_PROFILE, AWS_ACCESS_KEY_ID and the like.

Exit codes: 0 every region answered, 1 one did not, or with --check there is drift, 2 wrong usage.
`;

const OPTIONS = {
  stack: { type: "string" },
  line: { type: "string" },
  region: { type: "string", multiple: true, default: [] as string[] },
  cwd: { type: "string", default: "." },
  timeout: { type: "string", default: "30" },
  check: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** Drift alone is no failure: during a rollout there always is some. */
export function exitCode({ regions, drift }: Report, check: boolean): number {
  return regions.some(({ answered }) => !answered) || (check && drift.length > 0) ? 1 : 0;
}

export async function run(argv: string[]): Promise<number> {
  const values = parseOptions(argv, OPTIONS);
  if (values.help) {
    await write(HELP);
    return 0;
  }
  const place = placeOf(values);
  const { pollSeconds } = defaultTiming();
  // Whoever looks does not wait as a gate does: faults are asked again soon, until the time is up.
  const timing = {
    ...defaultTiming(),
    pollSeconds: Math.min(pollSeconds, 1),
    patienceSeconds: 2 * place.timeout,
    again: "run the command again",
  };
  const answers = await Promise.all(
    place.regions.map((region) => answerOf(new Aws({ region, timing }), place, place.timeout)),
  );
  const report = reportOf(place, answers);
  await write(values.json ? `${JSON.stringify(report, null, 2)}\n` : tableOf(report));
  return exitCode(report, values.check);
}
