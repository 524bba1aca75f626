import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { regionOption } from "./component";
import type { BalancerSpec } from "./balancer";

/** Where a load balancer's access logs go; it may write there only once the policy is in place. */
export interface AccessLogs {
  bucket: pulumi.Input<string>;
  prefix: pulumi.Input<string> | undefined;
  dependsOn: pulumi.Resource[];
}

const DAYS = 90;

/** The bucket given, or one that is made; undefined without access logs. */
export function accessLogs(spec: BalancerSpec): AccessLogs | undefined {
  const { accessLogsBucket: bucket, accessLogsPrefix: prefix, accessLogs: make } = spec.balancer;
  if (bucket !== undefined) return { bucket, prefix, dependsOn: [] };
  return make ? logsBucket(spec) : undefined;
}

/**
 * A private bucket under SSE-S3, the only encryption that Elastic Load Balancing can write under, which forgets after 90
 * days. It goes with the load balancer, logs and all, unless that is protected.
 */
function logsBucket({ owner, name, tags, region: given, balancer }: BalancerSpec): AccessLogs {
  const options = { parent: owner };
  const region = regionOption(given);
  const isProtected = pulumi.output(balancer.deletionProtection).apply((on) => on ?? false);
  const bucket = new aws.s3.Bucket(
    // S3 takes no capitals.
    `${name.toLowerCase()}-logs`,
    { forceDestroy: isProtected.apply((on) => !on), tags, ...region },
    options,
  );
  const of = { bucket: bucket.id, ...region };
  new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-logs`,
    { ...of, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    options,
  );
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-logs`,
    { ...of, rules: [{ id: "expire", status: "Enabled", filter: {}, expiration: { days: DAYS } }] },
    options,
  );
  const block = new aws.s3.BucketPublicAccessBlock(
    `${name}-logs`,
    { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    options,
  );
  const account = aws.getCallerIdentityOutput({}, options).accountId;
  const policy = new aws.s3.BucketPolicy(
    `${name}-logs`,
    {
      ...of,
      policy: pulumi
        .all([bucket.arn, account])
        .apply(([arn, id]) => JSON.stringify(logsPolicy(arn, id, balancer.type === "network"))),
    },
    { ...options, dependsOn: [block] },
  );
  return { bucket: bucket.id, prefix: undefined, dependsOn: [policy] };
}

/** Who writes: for each kind of load balancer another service (Elastic Load Balancing user guides, "Access logs"). */
function logsPolicy(arn: string, account: string, network: boolean): object {
  const Condition = { StringEquals: { "aws:SourceAccount": account } };
  const Principal = {
    Service: network ? "delivery.logs.amazonaws.com" : "logdelivery.elasticloadbalancing.amazonaws.com",
  };
  const statements = [
    {
      Sid: "Write",
      Effect: "Allow",
      Principal,
      Action: "s3:PutObject",
      Resource: `${arn}/AWSLogs/${account}/*`,
      // Only log delivery says for whom it writes.
      ...(network && { Condition }),
    },
    ...(network
      ? [{ Sid: "Look", Effect: "Allow", Principal, Action: "s3:GetBucketAcl", Resource: arn, Condition }]
      : []),
    {
      Sid: "OnlyTls",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [arn, `${arn}/*`],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ];
  return { Version: "2012-10-17", Statement: statements };
}
