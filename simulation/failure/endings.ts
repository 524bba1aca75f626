import { lastPart } from "../text";
import type { RecordedResource } from "../types";
import { TYPES } from "../resourceTypes";

/** What a failure leaves, and how to go on: the gates' own words, shortened. */
export interface Ending {
  /**
   * What there is of the record itself: `none`, `possible` (AWS may have begun it), or `kept` (an earlier run made it,
   * and its update fails).
   */
  leftover: "none" | "possible" | "kept";
  /** What is left in AWS and in the state. */
  left: string[];
  /** What to do, most likely first. A line that begins with two spaces is a command of the line before. */
  next: string[];
}

/** The record that fails, and what is found around it. */
interface Scene {
  record: RecordedResource;
  /** The nearest resource of a type among those the record depends on. */
  dependency: (type: string) => RecordedResource | undefined;
}

const named = (what: string, resource: RecordedResource | undefined): string =>
  `the ${what}${resource ? ` ${resource.name}` : ""}`;

function baseCommand({ dependency }: Scene): string {
  return `  pulumi up --replace '${dependency(TYPES.instance)?.urn ?? "URN of the base instance"}'`;
}

/** A base instance waits for nobody: it runs its recipe and powers itself off, whatever the run comes to. */
function baseLeft({ dependency }: Scene): string[] {
  const base = dependency(TYPES.instance);
  return base ? [`${named("base instance", base)} stops by itself and then costs its volumes only`] : [];
}

/** What is proven: a copy, or the stack's own image; one from outside has no resource. */
function proven({ dependency }: Scene): string {
  const copy = dependency(TYPES.copy);
  return copy ? named("copy", copy) : named("image", dependency(TYPES.image));
}

/** The ending of each gate of the components. A new gate needs an entry here. */
export const ENDINGS = {
  recipeFinished: (scene) => ({
    leftover: "none",
    left: [
      "no image was made, and nothing downstream was touched",
      `${named("base instance", scene.dependency(TYPES.instance))} is stopped: it costs its volumes only`,
    ],
    next: [
      "mend the recipe and run `pulumi up` again: a new base instance is made",
      "if the recipe is right (a mirror was down), or `limitMinutes` was too short and is raised:",
      baseCommand(scene),
      "`pulumi up` by itself asks the same base instance again: it passes only when the recipe had finished after all",
    ],
  }),
  serverReady: ({ record }) => ({
    leftover: "none",
    left: [
      "no image was made, and nothing downstream was touched",
      "the server is as it was: it is rebooted only by the making of the image, which comes after this gate",
    ],
    next: [
      "the server is starting or stopping: run `pulumi up` again once it runs or is stopped",
      `it is another one: name a server of this account${record.region === undefined ? "" : ` in ${record.region}`}`,
      "it is gone for good: an image can only be made of a backup (`ami-lifecycle restore`)",
    ],
  }),
  nameFree: (scene) => ({
    leftover: "none",
    left: [
      "nothing was made, and nothing was removed",
      "the image that has the name is not this stack's own, was proven, is in use, or could not be removed",
      ...baseLeft(scene),
    ],
    next: [
      "nothing was proven of it: if nobody needs it, remove it and run `pulumi up` again",
      "it was proven, and a fleet may run it: do not remove it. Bring it back into the state: restore an earlier state" +
        " (pulumi stack export and import); or append a new version",
      "somebody else's: choose another line name or version",
      ...(scene.dependency(TYPES.instance)
        ? [
            "AWS keeps the base instance's console for about an hour: if that has passed by then, make a new one:",
            baseCommand(scene),
          ]
        : []),
    ],
  }),
  neverBaked: () => ({
    leftover: "none",
    left: ["nothing was made: only the last of `versions` is baked, and this stack's state does not hold this one"],
    next: [
      "the state was lost: restore it (pulumi stack import), its image may well exist",
      "an image from elsewhere is to be it: name it by `adopt`",
      "or take it out of `versions`",
      "or, to bake what it stood for, append it under a new number as the last version",
      "it is the last, of a server: leave out `keepRawImage: false` until the version is verified",
      "`pulumi up` by itself fails here again, always",
    ],
  }),
  imageAvailable: ({ record }) => ({
    leftover: "kept",
    left: [
      // The only failure here that is no first run's.
      "this gate is asked before an update: here in the run after the one that left the image behind",
      `${named(record.type === TYPES.copy ? "copy" : "image", record)} stays as it is: it ended badly, or somebody` +
        " deregistered it; nothing is built on it",
    ],
    next: [
      "it never became usable: clear it away (the error has the command), then make it anew:",
      "  pulumi refresh && pulumi up",
      "somebody deregistered it: bring it back from the Recycle Bin, or let `pulumi refresh` forget it; only the newest" +
        " version can be made anew by `pulumi up`",
    ],
  }),
  imageBoots: (scene) => ({
    leftover: "none",
    left: [
      `${proven(scene)} is kept but not verified, so nothing uses it`,
      "the throwaway instance it was booted on is terminated",
    ],
    next: [
      "the machine was at fault (capacity, network): run `pulumi up` again, the same image is booted once more",
      "the image is at fault: bake a new version; a version that was never verified may be removed from the list",
    ],
  }),
  imageStarts: (scene) => ({
    leftover: "none",
    left: [
      `${proven(scene)} is kept but not verified, so nothing uses it`,
      "the throwaway instance that EC2's status checks looked at is terminated",
    ],
    next: [
      "the machine was at fault (capacity, network): run `pulumi up` again, the same image is started once more",
      "the image is at fault: take one of a mended server, as a new version; or adopt another image",
      "it is another owner's, or another stack's: nothing was started; name the owner, or promote it from that stack",
    ],
  }),
  sourceVerified: ({ record }) => ({
    leftover: "none",
    left: [`nothing was copied${record.region === undefined ? "" : ` to ${record.region}`}`],
    next: [
      "bake and prove it there first: `pulumi up` of the stack that made it must be green with this version; then run" +
        " `pulumi up` again here",
      "or take the version out of this stack's `versions`",
    ],
  }),
  rolloutFinished: ({ dependency }) => ({
    leftover: "none",
    left: [
      "`live` was not written",
      `${named("group", dependency(TYPES.group))} exists on the first version of its template, and its instances run: a first` +
        " rollout has nothing proven to go back to",
      "(a later rollout goes back: `live`, the group and its instances say what was proven before)",
    ],
    next: [
      "the version is bad: append a mended one (or set `current` back) and run `pulumi up`: the group is moved to it",
      "the instances are only slow: raise `limitMinutes` and run `pulumi up` again",
      "the cause was not in the image (capacity, a quota): run `pulumi up` again",
    ],
  }),
  parameterAccepted: ({ record }) => ({
    leftover: "none",
    left: [
      `${record.name} was not written: it still names what it named before, if anything`,
      "SSM has not accepted the image under the name of its version: it answers a write with success, and looks later",
    ],
    next: [
      "whoever runs `pulumi up` may not describe images: allow it, then `pulumi up --refresh`",
      "somebody else writes to the parameter: `pulumi up --refresh` puts it right",
    ],
  }),
} satisfies { [gate: string]: (scene: Scene) => Ending };

