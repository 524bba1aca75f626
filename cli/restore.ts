import { RULES } from "../components/internal/rules";
import { UsageError } from "../simulation/usageError";
import { minutesOf } from "./backup";
import { parseCommand, type Values } from "./options";
import { launchRestored } from "./servers/launch";
import { planRestore, type RestorePlan, type RestoreRequest } from "./servers/restore";
import { awsOf, confirm, told, toTerminal } from "./servers/session";
import { write } from "./write";

const HELP = `Launches a server from its backup, beside the old one, and waits until it passes EC2's status
checks. The old server, if there is one, is not touched.

Usage: ami-lifecycle restore IMAGE|INSTANCE [options]

  IMAGE                the image to launch
  INSTANCE             the server whose newest available backup is launched

Type, subnet, security groups, profile and key pair are those of the server, or, when it is gone,
those that the backup's tags tell. In place of them:
  --instance-type TYPE
  --subnet-id ID
  --security-group-id ID    may be repeated
  --key-name NAME           or none
  --instance-profile NAME   or none

  --region REGION      the image's region (default: AWS_REGION)
  --limit-minutes N    how long to wait (default: 30)
  --yes                launches without asking
  --dry-run            says what would be done, and does nothing
  --help               this text

Credentials are the environment's: AWS_PROFILE, AWS_ACCESS_KEY_ID and the like.
Exit codes: 0 done, 1 not done, 2 wrong usage, or nobody there to ask.
`;

const OPTIONS = {
  region: { type: "string" },
  "instance-type": { type: "string" },
  "subnet-id": { type: "string" },
  "security-group-id": { type: "string", multiple: true, default: [] as string[] },
  "key-name": { type: "string" },
  "instance-profile": { type: "string" },
  "limit-minutes": { type: "string", default: "30" },
  yes: { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

function requestOf(values: Values<typeof OPTIONS>, positionals: string[]): RestoreRequest {
  const [source = "", ...rest] = positionals;
  if (!(RULES.imageId.test(source) || RULES.instanceId.test(source)) || rest.length > 0) {
    throw new UsageError("Restore what? Give one id of an image (ami-…) or of a server (i-…).");
  }
  const groups = values["security-group-id"];
  const checked = [
    ["--instance-type", "instanceType", values["instance-type"]],
    ["--subnet-id", "subnetId", values["subnet-id"]],
    ["--key-name", "keyName", values["key-name"]],
    ["--instance-profile", "instanceProfile", values["instance-profile"]],
    ...groups.map((id) => ["--security-group-id", "securityGroupId", id] as const),
  ] as const;
  for (const [option, rule, given] of checked) {
    if (given !== undefined && !RULES[rule].test(given)) {
      throw new UsageError(`${option} ${given}: allowed is ${RULES[rule].allowed}.`);
    }
  }
  return {
    source,
    instanceType: values["instance-type"],
    subnetId: values["subnet-id"],
    securityGroupIds: groups,
    keyName: values["key-name"],
    profile: values["instance-profile"],
  };
}

function described({ settings, serverId, serverState, image, madeAt, tags }: RestorePlan): string[] {
  const { instanceType, subnetId, securityGroupIds = [], profile, keyName } = settings;
  const of = serverId === undefined ? "" : `, of ${serverId}, which is ${serverState ?? "gone"}`;
  return [
    `  image     ${image}`,
    `  made      ${madeAt}${of}`,
    `  name      ${tags.Name ?? ""}`,
    `  type      ${instanceType}, in ${subnetId}`,
    `  groups    ${securityGroupIds.join(", ") || "the VPC's default one"}`,
    `  profile   ${profile ?? "none"}`,
    `  key pair  ${keyName ?? "none"}`,
  ];
}

export async function run(argv: string[]): Promise<number> {
  const { values, positionals } = parseCommand(argv, OPTIONS);
  if (values.help) {
    await write(HELP);
    return 0;
  }
  const request = requestOf(values, positionals);
  const limit = minutesOf(values["limit-minutes"]);
  const aws = awsOf(values.region);
  return told(async () => {
    const plan = await planRestore(aws, request);
    if (values["dry-run"]) {
      await write(["Would launch a server:", ...described(plan), "Nothing was done.", ""].join("\n"));
      return 0;
    }
    toTerminal.say(["Launches a server:", ...described(plan)].join("\n"));
    if (!(await confirm(`It costs what ${plan.settings.instanceType} costs. Go on`, values.yes))) {
      await write("Nothing was done.\n");
      return 1;
    }
    const instance = await launchRestored(aws, plan, limit, toTerminal);
    const { InstanceId: id = "", PublicIpAddress: open, PrivateIpAddress: inner } = instance;
    await write(
      [
        `${id} runs and passes both status checks: ${plan.tags.Name ?? ""}`,
        `  address   ${[open, inner].filter(Boolean).join(", inside ") || "none"}`,
        `  connect   aws ssm start-session --region ${aws.region} --target ${id}`,
        "Still to do, when it is right:",
        "  move the Elastic IP, the DNS record or the target group to it",
        ...(plan.serverState === undefined
          ? []
          : [
              `  terminate the old server: aws ec2 terminate-instances --region ${aws.region} --instance-ids ${plan.serverId}`,
            ]),
        `To undo: aws ec2 terminate-instances --region ${aws.region} --instance-ids ${id}`,
        "",
      ].join("\n"),
    );
    return 0;
  });
}
