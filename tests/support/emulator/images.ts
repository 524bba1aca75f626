/** Images: pending, available or failed; unique names; copies with their encryption, key, description and tags. */
import { inOwnAccount, requireStorage } from "./borrowed";
import { now } from "./clock";
import { lingering } from "./deregister";
import { correct, encrypt, stateOf } from "./imageRecord";
import type { ImageRecord } from "./imageRecord";
import { AwsError, tagSpecification, takeFilter, xmlAnswer } from "./protocol";
import type { Answer, Call, Params } from "./protocol";
import { edit } from "./moto";
import type { Place } from "./moto";
import { glob } from "./world";
import type { Handlers, World } from "./world";
import { element, everywhere, find, list, parseXml, put, textOf } from "./xml";

export type { ImageBehaviour, ImageMatch, ImageRecord, ImageRule } from "./imageRecord";

const BAD_KEY = "Given key ID is not accessible. You must have DescribeKey permissions on the default CMK";

/** Refuses what AWS refuses: images that are gone, unfinished or failed. Unknown ones are left to moto. */
export function requireLaunchable(id: string, world: World): void {
  const image = world.memory.images.get(id);
  if (image && (image.deregistered || stateOf(image) !== "available")) {
    throw new AwsError("InvalidAMIID.Unavailable", `The image ID '${id}' is not available`);
  }
}

