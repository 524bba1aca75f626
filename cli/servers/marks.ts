import type { Instance, Tag } from "@aws-sdk/client-ec2";
import { TAG } from "../../components/internal/tags";

/** What a server needs to be launched anew from an image of it. */
export interface ServerSettings {
  name?: string;
  instanceType?: string;
  subnetId?: string;
  securityGroupIds?: string[];
  /** Name of the instance profile. */
  profile?: string;
  keyName?: string;
  /** The metadata service, as `required 1`: tokens, hop limit. */
  metadata?: string;
}

/** Texts by their tag, after `ami-lifecycle:backup-`. */
const FIELDS = {
  name: "name",
  instanceType: "type",
  subnetId: "subnet",
  profile: "profile",
  keyName: "key",
  metadata: "metadata",
} as const;
const GROUPS = `${TAG.backup}-groups`;
/** Security groups a tag: 256 characters hold twelve ids. An interface has sixteen at most. */
const GROUPS_A_TAG = 12;
/** Tells a backup of this run from one that somebody else made under the same name. */
export const RUN_TAG = `${TAG.backup}-run`;
/** On a restored server: the image it was launched from. */
export const RESTORED_TAG = "ami-lifecycle:restored";

export const tagsOf = (tags: Tag[] | undefined): { [key: string]: string } =>
  Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));

export const tagList = (tags: { [key: string]: string }): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** What an instance is, as far as it can be given to another one. */
export function settingsOf(instance: Instance): ServerSettings {
  const { MetadataOptions: metadata, IamInstanceProfile: profile } = instance;
  return {
    name: tagsOf(instance.Tags).Name || undefined,
    instanceType: instance.InstanceType,
    subnetId: instance.SubnetId,
    securityGroupIds: (instance.SecurityGroups ?? []).flatMap(({ GroupId }) => (GroupId ? [GroupId] : [])),
    profile: profile?.Arn?.split("/").pop(),
    keyName: instance.KeyName,
    metadata: metadata?.HttpTokens && `${metadata.HttpTokens} ${metadata.HttpPutResponseHopLimit ?? 1}`,
  };
}

/** The Auto Scaling group that an instance belongs to: it may replace one that is rebooted. */
export const groupOf = (tags: Tag[] | undefined): string | undefined => tagsOf(tags)["aws:autoscaling:groupName"];

/** The tags of a backup that hold what a restore needs when the server is gone. */
export function settingsTags(settings: ServerSettings): { [key: string]: string } {
  const tags: { [key: string]: string } = {};
  for (const [field, suffix] of Object.entries(FIELDS)) {
    const value = settings[field as keyof typeof FIELDS];
    if (value) tags[`${TAG.backup}-${suffix}`] = value.slice(0, 256);
  }
  const groups = settings.securityGroupIds ?? [];
  for (let at = 0; at < groups.length; at += GROUPS_A_TAG) {
    const key = at === 0 ? GROUPS : `${GROUPS}-${at / GROUPS_A_TAG + 1}`;
    tags[key] = groups.slice(at, at + GROUPS_A_TAG).join(" ");
  }
  return tags;
}

/** The same, read from a backup's tags. */
export function settingsFrom(tags: { [key: string]: string }): ServerSettings {
  const settings: ServerSettings = {};
  for (const [field, suffix] of Object.entries(FIELDS)) {
    const value = tags[`${TAG.backup}-${suffix}`];
    if (value) settings[field as keyof typeof FIELDS] = value;
  }
  const groups = Object.keys(tags)
    .filter((key) => key === GROUPS || key.startsWith(`${GROUPS}-`))
    .sort()
    .flatMap((key) => (tags[key] ?? "").split(" ").filter((id) => id !== ""));
  return groups.length > 0 ? { ...settings, securityGroupIds: groups } : settings;
}

/** CreateImage: 3 to 128 characters, by the EC2 API reference. */
export const isImageName = (name: string): boolean => /^[a-zA-Z0-9()[\] ./\-'@_]{3,128}$/.test(name);

/** `backup/NAME-OR-ID/2026-11-25T101500Z`: what AWS does not take in a name becomes a hyphen. */
export function backupName(instanceId: string, name: string | undefined, now: Date): string {
  const time = now.toISOString().replace(/:|\.\d+/g, "");
  const plain = (name ?? "").replace(/[^a-zA-Z0-9()./_-]+/g, "-").replace(/^-+|-+$/g, "");
  return `backup/${plain.slice(0, 128 - "backup//".length - time.length) || instanceId}/${time}`;
}
