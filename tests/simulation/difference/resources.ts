import type { RecordedResource, WireObject } from "../../../simulation/types";

export const INSTANCE = "aws:ec2/instance:Instance";
export const COPY = "aws:ec2/amiCopy:AmiCopy";
export const TAG = "aws:ec2/tag:Tag";
export const OTHER = "random:index/randomId:RandomId";
export const U = "[unknown]";

export const urn = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;

export function resource(
  type: string,
  name: string,
  inputs: WireObject,
  more: Partial<RecordedResource> = {},
): RecordedResource {
  return { urn: urn(type, name), type, name, kind: "custom", dependsOn: [], inputs, options: {}, hooks: {}, ...more };
}
