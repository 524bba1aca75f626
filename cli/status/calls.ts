import type { AutoScalingGroup, Instance as Member, InstanceRefresh } from "@aws-sdk/client-auto-scaling";
import type { Image, Instance } from "@aws-sdk/client-ec2";
import type { Parameter } from "@aws-sdk/client-ssm";
import { isUnderWay } from "../../components/gates/rollout/refresh";
import { TAG } from "../../components/internal/tags";
import { parts, type Questions } from "./questions";

/** Values of one filter (EC2 API), and most of one page. */
const MOST_VALUES = 200;
const EC2_PAGE = 1000;

/** Every parameter directly below a path. */
export async function parametersBelow(of: Questions, Path: string): Promise<Parameter[]> {
  const { GetParametersByPathCommand } = await import("@aws-sdk/client-ssm");
  const ssm = await of.aws.ssm();
  return of.pages(
    "GetParametersByPath",
    // Ten a page is the most.
    (NextToken) => ssm.send(new GetParametersByPathCommand({ Path, MaxResults: 10, NextToken })),
    (page) => page.Parameters,
  );
}

/** The account's own images of a line, of whichever stack. */
export const imagesOfLine = (of: Questions, line: string): Promise<Image[]> =>
  images(of, { Owners: ["self"], Filters: [{ Name: `tag:${TAG.line}`, Values: [line] }] });

/** Images by id, whoever's; those that are gone are left out. */
export async function imagesById(of: Questions, ids: readonly string[]): Promise<Image[]> {
  const found = parts(ids, MOST_VALUES).map((Values) => images(of, { Filters: [{ Name: "image-id", Values }] }));
  return (await Promise.all(found)).flat();
}

interface ImageQuery {
  Owners?: string[];
  Filters: { Name: string; Values: string[] }[];
}

async function images(of: Questions, query: ImageQuery): Promise<Image[]> {
  const { DescribeImagesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await of.aws.ec2();
  const all = { ...query, IncludeDeprecated: true, IncludeDisabled: true, MaxResults: EC2_PAGE };
  return of.pages(
    "DescribeImages",
    (NextToken) => ec2.send(new DescribeImagesCommand({ ...all, NextToken })),
    (page) => page.Images,
  );
}

/** Instances by `image-id` or `instance-id` that are not on their way out. */
export async function instancesBy(of: Questions, filter: string, values: readonly string[]): Promise<Instance[]> {
  const { DescribeInstancesCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await of.aws.ec2();
  const found = parts(values, MOST_VALUES).map((Values) => {
    const Filters = [
      { Name: filter, Values },
      { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
    ];
    return of.pages(
      "DescribeInstances",
      (NextToken) => ec2.send(new DescribeInstancesCommand({ Filters, MaxResults: EC2_PAGE, NextToken })),
      (page) => page.Reservations?.flatMap(({ Instances = [] }) => Instances),
    );
  });
  return (await Promise.all(found)).flat();
}

/** Auto Scaling groups by name; those that are gone are left out. */
export async function groupsNamed(of: Questions, names: readonly string[]): Promise<AutoScalingGroup[]> {
  const { DescribeAutoScalingGroupsCommand } = await import("@aws-sdk/client-auto-scaling");
  const autoScaling = await of.aws.autoScaling();
  // Without a name AWS would give all of the account's.
  const found = parts(names, 50).map((AutoScalingGroupNames) =>
    of.pages(
      "DescribeAutoScalingGroups",
      (NextToken) => autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames, NextToken })),
      (page) => page.AutoScalingGroups,
    ),
  );
  return (await Promise.all(found)).flat();
}

/** What waits in the group's warm pool. */
export async function warmPoolOf(of: Questions, group: AutoScalingGroup): Promise<Member[]> {
  if (!group.WarmPoolConfiguration) return [];
  const { DescribeWarmPoolCommand } = await import("@aws-sdk/client-auto-scaling");
  const autoScaling = await of.aws.autoScaling();
  const { AutoScalingGroupName } = group;
  return of.pages(
    "DescribeWarmPool",
    (NextToken) => autoScaling.send(new DescribeWarmPoolCommand({ AutoScalingGroupName, NextToken, MaxRecords: 50 })),
    (page) => page.Instances,
  );
}

/** The group's refresh under way. Only one can be, and the newest come first: six weeks of them need not be read. */
export async function refreshOf(of: Questions, group: AutoScalingGroup): Promise<InstanceRefresh | undefined> {
  const { DescribeInstanceRefreshesCommand } = await import("@aws-sdk/client-auto-scaling");
  const autoScaling = await of.aws.autoScaling();
  const { AutoScalingGroupName } = group;
  const { InstanceRefreshes = [] } = await of.ask("DescribeInstanceRefreshes", () =>
    autoScaling.send(new DescribeInstanceRefreshesCommand({ AutoScalingGroupName, MaxRecords: 10 })),
  );
  return InstanceRefreshes.find(isUnderWay);
}
