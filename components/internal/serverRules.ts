import { matches, type Rule, within } from "./rule";

/** A KMS key, by itself or by an alias, and its region. */
export const KMS_ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:(?:key\/[0-9a-zA-Z-]+|alias\/[0-9a-zA-Z/_-]+)$/;

/** A KMS key by itself, and its region. */
export const KEY_ARN = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[0-9a-zA-Z-]+$/;

/** Rules of AWS for servers outside a fleet, and their backups. Sources stand beside each. */
export const SERVER_RULES = {
  /** EC2 API: `InvalidInstanceID.Malformed`. */
  instanceId: {
    test: matches(/^i-([0-9a-f]{8}|[0-9a-f]{17})$/),
    allowed: "an instance id such as i-0123456789abcdef0",
    fix: "Give the id of an instance in the component's region",
  },
  securityGroupId: {
    test: matches(/^sg-[0-9a-z-]+$/),
    allowed: "a security group's id such as sg-0123456789abcdef0",
    fix: "Give the id, not the name, of a security group in the instances' VPC",
  },
  launchTemplateId: {
    test: matches(/^lt-[0-9a-z]+$/),
    allowed: "a launch template's id such as lt-0123456789abcdef0",
    fix: "Give the id of a launch template in the component's region",
  },
  /** `$Latest` and `$Default` move under what runs. Numbers only grow: a template holds 10,000 versions at a time. */
  launchTemplateVersion: {
    test: within(1, Number.MAX_SAFE_INTEGER),
    allowed: "a version's number, from 1",
    fix: "Give the number, e.g. latestVersion of the template: $Latest and $Default would not say what runs",
  },
  /** EC2 API, CreateKeyPair. */
  keyName: {
    test: matches(/^[\x20-\x7e]{1,255}$/),
    allowed: "the name of a key pair, 1 to 255 ASCII characters",
    fix: "Use a name that `aws ec2 describe-key-pairs` lists",
  },
  /** IAM API, CreateInstanceProfile. */
  instanceProfile: {
    test: matches(/^[\w+=,.@-]{1,128}$/),
    allowed: "the name of an instance profile, 1 to 128 letters, digits and + = , . @ - _",
    fix: "Give the name, not the ARN",
  },
  roleArn: {
    test: matches(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/),
    allowed: "a role's ARN, arn:aws:iam::ACCOUNT:role/NAME",
    fix: "Give the ARN that `aws iam get-role` shows",
  },
  keyArn: {
    test: matches(KEY_ARN),
    allowed: "a KMS key ARN, arn:aws:kms:REGION:ACCOUNT:key/ID",
    fix: "Give the key's ARN, not an alias or a bare id",
  },
  /** Zones as EC2 names them; local zones have a longer name, such as us-west-2-lax-1a. */
  zone: {
    test: matches(/^([a-z]+-){2,3}\d+(-[a-z]{3}-\d+)?[a-z]$/),
    allowed: "a zone's name such as us-east-1a",
    fix: "Use a name that `aws ec2 describe-availability-zones` lists",
  },
  userName: {
    test: matches(/^[a-z_][a-z0-9_-]{0,31}$/),
    allowed: "a login name such as ubuntu",
    fix: "Give the name of the image's user",
  },
  instances: { test: within(0, 1000), allowed: "a whole number, 0 to 1000", fix: "Give a number of instances" },
} satisfies { [name: string]: Rule };
