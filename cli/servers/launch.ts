import { randomUUID } from "node:crypto";
import type { HttpTokensState, Instance, RunInstancesCommandInput } from "@aws-sdk/client-ec2";
import type { Aws } from "../../components/gates/kit/aws";
import { GateFailure } from "../../components/gates/kit/failure";
import {
  consoleCommand,
  describeInstance,
  hasEnded,
  stateOf,
  statusChecks,
} from "../../components/gates/kit/instances";
import { FORGOTTEN_LOOKS } from "../../components/gates/kit/machineWatch";
import { explain, stateReason } from "../../components/gates/kit/stateReasons";
import type { Deadline } from "../../components/gates/kit/waiting";
import { patiently } from "../../components/gates/kit/waiting";
import { tagList } from "./marks";
import type { RestorePlan } from "./restore";
import { onInterrupt, refusal, type Voice } from "./session";

/** Launches the server and waits until it runs and passes EC2's status checks. Whatever happens, it is named. */
export async function launchRestored(
  aws: Aws,
  plan: RestorePlan,
  limitMinutes: number,
  voice: Voice,
): Promise<Instance> {
  const deadline = aws.deadline(limitMinutes);
  const token = randomUUID();
  let id: string | undefined;
  const off = onInterrupt(() => left(aws, id, token));
  try {
    id = await launch(aws, plan, token);
    voice.say(`${id} was launched from ${plan.image}`);
    return await healthy(aws, id, deadline, voice);
  } catch (error) {
    if (error instanceof GateFailure && error.text.state) throw error;
    throw refusal(id === undefined ? `AWS did not launch ${plan.image}` : `${id} could not be watched`, error, {
      state: id === undefined ? "Nothing was launched." : left(aws, id, token),
    });
  } finally {
    off();
  }
}

/** What is left running, and how to end it. */
const left = ({ region }: Aws, id: string | undefined, token: string): string =>
  id === undefined
    ? `A server may have been launched: aws ec2 describe-instances --region ${region} --filters Name=client-token,Values=${token}`
    : `${id} was launched and goes on: aws ec2 describe-instances --region ${region} --instance-ids ${id}; to end it: aws ec2 terminate-instances --region ${region} --instance-ids ${id}`;

async function launch(aws: Aws, plan: RestorePlan, ClientToken: string): Promise<string> {
  const { instanceType, subnetId, securityGroupIds, profile, keyName, metadata } = plan.settings;
  const [tokens = "required", hops = "1"] = metadata?.split(" ") ?? [];
  const Tags = tagList(plan.tags);
  const request: RunInstancesCommandInput = {
    ImageId: plan.imageId,
    InstanceType: instanceType as never,
    SubnetId: subnetId,
    MinCount: 1,
    MaxCount: 1,
    // The same on every try: an answer that got lost never makes a second server.
    ClientToken,
    ...(securityGroupIds?.length && { SecurityGroupIds: securityGroupIds }),
    ...(profile && { IamInstanceProfile: { Name: profile } }),
    ...(keyName && { KeyName: keyName }),
    MetadataOptions: {
      HttpEndpoint: "enabled",
      HttpTokens: tokens as HttpTokensState,
      HttpPutResponseHopLimit: Number(hops),
    },
    TagSpecifications: [
      { ResourceType: "instance", Tags },
      { ResourceType: "volume", Tags },
    ],
  };
  const { RunInstancesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const answer = await patiently("RunInstances", aws.timing, () => ec2.send(new RunInstancesCommand(request)));
  return answer.Instances?.[0]?.InstanceId as string;
}

async function healthy(aws: Aws, id: string, deadline: Deadline, voice: Voice): Promise<Instance> {
  let [seen, missing] = [false, 0];
  for (;;) {
    const instance = await describeInstance(aws, id);
    const state = stateOf(instance);
    seen ||= instance !== undefined;
    missing = instance ? 0 : missing + 1;
    const { system, own } = await statusChecks(aws, id, state);
    if (instance && system === "ok" && own === "ok") return instance;
    const look = [consoleCommand(id, aws.region)];
    if (hasEnded(state) || (seen && missing >= FORGOTTEN_LOOKS)) {
      const { meaning, next } = explain(instance);
      throw new GateFailure({
        what: `The restored server ${id} is ${state}`,
        evidence: [stateReason(instance), meaning].filter((line) => line !== undefined),
        look,
        next: [...next, "mend what it says and run the command again"],
        state: /^stop/.test(state)
          ? left(aws, id, "")
          : `Nothing is left of ${id}, and the old server was not touched.`,
      });
    }
    if (deadline.passed) {
      throw new GateFailure({
        what: `The restored server ${id} did not pass EC2's status checks within ${deadline.minutes} minutes (${state}, system ${system}, instance ${own})`,
        look,
        next: ["it may still come up: look at its console", "an older backup may start: ami-lifecycle restore IMAGE"],
        state: left(aws, id, ""),
      });
    }
    voice.say(`${id} is ${state}, system status ${system}, instance status ${own} (${deadline.elapsed})`);
    await aws.pause();
  }
}
