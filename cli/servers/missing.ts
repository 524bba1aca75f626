import type { Aws } from "../../components/gates/kit/aws";
import { patiently } from "../../components/gates/kit/waiting";
import type { ServerSettings } from "./marks";

export interface Missing {
  /** What is missing, as a sentence. */
  text: string;
  /** The option that names another one. */
  option: string;
}

const OPTION = {
  type: "give another type with --instance-type",
  subnet: "give another subnet with --subnet-id",
  groups: "give other security groups with --security-group-id",
  key: "give another key pair with --key-name, or none with --key-name none",
};

/** What a launch needs and is not there, all of it at once: AWS would name one thing a try. */
export async function missingProblems(aws: Aws, settings: ServerSettings): Promise<Missing[]> {
  const { instanceType, subnetId, securityGroupIds = [], keyName } = settings;
  const problems: Missing[] = [];
  const add = (text: string, option: string) => problems.push({ text, option });
  if (!instanceType) add("the instance type is not known", OPTION.type);
  if (!subnetId) add("the subnet is not known", OPTION.subnet);
  const vpc = subnetId ? await vpcOf(aws, subnetId) : undefined;
  if (subnetId && vpc === undefined) add(`the subnet ${subnetId} is gone`, OPTION.subnet);
  const groups = await groupsOf(aws, securityGroupIds);
  for (const id of securityGroupIds) {
    const of = groups.get(id);
    if (of === undefined) add(`the security group ${id} is gone`, OPTION.groups);
    else if (vpc !== undefined && of !== vpc)
      add(`the security group ${id} is of ${of}, the subnet of ${vpc}`, OPTION.groups);
  }
  if (keyName && !(await hasKey(aws, keyName))) add(`the key pair ${keyName} is gone`, OPTION.key);
  return problems;
}

// By filters, not by ids: what is not there is then no error.

async function vpcOf(aws: Aws, subnetId: string): Promise<string | undefined> {
  const { DescribeSubnetsCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const Filters = [{ Name: "subnet-id", Values: [subnetId] }];
  const answer = await patiently("DescribeSubnets", aws.timing, () =>
    ec2.send(new DescribeSubnetsCommand({ Filters })),
  );
  return answer.Subnets?.[0]?.VpcId;
}

/** The VPC of each group that exists. */
async function groupsOf(aws: Aws, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { DescribeSecurityGroupsCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const Filters = [{ Name: "group-id", Values: ids }];
  const answer = await patiently("DescribeSecurityGroups", aws.timing, () =>
    ec2.send(new DescribeSecurityGroupsCommand({ Filters })),
  );
  return new Map((answer.SecurityGroups ?? []).map(({ GroupId = "", VpcId = "" }) => [GroupId, VpcId]));
}

async function hasKey(aws: Aws, keyName: string): Promise<boolean> {
  const { DescribeKeyPairsCommand } = await import("@aws-sdk/client-ec2");
  const ec2 = await aws.ec2();
  const Filters = [{ Name: "key-name", Values: [keyName] }];
  const answer = await patiently("DescribeKeyPairs", aws.timing, () =>
    ec2.send(new DescribeKeyPairsCommand({ Filters })),
  );
  return (answer.KeyPairs ?? []).length > 0;
}
