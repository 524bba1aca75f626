import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { snapshotOf } from "./internal/imageSnapshots";
import type { Entity } from "./internal/sharingRules";
import { entitiesOf, ownAccountProblems, sharingProblems, volumeSuffix } from "./internal/sharingRules";
import { after, refuse } from "./parts/component";
import { keyOf } from "./parts/keys";

export interface ImageSharingArgs {
  /**
   * The image in each region: verified ids, e.g. `{ "eu-west-1": copies.verifiedImageIdIn("eu-west-1") }`. Plain keys:
   * they decide which resources exist.
   */
  imageIds: { [region: string]: pulumi.Input<string> };
  /**
   * ARN of the customer-managed key that each region's image is under, e.g. `ImageKeys`'. Its policy must let the
   * receivers use it. An image under the AWS-managed key aws/ebs cannot be shared (Amazon EC2 user guide). Plain keys.
   */
  kmsKeyArns: { [region: string]: pulumi.Input<string> };
  /**
   * Ids of accounts that may launch and copy the images. At most 1,000 accounts, organisations and units together (AWS's
   * quota for an image). Plain: it decides which resources exist.
   * @default none
   */
  accounts?: string[];
  /**
   * ARNs of organisations whose members may launch the images. AWS shares snapshots with accounts only: who is to copy
   * an image must be in `accounts`. Plain.
   * @default none
   */
  organizationArns?: string[];
  /**
   * ARNs of organisational units whose members may launch the images, not copy them. Plain.
   * @default none
   */
  organizationalUnitArns?: string[];
  /**
   * Device names of the recipe's volumes besides the root, e.g. `/dev/sdf`: their snapshots are shared, too. Plain.
   * @default none
   */
  volumes?: string[];
}

/**
 * Shares one image of each region with accounts, organisations and units, never with everybody. Accounts may copy it,
 * too: they get its snapshots. They do not see its tags, so that it is verified must be told to them otherwise.
 */
export class ImageSharing extends pulumi.ComponentResource {
  /** The images by region, known once all receivers of their region may use them. */
  public readonly sharedImageIds: pulumi.Output<{ [region: string]: string }>;

  constructor(name: string, args: ImageSharingArgs, opts?: pulumi.ComponentResourceOptions) {
    // Without ids and keys: a component waits for its inputs, and its children for it, so that regions would wait for each other.
    const inputs = { ...args, imageIds: undefined, kmsKeyArns: undefined };
    super("pulumi-ami-lifecycle:index:ImageSharing", name, inputs, opts);
    const what = `ImageSharing "${name}"`;
    refuse(this, what, sharingProblems(args).problems);

    const entities = entitiesOf(args);
    const own = this.otherAccounts(what, args.accounts ?? []);
    const shared: { [region: string]: pulumi.Output<string> } = {};
    for (const [region, given] of Object.entries(args.imageIds)) {
      // No permission is given before the region's key is known to be one of the caller's.
      const imageId = after(given, keyOf(this, what, "kmsKeyArns", region, args.kmsKeyArns[region] as string));
      const snapshots = own ? this.snapshots(what, region, imageId, args.volumes ?? []) : {};
      const permissions = entities.map((entity) => {
        const record = `${name}-${region}-${entity.id}`;
        const accountId = after(entity.given, own);
        const ofSnapshots = entity.kind === "account" ? shareSnapshots(this, record, region, accountId, snapshots) : [];
        return new aws.ec2.AmiLaunchPermission(
          record,
          { imageId, ...receiver(entity, accountId), region },
          // Who sees an image may copy it at once, and a copy needs the snapshots: the image comes last, and goes first.
          { parent: this, dependsOn: ofSnapshots },
        );
      });
      shared[region] = after(
        imageId,
        permissions.map(({ id }) => id),
      );
    }
    this.sharedImageIds = pulumi.output(shared);
    this.registerOutputs({ sharedImageIds: this.sharedImageIds });
  }

  /** Resolves when none of the accounts is the images' own. */
  private otherAccounts(what: string, accounts: string[]): pulumi.Output<string> | undefined {
    if (accounts.length === 0) return undefined;
    return aws.getCallerIdentityOutput({}, { parent: this }).accountId.apply((own) => {
      refuse(this, what, ownAccountProblems(accounts, own));
      return own;
    });
  }

  /** Snapshots by what they are called in names: `root`, and each declared volume. */
  private snapshots(what: string, region: string, imageId: pulumi.Input<string>, volumes: string[]): Snapshots {
    const image = aws.ec2.getAmiOutput(
      { owners: ["self"], filters: [{ name: "image-id", values: [imageId] }], region },
      { parent: this },
    );
    const snapshot = (device?: string): pulumi.Output<string> =>
      image.apply((found) => {
        const { id, problem } = snapshotOf(found, device);
        if (problem) refuse(this, `${what}: ${found.imageId} in ${region}`, [problem]);
        return id as string;
      });
    return Object.fromEntries([
      ["root", snapshot()],
      ...volumes.map((device) => [volumeSuffix(device), snapshot(device)] as const),
    ]);
  }
}

interface Snapshots {
  [suffix: string]: pulumi.Output<string>;
}

function shareSnapshots(
  parent: ImageSharing,
  record: string,
  region: string,
  accountId: pulumi.Output<string>,
  snapshots: Snapshots,
): pulumi.Resource[] {
  return Object.entries(snapshots).map(
    ([suffix, snapshotId]) =>
      new aws.ec2.SnapshotCreateVolumePermission(`${record}-${suffix}`, { snapshotId, accountId, region }, { parent }),
  );
}

const receiver = ({ kind, given }: Entity, accountId: pulumi.Output<string>) =>
  kind === "account"
    ? { accountId }
    : kind === "organization"
      ? { organizationArn: given }
      : { organizationalUnitArn: given };
