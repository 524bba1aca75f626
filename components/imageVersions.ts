import * as pulumi from "@pulumi/pulumi";
import { ImageCopies } from "./imageCopies";
import type { ImageVersionsArgs, PromotedImage } from "./imageVersionsArgs";
import { imageName, NO_IMAGE } from "./internal/names";
import { pointersOf } from "./internal/pointers";
import { MachineImage } from "./machineImage";
import { adoptedVersion } from "./parts/adopted";
import { homeRegion, refuse } from "./parts/component";
import { imageVersionsProblems, isProtected, pick, type VersionImages } from "./parts/versions";

/** Not a field of the class: even a private one would become an output in the schema for other languages. */
const imagesOf = new WeakMap<pulumi.Resource, Map<string, VersionImages>>();

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
  /** The newest version: a candidate until it is `current`. */
  public readonly candidate: pulumi.Output<string>;
  /** The kept version before `current`: what a rollback goes to. Undefined when `current` is the oldest. */
  public readonly previous: pulumi.Output<string | undefined>;
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
      const one = this.make(name, version, args, home);
      made.set(version, one);
      ids[version] = one.verified;
      images[version] = pulumi.output({
        imageId: one.atHome,
        region: home,
        recipeDigest: one.digest,
        architecture: one.architecture,
        owner: one.owner,
      });
    }
    imagesOf.set(this, made);
    const { candidate, previous } = pointersOf(versions, current);
    const currentImages = made.get(current) as VersionImages;
    this.verifiedImageIds = pulumi.output(ids);
    this.images = pulumi.output(images);
    this.current = pulumi.output(current);
    this.candidate = pulumi.output(candidate);
    this.previous = pulumi.output(previous);
    this.currentImageIds = currentImages.verified;
    this.currentImageId = currentImages.atHome;
    this.architecture = currentImages.architecture;
    this.registerOutputs({
      architecture: this.architecture,
      verifiedImageIds: this.verifiedImageIds,
      images: this.images,
      current: this.current,
      candidate: this.candidate,
      previous: this.previous,
      currentImageId: this.currentImageId,
      currentImageIds: this.currentImageIds,
    });
  }

  /** One version's verified id in one region, the home region when none is named: it waits for nothing else. */
  public verifiedImageIdIn(version: string, region?: string): pulumi.Output<string> {
    const one = imagesOf.get(this)?.get(version);
    if (one) return one.idIn(region);
    const kept = [...(imagesOf.get(this)?.keys() ?? [])].join(", ");
    throw new pulumi.ResourceError(`There is no version ${version}, only ${kept}.`, this, true);
  }

  private make(name: string, version: string, args: ImageVersionsArgs, home: pulumi.Output<string>): VersionImages {
    const adopted = args.adopt?.[version];
    if (adopted)
      return adoptedVersion(
        { owner: this, name: `${name}-${version}`, line: args.line ?? name, version, image: adopted, home },
        args,
      );
    return args.promote === undefined ? this.baked(name, version, args) : this.promoted(name, version, args);
  }

  private baked(name: string, version: string, args: ImageVersionsArgs): VersionImages {
    const image = new MachineImage(
      `${name}-${version}`,
      {
        line: args.line ?? name,
        version,
        recipe: args.recipe,
        fromInstanceId: args.fromInstanceId,
        reboot: args.reboot,
        keepRawImage: args.keepRawImage,
        bake: version === args.versions[args.versions.length - 1],
        baseImageId: args.baseImageId,
        baseImage: args.baseImage,
        baseInstance: { instanceType: args.instanceType, ...args.baseInstance },
        limitMinutes: args.limitMinutes,
        proof: args.region === undefined ? undefined : args.proofs?.[args.region],
        copyTo: args.copyTo,
        copyKmsKeyArns: args.copyKmsKeyArns,
        copyProofs: pick(args.proofs, args.copyTo ?? []),
        protect: isProtected(version, args),
        deprecateAfterDays: args.deprecateAfterDays,
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
      architecture: image.architecture,
      owner: image.ownerId,
      idIn: (region) => image.verifiedImageIdIn(region),
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
    const architecture = source.apply((image) => image?.architecture as string);
    const copies = new ImageCopies(
      `${name}-${version}`,
      {
        sourceImageId: source.apply((image) => image?.imageId ?? NO_IMAGE),
        sourceRegion: source.apply((image) => image?.region ?? (args.region as string)),
        sourceOwner: source.apply((image) => image?.owner as string),
        imageName: imageName(line, pulumi.getStack(), version),
        line,
        version,
        recipeDigest: source.apply((image) => image?.recipeDigest ?? "unknown"),
        regions: [args.region as string, ...(args.copyTo ?? [])],
        kmsKeyArns: args.copyKmsKeyArns,
        architecture,
        instanceType: args.instanceType,
        proofs: args.proofs,
        protect: isProtected(version, args),
        deprecateAfterDays: args.deprecateAfterDays,
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
      // The copy tells it when the source has retired the version: the fleet must not change for that.
      architecture: source.apply((image) => (image ? pulumi.output(image.architecture) : copies.architectureIn(home))),
      owner: copies.ownerIdIn(home),
      idIn: (region) => copies.verifiedImageIdIn(region ?? home),
    };
  }
}
