import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type KeyPolicySpec, MOST_POLICY_BYTES, renderKeyPolicy } from "./internal/keyPolicy";
import { keyAliasName } from "./internal/names";
import type { Problem } from "./internal/problems";
import { Checks } from "./internal/rules";
import { receiverProblems } from "./internal/sharingRules";
import { TAG } from "./internal/tags";
import { refuse } from "./parts/component";
import { ownTags, stackId } from "./parts/imageTags";
import { keyOf } from "./parts/keys";

export interface ImageKeysArgs {
  /** Regions that need a key, each once. Plain: it decides which resources exist. */
  regions: string[];
  /**
   * Name of the line whose images are under the keys. The alias of each key made is `alias/ami/LINE/STACK`, with a slash
   * for each full stop in the stack's name: aliases have none, and so two stacks never share one.
   * @default the component's name
   */
  line?: string;
  /**
   * ARNs of keys that exist already, by region: for those regions none is made. Plain keys. A given key's policy is not
   * touched: it must let the account's `AWSServiceRoleForAutoScaling` use it (`kms:Encrypt`, `kms:Decrypt`,
   * `kms:ReEncrypt*`, `kms:GenerateDataKey*`, `kms:DescribeKey`, and `kms:CreateGrant` with `kms:GrantIsForAWSResource`),
   * and those whom images are shared with likewise, who need no `kms:Encrypt`.
   * @default none
   */
  keyArns?: { [region: string]: pulumi.Input<string> };
  /**
   * Ids of accounts that may use the keys: the ones that `ImageSharing` shares with. Each must exist, or KMS refuses the
   * policy. Auto Scaling groups in those accounts cannot use this key: they need a copy under a key of their own. Plain.
   * @default none
   */
  accounts?: string[];
  /**
   * ARNs of organisations whose members may use the keys. Plain.
   * @default none
   */
  organizationArns?: string[];
  /**
   * ARNs of organisational units whose members, and those of units below, may use the keys. Plain.
   * @default none
   */
  organizationalUnitArns?: string[];
  /**
   * Whether the account's Auto Scaling groups may launch from images under the keys. Without it their instances end with
   * Client.InternalError. It works in an account that has never used Auto Scaling, too: the policy names its
   * service-linked role in a condition, not as a principal, which KMS would refuse as long as the role does not exist.
   * @default true
   */
  autoScaling?: boolean;
  /**
   * Days between rotations of the key material, 90 to 2,560 (KMS). What is under older material stays readable.
   * @default 365
   */
  rotationDays?: number;
  /**
   * Days that a deleted key can still be brought back, 7 to 30 (KMS). Keep it no shorter than `ImageRetention`'s: an
   * image whose key is gone cannot be restored.
   * @default 30
   */
  deletionDays?: number;
  /** Tags for the keys. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

const DEFAULT_ROTATION_DAYS = 365;
const DEFAULT_DELETION_DAYS = 30;

interface ByRegion {
  [region: string]: pulumi.Output<string>;
}

/** Not a field of the class: even a private one would become an output in the schema for other languages. */
const perRegion = new WeakMap<pulumi.Resource, ByRegion>();

/**
 * A customer-managed KMS key per region for a line's images, which Auto Scaling and those whom images are shared with may
 * use. Removing a region, or the component, has its key deleted after `deletionDays`: retire what is under it first.
 */
export class ImageKeys extends pulumi.ComponentResource {
  /** ARNs of the keys by region, the given ones too. */
  public readonly keyArns: pulumi.Output<{ [region: string]: string }>;

  constructor(name: string, args: ImageKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:ImageKeys", name, args, opts);
    const what = `ImageKeys "${name}"`;
    const line = args.line ?? name;
    const alias = keyAliasName(line, pulumi.getStack());
    refuse(this, what, [...imageKeysProblems(line, args).problems, ...aliasProblems(alias)]);

    const made = args.regions.filter((region) => args.keyArns?.[region] === undefined);
    const policy = made.length > 0 ? this.policy(what, args) : undefined;
    const arns: ByRegion = {};
    for (const region of args.regions) {
      const given = args.keyArns?.[region];
      arns[region] =
        given !== undefined
          ? keyOf(this, what, "keyArns", region, given)
          : this.key(`${name}-${region}`, region, line, alias, policy, args).arn;
    }
    perRegion.set(this, arns);
    this.keyArns = pulumi.output(arns);
    this.registerOutputs({ keyArns: this.keyArns });
  }

