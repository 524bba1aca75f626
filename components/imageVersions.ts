import * as pulumi from "@pulumi/pulumi";
import { baseInstanceProblems } from "./baseInstance";
import type { BaseInstanceSettings } from "./baseInstanceSettings";
import type { BootProofArgs } from "./bootProofArgs";
import type { GateArgs } from "./gates/gateArgs";
import { ImageCopies, proofProblems } from "./imageCopies";
import { imageName, NO_IMAGE } from "./internal/names";
import { DEFAULT_ARCHITECTURE } from "./internal/recipe";
import { Checks } from "./internal/rules";
import { versionProblems } from "./internal/versions";
import { MachineImage } from "./machineImage";
import { homeRegion, refuse } from "./parts/component";
import type { Recipe } from "./recipe";

/** An image from outside, used as a version and never deleted. */
export interface AdoptedImage {
  /** Id in the home region. */
  imageId: string;
  /**
   * Account that owns it: compared before it is used, so that a stranger's look-alike never is.
   * @default the stack's own account
   */
  owner?: string;
}

/** Who else may use images. */
export interface ShareWith {
  /** Account ids. */
  accounts?: string[];
  /** ARNs of organisations. */
  organizationArns?: string[];
  /** ARNs of organisational units. */
  organizationalUnitArns?: string[];
}

/** A verified image of another stack, as that stack's `images` output names it. */
export interface PromotedImage {
  /** Id in the source region. */
  imageId: string;
  /** Region of that id. */
  region: string;
  /** Digest of the recipe it was made from. */
  recipeDigest: string;
  /** CPU architecture. */
  architecture: string;
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
   * Instance type of boot proofs, and of base instances whose settings name none.
   * @default "t3.small", or "t4g.small" for arm64
   */
  instanceType?: pulumi.Input<string>;
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

/** One version's images. */
interface VersionImages {
  verified: pulumi.Output<{ [region: string]: string }>;
  /** By itself: a fleet at home does not wait for copies elsewhere. */
  atHome: pulumi.Output<string>;
  digest: pulumi.Output<string>;
  architecture: pulumi.Output<string>;
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
  /** The version in use, as given. */
  public readonly current: pulumi.Output<string>;
  /** CPU architecture of the current version. */
  public readonly architecture: pulumi.Output<string>;

  constructor(name: string, args: ImageVersionsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-ami-lifecycle:index:ImageVersions", name, args, opts);
    refuse(this, `ImageVersions "${name}"`, imageVersionsProblems(args).problems);

    const { versions, current } = args;
    const home = homeRegion(this, args.region);
    const ids: { [version: string]: pulumi.Output<{ [region: string]: string }> } = {};
    const images: { [version: string]: pulumi.Output<PromotedImage> } = {};
    const made = new Map<string, VersionImages>();
    for (const version of versions) {
      const one = args.recipe ? this.baked(name, version, args.recipe, args) : this.promoted(name, version, args);
      made.set(version, one);
      ids[version] = one.verified;
      images[version] = pulumi.output({
        imageId: one.atHome,
        region: home,
        recipeDigest: one.digest,
        architecture: one.architecture,
      });
    }
    const currentImages = made.get(current) as VersionImages;
    this.verifiedImageIds = pulumi.output(ids);
    this.images = pulumi.output(images);
    this.current = pulumi.output(current);
    this.currentImageIds = currentImages.verified;
    this.currentImageId = currentImages.atHome;
    this.architecture = currentImages.architecture;
    this.registerOutputs({
      architecture: this.architecture,
      verifiedImageIds: this.verifiedImageIds,
      images: this.images,
      current: this.current,
      currentImageId: this.currentImageId,
      currentImageIds: this.currentImageIds,
    });
  }

