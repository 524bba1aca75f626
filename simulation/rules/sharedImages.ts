import { flag, isSaid } from "../values";
import { type ByUrn, object, sourcesOf } from "../inputs";
import { TYPES } from "../resourceTypes";
import type { RecordedResource, WireObject } from "../types";
import { knownText } from "../wire";
import type { Finding } from "./finding";

const BLOCK = "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess";

/** The image that a permission is for, through the records that may be between. */
function imageOf(resource: RecordedResource, input: string, byUrn: ByUrn): RecordedResource | undefined {
  for (const source of sourcesOf(resource, input, byUrn)) {
    if (source.type === TYPES.image || source.type === TYPES.copy) return source;
    if (source.type !== TYPES.tag) continue;
    const found = imageOf(source, "resourceId", byUrn);
    if (found) return found;
  }
  return undefined;
}

interface Encryption {
  /** Undefined where it is known only later, or to AWS. */
  encrypted?: boolean;
  /** Under the key that AWS has for EBS in each account. */
  isAwsKey: boolean;
}

const UNKNOWN: Encryption = { isAwsKey: false };

function encryptionBy({ encrypted, kmsKeyId }: WireObject): Encryption {
  const isEncrypted = isSaid(encrypted) ? flag(encrypted) : false;
  if (isEncrypted !== true) return { ...UNKNOWN, ...(isEncrypted === false && { encrypted: false }) };
  const isAwsKey = !isSaid(kmsKeyId) || (knownText(kmsKeyId)?.endsWith("alias/aws/ebs") ?? false);
  return { encrypted: true, isAwsKey };
}

function encryptionOf(image: RecordedResource, byUrn: ByUrn): Encryption {
  if (image.type === TYPES.copy) {
    const own = encryptionBy(image.inputs);
    // A copy of an encrypted image is encrypted, whatever it says.
    return own.encrypted === false ? UNKNOWN : own;
  }
  const [source] = sourcesOf(image, "sourceInstanceId", byUrn);
  return source === undefined ? UNKNOWN : encryptionBy(object(source.inputs.rootBlockDevice));
}

const inSamePlace = (a: RecordedResource, b: RecordedResource): boolean =>
  a.region !== undefined && a.region === b.region && a.provider === b.provider;

/** Images that AWS does not let be shared, or that their receivers could not start: EC2 user guide, "Share an AMI". */
export function sharingFindings(resources: readonly RecordedResource[], byUrn: ByUrn): Finding[] {
  const blocking = resources.filter(({ type, inputs }) => type === BLOCK && inputs.state === "block-new-sharing");
  const defaultKeys = resources.filter(({ type }) => type === "aws:ebs/defaultKmsKey:DefaultKmsKey");
  return resources.flatMap((resource): Finding[] => {
    if (resource.type !== TYPES.permission) return [];
    const say = (path: string, allowed: string, fix: string, severity: Finding["severity"] = "error"): Finding => ({
      ...{ resource, severity },
      problem: { path, allowed, fix },
    });
    const image = imageOf(resource, "imageId", byUrn);
    const { encrypted, isAwsKey } = image ? encryptionOf(image, byUrn) : UNKNOWN;
    const isPublic = resource.inputs.group === "all";
    // New sharing is blocked: what is public before stays so.
    const block = blocking.find((one) => inSamePlace(one, resource) && !one.dependsOn.includes(resource.urn));
    const hasDefaultKey = image !== undefined && defaultKeys.some((one) => inSamePlace(one, image));
    return [
      ...(isAwsKey && !isPublic && !hasDefaultKey
        ? [
            say(
              "imageId",
              "an image under a key of your own: one under aws/ebs cannot be shared",
              "Give kmsKeyId a key, unless the account's default key for EBS is one of your own",
              "warning",
            ),
          ]
        : []),
      ...(isPublic && encrypted === true
        ? [say("group", "only images that are not encrypted", "Name the accounts that may start it")]
        : []),
      ...(isPublic && block
        ? [say("group", `no public image while ${block.name} blocks it`, "Remove one of the two")]
        : []),
    ];
  });
}
