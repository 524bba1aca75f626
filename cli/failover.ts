import { Aws } from "../components/gates/kit/aws";
import { defaultTiming } from "../components/gates/kit/waiting";
import { sameTemplate, templateOf, templateText } from "../components/gates/rollout/group";
import { parseOptions } from "./options";
import { limitOf, OPTIONS as BOTH, type Request, requestOf } from "./recovery/request";
import { untilServing } from "./recovery/serving";
import { isSame, raised, resize, sizesOf, sizesText } from "./recovery/sizes";
import { type Standing, standingIn } from "./recovery/standing";
import { confirm, onInterrupt, told, toTerminal } from "./servers/session";
import { write } from "./write";

const HELP = `Makes a recovery region serve: raises its Auto Scaling group to the full size, and waits until every
instance is in service and healthy, also behind the load balancer. It asks that region alone, and
nothing of the region that is lost. It can be run again after any interruption.

Usage: ami-lifecycle failover --to REGION [options]

  --to REGION          the recovery region
  --stack NAME         the stack (default: dev, or the only one there is)
  --line NAME          the line (default: ami-lifecycle:line of the stack's config)
  --cwd DIR            where to look for Pulumi.yaml, upwards (default: the current directory)
  --limit-minutes N    how long to wait, 1 to 1440 (default: twice the record's rtoMinutes, at
                       least 30)
  --yes                raises it without asking
  --dry-run            says what would be done, and does nothing
  --json               data instead of text
  --help               this text

With --stack and --line it needs no Pulumi.yaml. Credentials are the environment's: AWS_PROFILE,
AWS_ACCESS_KEY_ID and the like.

Exit codes: 0 it serves (a missed target is told), 1 it does not, 2 wrong usage, or nobody there to
ask.
`;

const OPTIONS = { ...BOTH, to: { type: "string" }, "limit-minutes": { type: "string" } } as const;

const clock = (seconds: number): string =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;

export async function run(argv: string[]): Promise<number> {
  const values = parseOptions(argv, OPTIONS);
  if (values.help) {
    await write(HELP);
    return 0;
  }
  const request = requestOf("failover", "--to", { ...values, region: values.to });
  const { region, line, stack } = request;
  const aws = new Aws({ region, timing: { ...defaultTiming(), again: "run the command again" } });
  return told(async () => {
    const started = aws.timing.clock.now();
    const standing = await standingIn(aws, request, "--to");
    const { record, group } = standing;
    const now = sizesOf(group);
    const wanted = raised(now, record.active);
    const name = group.AutoScalingGroupName ?? "";
    const plan = `${name} in ${region}: ${sizesText(now)} becomes ${sizesText(wanted)}`;
    if (values["dry-run"]) {
      await write(`Would raise ${plan}, on ${templateText(templateOf(group))}. Nothing was done.\n`);
      return 0;
    }
    warnOfTemplate(standing);
    const isNew = !isSame(now, wanted);
    if (isNew && !(await confirm(`${plan}. Go on`, values.yes))) {
      await write("Nothing was done.\n");
      return 1;
    }
    const again = `ami-lifecycle failover --to ${region} --stack ${stack} --line ${line} --yes`;
    const off = onInterrupt(() => `${name} keeps the sizes it has by now. To go on: ${again}`);
    if (isNew) {
      await resize(aws, name, wanted);
      toTerminal.say(`raised: ${plan}`);
    }
    const raisedAfter = Math.round((aws.timing.clock.now() - started) / 1000);
    const limitMinutes = limitOf(request.limitMinutes, record.rtoMinutes);
    const { inService, healthy } = await untilServing(
      aws,
      { name, least: wanted.desired, limitMinutes, again, started },
      toTerminal,
    );
    off();
    const steps = { raised: raisedAfter, inService, healthy };
    await write(
      values.json ? dataOf(request, standing, wanted.desired, steps) : textOf(request, standing, wanted.desired, steps),
    );
    return 0;
  });
}

/** What serves is what the group launches: somebody may have moved it since the record was written. */
function warnOfTemplate({ record, group }: Standing): void {
  const own = templateOf(group);
  const said = { id: record.launchTemplateId, version: record.launchTemplateVersion };
  if (sameTemplate(own, said)) return;
  const texts = `${templateText(own)}, its record says ${templateText(said)}`;
  toTerminal.warn(`the group launches from ${texts}: the group's will serve`);
}

interface Steps {
  raised: number;
  inService: number;
  healthy: number;
}

function textOf({ region, stack }: Request, { record }: Standing, instances: number, steps: Steps): string {
  const target = record.rtoMinutes * 60;
  const late = steps.healthy > target;
  return [
    `${region} serves${record.version === undefined ? "" : ` ${record.version}`} with ${instances} instances.`,
    `  raised after      ${clock(steps.raised)}`,
    `  in service after  ${clock(steps.inService)}`,
    `  healthy after     ${clock(steps.healthy)}, target ${record.rtoMinutes} min${late ? ": MISSED" : ""}`,
    `So that the next \`pulumi up\` agrees, in Pulumi.${stack}.yaml:`,
    `  ami-lifecycle:activeRegion: ${region}`,
    "",
  ].join("\n");
}

/** Changes only when a reader of the old data would misread the new one. */
const VERSION = 1;

function dataOf(
  { region, line, stack }: Request,
  { record, group }: Standing,
  instances: number,
  steps: Steps,
): string {
  const data = {
    version: VERSION,
    ...{ region, line, stack, group: group.AutoScalingGroupName, running: record.version, instances },
    seconds: steps,
    rtoMinutes: record.rtoMinutes,
    inTime: steps.healthy <= record.rtoMinutes * 60,
  };
  return `${JSON.stringify(data, null, 2)}\n`;
}
