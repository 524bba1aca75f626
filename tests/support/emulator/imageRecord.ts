/** What the emulator knows of an image, and how moto's picture of it is corrected. */
import { now } from "./clock";
import type { Place } from "./moto";
import type { World } from "./world";
import { element, everywhere, put, textOf } from "./xml";
import type { Element } from "./xml";

export interface ImageMatch {
  region?: string;
  /** Glob for the image's name. */
  name?: string;
}

export interface ImageBehaviour {
  /** How long the image is `pending`. */
  pendingMs?: number;
  /** It ends `failed`, for this reason. */
  fail?: string;
  /** How long AWS still shows it after it was deregistered. */
  lingerMs?: number;
  /** Why its snapshots stay when they were to be deleted with it. */
  snapshotsStay?: "skipped" | "missing-permissions" | "internal-error";
  /** Its billing, as DescribeImages shows it: plain Linux unless told. */
  billing?: { usageOperation?: string; platformDetails?: string; marketplace?: string };
  /** For how many images; without it for all. */
  times?: number;
}

export interface ImageRule {
  match: ImageMatch;
  behaviour: ImageBehaviour;
  used: number;
}

export interface ImageRecord extends Place {
  id: string;
  name: string;
  description?: string;
  architecture?: string;
  source?: { id: string; region: string };
  snapshots: string[];
  madeAt: number;
  behaviour: ImageBehaviour;
  deregistered?: boolean;
  /** How it is shown after that, and until when. */
  lingering?: { item: Element; until: number };
  /** Accounts that may see and launch it. */
  sharedWith?: Set<string>;
}

export function stateOf(image: ImageRecord): "pending" | "available" | "failed" {
  if (now() < image.madeAt + (image.behaviour.pendingMs ?? 0)) return "pending";
  return image.behaviour.fail === undefined ? "available" : "failed";
}

export function correct(item: Element, world: World): void {
  const image = world.memory.images.get(textOf(item, "imageId") ?? "");
  if (!image) return;
  const state = stateOf(image);
  put(item, "imageState", state);
  put(item, "rootDeviceType", "ebs");
  // By the emulator's clock, which tests put forward.
  put(item, "creationDate", new Date(image.madeAt).toISOString());
  if (image.architecture) put(item, "architecture", image.architecture);
  if (image.description !== undefined) put(item, "description", image.description);
  if (image.source) {
    put(item, "sourceImageId", image.source.id);
    put(item, "sourceImageRegion", image.source.region);
  }
  if (state === "failed") {
    put(item, "stateReason", [element("code", "Client.InternalError"), element("message", image.behaviour.fail)]);
  }
  const {
    usageOperation = "RunInstances",
    platformDetails = "Linux/UNIX",
    marketplace,
  } = image.behaviour.billing ?? {};
  put(item, "usageOperation", usageOperation);
  put(item, "platformDetails", platformDetails);
  const code = marketplace && element("item", [element("productCode", marketplace), element("type", "marketplace")]);
  put(item, "productCodes", code ? [code] : []);
  for (const ebs of everywhere(item, "ebs")) encrypt(ebs, world);
}

export function encrypt(node: Element, world: World): void {
  const key = world.memory.encryptedSnapshots.get(textOf(node, "snapshotId") ?? "");
  put(node, "encrypted", key !== undefined);
  if (key) put(node, "kmsKeyId", key);
}
