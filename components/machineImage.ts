import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { BaseInstance, baseInstanceProblems } from "./baseInstance";
import { proofProblems } from "./bootProofArgs";
import type { MachineImageArgs } from "./machineImageArgs";
import { imageAvailable } from "./gates/imageAvailable";
import { gateHook, gateInputs, hooked, startRetryHook, tagsIn } from "./gates/kit/hooks";
import { accountOf } from "./gates/kit/aws";
import { valueOf } from "./gates/kit/settings";
import { nameFree } from "./gates/nameFree";
import { neverBaked } from "./gates/neverBaked";
import { recipeFinished } from "./gates/recipeFinished";
import { ImageCopies, verifiedCopyIn } from "./imageCopies";
import { deprecationTime } from "./internal/deprecation";
import { imageName, NO_INSTANCE, versionedName } from "./internal/names";
import { recipeDigest } from "./internal/recipe";
import type { Checks } from "./internal/rules";
import { IMAGE_IGNORE_CHANGES, TAG } from "./internal/tags";
import { isVersion } from "./internal/versions";
import { after, homeRegion, refuse, regionOption } from "./parts/component";
import { imageTags } from "./parts/imageTags";
import { verifiedTag } from "./parts/verified";

const DEFAULT_MINUTES = 30;

/** Not a field of the class: even a private one would become an output in the schema for other languages. */
const copiesOf = new WeakMap<pulumi.Resource, ImageCopies>();

/**
 * One version of a line: a base instance runs the recipe, the image is taken only when it finished, booted and checked
 * before it counts as verified, then copied to other regions and proven there.
 */
export class MachineImage extends pulumi.ComponentResource {
  /** Known as soon as the image exists, proven or not. Use `verifiedImageId`. */
  public readonly imageId: pulumi.Output<string>;
  /** Resolves only after the image has booted and passed its checks. Use this one. */
  public readonly verifiedImageId: pulumi.Output<string>;
  /** Verified ids by region, the home region's too. */
  public readonly verifiedImageIds: pulumi.Output<{ [region: string]: string }>;
  /** Physical name, `LINE/STACK/VERSION`. */
  public readonly imageName: pulumi.Output<string>;
  /** Digest of the recipe the image was made from. */
  public readonly recipeDigest: pulumi.Output<string>;
  /** Region it was baked in. */
  public readonly region: pulumi.Output<string>;
  /** Account that owns it. */
  public readonly ownerId: pulumi.Output<string>;
  /** The base instance, stopped after the bake; undefined for a version that is not baked. */
  public readonly baseInstanceId: pulumi.Output<string | undefined>;

  constructor(name: string, args: MachineImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:MachineImage", name, args, opts);
    const line = args.line ?? name;
    const { version, tags, gates } = args;
    const physicalName = imageName(line, pulumi.getStack(), version);
    refuse(this, `MachineImage "${name}"`, machineImageProblems(args, line, physicalName).problems);

    const what = `${line} ${version}`;
    const prefix = versionedName(name, version);
    const region = homeRegion(this, args.region);
    const digest = recipeDigest(args.recipe);
    const base =
      args.bake === false
        ? undefined
        : new BaseInstance(
            `${prefix}-base`,
            {
              recipe: args.recipe,
              baseImageId: args.baseImageId,
              baseImage: args.baseImage,
              settings: args.baseInstance,
              // The guest's own limit is the second net, well behind the gate's. In two steps only: it is part of the user data.
              limitMinutes: (args.limitMinutes ?? DEFAULT_MINUTES) <= DEFAULT_MINUTES ? 60 : 1440,
              region: args.region,
              tags,
            },
            { parent: this },
          );
    const image = this.takeImage({ prefix, line, what, physicalName, digest, base, region }, args);
    const madeFrom = image.tags.apply((t) => t?.[TAG.recipe] ?? digest);
    if (base) warnWhenEdited(this, what, madeFrom, digest);

    const verified = verifiedTag({
      owner: this,
      name: prefix,
      what,
      image,
      regionArg: args.region,
      region,
      digest: madeFrom,
      architecture: args.recipe.architecture,
      proof: {
        instanceType: base?.instanceType,
        subnetId: base?.subnetId,
        // Groups of the base instance's network: of no use in another subnet's.
        securityGroupIds: args.proof?.subnetId === undefined ? base?.securityGroupIds : undefined,
        instanceProfile: base?.instanceProfile as pulumi.Output<string> | undefined,
        ...args.proof,
      },
      boot: true,
      gates,
    });
    this.imageId = image.id;
    this.verifiedImageId = pulumi.all([image.id, verified.id]).apply(([id]) => id);
    this.imageName = pulumi.output(physicalName);
    this.recipeDigest = madeFrom;
    this.region = region;
    this.ownerId = image.ownerId;
    this.baseInstanceId = pulumi.output(base?.instanceId);
    const copies =
      (args.copyTo ?? []).length === 0
        ? undefined
        : new ImageCopies(
            prefix,
            {
              sourceImageId: this.verifiedImageId,
              sourceRegion: region,
              imageName: physicalName,
              line,
              version,
              recipeDigest: madeFrom,
              regions: args.copyTo ?? [],
              kmsKeyArns: args.copyKmsKeyArns,
              architecture: args.recipe.architecture,
              instanceType: args.baseInstance?.instanceType,
              proofs: args.copyProofs,
              protect: args.protect,
              deprecateAfterDays: args.deprecateAfterDays,
              tags,
              gates,
            },
            { parent: this },
          );
    this.verifiedImageIds = pulumi
      .all([region, this.verifiedImageId, copies?.verifiedImageIds])
      .apply(([home, id, others]) => ({ [home]: id, ...others }));
    if (copies) copiesOf.set(this, copies);
    this.registerOutputs({
      imageId: this.imageId,
      verifiedImageId: this.verifiedImageId,
      verifiedImageIds: this.verifiedImageIds,
      imageName: this.imageName,
      recipeDigest: this.recipeDigest,
      region: this.region,
      ownerId: this.ownerId,
      baseInstanceId: this.baseInstanceId,
    });
  }

