import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { Filter, Image, Instance, Tag } from "@aws-sdk/client-ec2";
import type { Aws } from "../../components/gates/kit/aws";
import { patiently } from "../../components/gates/kit/waiting";
import { isUnderWay, refreshes } from "../../components/gates/rollout/refresh";
import { templateOf } from "../../components/gates/rollout/group";
import { warmInstances } from "../../components/gates/rollout/warmPool";
import { imageName, imageParameterName } from "../../components/internal/names";
import { TAG, isRecord, isUnbooted } from "../../components/internal/tags";
import type { GroupFact, ImageFact, InstanceFact, RegionFacts } from "./facts";
import { liveOf } from "./live";

/** Values of one filter that EC2 takes. */
const VALUES = 200;
/** Names in one call that Auto Scaling takes. */
const NAMES = 50;

const GROUP_TAG = "aws:autoscaling:groupName";

/** Everything a region knows of a line: parameters, then images, then what runs from them, then its groups. */
export async function ask(aws: Aws, line: string, stack: string): Promise<RegionFacts> {
  const parameters = await parametersOf(aws, imageParameterName(line, stack, ""));
  const live = liveOf(parameters.live);
  const ids = [...Object.values(parameters), ...(live ? [live.imageId] : [])].filter((id) => id.startsWith("ami-"));
  const own = await imagesBy(aws, { Name: "name", Values: [imageName(line, stack, "*")] }, true);
  // Those from outside have names of their own.
  const others = await inChunks(
    missing(
      ids,
      own.map(({ ImageId }) => ImageId),
    ),
    (Values) => imagesBy(aws, { Name: "image-id", Values }, false),
  );
  const images = [...own, ...others].map(imageFact);
  const running = await inChunks(
    images.map(({ id }) => id),
    (Values) => instancesBy(aws, "image-id", Values),
  );
  const names = new Set(running.map(groupOf).filter((name) => name !== undefined));
  if (live?.group !== undefined) names.add(live.group);
  const groups = await groupsOf(aws, [...names].sort());
  const members = groups.flatMap((group) => [...group.members.map(({ id }) => id), ...group.warm]);
  // What the groups run besides.
  const rest = await inChunks(
    missing(
      members,
      running.map(({ InstanceId }) => InstanceId),
    ),
    (Values) => instancesBy(aws, "instance-id", Values),
  );
  return { region: aws.region, parameters, images, groups, instances: [...running, ...rest].map(instanceFact) };
}

const missing = (wanted: string[], there: (string | undefined)[]): string[] => [
  ...new Set(wanted.filter((id) => !there.includes(id))),
];

async function inChunks<T>(values: string[], work: (chunk: string[]) => Promise<T[]>): Promise<T[]> {
  const all: T[] = [];
  for (let at = 0; at < values.length; at += VALUES) all.push(...(await work(values.slice(at, at + VALUES))));
  return all;
}

async function parametersOf(aws: Aws, path: string): Promise<{ [of: string]: string }> {
  const { GetParametersByPathCommand } = await import("@aws-sdk/client-ssm");
  const ssm = await aws.ssm();
  const all: { [of: string]: string } = {};
  let NextToken: string | undefined;
  do {
    const answer = await patiently("GetParametersByPath", aws.timing, () =>
      ssm.send(new GetParametersByPathCommand({ Path: path, NextToken })),
    );
    for (const { Name = "", Value = "" } of answer.Parameters ?? []) all[Name.slice(path.length)] = Value;
    NextToken = answer.NextToken;
  } while (NextToken);
  return all;
}

async function imagesBy(aws: Aws, filter: Filter, own: boolean): Promise<Image[]> {
  const { DescribeImagesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const all: Image[] = [];
  let NextToken: string | undefined;
  do {
    const request = { Filters: [filter], IncludeDeprecated: true, NextToken, ...(own && { Owners: ["self"] }) };
    const answer = await patiently("DescribeImages", aws.timing, () => ec2.send(new DescribeImagesCommand(request)));
    all.push(...(answer.Images ?? []));
    NextToken = answer.NextToken;
  } while (NextToken);
  return all;
}

async function instancesBy(aws: Aws, name: string, values: string[]): Promise<Instance[]> {
  const { DescribeInstancesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const Filters = [
    { Name: name, Values: values },
    { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped", "shutting-down"] },
  ];
  const all: Instance[] = [];
  let NextToken: string | undefined;
  do {
    const answer = await patiently("DescribeInstances", aws.timing, () =>
      ec2.send(new DescribeInstancesCommand({ Filters, NextToken })),
    );
    all.push(...(answer.Reservations ?? []).flatMap(({ Instances = [] }) => Instances));
    NextToken = answer.NextToken;
  } while (NextToken);
  return all;
}

async function groupsOf(aws: Aws, names: string[]): Promise<GroupFact[]> {
  const { DescribeAutoScalingGroupsCommand } = await import("@aws-sdk/client-auto-scaling");
  const autoScaling = await aws.autoScaling();
  const facts: GroupFact[] = [];
  for (let at = 0; at < names.length; at += NAMES) {
    const AutoScalingGroupNames = names.slice(at, at + NAMES);
    const { AutoScalingGroups = [] } = await patiently("DescribeAutoScalingGroups", aws.timing, () =>
      autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames })),
    );
    for (const group of AutoScalingGroups) facts.push(await groupFact(aws, group));
  }
  return facts;
}

async function groupFact(aws: Aws, group: AutoScalingGroup): Promise<GroupFact> {
  const refresh = (await refreshes(aws, group.AutoScalingGroupName ?? "")).find(isUnderWay);
  const template = templateOf(group);
  return {
    name: group.AutoScalingGroupName ?? "",
    desired: group.DesiredCapacity ?? 0,
    ...(template && { template }),
    members: (group.Instances ?? []).map(({ InstanceId = "", LifecycleState, HealthStatus }) => ({
      id: InstanceId,
      inService: LifecycleState === "InService",
      healthy: HealthStatus === "Healthy",
    })),
    warm: (await warmInstances(aws, group)).map(({ InstanceId = "" }) => InstanceId),
    ...(refresh && {
      refresh: {
        status: refresh.Status ?? "",
        percent: refresh.PercentageComplete ?? 0,
        ...(refresh.StartTime && { startedAt: refresh.StartTime.toISOString() }),
      },
    }),
  };
}

const valueOf = (tags: Tag[] | undefined, key: string) => tags?.find(({ Key }) => Key === key)?.Value;
const groupOf = ({ Tags }: Instance) => valueOf(Tags, GROUP_TAG);

function imageFact({ ImageId = "", State, Tags = [], DeprecationTime }: Image): ImageFact {
  const version = valueOf(Tags, TAG.version);
  return {
    id: ImageId,
    ...(version !== undefined && { version }),
    state: State ?? "unknown",
    verified: Tags.some(({ Key, Value }) => isRecord(Key) && !isUnbooted(Value)),
    ...(DeprecationTime !== undefined && { deprecation: DeprecationTime }),
  };
}

function instanceFact(instance: Instance): InstanceFact {
  const group = groupOf(instance);
  return {
    id: instance.InstanceId ?? "",
    imageId: instance.ImageId ?? "",
    state: instance.State?.Name ?? "unknown",
    ...(group !== undefined && { group }),
    throwaway: valueOf(instance.Tags, TAG.proof) !== undefined,
  };
}
