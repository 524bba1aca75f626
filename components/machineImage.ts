import * as pulumi from "@pulumi/pulumi";
import { BaseInstance, baseInstanceProblems } from "./baseInstance";
import { type BootProofArgs, proofProblems } from "./bootProofArgs";
import type { MachineImageArgs } from "./machineImageArgs";
import { ImageCopies, verifiedCopyIn } from "./imageCopies";
import { imageName, rawImageName, versionedName } from "./internal/names";
import { DEFAULT_ARCHITECTURE, recipeDigest } from "./internal/recipe";
import type { Checks } from "./internal/rules";
import { serverProblems, startsFrom } from "./internal/fromServerRules";
import { ADOPTED, TAG } from "./internal/tags";
import { isVersion } from "./internal/versions";
import { homeRegion, refuse } from "./parts/component";
import { DEFAULT_MINUTES, takeImage } from "./parts/takeImage";
import { verifiedTag } from "./parts/verified";
import type { Recipe } from "./recipe";

/** Not a field of the class: even a private one would become an output in the schema for other languages. */
const placesOf = new WeakMap<pulumi.Resource, { home: unknown; copies: ImageCopies | undefined }>();

/**
 * One version of a line: a base instance runs the recipe, the image is taken only when it finished, booted and checked
 * before it counts as verified, then copied to other regions and proven there. Or of an existing server: as it is, or
 * cleaned on a base instance of its own.
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
  /** Digest of the recipe the image was made from; `adopted` for an image of an existing server, made without one. */
  public readonly recipeDigest: pulumi.Output<string>;
  /** Region it was baked in. */
  public readonly region: pulumi.Output<string>;
  /** Account that owns it. */
  public readonly ownerId: pulumi.Output<string>;
  /** CPU architecture. */
  public readonly architecture: pulumi.Output<string>;
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
    const digest = args.recipe ? recipeDigest(args.recipe) : ADOPTED;
    const common = { owner: this, line, what, digest, region };
    const { fromInstanceId } = args;
    const bake = args.bake !== false;
    // With the raw image goes the base instance, which could not be made anew: the image stays, as an older version's.
    const rawRetired = args.keepRawImage === false;
    const raw =
      bake && args.recipe && fromInstanceId !== undefined && !rawRetired
        ? takeImage(
            {
              ...common,
              record: `${prefix}-raw`,
              physicalName: rawImageName(physicalName),
              server: { instanceId: fromInstanceId, reboot: args.reboot ?? false },
              raw: true,
            },
            args,
          )
        : undefined;
    const base =
      bake && args.recipe && !rawRetired
        ? new BaseInstance(
            `${prefix}-base`,
            {
              recipe: args.recipe,
              baseImageId: raw?.id ?? args.baseImageId,
              baseImage: args.baseImage,
              settings: args.baseInstance,
              // The guest's own limit is the second net, well behind the gate's. In two steps only: it is part of the user data.
              limitMinutes: (args.limitMinutes ?? DEFAULT_MINUTES) <= DEFAULT_MINUTES ? 60 : 1440,
              region: args.region,
              tags,
            },
            { parent: this },
          )
        : undefined;
    const server =
      bake && !args.recipe && fromInstanceId !== undefined
        ? { instanceId: fromInstanceId, reboot: args.reboot ?? true }
        : undefined;
    const made = { record: prefix, physicalName, base, server, madeFrom: raw, rawRetired: bake && rawRetired };
    const image = takeImage({ ...common, ...made }, args);
    // A recipe says it; a server's image does.
    const architecture = args.recipe
      ? pulumi.output(args.recipe.architecture ?? DEFAULT_ARCHITECTURE)
      : image.architecture;
    const madeFrom = image.tags.apply((t) => t?.[TAG.recipe] ?? digest);
    if (bake && args.recipe) warnWhenEdited(this, what, madeFrom, digest);
    if (raw ?? server) warnWhenMoved(this, what, (raw ?? image).tags, fromInstanceId);

    const verified = verifiedTag({
      owner: this,
      name: prefix,
      what,
      image,
      regionArg: args.region,
      region,
      digest: madeFrom,
      hasChecks: args.recipe !== undefined,
      proof: { ...proofBeside(base, args), ...args.proof },
      boot: true,
      gates,
    });
    this.imageId = image.id;
    this.verifiedImageId = pulumi.all([image.id, verified.id]).apply(([id]) => id);
    this.imageName = pulumi.output(physicalName);
    this.recipeDigest = madeFrom;
    this.region = region;
    this.ownerId = image.ownerId;
    this.architecture = architecture;
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
              architecture,
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
    placesOf.set(this, { home: args.region, copies });
    this.registerOutputs({
      imageId: this.imageId,
      verifiedImageId: this.verifiedImageId,
      verifiedImageIds: this.verifiedImageIds,
      imageName: this.imageName,
      recipeDigest: this.recipeDigest,
      region: this.region,
      ownerId: this.ownerId,
      architecture: this.architecture,
      baseInstanceId: this.baseInstanceId,
    });
  }

  /** One region's verified id, the home region's when none is named: it waits for no other region. */
  public verifiedImageIdIn(region?: string): pulumi.Output<string> {
    const { home, copies } = placesOf.get(this) ?? {};
    return region === undefined || region === home ? this.verifiedImageId : verifiedCopyIn(this, copies, region);
  }
}

