import type { AutoScalingGroup, Instance } from "@aws-sdk/client-auto-scaling";
import type { Aws } from "../../components/gates/kit/aws";
import { GateFailure } from "../../components/gates/kit/failure";
import { few } from "../../components/gates/kit/few";
import {
  describeGroup,
  failedActivities,
  fleetState,
  sameTemplate,
  templateOf,
  templateText,
  unhealthyTargets,
} from "../../components/gates/rollout/group";
import type { Voice } from "../servers/session";

/** What keeps a group from serving, a line each; none when it serves. */
export async function missingOf(aws: Aws, group: AutoScalingGroup): Promise<string[]> {
  const own = templateOf(group);
  const isOwn = (one: Instance) => sameTemplate(templateOf(one), own);
  const { inService, wrong, unhealthy, desired } = fleetState(group, isOwn);
  const targets = await unhealthyTargets(aws, group);
  return [
    ...(inService.length < desired ? [`${inService.length} of ${desired} instances are in service`] : []),
    ...(desired === 0 ? ["no instance is wanted"] : []),
    ...wrong.map((one) => `${one.InstanceId} runs ${templateText(templateOf(one))}`),
    ...unhealthy.map((one) => `${one.InstanceId} is ${one.HealthStatus}`),
    ...targets.map((target) => `target ${target}`),
  ];
}

/** Seconds from the start at which the group had its instances in service, and at which all of them were healthy. */
export interface Times {
  inService: number;
  healthy: number;
}

export interface Serving {
  /** Name of the group. */
  name: string;
  /** Instances that must be wanted at the least: an answer from before it was raised is none. */
  least: number;
  limitMinutes: number;
  /** The command that goes on. */
  again: string;
  /** When it began, by the clock of `aws`. */
  started: number;
}

/** Waits until the group serves. What has come by the limit stays: capacity is not put back. */
export async function untilServing(
  aws: Aws,
  { name, least, limitMinutes, again, started }: Serving,
  { say }: Voice,
): Promise<Times> {
  const deadline = aws.deadline(limitMinutes);
  const seconds = () => Math.round((aws.timing.clock.now() - started) / 1000);
  let inService: number | undefined;
  for (;;) {
    const group = await describeGroup(aws, name);
    const wanted = group?.DesiredCapacity ?? 0;
    const missing = [
      ...(wanted < least ? [`${wanted} of ${least} instances are wanted`] : []),
      ...(group ? await missingOf(aws, group) : [`the group ${name} is gone`]),
    ];
    if (!missing.some((line) => / (in service|wanted|gone)$/.test(line))) inService ??= seconds();
    if (missing.length === 0) return { inService: inService ?? seconds(), healthy: seconds() };
    if (deadline.passed) {
      throw new GateFailure({
        what: `${aws.region} does not serve after ${limitMinutes} minutes`,
        evidence: [...few(missing), ...(await failedActivities(aws, name))],
        look: [`aws autoscaling describe-scaling-activities --region ${aws.region} --auto-scaling-group-name ${name}`],
        next: [`mend what it says and run it again: ${again}`, "or give it longer: --limit-minutes"],
        state: "What has been launched stays, and the group keeps its new sizes.",
      });
    }
    say(`${aws.region}: ${missing.slice(0, 3).join("; ")} (${deadline.elapsed})`);
    await aws.pause();
  }
}
