import { entitiesOf, type Receivers } from "./sharingRules";

/** KMS quota: bytes of a key policy. */
export const MOST_POLICY_BYTES = 32768;

export interface KeyPolicySpec extends Receivers {
  /** The key's account. */
  account: string;
  /** `aws`, `aws-cn` or `aws-us-gov`, … */
  partition: string;
  /** Whether the account's Auto Scaling groups may launch from images under the key. */
  autoScaling: boolean;
}

type Condition = { [operator: string]: { [key: string]: string | string[] } };

/** What launching or copying an encrypted image needs: Amazon EC2 user guide, "Share an AMI". */
const USE = ["kms:DescribeKey", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"];

/** Two statements: use of the key, and grants, which only an AWS service may make for the principal. */
function useAndGrant(sid: string, principals: string | string[], condition?: Condition, actions = USE): object[] {
  const common = { Effect: "Allow", Principal: { AWS: principals } };
  const grants = { ...condition, Bool: { "kms:GrantIsForAWSResource": "true" } };
  return [
    { Sid: `${sid}Use`, ...common, Action: actions, Resource: "*", ...(condition && { Condition: condition }) },
    { Sid: `${sid}Grant`, ...common, Action: "kms:CreateGrant", Resource: "*", Condition: grants },
  ];
}

/** The policy of an image key, the same to the byte for the same receivers in whatever order. */
export function renderKeyPolicy(spec: KeyPolicySpec): string {
  const { account, partition, autoScaling } = spec;
  const entities = entitiesOf(spec);
  const of = (kind: string) => entities.filter((entity) => entity.kind === kind);
  const root = (id: string): string => `arn:${partition}:iam::${id}:root`;
  const accounts = of("account").map(({ id }) => root(id));
  const organizations = of("organization").map(({ id }) => id);
  // A path is o-…/r-…/ou-…/ou-…/: this unit and all below it, wherever it is in its organisation.
  const paths = of("unit").map(({ id, given }) => `${given.split("/")[1]}/*/${id}/*`);
  const statements: object[] = [
    { Sid: "AccountFull", Effect: "Allow", Principal: { AWS: root(account) }, Action: "kms:*", Resource: "*" },
  ];
  if (autoScaling) {
    // The role is in conditions, not the principal: an account that never used Auto Scaling does not have it, and KMS
    // refuses a policy that names a principal which does not exist (MalformedPolicyDocumentException). `aws:PrincipalArn`
    // is the role's ARN, path and all, not that of its session. Roles with a suffix of the caller's are covered, too.
    const role = `arn:${partition}:iam::${account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling*`;
    const isRole = { StringEquals: { "kms:CallerAccount": account }, ArnLike: { "aws:PrincipalArn": role } };
    statements.push(...useAndGrant("AutoScaling", "*", isRole, ["kms:Encrypt", ...USE]));
  }
  if (accounts.length > 0) statements.push(...useAndGrant("Accounts", accounts.sort()));
  if (organizations.length > 0) {
    const member = { StringEquals: { "aws:PrincipalOrgID": organizations.sort() } };
    statements.push(...useAndGrant("Organizations", "*", member));
  }
  if (paths.length > 0) {
    const member = { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": paths.sort() } };
    statements.push(...useAndGrant("Units", "*", member));
  }
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}
