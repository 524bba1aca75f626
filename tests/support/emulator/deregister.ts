/** Images that go: with their snapshots or without, and not out of sight at once. */
import { now } from "./clock";
import { correct, stateOf } from "./imageRecord";
import { edit } from "./moto";
import { AwsError, takeFilter, values } from "./protocol";
import type { Answer, Call } from "./protocol";
import type { Handlers, World } from "./world";
import { element, list, parseXml, put, renderXml } from "./xml";
import type { Element } from "./xml";

/** What was deregistered a moment ago and is shown all the same, of what is asked for by id or by name. */
export function lingering(call: Call, world: World): Element[] {
  const ids = values(call.params, "ImageId");
  const names = takeFilter(call.params, "name").accepted;
  return [...world.memory.images.values()].flatMap(({ id, name, region, account, lingering: rest }) => {
    if (!rest || now() >= rest.until || region !== call.region || account !== call.account) return [];
    const asked = ids.length > 0 ? ids.includes(id) : (names?.includes(name) ?? true);
    return asked ? [parseXml(renderXml(rest.item))] : [];
  });
}

async function deregisterImage(call: Call, world: World): Promise<Answer> {
  const { DeleteAssociatedSnapshots: deleteToo, ...params } = call.params;
  const shown = list(
    await world.moto.ask("ec2", call, "DescribeImages", { "ImageId.1": params.ImageId ?? "" }),
    "imagesSet",
  )[0];
  const answer = await world.moto.forward(call, params);
  const image = world.memory.images.get(params.ImageId ?? "");
  if (answer.status >= 400 || !image) return answer;
  const pending = stateOf(image) === "pending";
  image.deregistered = true;
  if (shown && image.behaviour.lingerMs) {
    correct(shown, world);
    image.lingering = { item: shown, until: now() + image.behaviour.lingerMs };
  }
  // A pending image does not name its snapshots yet.
  if (deleteToo !== "true" || pending) return answer;
  const { snapshotsStay: reason = "success" } = image.behaviour;
  for (const id of image.snapshots) {
    if (reason === "success") await world.moto.ask("ec2", call, "DeleteSnapshot", { SnapshotId: id });
  }
  const results = image.snapshots.map((id) =>
    element("item", [element("snapshotId", id), element("returnCode", reason)]),
  );
  return edit(answer, (root) => put(root, "deleteSnapshotResultSet", results));
}

async function deleteSnapshot(call: Call, world: World): Promise<Answer> {
  const id = call.params.SnapshotId ?? "";
  const user = [...world.memory.images.values()].find((image) => !image.deregistered && image.snapshots.includes(id));
  if (user) throw new AwsError("InvalidSnapshot.InUse", `The snapshot ${id} is currently in use by ${user.id}`);
  return world.moto.forward(call);
}

export const deregisterHandlers: Handlers = {
  "ec2.DeregisterImage": deregisterImage,
  "ec2.DeleteSnapshot": deleteSnapshot,
};
