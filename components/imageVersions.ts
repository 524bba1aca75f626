import * as pulumi from "@pulumi/pulumi";
import type { BaseInstanceSettings } from "./baseInstanceSettings";
import type { BootProofArgs } from "./bootProofArgs";
import type { GateArgs } from "./gates/gateArgs";
import { ImageCopies } from "./imageCopies";
import { imageName, NO_IMAGE } from "./internal/names";
import { Checks } from "./internal/rules";
import { versionProblems } from "./internal/versions";
import { MachineImage } from "./machineImage";
import { homeRegion, refuse } from "./parts/component";
import type { Recipe } from "./recipe";

/** A verified image of another stack, as that stack's `images` output names it. */
export interface PromotedImage {
  /** Id in the source region. */
  imageId: string;
  /** Region of that id. */
  region: string;
  /** Digest of the recipe it was made from. */
  recipeDigest: string;
}

export interface ImageVersionsArgs {
  /** Versions kept, oldest first. Append to bake; only the last may be new. Plain: it decides which resources exist. */
  versions: string[];
  /** The version in use: one of `versions`. Set it back to roll back. */
  current: string;
  /** What the newest version is baked from. Plain. Not together with `promote`. */
  recipe?: Recipe;
  /**
   * Verified images of another stack by version: nothing is baked, each version is copied, the home region's too, so
   * that nothing done to the source can take it away. Not together with `recipe`.
   */
  promote?: pulumi.Input<{ [version: string]: PromotedImage }>;
  /** Region the promoted images are in. Needed with `promote`. */
  promoteRegion?: pulumi.Input<string>;
  /**
   * Name of the line.
   * @default the component's name
   */
  line?: string;
  /** Image to start from. Default: the newest of the recipe's system. */
  baseImageId?: pulumi.Input<string>;
  /** How base instances run. */
  baseInstance?: BaseInstanceSettings;
  /**
   * Minutes a recipe may take.
   * @default 30
   */
  limitMinutes?: number;
  /**
   * CPU architecture of promoted images.
   * @default "x86_64"
   */
  architecture?: string;
  /**
   * Further regions that get a copy of every version. Plain.
   * @default none
   */
  copyTo?: string[];
  /** KMS key ARN by region, for the copies. With `promote` the home region's too. */
  copyKmsKeyArns?: { [region: string]: pulumi.Input<string> };
  /** Boot proofs by region. */
  proofs?: { [region: string]: BootProofArgs };
  /**
   * Home region. Plain: with `promote` it names the copy.
   * @default the provider's; needed with `promote`
   */
  region?: string;
  /** Tags for everything made. */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /** How the gates reach AWS. */
  gates?: GateArgs;
}

/** The versions of a line that are kept, and which one is current. Removing a version from the list retires it. */
export class ImageVersions extends pulumi.ComponentResource {
  /** Verified ids by version and region. */
  public readonly verifiedImageIds: pulumi.Output<{ [version: string]: { [region: string]: string } }>;
  /** The home region's verified images, for other stacks to promote. */
  public readonly images: pulumi.Output<{ [version: string]: PromotedImage }>;
  /** The current version's verified id in the home region. */
  public readonly currentImageId: pulumi.Output<string>;
  /** The current version's verified ids by region. */
  public readonly currentImageIds: pulumi.Output<{ [region: string]: string }>;
  public readonly current: pulumi.Output<string>;

