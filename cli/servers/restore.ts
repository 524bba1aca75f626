import type { Image } from "@aws-sdk/client-ec2";
import type { Aws } from "../../components/gates/kit/aws";
import { GateFailure } from "../../components/gates/kit/failure";
import { describeInstance, stateOf } from "../../components/gates/kit/instances";
import { TAG } from "../../components/internal/tags";
import { imagesOf } from "./images";
import { RESTORED_TAG, type ServerSettings, settingsFrom, settingsOf, tagsOf } from "./marks";
import { missingProblems } from "./missing";

/** What the caller asks for; settings that are given stand in place of the server's. */
export interface RestoreRequest {
  /** An image, or the instance whose newest backup is meant. */
  source: string;
  subnetId?: string;
  instanceType?: string;
  securityGroupIds?: string[];
  /** `none` for no key pair. */
  keyName?: string;
  /** `none` for no profile. */
  profile?: string;
}

export interface RestorePlan {
  imageId: string;
  /** The image's name and id, for texts. */
  image: string;
  madeAt: string;
  /** The server it was made of, when the image says so. */
  serverId?: string;
  /** Its state now; undefined when it is gone. */
  serverState?: string;
  settings: ServerSettings & { instanceType: string; subnetId: string };
  /** Tags of the new server, its `Name` first. */
  tags: { [key: string]: string };
}

const NOTHING = "Nothing was launched.";

/** What would be done. Asks, and changes nothing. */
export async function planRestore(aws: Aws, request: RestoreRequest): Promise<RestorePlan> {
  const image = await find(aws, request.source);
  const marks = tagsOf(image.Tags);
  const serverId = request.source.startsWith("i-") ? request.source : marks[TAG.backup];
  const server = serverId === undefined ? undefined : await describeInstance(aws, serverId);
  const state = stateOf(server);
  const lives = server !== undefined && !/^(terminated|shutting-down)$/.test(state);
  const own = lives ? settingsOf(server) : settingsFrom(marks);
  const settings = withoutNone({
    ...own,
    ...(request.subnetId && { subnetId: request.subnetId }),
    ...(request.instanceType && { instanceType: request.instanceType }),
    ...(request.securityGroupIds?.length && { securityGroupIds: request.securityGroupIds }),
    ...(request.keyName && { keyName: request.keyName }),
    ...(request.profile && { profile: request.profile }),
  });
  const name = `${image.Name ?? ""} (${image.ImageId ?? ""})`;
  const problems = await missingProblems(aws, settings);
  if (problems.length > 0) {
    const last =
      serverId === undefined
        ? "the image does not say of which server it is"
        : `${serverId} is ${lives ? state : "gone"}`;
    throw new GateFailure({
      what: `${name} cannot be restored as it was: ${problems.length === 1 ? "one thing is" : `${problems.length} things are`} missing`,
      evidence: problems.map(({ text }) => text),
      next: [...new Set(problems.map(({ option }) => option))],
      state: `${NOTHING} (${last}.)`,
    });
  }
  const title = settings.name ?? serverId ?? image.ImageId ?? "";
  const kept = Object.entries(lives ? tagsOf(server.Tags) : {}).filter(([key]) => !/^(aws|ami-lifecycle):/i.test(key));
  return {
    imageId: image.ImageId as string,
    image: name,
    madeAt: image.CreationDate ?? "",
    serverId,
    serverState: lives ? state : undefined,
    settings: settings as RestorePlan["settings"],
    tags: {
      ...Object.fromEntries(kept.slice(0, 48)),
      Name: `${title.slice(0, 245)} (restored)`,
      [RESTORED_TAG]: image.ImageId as string,
    },
  };
}

const withoutNone = (settings: ServerSettings): ServerSettings => ({
  ...settings,
  keyName: settings.keyName === "none" ? undefined : settings.keyName,
  profile: settings.profile === "none" ? undefined : settings.profile,
});

/** The image, or the newest backup of an instance that is available. */
async function find(aws: Aws, source: string): Promise<Image> {
  const byServer = source.startsWith("i-");
  const images = await imagesOf(aws, byServer ? { [`tag:${TAG.backup}`]: [source] } : { "image-id": [source] });
  const available = images.find(({ State }) => State === "available");
  if (available) return available;
  const account = (await aws.account()) ?? "?";
  throw new GateFailure({
    what: byServer
      ? `There is no available backup of ${source} in ${aws.region} of account ${account}`
      : images.length > 0
        ? `The image ${source} is ${images[0]?.State ?? "unknown"}, not available`
        : `There is no image ${source} in ${aws.region} of account ${account}`,
    evidence: images.map(({ ImageId, Name, State }) => `${ImageId} ${Name} is ${State}`),
    next: [
      ...(images.some(({ State }) => State === "pending") ? ["wait until the pending one is available"] : []),
      ...(byServer
        ? [`images without the tag ${TAG.backup} are restored by their id: ami-lifecycle restore IMAGE`]
        : ["only the account's own images are restored: check --region and the credentials"]),
    ],
    state: NOTHING,
  });
}
