import { KEY_ARN } from "../../components/internal/serverRules";
import { object, sourcesOf } from "../inputs";
import { TYPES } from "../resourceTypes";
import type { RecordedResource, WireObject } from "../types";
import { knownText } from "../wire";
import type { Finding } from "./finding";

const BLOCK = "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess";

type ByUrn = ReadonlyMap<string, RecordedResource>;

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

type Encryption = "none" | "AWS's key" | "own key" | "unknown";

function encryptionBy({ encrypted, kmsKeyId }: WireObject): Encryption {
  if (encrypted === undefined || encrypted === false) return "none";
  if (encrypted !== true) return "unknown";
  const key = knownText(kmsKeyId);
  if (kmsKeyId === undefined) return "AWS's key";
  if (key !== undefined && !KEY_ARN.test(key)) return key.endsWith("alias/aws/ebs") ? "AWS's key" : "unknown";
  return "own key";
}

function encryptionOf(image: RecordedResource, byUrn: ByUrn): Encryption {
  if (image.type === TYPES.copy) {
    const own = encryptionBy(image.inputs);
    // A copy of an encrypted image is encrypted, whatever it says.
    return own === "none" ? "unknown" : own;
  }
  const [source] = sourcesOf(image, "sourceInstanceId", byUrn);
  return source === undefined ? "unknown" : encryptionBy(object(source.inputs.rootBlockDevice));
}

/** Images that AWS does not let be shared, or that their receivers could not start: EC2 user guide, "Share an AMI". */
export function sharingFindings(resources: readonly RecordedResource[], byUrn: ByUrn): Finding[] {
  const blocking = resources.filter(({ type, inputs }) => type === BLOCK && inputs.state === "block-new-sharing");
  const hasDefaultKey = resources.some(({ type }) => type === "aws:ebs/defaultKmsKey:DefaultKmsKey");
  return resources.flatMap((resource): Finding[] => {
    if (resource.type !== TYPES.permission) return [];
    const say = (path: string, allowed: string, fix: string, severity: Finding["severity"] = "error"): Finding => ({
      ...{ resource, severity },
      problem: { path, allowed, fix },
    });
    const image = imageOf(resource, "imageId", byUrn);
    const encryption = image ? encryptionOf(image, byUrn) : "unknown";
    const isPublic = resource.inputs.group === "all";
    const block = blocking.find(({ region }) => region === resource.region);
    return [
      ...(encryption === "AWS's key" && !hasDefaultKey
        ? [
            say(
              "imageId",
              "an image under a key of your own: one under aws/ebs cannot be shared",
              "Give kmsKeyId a key, unless the account's default key for EBS is one of your own",
              "warning",
            ),
          ]
        : []),
      ...(isPublic && encryption === "own key"
        ? [say("group", "only images that are not encrypted", "Name the accounts that may start it")]
        : []),
      ...(isPublic && block
        ? [say("group", `no public image while ${block.name} blocks it`, "Remove one of the two")]
        : []),
    ];
  });
}