/** Where the proof runs unless it is told: as the base instance, or, of a server's image, as its settings say. */
function proofBeside(base: BaseInstance | undefined, args: MachineImageArgs): BootProofArgs {
  const { instanceType, subnetId, securityGroupIds, instanceProfile } = base ?? args.baseInstance ?? {};
  return {
    instanceType,
    subnetId,
    // Groups of the base instance's network: of no use in another subnet's.
    securityGroupIds: args.proof?.subnetId === undefined ? securityGroupIds : undefined,
    instanceProfile: instanceProfile as pulumi.Input<string> | undefined,
  };
}

/** Another server without a new version keeps the image, too. */
function warnWhenMoved(
  component: pulumi.ComponentResource,
  what: string,
  tags: pulumi.Output<{ [key: string]: string } | undefined>,
  server: pulumi.Input<string> | undefined,
): void {
  pulumi.all([tags, server]).apply(([made, now]) => {
    const source = made?.[TAG.source];
    if (source === undefined || source === now) return;
    void pulumi.log.warn(
      `${what} was made of the server ${source}, but \`fromInstanceId\` is now ${now}: the image stays as it is. ` +
        "Append a new version to make one of the other server.",
      component,
    );
  });
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

/** Every problem of the plain values. */
function machineImageProblems(args: MachineImageArgs, line: string, physicalName: string): Checks {
  const { version, recipe } = args;
  const checks = serverProblems(args);
  if (recipe) checks.add(...baseProblems(recipe, args).problems);
  else checks.tags("tags", args.tags);
  if (!isVersion(version)) {
    checks.add({
      path: "version",
      given: version,
      allowed: "a version such as 1.4.0 or 2.0.0-rc.1",
      fix: "Use MAJOR.MINOR.PATCH",
    });
  }
  const copyTo = args.copyTo ?? [];
  const rawName = recipe && args.fromInstanceId !== undefined ? rawImageName(physicalName) : undefined;
  return checks
    .rule("line", "line", line)
    .rule("imageName", "image name", rawName ?? physicalName)
    .rule("minutes", "limitMinutes", args.limitMinutes)
    .rule("deprecationDays", "deprecateAfterDays", args.deprecateAfterDays)
    .rule("minutes", "proof.limitMinutes", args.proof?.limitMinutes)
    .rule("instanceType", "proof.instanceType", args.proof?.instanceType)
    .regions("copyTo", copyTo, args.region)
    .keys("copyKmsKeyArns", args.copyKmsKeyArns, copyTo)
    .add(...proofProblems("copyProofs", args.copyProofs, copyTo).problems);
}

function baseProblems(recipe: Recipe, args: MachineImageArgs): Checks {
  const { baseInstance: settings, region, tags } = args;
  return baseInstanceProblems({ recipe, ...startsFrom(args), settings, region, tags }, "", "baseInstance");
}