  constructor(name: string, args: ImageVersionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:ImageVersions", name, args, opts);
    refuse(this, `ImageVersions "${name}"`, imageVersionsProblems(args).problems);

    const { versions, current } = args;
    const home = homeRegion(this, args.region);
    const ids: { [version: string]: pulumi.Output<{ [region: string]: string }> } = {};
    const images: { [version: string]: pulumi.Output<PromotedImage> } = {};
    // By itself: a fleet at home does not wait for copies elsewhere.
    let currentImageId: pulumi.Output<string> | undefined;
    for (const version of versions) {
      const { verified, atHome, digest } = args.recipe
        ? this.baked(name, version, args.recipe, args)
        : this.promoted(name, version, args);
      ids[version] = verified;
      images[version] = pulumi.output({ imageId: atHome, region: home, recipeDigest: digest });
      if (version === current) currentImageId = atHome;
    }
    this.verifiedImageIds = pulumi.output(ids);
    this.images = pulumi.output(images);
    this.current = pulumi.output(current);
    this.currentImageIds = ids[current] as pulumi.Output<{ [region: string]: string }>;
    this.currentImageId = currentImageId as pulumi.Output<string>;
    this.registerOutputs({
      verifiedImageIds: this.verifiedImageIds,
      images: this.images,
      current: this.current,
      currentImageId: this.currentImageId,
      currentImageIds: this.currentImageIds,
    });
  }

  private baked(name: string, version: string, recipe: Recipe, args: ImageVersionsArgs) {
    const image = new MachineImage(
      `${name}-${version}`,
      {
        line: args.line ?? name,
        version,
        recipe,
        bake: version === args.versions[args.versions.length - 1],
        baseImageId: args.baseImageId,
        baseInstance: args.baseInstance,
        limitMinutes: args.limitMinutes,
        proof: args.region === undefined ? undefined : args.proofs?.[args.region],
        copyTo: args.copyTo,
        copyKmsKeyArns: args.copyKmsKeyArns,
        copyProofs: args.proofs,
        region: args.region,
        tags: args.tags,
        gates: args.gates,
      },
      { parent: this },
    );
    return { verified: image.verifiedImageIds, atHome: image.verifiedImageId, digest: image.recipeDigest };
  }

  private promoted(name: string, version: string, args: ImageVersionsArgs) {
    const line = args.line ?? name;
    const source = pulumi.output(args.promote).apply((images) => images?.[version]);
    source.apply((image) => {
      if (image) return;
      void pulumi.log.warn(
        `The source stack has no verified image of ${line} ${version}: unless this stack holds its copies already, \`pulumi up\` refuses to copy.`,
        this,
      );
    });
    const digest = source.apply((image) => image?.recipeDigest ?? "unknown");
    const copies = new ImageCopies(
      `${name}-${version}`,
      {
        sourceImageId: source.apply((image) => image?.imageId ?? NO_IMAGE),
        sourceRegion: pulumi.output(args.promoteRegion as pulumi.Input<string>),
        imageName: imageName(line, pulumi.getStack(), version),
        line,
        version,
        recipeDigest: digest,
        regions: [args.region as string, ...(args.copyTo ?? [])],
        kmsKeyArns: args.copyKmsKeyArns,
        architecture: args.architecture,
        proofs: args.proofs,
        tags: args.tags,
        gates: args.gates,
      },
      { parent: this },
    );
    return { verified: copies.verifiedImageIds, atHome: copies.verifiedImageIdIn(args.region as string), digest };
  }
}

/** Every problem of the plain values. */
export function imageVersionsProblems(args: ImageVersionsArgs): Checks {
  const copyTo = args.copyTo ?? [];
  const checks = new Checks()
    .add(...versionProblems(args.versions, args.current))
    .rule("line", "line", args.line)
    .rule("region", "region", args.region)
    .regions("copyTo", copyTo, args.region);
  if ((args.recipe === undefined) === (args.promote === undefined)) {
    checks.add({
      path: "recipe",
      allowed: "either `recipe` (this stack bakes) or `promote` (it takes another stack's images)",
      fix: "Give one of the two",
    });
  }
  if (args.promote === undefined) return checks.keys("copyKmsKeyArns", args.copyKmsKeyArns, copyTo);
  for (const path of ["region", "promoteRegion"] as const) {
    if (args[path] === undefined) checks.add({ path, allowed: "a region, with `promote`", fix: "Set it" });
  }
  return checks.keys("copyKmsKeyArns", args.copyKmsKeyArns, [...(args.region ? [args.region] : []), ...copyTo]);
}
