import { matches, type Rule } from "../rule";

const rule = (pattern: RegExp, allowed: string, fix = "Choose another name"): Rule => ({
  test: matches(pattern),
  allowed,
  fix,
});

const IMAGE: { [path: string]: Rule } = {
  /** EC2 API, CreateImage and CopyImage: `InvalidAMIName.Malformed`. */
  name: rule(/^[a-zA-Z0-9()[\] ./\-'@_]{3,128}$/, "3 to 128 letters, digits, spaces and ( ) [ ] . / - ' @ _"),
  description: rule(/^[^]{0,255}$/, "at most 255 characters", "Shorten it"),
};

/** Elastic Load Balancing API, CreateLoadBalancer and CreateTargetGroup. */
const BALANCING = "1 to 32 letters, digits and hyphens, no hyphen at an end";

/** Names that AWS refuses, by type and input. Sources: the services' API models. */
export const NAME_RULES: { [type: string]: { [path: string]: Rule } } = {
  "aws:ec2/ami:Ami": IMAGE,
  "aws:ec2/amiCopy:AmiCopy": IMAGE,
  "aws:ec2/amiFromInstance:AmiFromInstance": IMAGE,
  "aws:ec2/launchTemplate:LaunchTemplate": {
    name: rule(/^[a-zA-Z0-9().\-/_]{3,128}$/, "3 to 128 letters, digits and ( ) . - / _"),
    description: rule(/^[^]{0,255}$/, "at most 255 characters", "Shorten it"),
  },
  "aws:ec2/securityGroup:SecurityGroup": {
    name: rule(
      /^(?!sg-)[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/,
      "1 to 255 letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *, not beginning with sg-",
    ),
  },
  "aws:ec2/tag:Tag": {
    key: rule(/^(?!aws:)[^]{1,127}$/i, "1 to 127 characters, not beginning with aws:", "Choose another key"),
    value: rule(/^[^]{0,256}$/, "at most 256 characters", "Shorten it"),
  },
  "aws:autoscaling/group:Group": {
    name: rule(/^[!-9;-~]{1,255}$/, "1 to 255 ASCII characters without spaces and colons"),
  },
  "aws:autoscaling/lifecycleHook:LifecycleHook": {
    name: rule(/^[A-Za-z0-9\-_/]{1,255}$/, "1 to 255 letters, digits and - _ /"),
  },
  "aws:lb/loadBalancer:LoadBalancer": {
    name: rule(
      /^(?!internal-)[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/,
      `${BALANCING}, not beginning with internal-`,
    ),
  },
  "aws:lb/targetGroup:TargetGroup": { name: rule(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$/, BALANCING) },
  "aws:ssm/parameter:Parameter": {
    name: {
      test: (value) => typeof value === "string" && isParameterName(value),
      allowed: "letters, digits and . - _, in at most 15 levels that begin with /, and not beginning with aws or ssm",
      fix: "Choose another name",
    },
  },
  "aws:kms/alias:Alias": {
    name: rule(/^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/, "alias/NAME of letters, digits and / _ -, not alias/aws/"),
  },
  "aws:iam/role:Role": { name: rule(/^[\w+=,.@-]{1,64}$/, "1 to 64 letters, digits and + = , . @ - _") },
  "aws:iam/instanceProfile:InstanceProfile": {
    name: rule(/^[\w+=,.@-]{1,128}$/, "1 to 128 letters, digits and + = , . @ - _"),
  },
  "aws:s3/bucket:Bucket": {
    bucket: rule(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "3 to 63 lower-case letters, digits, full stops and hyphens"),
  },
};

/** Systems Manager API, PutParameter: 1,011 characters with what comes before the name in its ARN. */
function isParameterName(name: string): boolean {
  const levels = name.replace(/^\//, "").split("/");
  const isNested = name.startsWith("/") || levels.length === 1;
  const characters = levels.every((level) => /^[a-zA-Z0-9_.-]+$/.test(level));
  return isNested && characters && levels.length <= 15 && name.length <= 1011 && !/^\/?(aws|ssm)/i.test(name);
}
