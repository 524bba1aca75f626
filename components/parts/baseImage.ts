import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type BaseImageQuery, describeQuery } from "../internal/baseImageRules";
import { DEFAULT_ARCHITECTURE, sourceOf } from "../internal/recipe";
import type { Recipe } from "../recipe";
import { regionOption } from "./component";

/** Who owns the images of AWS Marketplace, as AWS says it. */
const MARKETPLACE = "aws-marketplace";

/** Id of the image to start from: of the caller's choice, else the newest of the recipe's system. */
export function baseImage(
  parent: pulumi.Resource,
  recipe: Recipe,
  chosen: BaseImageQuery | undefined,
  givenRegion: pulumi.Input<string> | undefined,
): pulumi.Output<string> {
  const query: BaseImageQuery = chosen ?? sourceOf(recipe.os, recipe.architecture);
  const region = regionOption(givenRegion);
  if (query.ssmParameter !== undefined)
    return aws.ssm.getParameterOutput({ name: query.ssmParameter, ...region }, { parent }).insecureValue;
  const owner = query.productCode === undefined ? (query.owner as string) : MARKETPLACE;
  const filter = (name: string, value: string) => ({ name, values: [value] });
  const found = aws.ec2.getAmiOutput(
    {
      owners: [owner],
      mostRecent: true,
      includeDeprecated: false,
      filters: [
        ...(query.productCode === undefined
          ? [filter("name", query.namePattern as string)]
          : [filter("product-code", query.productCode), filter("product-code.type", "marketplace")]),
        filter("architecture", recipe.architecture ?? DEFAULT_ARCHITECTURE),
        filter("state", "available"),
        filter("virtualization-type", "hvm"),
        filter("root-device-type", "ebs"),
      ],
      ...region,
    },
    { parent },
  );
  return pulumi.all([found.imageId, found.ownerId, found.imageOwnerAlias]).apply(([id, ownerId, alias]) => {
    if (isOf(owner, ownerId, alias)) return id;
    throw new pulumi.ResourceError(
      `The base image found for ${describeQuery(query)} is ${id} of ${alias || ownerId}, not of ${owner}: it is not used.`,
      parent,
      true,
    );
  });
}

/** AWS was asked for this owner's images; that it answered with one is compared all the same. */
function isOf(owner: string, ownerId: string | undefined, alias: string | undefined): boolean {
  if (owner === "self") return !alias || alias === "self";
  return /^\d{12}$/.test(owner) ? !ownerId || ownerId === owner : !alias || alias === owner;
}
