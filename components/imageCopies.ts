import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { proofProblems } from "./bootProofArgs";
import { imageAvailable } from "./gates/imageAvailable";
import { gateHook, gateInputs, hooked, startRetryHook, tagsIn } from "./gates/kit/hooks";
import { valueOf } from "./gates/kit/settings";
import { nameFree } from "./gates/nameFree";
import { sourceVerified } from "./gates/sourceVerified";
import type { ImageCopiesArgs } from "./imageCopiesArgs";
import { deprecationTime } from "./internal/deprecation";
import { defaultInstanceType, NO_IMAGE } from "./internal/names";
import { Checks } from "./internal/rules";
import { ADOPTED, COPY_IGNORE_CHANGES, TAG } from "./internal/tags";
import { after, refuse } from "./parts/component";
import { imageTags } from "./parts/imageTags";
import { keyOf } from "./parts/keys";
import { verifiedTag } from "./parts/verified";

const DEFAULT_COPY_MINUTES = 240;

interface ByRegion {
  [region: string]: pulumi.Output<string>;
}

interface PerRegion {
  verifiedIds: ByRegion;
  copies: { [region: string]: aws.ec2.AmiCopy };
}

/** Not fields of the class: even private ones would become outputs in the schema for other languages. */
const perRegion = new WeakMap<pulumi.Resource, PerRegion>();

/** Encrypted copies of one image, one per region, all at once; each is proven where it is. */
export class ImageCopies extends pulumi.ComponentResource {
  /** Ids of the copies by region, known once they exist. */
  public readonly imageIds: pulumi.Output<{ [region: string]: string }>;
  /** Ids by region that resolve only after the copy is verified. */
  public readonly verifiedImageIds: pulumi.Output<{ [region: string]: string }>;

  constructor(name: string, args: ImageCopiesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:ImageCopies", name, args, opts);
    refuse(this, `ImageCopies "${name}"`, imageCopiesProblems(args).problems);

    // Of the provider that copies: the gates' credentials may be another account's.
    const account = aws.getCallerIdentityOutput({}, { parent: this }).accountId;
    const ids: ByRegion = {};
    const verifiedIds: ByRegion = {};
    const copies: PerRegion["copies"] = {};
    for (const region of args.regions) {
      const copy = this.copyTo(region, `${name}-${region}`, args, account);
      copies[region] = copy;
      const verified = verifiedTag({
        owner: this,
        name: `${name}-${region}`,
        what: `${args.line} ${args.version} in ${region}`,
        image: copy,
        regionArg: region,
        region,
        digest: digestOf(copy),
        hasChecks: args.recipeDigest !== ADOPTED,
        proof: { instanceType: proofType(args), ...args.proofs?.[region] },
        boot: args.bootProof ?? true,
        gates: args.gates,
      });
      this.warnOfWhatStays(copy, region, args);
      ids[region] = copy.id;
      verifiedIds[region] = pulumi.all([copy.id, verified.id]).apply(([id]) => id);
    }
    perRegion.set(this, { verifiedIds, copies });
    this.imageIds = pulumi.output(ids);
    this.verifiedImageIds = pulumi.output(verifiedIds);
    this.registerOutputs({ imageIds: this.imageIds, verifiedImageIds: this.verifiedImageIds });
  }

  /** Digest of the recipe one region's copy was made from, as its own tag says: known even when its source is gone. */
  public recipeDigestIn(region: string): pulumi.Output<string> {
    return digestOf(this.copyIn(region));
  }

  /** The account that owns one region's copy. */
  public ownerIdIn(region: string): pulumi.Output<string> {
    return this.copyIn(region).ownerId;
  }

  /** CPU architecture of one region's copy: known even when its source is gone. */
  public architectureIn(region: string): pulumi.Output<string> {
    return this.copyIn(region).architecture;
  }

  /** One region's verified id: it does not wait for the other regions, as `verifiedImageIds` does. */
  public verifiedImageIdIn(region: string): pulumi.Output<string> {
    return verifiedCopyIn(this, this, region);
  }

  private copyIn(region: string): aws.ec2.AmiCopy {
    const { copies = {} } = perRegion.get(this) ?? {};
    return copies[region] ?? noCopyIn(this, Object.keys(copies), region);
  }

  /** A copy keeps its key and its source: said where config has others, because they have no effect on it. */
  private warnOfWhatStays(copy: aws.ec2.AmiCopy, region: string, args: ImageCopiesArgs): void {
    const what = `The copy of ${args.line} ${args.version} in ${region}`;
    const never = "a version's copies are never made anew";
    pulumi.all([copy.kmsKeyId, args.kmsKeyArns?.[region]]).apply(([is, wanted]) => {
      if (!wanted || is === wanted) return;
      void pulumi.log.warn(
        `${what} stays under ${is || "the AWS-managed key aws/ebs"}, although ${wanted} is configured: ${never}. ` +
          "Versions to come get the new key.",
        this,
      );
    });
    pulumi.all([copy.tags, args.sourceRegion, args.sourceImageId]).apply(([tags, from, id]) => {
      const is = tags?.[TAG.source];
      if (!is || !id || id === NO_IMAGE || is === `${from}/${id}`) return;
      void pulumi.log.warn(
        `${what} stays a copy of ${is}, although its source is now ${from}/${id}: ${never}. Append a new version for another image.`,
        this,
      );
    });
  }