  /** One region's verified id, the home region's when none is named: it waits for no other region. */
  public verifiedImageIdIn(region?: string): pulumi.Output<string> {
    return region === undefined ? this.verifiedImageId : verifiedCopyIn(this, copiesOf.get(this), region);
  }

  private takeImage(bake: Bake, args: MachineImageArgs): aws.ec2.AmiFromInstance {
    const { prefix, what, physicalName, digest, base, region } = bake;
    const { gates } = args;
    const spec = { owner: this, record: prefix, region, gates };
    const finished = base
      ? gateHook({
          ...spec,
          gate: "recipeFinished",
          run: async ({ aws: sdk, inputs, say }) =>
            recipeFinished(
              sdk,
              {
                what,
                instanceId: String(inputs.sourceInstanceId),
                account: accountOf(await valueOf(base.arn)),
                token: digest,
                limitMinutes: args.limitMinutes ?? DEFAULT_MINUTES,
                urn: await valueOf(base.instanceUrn),
              },
              say,
            ),
        })
      : gateHook({ ...spec, gate: "neverBaked", run: () => Promise.reject(neverBaked(what)) });
    const available = gateHook({
      ...spec,
      gate: "imageAvailable",
      run: ({ aws: sdk, id, account, say }) =>
        imageAvailable(sdk, { what, imageId: id, account, limitMinutes: 60 }, say),
    });
    const free = gateHook({
      ...spec,
      gate: "nameFree",
      run: async ({ aws: sdk, inputs, say, warn }) =>
        nameFree(
          sdk,
          {
            what,
            name: physicalName,
            account: base && accountOf(await valueOf(base.arn)),
            tags: tagsIn(inputs),
            limitMinutes: 60,
          },
          say,
          warn,
        ),
    });
    const source = base?.instanceId ?? NO_INSTANCE;
    return new aws.ec2.AmiFromInstance(
      prefix,
      {
        name: physicalName,
        description: after(`${what}, baked by ${pulumi.getProject()}/${pulumi.getStack()}`, ...gateInputs(gates)),
        sourceInstanceId: source,
        snapshotWithoutReboot: false,
        // Counted from when the machine is there: known in the run that makes the image, and ignored ever after.
        deprecationTime:
          args.deprecateAfterDays === undefined
            ? undefined
            : base?.instanceId.apply(() => deprecationTime(args.deprecateAfterDays as number)),
        tags: imageTags({ line: bake.line, version: args.version, digest, source, name: physicalName }, args.tags),
        ...regionOption(args.region),
      },
      {
        parent: this,
        ...(args.protect && { protect: true }),
        ignoreChanges: IMAGE_IGNORE_CHANGES,
        customTimeouts: { create: "60m", update: "40m", delete: "90m" },
        ...hooked({
          beforeCreate: base ? [free, finished] : [finished],
          beforeUpdate: [available],
          onError: [startRetryHook(this, prefix)],
        }),
      },
    );
  }
}

/** What taking the image needs to know of the version. */
interface Bake {
  prefix: string;
  line: string;
  what: string;
  physicalName: string;
  digest: string;
  base: BaseInstance | undefined;
  region: pulumi.Output<string>;
}

/** An edited recipe without a new version keeps the image: said, because the new base instance runs for nothing. */
function warnWhenEdited(
  component: pulumi.ComponentResource,
  what: string,
  madeFrom: pulumi.Output<string>,
  digest: string,
): void {
  madeFrom.apply((made) => {
    if (made === digest) return;
    void pulumi.log.warn(
      `${what} was baked from recipe ${made}, but the recipe is now ${digest}: the image stays as it is. ` +
        "Append a new version to bake the edited recipe.",
      component,
    );
  });
}

function machineImageProblems(args: MachineImageArgs, line: string, physicalName: string): Checks {
  const { version } = args;
  const checks = baseInstanceProblems(
    {
      recipe: args.recipe,
      baseImageId: args.baseImageId,
      baseImage: args.baseImage,
      settings: args.baseInstance,
      region: args.region,
      tags: args.tags,
    },
    "",
    "baseInstance",
  );
  if (!isVersion(version)) {
    checks.add({
      path: "version",
      given: version,
      allowed: "a version such as 1.4.0 or 2.0.0-rc.1",
      fix: "Use MAJOR.MINOR.PATCH",
    });
  }
  const copyTo = args.copyTo ?? [];
  return checks
    .rule("line", "line", line)
    .rule("imageName", "image name", physicalName)
    .rule("minutes", "limitMinutes", args.limitMinutes)
    .rule("deprecationDays", "deprecateAfterDays", args.deprecateAfterDays)
    .rule("minutes", "proof.limitMinutes", args.proof?.limitMinutes)
    .rule("instanceType", "proof.instanceType", args.proof?.instanceType)
    .regions("copyTo", copyTo, args.region)
    .keys("copyKmsKeyArns", args.copyKmsKeyArns, copyTo)
    .add(...proofProblems("copyProofs", args.copyProofs, copyTo).problems);
}
