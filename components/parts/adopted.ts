import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ImageCopies, verifiedCopyIn } from "../imageCopies";
import type { AdoptedImage, ImageVersionsArgs } from "../imageVersionsArgs";
import { imageName } from "../internal/names";
import { ADOPTED } from "../internal/tags";
import { regionOption } from "./component";
import { ownTags } from "./imageTags";
import { verifiedTag } from "./verified";
import { isProtected, pick, type VersionImages } from "./versions";

export interface AdoptedSpec {
  owner: pulumi.ComponentResource;
  /** Of the resources: `web-1.0.0`. */
  name: string;
  line: string;
  version: string;
  image: AdoptedImage;
  /** The home region, as it is. */
  home: pulumi.Output<string>;
}

/**
 * A version whose image is from outside: looked up by id and owner, proven by a boot, copied like any other. It is in no
 * state, so nothing here deletes it; retiring the version takes away its record and its copies.
 */
export function adoptedVersion(spec: AdoptedSpec, args: ImageVersionsArgs): VersionImages {
  const { owner, name, line, version, image, home } = spec;
  const what = `${line} ${version}`;
  const options = { parent: owner };
  const account = aws.getCallerIdentityOutput({}, options).accountId;
  const wanted = image.owner === undefined ? account : pulumi.output(image.owner);
  const found = lookUp(spec, args, what);
  const imageId = found.apply(({ id }) => id);
  const architecture = found.apply((one) => one.architecture);
  const digest = pulumi.output(ADOPTED);
  const tags = ownTags(name, {}, args.tags) as unknown as pulumi.Output<Tags>;
  const verified = verifiedTag({
    owner,
    name,
    what,
    // Its own tags are its owner's: these are for the throwaway instance.
    image: { id: imageId, ownerId: account, tags, tagsAll: tags },
    regionArg: args.region,
    region: home,
    digest,
    hasChecks: false,
    proof: { instanceType: args.instanceType, ...(args.region === undefined ? {} : args.proofs?.[args.region]) },
    adoptedFrom: wanted,
    boot: true,
    gates: args.gates,
  });
  const atHome = pulumi.all([imageId, verified.id]).apply(([id]) => id);
  const copyTo = args.copyTo ?? [];
  const copies =
    copyTo.length === 0
      ? undefined
      : new ImageCopies(
          name,
          {
            sourceImageId: atHome,
            sourceRegion: home,
            sourceOwner: wanted,
            imageName: imageName(line, pulumi.getStack(), version),
            line,
            version,
            recipeDigest: ADOPTED,
            regions: copyTo,
            kmsKeyArns: args.copyKmsKeyArns,
            architecture,
            instanceType: args.instanceType,
            proofs: pick(args.proofs, copyTo),
            protect: isProtected(version, args),
            deprecateAfterDays: args.deprecateAfterDays,
            tags: args.tags,
            gates: args.gates,
          },
          options,
        );
  return {
    verified: pulumi
      .all([home, atHome, copies?.verifiedImageIds])
      .apply(([region, id, others]) => ({ [region]: id, ...others })),
    atHome,
    digest,
    architecture,
    owner: wanted,
    idIn: (region) => (region === undefined || region === args.region ? atHome : verifiedCopyIn(owner, copies, region)),
  };
}

type Tags = { [key: string]: string };

interface Found {
  id: string;
  architecture: string;
}

/** The image by id and owner: a look-alike of somebody else's is not found. */
function lookUp({ owner, image, home }: AdoptedSpec, args: ImageVersionsArgs, what: string): pulumi.Output<Found> {
  const region = regionOption(args.region);
  const query = {
    owners: [image.owner ?? "self"],
    filters: [{ name: "image-id", values: [image.imageId] }],
    includeDeprecated: true,
    ...region,
  };
  const ids = aws.ec2.getAmiIdsOutput(query, { parent: owner }).ids;
  return pulumi.all([ids, home]).apply(([list, at]) => {
    if (list.length === 0) {
      throw new pulumi.ResourceError(
        `${what}: the image ${image.imageId} to adopt is not in ${at}, or not owned by ${image.owner ?? "this account"}. ` +
          "Give the id of an image there, and its owner's account as `owner`.",
        owner,
        true,
      );
    }
    return aws.ec2.getAmiOutput(query, { parent: owner }).apply(({ id, architecture }) => ({ id, architecture }));
  });
}
