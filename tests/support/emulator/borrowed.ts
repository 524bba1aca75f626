/** Images that another account shares. moto keeps accounts apart, so they are used through a stand-in of the caller's own. */
import { AwsError } from "./protocol";
import type { Answer, Call } from "./protocol";
import type { Handlers, World } from "./world";
import { textOf } from "./xml";

const notFound = (id: string): AwsError =>
  new AwsError("InvalidAMIID.NotFound", `The image id '[${id}]' does not exist`);

/** The id under which moto knows the image for the caller's account; the caller's own images are what they are. */
export async function inOwnAccount(id: string, call: Call, world: World): Promise<string> {
  const image = world.memory.images.get(id);
  if (!image || image.account === call.account) return id;
  if (!image.sharedWith?.has(call.account)) throw notFound(id);
  const key = `${call.account}/${id}`;
  let own = world.memory.standIns.get(key);
  if (own === undefined) {
    const place = { region: image.region, account: call.account };
    const answer = await world.moto.ask("ec2", place, "RegisterImage", {
      Name: image.name,
      Architecture: image.architecture ?? "x86_64",
      RootDeviceName: "/dev/sda1",
    });
    own = textOf(answer, "imageId")!;
    world.memory.standIns.set(key, own);
  }
  return own;
}

/** Copying another account's image reads its snapshots: seeing the image is not enough. */
export function requireStorage(id: string, call: Call, world: World): void {
  const image = world.memory.images.get(id);
  if (!image || image.account === call.account) return;
  const readable = image.snapshots.every((one) => world.memory.sharedSnapshots.has(`${call.account}/${one}`));
  if (!readable) throw new AwsError("InvalidRequest", "You do not have permission to access the storage of this ami");
}

async function modifySnapshotAttribute(call: Call, world: World): Promise<Answer> {
  const answer = await world.moto.forward(call);
  if (answer.status >= 400) return answer;
  const { SnapshotId: id } = call.params;
  for (const [name, account] of Object.entries(call.params)) {
    if (/^CreateVolumePermission[.]Add[.]\d+[.]UserId$/.test(name))
      world.memory.sharedSnapshots.add(`${account}/${id}`);
    if (/^CreateVolumePermission[.]Remove[.]\d+[.]UserId$/.test(name))
      world.memory.sharedSnapshots.delete(`${account}/${id}`);
  }
  return answer;
}

export const borrowedHandlers: Handlers = { "ec2.ModifySnapshotAttribute": modifySnapshotAttribute };