  private copyTo(
    region: string,
    record: string,
    args: ImageCopiesArgs,
    account: pulumi.Output<string>,
  ): aws.ec2.AmiCopy {
    const { line, version } = args;
    const what = `${line} ${version} to ${region}`;
    const key = args.kmsKeyArns?.[region];
    const spec = { owner: this, record, gates: args.gates };
    const copyMinutes = args.copyTimeoutMinutes ?? DEFAULT_COPY_MINUTES;
    const source = gateHook({
      ...spec,
      gate: "sourceVerified",
      region: args.sourceRegion,
      run: async ({ aws: sdk, inputs }) =>
        sourceVerified(sdk, {
          what,
          imageId: String(inputs.sourceAmiId),
          owner: await valueOf(args.sourceOwner),
          boot: args.bootProof ?? true,
        }),
    });
    const free = gateHook({
      ...spec,
      gate: "nameFree",
      region,
      run: async ({ aws: sdk, inputs, say, warn }) =>
        nameFree(
          sdk,
          {
            what,
            name: String(inputs.name),
            account: await valueOf(account),
            tags: tagsIn(inputs),
            limitMinutes: copyMinutes,
          },
          say,
          warn,
        ),
    });
    const arrived = gateHook({
      ...spec,
      gate: "imageAvailable",
      region,
      run: ({ aws: sdk, id, account, say }) =>
        imageAvailable(sdk, { what, imageId: id, account, limitMinutes: 60 }, say),
    });
    return new aws.ec2.AmiCopy(
      record,
      {
        name: args.imageName,
        description: after(
          pulumi.interpolate`${line} ${version}, copied from ${args.sourceRegion}`,
          ...gateInputs(args.gates),
        ),
        sourceAmiId: after(args.sourceImageId, account, args.sourceOwner),
        sourceAmiRegion: args.sourceRegion,
        encrypted: true,
        // Counted from when the source is known to be good, and ignored ever after.
        deprecationTime:
          args.deprecateAfterDays === undefined
            ? undefined
            : after(args.sourceImageId, account).apply(() => deprecationTime(args.deprecateAfterDays as number)),
        kmsKeyId:
          key === undefined ? undefined : keyOf(this, `ImageCopies of ${line} ${version}`, "kmsKeyArns", region, key),
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
        ...(args.protect && { protect: true }),
        ignoreChanges: COPY_IGNORE_CHANGES,
        customTimeouts: { create: `${copyMinutes}m`, update: "40m", delete: "90m" },
        ...hooked({ beforeCreate: [source, free], beforeUpdate: [arrived], onError: [startRetryHook(this, record)] }),
      },
    );
  }
}

const digestOf = (copy: aws.ec2.AmiCopy): pulumi.Output<string> =>
  copy.tags.apply((tags) => tags?.[TAG.recipe] ?? "unknown");

/** The type asked for, or one for the architecture that is said; without either the image itself decides. */
const proofType = ({ instanceType, architecture }: ImageCopiesArgs): pulumi.Output<string> =>
  pulumi
    .all([instanceType, architecture])
    .apply(([type, of]) => type ?? (of === undefined ? undefined : defaultInstanceType(of))) as pulumi.Output<string>;

function noCopyIn(owner: pulumi.Resource, regions: string[], region: string): never {
  throw new pulumi.ResourceError(
    `There is no copy in ${region}, only in ${regions.join(", ") || "none"}.`,
    owner,
    true,
  );
}

/** One region's verified id among the copies, or a clear error at `owner`. */
export function verifiedCopyIn(
  owner: pulumi.Resource,
  copies: ImageCopies | undefined,
  region: string,
): pulumi.Output<string> {
  const { verifiedIds = {} } = (copies && perRegion.get(copies)) ?? {};
  return verifiedIds[region] ?? noCopyIn(owner, Object.keys(verifiedIds), region);
}

/** Every problem of the plain values. */
export function imageCopiesProblems(args: ImageCopiesArgs): Checks {
  const checks = new Checks()
    .rule("line", "line", args.line)
    .rule("region", "sourceRegion", args.sourceRegion)
    .rule("imageName", "imageName", args.imageName)
    .rule("imageId", "sourceImageId", args.sourceImageId)
    .rule("architecture", "architecture", args.architecture)
    .rule("instanceType", "instanceType", args.instanceType)
    .regions("regions", args.regions)
    .keys("kmsKeyArns", args.kmsKeyArns, args.regions)
    .rule("minutes", "copyTimeoutMinutes", args.copyTimeoutMinutes)
    .rule("deprecationDays", "deprecateAfterDays", args.deprecateAfterDays)
    .rule("account", "sourceOwner", args.sourceOwner)
    .tags("tags", args.tags);
  return checks.add(...proofProblems("proofs", args.proofs, args.regions).problems);
}