  /** One region's key: it does not wait for the other regions, as `keyArns` does. */
  public keyArnIn(region: string): pulumi.Output<string> {
    const arns = perRegion.get(this) ?? {};
    const arn = arns[region];
    if (arn) return arn;
    const regions = Object.keys(arns).join(", ") || "none";
    throw new pulumi.ResourceError(`There is no key in ${region}: the regions are ${regions}.`, this, true);
  }

  /** The same in every region: nothing in it is regional. */
  private policy(what: string, args: ImageKeysArgs): pulumi.Output<string> {
    // Of the provider that makes the keys, which may be of another account than the default one.
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    const { partition } = aws.getPartitionOutput({}, { parent: this });
    return pulumi.all([accountId, partition]).apply(([account, where]) => {
      const policy = renderKeyPolicy(policySpec(args, account, where));
      refuse(this, what, policySizeProblems(policy));
      return policy;
    });
  }

  private key(
    record: string,
    region: string,
    line: string,
    alias: string,
    policy: pulumi.Output<string> | undefined,
    args: ImageKeysArgs,
  ): aws.kms.Key {
    const key = new aws.kms.Key(
      record,
      {
        description: `Images of ${line}, ${stackId()}`,
        enableKeyRotation: true,
        rotationPeriodInDays: args.rotationDays ?? DEFAULT_ROTATION_DAYS,
        deletionWindowInDays: args.deletionDays ?? DEFAULT_DELETION_DAYS,
        policy,
        tags: ownTags(record, { [TAG.line]: line }, args.tags),
        region,
      },
      { parent: this },
    );
    new aws.kms.Alias(`${record}-alias`, { name: alias, targetKeyId: key.id, region }, { parent: this });
    return key;
  }
}

const policySpec = (args: ImageKeysArgs, account: string, partition: string): KeyPolicySpec => ({
  account,
  partition,
  autoScaling: args.autoScaling ?? true,
  accounts: args.accounts,
  organizationArns: args.organizationArns,
  organizationalUnitArns: args.organizationalUnitArns,
});

/** Every problem of the plain values. */
function imageKeysProblems(line: string, args: ImageKeysArgs): Checks {
  const checks = new Checks()
    .rule("line", "line", line)
    .regions("regions", args.regions)
    .keys("keyArns", args.keyArns, args.regions, "the component's regions")
    .rule("rotationDays", "rotationDays", args.rotationDays)
    .rule("deletionDays", "deletionDays", args.deletionDays)
    .tags("tags", args.tags);
  const receivers = receiverProblems(args);
  // The account has always as many digits, and no partition's name is shorter: what is too large here is so there.
  const sizes =
    receivers.length > 0 ? [] : policySizeProblems(renderKeyPolicy(policySpec(args, "0".repeat(12), "aws")));
  return checks.add(...receivers, ...sizes);
}

function policySizeProblems(policy: string): Problem[] {
  if (policy.length <= MOST_POLICY_BYTES) return [];
  return [
    {
      path: "accounts",
      given: policy.length,
      allowed: `a key policy of at most ${MOST_POLICY_BYTES} bytes (KMS)`,
      fix: "Name an organisation or a unit in place of its accounts",
    },
  ];
}

/** KMS, CreateAlias. Stack names are longer and looser outside of Pulumi's own backends. */
function aliasProblems(alias: string): Problem[] {
  if (/^alias\/[a-zA-Z0-9/_-]+$/.test(alias) && alias.length <= 256) return [];
  return [
    {
      path: "alias",
      given: alias,
      allowed: "at most 256 letters, digits and / _ -",
      fix: "Shorten the line's or the stack's name",
    },
  ];
}
