import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** An instance profile that lets Session Manager in: a shell without an open port or a key pair. */
export function sessionManagerProfile(
  parent: pulumi.ComponentResource,
  name: string,
  tags: pulumi.Input<{ [key: string]: pulumi.Input<string> }> | undefined,
): aws.iam.InstanceProfile {
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      description: "Session Manager access for instances of pulumi-ami-lifecycle",
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" }],
      }),
      tags,
    },
    { parent },
  );
  const { partition } = aws.getPartitionOutput({}, { parent });
  const attachment = new aws.iam.RolePolicyAttachment(
    `${name}-session-manager`,
    { role: role.name, policyArn: pulumi.interpolate`arn:${partition}:iam::aws:policy/AmazonSSMManagedInstanceCore` },
    { parent },
  );
  return new aws.iam.InstanceProfile(`${name}-profile`, { role: role.name, tags }, { parent, dependsOn: [attachment] });
}

/** The command that opens a shell on an instance through Session Manager. */
export const connectCommand = (instanceId: pulumi.Input<string>, region: pulumi.Input<string>): pulumi.Output<string> =>
  pulumi.interpolate`aws ssm start-session --region ${region} --target ${instanceId}`;
