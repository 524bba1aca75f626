import { type ByUrn, sourcesOf } from "../../inputs";
import { templateOf } from "../../launchTemplates";
import { TYPES } from "../../resourceTypes";
import type { RecordedResource, Wire } from "../../types";
import { entries, isLater, isSaid, part } from "../../values";
import { knownText } from "../../wire";
import { imageOf, instanceOf, originOf } from "../sources";

/** What images call their root device; every machine has one. */
const ROOTS = ["/dev/sda1", "/dev/xvda"];
const ROOT = "the root";

const ATTACHMENT = "aws:ec2/volumeAttachment:VolumeAttachment";

/** The volumes of a machine or an image, by device. */
interface Volumes {
  devices: Set<string>;
  /** Whether there can be more of them. */
  isOpen: boolean;
}

/** Adds the volumes of a list of devices. An instance store is no volume, and has no snapshot. */
function add(volumes: Volumes, list: Wire | undefined): void {
  if (isLater(list)) volumes.isOpen = true;
  for (const one of entries(list)) {
    const { deviceName, noDevice, virtualName } = part(one);
    const device = knownText(deviceName) ?? `number ${volumes.devices.size}`;
    const isNone = isSaid(noDevice) && noDevice !== false && noDevice !== "false";
    if (isNone) volumes.devices.delete(device);
    else if (!isSaid(virtualName)) volumes.devices.add(ROOTS.includes(device) ? ROOT : device);
  }
}

/** Volumes that the program attaches to the instance. Of one that the image does not wait for it is not known whether it comes first. */
function addAttached(volumes: Volumes, instance: RecordedResource, image: RecordedResource, byUrn: ByUrn): void {
  for (const one of byUrn.values()) {
    if (one.type !== ATTACHMENT || !sourcesOf(one, "instanceId", byUrn).includes(instance)) continue;
    if (image.dependsOn.includes(one.urn)) add(volumes, [{ deviceName: one.inputs.deviceName ?? null }]);
    else volumes.isOpen = true;
  }
}

/** Of an instance: those of its image, of its template, and its own. */
function ofInstance(instance: RecordedResource, byUrn: ByUrn, seen: ReadonlySet<string>): Volumes {
  const template = templateOf(instance, byUrn);
  const from = imageOf(isSaid(instance.inputs.ami) || !template ? instance : template, byUrn);
  const of = from && ofImage(from, byUrn, seen);
  // Images of others are taken to have a root and nothing else, as those of AWS and its partners do.
  const volumes: Volumes = { devices: new Set([ROOT, ...(of?.devices ?? [])]), isOpen: of?.isOpen ?? false };
  if (template) add(volumes, template.inputs.blockDeviceMappings);
  else if (isSaid(instance.inputs.launchTemplate)) volumes.isOpen = true;
  add(volumes, instance.inputs.ebsBlockDevices);
  return volumes;
}

function ofImage(image: RecordedResource, byUrn: ByUrn, seen: ReadonlySet<string>): Volumes | undefined {
  const origin = originOf(image, byUrn);
  if (seen.has(origin.urn)) return undefined;
  if (origin.type === TYPES.foreignImage) {
    const root = origin.inputs.rootDeviceName;
    // What its root is called is the image's own choice: it is one of those listed, or one more.
    const listed = entries(origin.inputs.ebsBlockDevices).map((one) => knownText(part(one).deviceName));
    const devices = new Set(listed.includes(knownText(root)) ? [] : [ROOT]);
    const volumes: Volumes = { devices, isOpen: isLater(root) };
    add(volumes, origin.inputs.ebsBlockDevices);
    return volumes;
  }
  const instance = origin.type === TYPES.image ? instanceOf(origin, byUrn) : undefined;
  if (!instance) return undefined;
  const volumes = ofInstance(instance, byUrn, new Set([...seen, origin.urn]));
  addAttached(volumes, instance, origin, byUrn);
  return volumes;
}

/** How many volumes the image of a copy has, and whether that is all; undefined where it is not made here. */
export function volumesOf(copy: RecordedResource, byUrn: ByUrn): { number: number; isOpen: boolean } | undefined {
  const volumes = ofImage(copy, byUrn, new Set());
  return volumes && { number: volumes.devices.size, isOpen: volumes.isOpen };
}
