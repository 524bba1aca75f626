import { Aws } from "../components/gates/kit/aws";
import { GateFailure } from "../components/gates/kit/failure";
import { defaultTiming } from "../components/gates/kit/waiting";
import { describeGroup } from "../components/gates/rollout/group";
import { liveParameterName } from "../components/internal/names";
import { loadConfig } from "../simulation/project/project";
import { UsageError } from "../simulation/usageError";
import { NAMESPACE } from "../stacks/keys";
import { parseOptions } from "./options";
import { OPTIONS as BOTH, requestOf } from "./recovery/request";
import { missingOf } from "./recovery/serving";
import { isSame, lowered, resize, sizesOf, sizesText } from "./recovery/sizes";
import { standingIn } from "./recovery/standing";
import { confirm, told, toTerminal } from "./servers/session";
import { parametersBelow } from "./status/calls";
import { Questions } from "./status/questions";
import { liveOf } from "./status/records";
import { write } from "./write";

const HELP = `Lets a recovery region wait again: lowers its Auto Scaling group to what its strategy keeps there,
when the home region's fleet serves.

Usage: ami-lifecycle failback --from REGION [options]

  --from REGION   the recovery region
  --stack NAME    the stack (default: dev, or the only one there is)
  --line NAME     the line (default: ami-lifecycle:line of the stack's config)
  --cwd DIR       where to look for Pulumi.yaml, upwards (default: the current directory)
  --force         does not ask whether the home region serves
  --yes           lowers it without asking
  --dry-run       says what would be done, and does nothing
  --json          data instead of text
  --help          this text

First remove ami-lifecycle:activeRegion from the stack's config and run \`pulumi up\`: it would raise
the group again. Credentials are the environment's: AWS_PROFILE, AWS_ACCESS_KEY_ID and the like.

Exit codes: 0 done, or nothing to do, 1 refused, 2 wrong usage, or nobody there to ask.
`;

const OPTIONS = { ...BOTH, from: { type: "string" }, force: { type: "boolean", default: false } } as const;

export async function run(argv: string[]): Promise<number> {
  const values = parseOptions(argv, OPTIONS);
  if (values.help) {
    await write(HELP);
    return 0;
  }
  const request = requestOf("failback", "--from", { ...values, region: values.from });
  const { region, line, stack } = request;
  const timing = { ...defaultTiming(), again: "run the command again" };
  const aws = new Aws({ region, timing });
  return told(async () => {
    const { record, group } = await standingIn(aws, request, "--from");
    requireInactive(values.cwd, stack, region);
    if (!values.force) {
      // A region that is down is a reason to refuse, not to wait.
      const soon = { ...timing, pollSeconds: Math.min(timing.pollSeconds, 1), patienceSeconds: 20 };
      await requireHome(new Aws({ region: record.home, timing: soon }), line, stack);
    }
    const now = sizesOf(group);
    const wanted = lowered(record.standby);
    const name = group.AutoScalingGroupName ?? "";
    const plan = `${name} in ${region}: ${sizesText(now)} becomes ${sizesText(wanted)}`;
    const data = { version: 1, region, line, stack, group: name, from: now, to: wanted };
    const answer = (text: string) => write(values.json ? `${JSON.stringify(data, null, 2)}\n` : text);
    if (values["dry-run"]) {
      await answer(`Would lower ${plan}. Nothing was done.\n`);
      return 0;
    }
    if (isSame(now, wanted)) {
      await answer(`${name} in ${region} waits already: ${sizesText(now)}.\n`);
      return 0;
    }
    if (!(await confirm(`${plan}. Go on`, values.yes))) {
      await write("Nothing was done.\n");
      return 1;
    }
    await resize(aws, name, wanted);
    toTerminal.say(`lowered: ${plan}`);
    await answer(`${region} waits again: ${sizesText(wanted)}.\n`);
    return 0;
  });
}

/** Config that still makes the region serve would raise it again. Without a project there is nothing to read. */
function requireInactive(cwd: string, stack: string, region: string): void {
  let active: string | undefined;
  try {
    active = loadConfig(cwd, stack).config[`${NAMESPACE}:activeRegion`];
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
  }
  if (active !== region) return;
  throw new GateFailure({
    what: `Pulumi.${stack}.yaml still says that ${region} serves`,
    next: [`remove \`${NAMESPACE}:activeRegion\` from it and run \`pulumi up\`, then this command again`],
    state: "Nothing was changed.",
  });
}

/** Refuses to lower what may be all that serves. */
async function requireHome(home: Aws, line: string, stack: string): Promise<void> {
  const missing = await homeMissing(home, line, stack);
  if (missing.length === 0) return;
  throw new GateFailure({
    what: `the home region ${home.region} does not serve`,
    evidence: missing,
    next: ["bring it up first: `pulumi up`, then this command again", "or lower this region all the same: --force"],
    state: "Nothing was changed.",
  });
}

async function homeMissing(home: Aws, line: string, stack: string): Promise<string[]> {
  try {
    const stored = await parametersBelow(new Questions(home), `/ami/${line}/${stack}`);
    const record = liveParameterName(line, stack);
    const live = liveOf(stored.find(({ Name }) => Name === record)?.Value);
    if (!live) return [`it has no record ${record}`];
    const group = await describeGroup(home, live.group);
    return group ? await missingOf(home, group) : [`its group ${live.group} is gone`];
  } catch (error) {
    return [error instanceof GateFailure ? error.text.what : (error as Error).message];
  }
}
