/** What the tests of `drill` share: a recovery region eu-west-1 of the line `web`, while us-east-1 refuses every call. */
import { CreateTargetGroupCommand, ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateTagsCommand, DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import type { RecoveryRecord } from "../../components/internal/recoveryRecord";
import assert from "node:assert/strict";
import { run } from "../../cli/drill";
import type { Report } from "../../cli/drill/report";
import { alive } from "../components/gates/scene";
import type { Emulator } from "../support/emulator/emulator";
import type { MachineBehaviour } from "../support/emulator/instances";
import { now } from "../support/emulator/clock";
import { captured, type Ended } from "./servers";
import { AWAY, HOME, RegionScene } from "./statusScene";

export const DIGEST = "0123456789abcdef";
export const PROOF = "ami-lifecycle:proof";
export const line = (text: string): string => `[ami-lifecycle] ${DIGEST}.boot ${text}\n`;
export const WHERE = ["--region", AWAY, "--line", "web", "--stack", "dev"];

/** Boots within 20 seconds and passes its checks within 85, as looks of five seconds see it. */
export const GOOD: MachineBehaviour = {
  pendingMs: 19_000,
  console: [{ atMs: 84_000, text: line("check 1/1 http http://127.0.0.1/: ok") + line("OK") }],
};

export interface DrillScene {
  away: RegionScene;
  imageId: string;
  record: RecoveryRecord;
  put: (more: Partial<RecoveryRecord>) => Promise<void>;
}

/** Two versions, a template, a group at 0 and a target group; the record of a pilot light. */
export async function recovery(aws: Emulator): Promise<DrillScene> {
  const away = new RegionScene(aws, AWAY);
  await away.image("1.0.0");
  const imageId = await away.image("1.1.0");
  await away.parameters({ current: "1.1.0", previous: "1.0.0", candidate: "1.1.0" });
  await away.fleet("1.1.0", 0, "web-eu-west-1-7654321");
  const { Subnets = [] } = await away.ec2.send(new DescribeSubnetsCommand({}));
  const { TargetGroups = [] } = await new ElasticLoadBalancingV2Client(aws.client(AWAY)).send(
    new CreateTargetGroupCommand({
      Name: "web",
      Protocol: "HTTP",
      Port: 80,
      VpcId: Subnets[0]!.VpcId,
      HealthCheckIntervalSeconds: 15,
      HealthyThresholdCount: 2,
    }),
  );
  const record: RecoveryRecord = {
    strategy: "pilot-light",
    home: HOME,
    version: "1.1.0",
    imageId,
    launchTemplateId: away.template,
    launchTemplateVersion: "1",
    groupName: away.group,
    targetGroupArns: [TargetGroups[0]!.TargetGroupArn!],
    subnetIds: Subnets.slice(0, 2).map(({ SubnetId = "" }) => SubnetId),
    active: { minSize: 2, maxSize: 10 },
    standby: { minSize: 0, maxSize: 0 },
    rtoMinutes: 15,
    rpoMinutes: 1440,
  };
  const put = (more: Partial<RecoveryRecord>) => away.put("recovery", JSON.stringify({ ...record, ...more }));
  await put({});
  aws.machine({ tag: [PROOF, imageId] }, GOOD);
  // Nothing of the home region can be had.
  aws.fault({ action: "*", region: HOME, error: "ServiceUnavailable" });
  aws.advance(45 * 60_000);
  aws.clearRequests();
  return { away, imageId, record, put };
}

/** A clock by which every look takes five seconds, in the emulator as well: minutes cost nothing. */
export function ticking(aws: Emulator): () => number {
  let at = Math.ceil(now() / 1000) * 1000 - 5000;
  return () => {
    aws.advance(5000);
    return (at += 5000);
  };
}

/** Instances of the region that still cost something. */
export const costing = ({ away }: DrillScene): Promise<string[]> => alive(away.ec2);

export const tag = (away: RegionScene, id: string, Key: string, Value: string) =>
  away.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key, Value }] }));

export const drill = (aws: Emulator, argv: string[]): Promise<Ended> =>
  captured(aws, (given) => run(given, ticking(aws)), argv, { AMI_LIFECYCLE_POLL_SECONDS: "0.01" });

/** Its data, the exit code and what it said besides. */
export async function reported(
  aws: Emulator,
  ...more: string[]
): Promise<Report & { code: number | null; err: string }> {
  const { code, out, err } = await drill(aws, [...WHERE, "--json", ...more]);
  assert.notEqual(out, "", err);
  return { ...(JSON.parse(out) as Report), code, err };
}

export const kinds = ({ problems }: Report): string[] => problems.map(({ kind }) => kind);
