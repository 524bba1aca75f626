import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Checks, RULES } from "./internal/rules";
import { TAG } from "./internal/tags";
import { refuse } from "./parts/component";
import { ownTags, stackId } from "./parts/imageTags";

export interface ImageRetentionArgs {
  /** Regions whose images are kept, each once: rules hold in their own region only. Plain: it decides which resources exist. */
  regions: string[];
  /**
   * Days that a deregistered image can be restored, 1 to 365 (Recycle Bin).
   * @default 14
   */
  imageDays?: number;
  /**
   * Days that a deleted snapshot can be restored, 1 to 365 (Recycle Bin); not less than `imageDays`, as an image cannot be
   * restored without its snapshots. Snapshots in the bin cost what others do.
   * @default `imageDays`
   */
  snapshotDays?: number;
  /** Tags for the rules. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}

const DEFAULT_IMAGE_DAYS = 14;

/**
 * Recycle Bin rules that keep this stack's retired images, and their snapshots, for some days. They match the tag
 * `ami-lifecycle:stack`, which snapshots have once their image is verified. The first rule of an account and region takes
 * up to 30 minutes to hold: images should depend on this component (`dependsOn`), so that they come after the rules, and
 * go before them. Restore an image's snapshots, whose descriptions name it, before the image:
 * `aws ec2 list-snapshots-in-recycle-bin --region REGION`,
 * `aws ec2 restore-snapshot-from-recycle-bin --region REGION --snapshot-id SNAPSHOT`,
 * `aws ec2 list-images-in-recycle-bin --region REGION`,
 * `aws ec2 restore-image-from-recycle-bin --region REGION --image-id IMAGE`.
 */
export class ImageRetention extends pulumi.ComponentResource {
  /** ARNs of the images' rules by region. */
  public readonly imageRuleArns: pulumi.Output<{ [region: string]: string }>;
  /** ARNs of the snapshots' rules by region. */
  public readonly snapshotRuleArns: pulumi.Output<{ [region: string]: string }>;

  constructor(name: string, args: ImageRetentionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:ImageRetention", name, args, opts);
    refuse(this, `ImageRetention "${name}"`, imageRetentionProblems(args).problems);

    const { imageDays = DEFAULT_IMAGE_DAYS, snapshotDays = imageDays } = args;
    const images: { [region: string]: pulumi.Output<string> } = {};
    const snapshots: { [region: string]: pulumi.Output<string> } = {};
    for (const region of args.regions) {
      images[region] = this.rule(`${name}-${region}-images`, region, "EC2_IMAGE", imageDays, args);
      snapshots[region] = this.rule(`${name}-${region}-snapshots`, region, "EBS_SNAPSHOT", snapshotDays, args);
    }
    this.imageRuleArns = pulumi.output(images);
    this.snapshotRuleArns = pulumi.output(snapshots);
    this.registerOutputs({ imageRuleArns: this.imageRuleArns, snapshotRuleArns: this.snapshotRuleArns });
  }

  private rule(
    record: string,
    region: string,
    resourceType: string,
    days: number,
    args: ImageRetentionArgs,
  ): pulumi.Output<string> {
    const rule = new aws.rbin.Rule(
      record,
      {
        description: `${resourceType === "EC2_IMAGE" ? "Images" : "Snapshots"} of ${stackId()}`,
        resourceType,
        // A rule keeps what has any of its tags: a second one would make it keep what is not this stack's.
        resourceTags: [{ resourceTagKey: TAG.stack, resourceTagValue: stackId() }],
        retentionPeriod: { retentionPeriodUnit: "DAYS", retentionPeriodValue: days },
        tags: ownTags(record, {}, args.tags),
        region,
      },
      // The provider waits until the rule is available, and gives up after just the 30 minutes that AWS may need.
      { parent: this, customTimeouts: { create: "45m" } },
    );
    return rule.arn;
  }
}

/** Every problem of the plain values. */
function imageRetentionProblems(args: ImageRetentionArgs): Checks {
  const { imageDays = DEFAULT_IMAGE_DAYS, snapshotDays } = args;
  const checks = new Checks()
    .regions("regions", args.regions)
    .rule("retentionDays", "imageDays", imageDays)
    .rule("retentionDays", "snapshotDays", snapshotDays)
    .tags("tags", args.tags);
  const { test } = RULES.retentionDays;
  if (test(imageDays) && test(snapshotDays) && (snapshotDays as number) < imageDays) {
    checks.add({
      path: "snapshotDays",
      given: snapshotDays,
      allowed: `not less than imageDays (${imageDays}): an image cannot be restored without its snapshots`,
      fix: "Raise it, or leave it out",
    });
  }
  return checks;
}