function requireFreeName(call: Call, world: World): void {
  const name = call.params.Name ?? "";
  if (!/^[a-zA-Z0-9()[\] ./\-'@_]{3,128}$/.test(name)) {
    throw new AwsError(
      "InvalidAMIName.Malformed",
      "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'",
    );
  }
  for (const image of world.memory.images.values()) {
    if (image.name !== name || image.deregistered || image.region !== call.region || image.account !== call.account)
      continue;
    throw new AwsError("InvalidAMIName.Duplicate", `AMI name ${name} is already in use by AMI ${image.id}`);
  }
}

/** CreateImage and RegisterImage: the image, then the tags that moto drops or refuses. */
async function makeImage(call: Call, world: World): Promise<Answer> {
  requireFreeName(call, world);
  const bare = Object.fromEntries(Object.entries(call.params).filter(([key]) => !key.startsWith("TagSpecification.")));
  const answer = await world.moto.forward(call, bare);
  if (answer.status >= 400) return answer;
  const machine = world.memory.machines.get(call.params.InstanceId ?? "");
  const architecture = call.params.Architecture ?? world.memory.images.get(machine?.imageId ?? "")?.architecture;
  const image = await remember(call, world, textOf(parseXml(answer.body), "imageId")!, { architecture });
  await tag(call, world, image, {});
  return answer;
}

async function copyImage(call: Call, world: World): Promise<Answer> {
  const { SourceImageId: id = "", SourceRegion: region = "", KmsKeyId: key, CopyImageTags: copyTags } = call.params;
  const original = world.memory.images.get(id);
  if (!original || original.region !== region || original.deregistered) {
    throw new AwsError("InvalidAMIID.NotFound", `The image id '[${id}]' does not exist`);
  }
  if (stateOf(original) !== "available") {
    throw new AwsError("InvalidAMIID.Unavailable", `The image ID '${id}' is not available`);
  }
  requireFreeName(call, world);
  requireStorage(id, call, world);
  const own = await inOwnAccount(id, call, world);
  const answer = await world.moto.forward(call, own === id ? undefined : { ...call.params, SourceImageId: own });
  if (answer.status >= 400) return answer;
  const { architecture } = original;
  const image = await remember(call, world, textOf(parseXml(answer.body), "imageId")!, {
    architecture,
    source: { id, region },
  });
  const encrypted = original.snapshots.some((snapshot) => world.memory.encryptedSnapshots.has(snapshot));
  if (call.params.Encrypted === "true" || encrypted) {
    image.snapshots.forEach((snapshot) => world.memory.encryptedSnapshots.set(snapshot, key ?? ""));
  }
  // AWS looks at the key only after it has accepted the copy.
  if (key && !(await keyUsable(call, world, key))) image.behaviour = { ...image.behaviour, fail: BAD_KEY };
  await tag(call, world, image, copyTags === "true" ? await tagsOf(original, world) : {});
  return answer;
}

async function keyUsable(place: Place, world: World, key: string): Promise<boolean> {
  if (key.startsWith("arn:") && key.split(":")[3] !== place.region) return false;
  return world.moto.askJson("kms", place, "TrentService.DescribeKey", { KeyId: key }).then(
    ({ KeyMetadata }) => (KeyMetadata as { KeyState?: string }).KeyState === "Enabled",
    () => false,
  );
}

async function tagsOf(image: ImageRecord, world: World): Promise<Record<string, string>> {
  const answer = await world.moto.ask("ec2", image, "DescribeImages", { "ImageId.1": image.id });
  const items = list(list(answer, "imagesSet")[0], "tagSet");
  return Object.fromEntries(items.map((item) => [textOf(item, "key")!, textOf(item, "value") ?? ""]));
}

async function remember(call: Call, world: World, id: string, more: Partial<ImageRecord>): Promise<ImageRecord> {
  const { Name: name = "", Description: description } = call.params;
  const { region, account } = call;
  const rule = world.memory.imageRules.find(({ match, behaviour, used }) => {
    if (used >= (behaviour.times ?? Infinity)) return false;
    return (match.region ?? region) === region && glob(match.name ?? "*", name);
  });
  if (rule) rule.used++;
  const answer = await world.moto.ask("ec2", call, "DescribeImages", { "ImageId.1": id });
  const snapshots = everywhere(answer, "snapshotId").map((node) => node.text);
  const behaviour = rule?.behaviour ?? {};
  const image = { id, name, description, region, account, snapshots, madeAt: now(), behaviour, ...more };
  world.memory.images.set(id, image);
  return image;
}

async function tag(call: Call, world: World, image: ImageRecord, inherited: Record<string, string>): Promise<void> {
  const own = { ...inherited, ...tagSpecification(call.params, "image") };
  for (const [tags, ids] of [
    [own, [image.id]],
    [tagSpecification(call.params, "snapshot"), image.snapshots],
  ] as const) {
    const entries = Object.entries(tags);
    if (!entries.length || !ids.length) continue;
    const params: Params = Object.fromEntries(ids.map((id, at) => [`ResourceId.${at + 1}`, id]));
    entries.forEach(([key, value], at) =>
      Object.assign(params, { [`Tag.${at + 1}.Key`]: key, [`Tag.${at + 1}.Value`]: value }),
    );
    await world.moto.ask("ec2", call, "CreateTags", params);
  }
}

/** moto keeps permissions, but shows no account another one's images. */
async function modifyImageAttribute(call: Call, world: World): Promise<Answer> {
  const answer = await world.moto.forward(call);
  const image = world.memory.images.get(call.params.ImageId ?? "");
  if (answer.status >= 400 || !image) return answer;
  for (const [name, account] of Object.entries(call.params)) {
    if (/^LaunchPermission\.Add\.\d+\.UserId$/.test(name)) (image.sharedWith ??= new Set()).add(account);
    if (/^LaunchPermission\.Remove\.\d+\.UserId$/.test(name)) image.sharedWith?.delete(account);
  }
  return answer;
}

/** The owner of the one image asked for by its id, if that is another account which shares it. */
function lender(call: Call, world: World): string | undefined {
  const image = world.memory.images.get(call.params["ImageId.1"] ?? "");
  if (!image?.sharedWith?.has(call.account) || image.region !== call.region || call.params["ImageId.2"])
    return undefined;
  return image.account;
}

async function describeImages(call: Call, world: World): Promise<Answer> {
  const { params, accepted } = takeFilter(call.params, "state");
  const owner = lender(call, world);
  const late = lingering(call, world);
  if (late.length > 0 && call.params["ImageId.1"]) return xmlAnswer(call, [element("imagesSet", late)]);
  return edit(await world.moto.forward(owner ? { ...call, account: owner } : call, params), (root) => {
    const set = find(root, "imagesSet");
    set?.children.forEach((item) => correct(item, world));
    const standIns = [...world.memory.standIns.values()];
    if (set) set.children = set.children.filter((item) => !standIns.includes(textOf(item, "imageId") ?? ""));
    set?.children.push(...late);
    // Tags are their account's own.
    if (owner) set?.children.forEach((item) => put(item, "tagSet", []));
    if (set && accepted)
      set.children = set.children.filter((item) => accepted.includes(textOf(item, "imageState") ?? ""));
  });
}

async function describeSnapshots(call: Call, world: World): Promise<Answer> {
  const pending = new Set(
    [...world.memory.images.values()]
      .filter((image) => stateOf(image) === "pending")
      .flatMap((image) => image.snapshots),
  );
  return edit(await world.moto.forward(call), (root) => {
    for (const item of list(root, "snapshotSet")) {
      encrypt(item, world);
      if (pending.has(textOf(item, "snapshotId") ?? "")) put(item, "status", "pending");
    }
  });
}

/** Deregistered ids are left out of DescribeImages for a while, in AWS and in moto. */
export const imageHandlers: Handlers = {
  "ec2.CreateImage": makeImage,
  "ec2.RegisterImage": makeImage,
  "ec2.CopyImage": copyImage,
  "ec2.DescribeImages": describeImages,
  "ec2.ModifyImageAttribute": modifyImageAttribute,
  "ec2.DescribeSnapshots": describeSnapshots,
};
