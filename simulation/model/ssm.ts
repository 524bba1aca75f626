import { UNKNOWN } from "../wire";
import { slug, type Lookups } from "./lookup";
import { partitionOf } from "./regions";

/** Words of public parameter names that tell nothing about the image. */
const NOISE = new Set(["aws", "service", "stable", "current", "hvm", "ami-id", "latest", "server", "ec2", "ami"]);

/** The assumed image that a public parameter points to: `ami-assumed-canonical-ubuntu-24.04-arm64-ebs-gp3-us-east-1`. */
export function publicImage(parameter: string, region: string): string {
  const words = parameter.split("/").filter((word) => word !== "" && !NOISE.has(word));
  return `ami-assumed-${slug(words.join("-"))}-${region}`;
}

/** Public parameters, by which AWS and vendors announce images. Parameters of the account are unknown. */
export const ssmLookups: Lookups = {
  "aws:ssm/getParameter:getParameter": (args, { region }) => {
    const name = typeof args.name === "string" ? args.name : "";
    if (!name.startsWith("/aws/service/")) return undefined;
    const isImage = /ami|image/i.test(name.slice("/aws/service/".length));
    const value = isImage ? publicImage(name, region) : UNKNOWN;
    return {
      certainty: "assumed",
      result: {
        id: name,
        name,
        arn: `arn:${partitionOf(region).name}:ssm:${region}::parameter${name}`,
        type: "String",
        value,
        insecureValue: value,
        version: UNKNOWN,
      },
    };
  },
};