/** A gate that the components do not know: its own error says more. */
function otherGate({ record }: Scene, isUpdate: boolean): Ending {
  return {
    leftover: isUpdate ? "kept" : "none",
    left: [isUpdate ? `${record.name} stays as an earlier run left it` : `nothing of ${record.name} was made`],
    next: ["do what the gate's own error says, and run `pulumi up` again: the gate is asked again"],
  };
}

/** No gate failed, the creation itself did. */
function creation(scene: Scene, gates: readonly string[]): Ending {
  const { record } = scene;
  const again = gates.length > 0 ? ` asks ${gates.join(" and ")} again, and then makes it` : " makes it";
  const refused = `it was refused: mend what the error names (a permission, a quota); \`pulumi up\`${again}`;
  if (record.kind === "remote") {
    return {
      leftover: "possible",
      left: [`some of the children of ${record.name} may exist, and are in the state then`],
      next: ["mend what the error names (a permission, a quota) and run `pulumi up` again: it makes the rest"],
    };
  }
  // Only our own images have a gate that asks how the half-made one did in the end.
  if (!gateHooks(record).update.some((hook) => lastPart(hook) === "imageAvailable")) {
    return {
      leftover: "possible",
      left: [`nothing of ${record.name}; or, when it had an id before it ended badly, it is in the state`],
      next: [refused, "it ended badly: run `pulumi up` again, which brings it to what the program says"],
    };
  }
  const image = record.type === TYPES.copy ? "copy" : "image";
  return {
    leftover: "possible",
    left: [
      `no ${image}, or a half-made one: in the state when it had an id before it ended badly`,
      "nothing is built on it",
      ...baseLeft(scene),
    ],
    next: [
      refused,
      "it ended badly: `pulumi up` asks imageAvailable, which passes when it became available after all, and else says" +
        " how to clear it away",
      "the run was killed before the id was in the state: nameFree removes what this stack has left, or says what to do",
    ],
  };
}

/** Names a failure of the creation itself, as opposed to one at a gate. */
export const CREATION = "creation";

/** The hooks of the gates before a resource's creation, and of those before its update only. */
export function gateHooks({ hooks }: RecordedResource): { create: string[]; update: string[] } {
  const create = [...new Set(hooks.beforeCreate ?? [])];
  return { create, update: [...new Set(hooks.beforeUpdate ?? [])].filter((hook) => !create.includes(hook)) };
}

/** How a record ends when it fails at a hook, or without one at its creation. */
export function endingOf(
  record: RecordedResource,
  hook: string | undefined,
  resources: readonly RecordedResource[],
): Ending {
  const scene: Scene = {
    record,
    dependency: (type) => {
      const found = resources.filter((other) => other.type === type && record.dependsOn.includes(other.urn));
      // The image of `web-1.0.0-verified` is `web-1.0.0`; the record may depend on others of the type as well.
      return found.find(({ name }) => record.name.startsWith(name)) ?? found[0];
    },
  };
  const { create, update } = gateHooks(record);
  if (hook === undefined) return creation(scene, create.map(lastPart));
  const gate = lastPart(hook);
  // Our gates' hooks are named after record and gate; another program may use the same word for something else.
  const isOwn = hook.endsWith(`/${record.name}:${gate}`) && Object.hasOwn(ENDINGS, gate);
  return isOwn ? ENDINGS[gate as keyof typeof ENDINGS](scene) : otherGate(scene, update.includes(hook));
}
