import { formatProblem } from "../components/internal/problems";
import { Checks, RULES } from "../components/internal/rules";
import { UsageError } from "../simulation/usageError";
import { parseCommand } from "./options";
import { makeBackup, planBackup, stateAfter } from "./servers/backup";
import { isImageName } from "./servers/marks";
import { awsOf, confirm, told, toTerminal } from "./servers/session";
import { write } from "./write";

const HELP = `Makes an image of a server, running or stopped, before a change, and waits until it is available.
The server is rebooted for it when it runs, so that nothing in memory is missing.

Usage: ami-lifecycle backup INSTANCE [options]

  --region REGION      the server's region (default: AWS_REGION)
  --name NAME          the image's name (default: backup/NAME-OR-ID/TIME)
  --no-reboot          does not interrupt the server: then the image is as after a power failure
  --tag KEY=VALUE      a tag for the image and its snapshots; may be repeated
  --limit-minutes N    how long to wait (default: 120)
  --yes                reboots without asking
  --dry-run            says what would be done, and does nothing
  --help               this text

Credentials are the environment's: AWS_PROFILE, AWS_ACCESS_KEY_ID and the like.
Exit codes: 0 done, 1 not done, 2 wrong usage, or nobody there to ask.
`;

const OPTIONS = {
  region: { type: "string" },
  name: { type: "string" },
  "no-reboot": { type: "boolean", default: false },
  tag: { type: "string", multiple: true, default: [] as string[] },
  "limit-minutes": { type: "string", default: "120" },
  yes: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** AWS takes 50 tags; the backup's own are up to twelve. */
const MOST_TAGS = 35;

function tagsOf(given: string[]): { [key: string]: string } {
  const tags: { [key: string]: string } = {};
  for (const text of given) {
    const at = text.indexOf("=");
    if (at < 1) throw new UsageError(`--tag ${text}: wanted KEY=VALUE.`);
    tags[text.slice(0, at)] = text.slice(at + 1);
  }
  const [problem] = new Checks().tags("--tag", tags).problems;
  if (problem) throw new UsageError(formatProblem(problem));
  if (Object.keys(tags).length > MOST_TAGS) throw new UsageError(`At most ${MOST_TAGS} times --tag.`);
  return tags;
}

/** A limit in minutes. */
export function minutesOf(given: string): number {
  if (!RULES.minutes.test(Number(given))) {
    throw new UsageError(`--limit-minutes ${given}: allowed is ${RULES.minutes.allowed}.`);
  }
  return Number(given);
}

export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parseCommand(argv, OPTIONS);
  if (values.help) {
    await write(HELP);
    return 0;
  }
  const [instanceId = "", ...rest] = positionals;
  if (!RULES.instanceId.test(instanceId) || rest.length > 0) {
    throw new UsageError(`Which instance? Give one id, such as i-0123456789abcdef0.`);
  }
  if (values.name !== undefined && !isImageName(values.name)) {
    throw new UsageError(`--name ${values.name}: allowed are 3 to 128 letters, digits, spaces and ( ) [ ] . / - ' @ _`);
  }
  const limit = minutesOf(values["limit-minutes"]);
  const request = { instanceId, name: values.name, reboot: !values["no-reboot"], tags: tagsOf(values.tag) };
  const aws = awsOf(values.region);
  return told(async () => {
    const plan = await planBackup(aws, request);
    const { server, name, reboots, crashConsistent } = plan;
    if (values["dry-run"]) {
      const how = reboots ? ", rebooting it" : crashConsistent ? ", without a reboot" : ", which is stopped";
      await write(`Would make the image ${name} of ${server} in ${aws.region}${how}. Nothing was done.\n`);
      return 0;
    }
    if (reboots && plan.group !== undefined) {
      toTerminal.warn(`it is of the Auto Scaling group ${plan.group}, which may replace it while it is rebooted`);
    }
    if (reboots && !(await confirm(`${server} is running and will be rebooted now. Go on`, values.yes))) {
      await write("Nothing was done.\n");
      return 1;
    }
    if (reboots) toTerminal.say(`${server} is rebooted now`);
    if (crashConsistent) {
      toTerminal.warn("without a reboot the image is only crash-consistent: what is not yet on the disks is missing");
    }
    const { imageId, sizeGiB, volumes, elapsed } = await makeBackup(aws, plan, limit, toTerminal);
    const state = reboots ? await stateAfter(aws, plan) : "running";
    if (state !== "running") toTerminal.warn(`${server} is ${state} after its reboot: look at it`);
    await write(
      [
        `${imageId} is available: ${name}`,
        `  server   ${server} in ${aws.region}`,
        `  size     ${sizeGiB} GiB, ${volumes} volume${volumes === 1 ? "" : "s"}`,
        `  time     ${elapsed}`,
        "To launch a server from it, beside this one:",
        `  ami-lifecycle restore ${imageId} --region ${aws.region}`,
        "",
      ].join("\n"),
    );
    return 0;
  });
}