  private baked(name: string, version: string, recipe: Recipe, args: ImageVersionsArgs): VersionImages {
    const image = new MachineImage(
      `${name}-${version}`,
      {
        line: args.line ?? name,
        version,
        recipe,
        bake: version === args.versions[args.versions.length - 1],
        baseImageId: args.baseImageId,
        baseInstance: { instanceType: args.instanceType, ...args.baseInstance },
        limitMinutes: args.limitMinutes,
        proof: args.region === undefined ? undefined : args.proofs?.[args.region],
        copyTo: args.copyTo,
        copyKmsKeyArns: args.copyKmsKeyArns,
        copyProofs: pick(args.proofs, args.copyTo ?? []),
        region: args.region,
        tags: args.tags,
        gates: args.gates,
      },
      { parent: this },
    );
    return {
      verified: image.verifiedImageIds,
      atHome: image.verifiedImageId,
      digest: image.recipeDigest,
      architecture: pulumi.output(recipe.architecture ?? DEFAULT_ARCHITECTURE),
    };
  }

  private promoted(name: string, version: string, args: ImageVersionsArgs): VersionImages {
    const line = args.line ?? name;
    const source = pulumi.output(args.promote).apply((images) => images?.[version]);
    source.apply((image) => {
      if (image) return;
      void pulumi.log.warn(
        `The source stack has no verified image of ${line} ${version}: unless this stack holds its copies already, \`pulumi up\` refuses to copy.`,
        this,
      );
    });
    const architecture = source.apply((image) => image?.architecture ?? DEFAULT_ARCHITECTURE);
    const copies = new ImageCopies(
      `${name}-${version}`,
      {
        sourceImageId: source.apply((image) => image?.imageId ?? NO_IMAGE),
        sourceRegion: source.apply((image) => image?.region ?? (args.region as string)),
        imageName: imageName(line, pulumi.getStack(), version),
        line,
        version,
        recipeDigest: source.apply((image) => image?.recipeDigest ?? "unknown"),
        regions: [args.region as string, ...(args.copyTo ?? [])],
        kmsKeyArns: args.copyKmsKeyArns,
        architecture,
        instanceType: args.instanceType,
        proofs: args.proofs,
        tags: args.tags,
        gates: args.gates,
      },
      { parent: this },
    );
    const home = args.region as string;
    return {
      verified: copies.verifiedImageIds,
      atHome: copies.verifiedImageIdIn(home),
      digest: copies.recipeDigestIn(home),
      architecture,
    };
  }
}

/** The entries of the given regions. */
function pick<T>(byRegion: { [region: string]: T } | undefined, regions: string[]): { [region: string]: T } {
  return Object.fromEntries(Object.entries(byRegion ?? {}).filter(([region]) => regions.includes(region)));
}

/** Every problem of the plain values. */
export function imageVersionsProblems(args: ImageVersionsArgs): Checks {
  const copyTo = args.copyTo ?? [];
  const checks = new Checks()
    .add(...versionProblems(args.versions, args.current))
    .rule("line", "line", args.line)
    .rule("region", "region", args.region)
    .rule("instanceType", "instanceType", args.instanceType)
    .regions("copyTo", copyTo, args.region);
  if ((args.recipe === undefined) === (args.promote === undefined)) {
    checks.add({
      path: "recipe",
      allowed: "either `recipe` (this stack bakes) or `promote` (it takes another stack's images)",
      fix: "Give one of the two",
    });
  }
  if (args.promote !== undefined && args.region === undefined) {
    checks.add({ path: "region", allowed: "a region, with `promote`", fix: "Set it" });
  }
  const regions = [...(args.region === undefined ? [] : [args.region]), ...copyTo];
  checks.add(...proofProblems("proofs", args.proofs, regions).problems);
  if (args.recipe === undefined)
    return checks.keys("copyKmsKeyArns", args.copyKmsKeyArns, regions).tags("tags", args.tags);
  const { recipe, baseImageId, baseInstance: settings, limitMinutes, tags } = args;
  return checks
    .fits("instanceType", args.instanceType, recipe.architecture)
    .keys("copyKmsKeyArns", args.copyKmsKeyArns, copyTo)
    .add(...baseInstanceProblems({ recipe, baseImageId, settings, limitMinutes, tags }, "", "baseInstance").problems);
}
