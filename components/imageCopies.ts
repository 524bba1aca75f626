import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BootProofArgs } from "./bootProofArgs";
import type { GateArgs } from "./gates/gateArgs";
import { imageAvailable } from "./gates/imageAvailable";
import { gateHook, hooked, startRetryHook } from "./gates/kit/hooks";
import { sourceVerified } from "./gates/sourceVerified";
import { Checks } from "./internal/rules";
import { COPY_IGNORE_CHANGES, TAG } from "./internal/tags";
import { refuse } from "./parts/component";
import { imageTags } from "./parts/imageTags";
import { verifiedTag } from "./parts/verified";

export interface ImageCopiesArgs {
  /** The image to copy: a verified id, e.g. `MachineImage.verifiedImageId`. Checked again before each copy. */
  sourceImageId: pulumi.Input<string>;
  /** Region the source image is in. It may be one of the regions copied to: an own copy under an own key. */
  sourceRegion: pulumi.Input<string>;
  /** Physical name of the copies: unique in each region and account. */
  imageName: pulumi.Input<string>;
  /** Line and version the image belongs to: for tags and texts. */
  line: string;
  /** Version, e.g. `1.4.0`. */
  version: string;
  /** Digest of the recipe the image was made from: what the boot proof's console must say. */
  recipeDigest: pulumi.Input<string>;
  /** Regions to copy to, at most one copy each. Plain: it decides which resources exist. */
  regions: string[];
  /**
   * KMS key ARN by region; each must be of its region.
   * @default the AWS-managed key aws/ebs of the region; a copy under it cannot be shared
   */
  kmsKeyArns?: { [region: string]: pulumi.Input<string> };
  /**
   * CPU architecture, for the boot proof's instance type.
   * @default "x86_64"
   */
  architecture?: string;
  /**
   * Whether each copy is booted in its region before it counts as verified. Without it only its state is checked.
   * @default true
   */
  bootProof?: boolean;
  /** Where and how the throwaway instances run, by region. */
  proofs?: { [region: string]: BootProofArgs };
  /**
   * Minutes a copy may take. AWS gives no promise; large images take hours.
   * @default 240
   */
  copyTimeoutMinutes?: number;
  /** Tags for copies and their snapshots. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /** How the gates reach AWS. */
  gates?: GateArgs;
}

/** Encrypted copies of one image, one per region, all at once; each is proven where it is. */
export class ImageCopies extends pulumi.ComponentResource {
  /** Ids of the copies by region, known once they exist. */
  public readonly imageIds: pulumi.Output<{ [region: string]: string }>;
  /** Ids by region that resolve only after the copy is verified. */
  public readonly verifiedImageIds: pulumi.Output<{ [region: string]: string }>;

  private readonly verifiedByRegion: { [region: string]: pulumi.Output<string> } = {};

  constructor(name: string, args: ImageCopiesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:ImageCopies", name, args, opts);
    refuse(this, `ImageCopies "${name}"`, imageCopiesProblems(args).problems);

    const ids: { [region: string]: pulumi.Output<string> } = {};
    const verifiedIds = this.verifiedByRegion;
    for (const region of args.regions) {
      const copy = this.copyTo(region, `${name}-${region}`, args);
      const verified = verifiedTag({
        owner: this,
        name: `${name}-${region}`,
        what: `${args.line} ${args.version} in ${region}`,
        image: copy,
        regionArg: region,
        region,
        digest: copy.tags.apply((tags) => tags?.[TAG.recipe] ?? "unknown"),
        architecture: args.architecture,
        proof: args.proofs?.[region] ?? {},
        boot: args.bootProof ?? true,
        gates: args.gates,
      });
      ids[region] = copy.id;
      verifiedIds[region] = pulumi.all([copy.id, verified.id]).apply(([id]) => id);
    }
    this.imageIds = pulumi.output(ids);
    this.verifiedImageIds = pulumi.output(verifiedIds);
    this.registerOutputs({ imageIds: this.imageIds, verifiedImageIds: this.verifiedImageIds });
  }

  /** One region's verified id: it does not wait for the other regions, as `verifiedImageIds` does. */
  public verifiedImageIdIn(region: string): pulumi.Output<string> {
    const id = this.verifiedByRegion[region];
    if (id) return id;
    const regions = Object.keys(this.verifiedByRegion).join(", ");
    throw new pulumi.ResourceError(`There is no copy in ${region}, only in ${regions}.`, this, true);
  }

  private copyTo(region: string, record: string, args: ImageCopiesArgs): aws.ec2.AmiCopy {
    const { line, version } = args;
    const what = `${line} ${version} to ${region}`;
    const spec = { owner: this, record, gates: args.gates };
    const source = gateHook({
      ...spec,
      gate: "sourceVerified",
      region: args.sourceRegion,
      run: ({ aws: sdk, inputs }) => sourceVerified(sdk, { what, imageId: String(inputs.sourceAmiId) }),
    });
    const arrived = gateHook({
      ...spec,
      gate: "imageAvailable",
      region,
      run: ({ aws: sdk, id, urn, say }) => imageAvailable(sdk, { what, imageId: id, urn, limitMinutes: 60 }, say),
    });
    return new aws.ec2.AmiCopy(
      record,
      {
        name: args.imageName,
        description: pulumi.interpolate`${line} ${version}, copied from ${args.sourceRegion}`,
        sourceAmiId: args.sourceImageId,
        sourceAmiRegion: args.sourceRegion,
        encrypted: true,
        kmsKeyId: args.kmsKeyArns?.[region],
        tags: imageTags(
          {
            line,
            version,
            digest: args.recipeDigest,
            source: pulumi.interpolate`${args.sourceRegion}/${args.sourceImageId}`,
            name: args.imageName,
          },
          args.tags,
        ),
        region,
      },
      {
        parent: this,
        ignoreChanges: COPY_IGNORE_CHANGES,
        customTimeouts: { create: `${args.copyTimeoutMinutes ?? 240}m`, update: "40m", delete: "90m" },
        ...hooked({ beforeCreate: [source], beforeUpdate: [arrived], onError: [startRetryHook(this, record)] }),
      },
    );
  }
}

/** Every problem of the plain values. */
export function imageCopiesProblems(args: ImageCopiesArgs): Checks {
  const checks = new Checks()
    .rule("line", "line", args.line)
    .rule("region", "sourceRegion", args.sourceRegion)
    .rule("imageName", "imageName", args.imageName)
    .rule("imageId", "sourceImageId", args.sourceImageId)
    .regions("regions", args.regions)
    .keys("kmsKeyArns", args.kmsKeyArns, args.regions)
    .rule("minutes", "copyTimeoutMinutes", args.copyTimeoutMinutes)
    .tags("tags", args.tags);
  for (const [region, proof] of Object.entries(args.proofs ?? {})) {
    checks.rule("instanceType", `proofs["${region}"].instanceType`, proof.instanceType);
    checks.rule("minutes", `proofs["${region}"].limitMinutes`, proof.limitMinutes);
  }
  return checks;
}
